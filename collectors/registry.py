"""Every kind of check, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.contract import CollectorSpec
from collectors import host, plugin
from collectors.probe.specs import make_specs as probe_specs
from collectors.scrape.spec import make_spec as scrape_spec
from collectors.snmp.spec import make_spec as snmp_spec


def make_specs(module_files: Sequence[Path] = ()) -> tuple[CollectorSpec, ...]:
    """Return all kinds; ``module_files`` are further snmp.yml files. Raises ParamError where one cannot be used.

    What collectors share (sockets, authorities, keys) they share with those of the same call only.
    """
    before, probes = (host.SPEC, plugin.SPEC, snmp_spec(module_files)), probe_specs()
    declared = [family for spec in (*before, *probes) for family in spec.families]
    return (*before, scrape_spec(declared=declared), *probes)
