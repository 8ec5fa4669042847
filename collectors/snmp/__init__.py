"""SNMP v1, v2c and v3: any device that has a profile or an snmp_exporter module."""
