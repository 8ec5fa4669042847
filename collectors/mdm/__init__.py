"""Check ``mdm``: devices as a mobile device management knows them, by counts."""
