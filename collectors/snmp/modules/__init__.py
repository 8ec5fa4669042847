"""snmp_exporter's modules: what a file may say, which rows are read, what values and labels become."""
