"""The collectors' families by name; one that is renamed or dropped is an error when the boards are made."""

from __future__ import annotations

from types import MappingProxyType

from agent.contract import MetricFamily
from collectors.registry import make_specs

_DECLARED = MappingProxyType({family.name: family for spec in make_specs() for family in spec.families})


def known(name: str) -> MetricFamily:
    """Return a family that a collector declares: IF-MIB's, node_exporter's. Raises KeyError for any other."""
    return _DECLARED[name]
