"""SNMP v1, v2c and v3: any device with a profile or an snmp_exporter module."""

from __future__ import annotations

from collectors.snmp.spec import make_spec

SPEC = make_spec()
