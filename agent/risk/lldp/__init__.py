"""What devices show as neighbours (LLDP), compared with the declared network. Pure; discovery changes nothing."""
