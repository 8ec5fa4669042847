"""Checks ``icmp``, ``http`` and ``tcp``: is it there from outside? In blackbox_exporter's names."""

from collectors.probe.specs import make_specs

# Once, so that collectors share over reloads; what they share lives as long as a collector that uses it.
ICMP_SPEC, HTTP_SPEC, TCP_SPEC = make_specs()
