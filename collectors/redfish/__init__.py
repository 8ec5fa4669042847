"""Check ``redfish``: a server's own sensors, read from its management controller (DMTF DSP0266)."""
