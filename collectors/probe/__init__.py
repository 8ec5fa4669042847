"""Checks ``icmp``, ``http``, ``tcp``, ``dns`` and ``ntp``: is it there from outside? In blackbox_exporter's names."""
