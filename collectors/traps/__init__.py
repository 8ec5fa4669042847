"""SNMP traps and informs: that something happened at a device, never what holds. The poll that follows decides."""
