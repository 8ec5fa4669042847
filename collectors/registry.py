"""Every kind of check, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.contract import CollectorSpec
from collectors import host, probe
from collectors.snmp.spec import make_spec as snmp_spec


def make_specs(module_files: Sequence[Path] = ()) -> tuple[CollectorSpec, ...]:
    """Return all kinds; ``module_files`` are further snmp.yml files. Raises ParamError where one cannot be used."""
    return (
        host.SPEC,
        snmp_spec(module_files),
        probe.ICMP_SPEC,
        probe.HTTP_SPEC,
        probe.TCP_SPEC,
    )
