"""Checks ``icmp``, ``http`` and ``tcp``: is it there from outside? In blackbox_exporter's names."""
