"""Every kind of check, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.contract import Clock, CollectorSpec, Source, Wire
from collectors import heartbeat, host, nut, plugin
from collectors.mdm.spec import make_spec as mdm_spec
from collectors.microsoft365.spec import make_spec as microsoft365_spec
from collectors.probe.specs import make_specs as probe_specs
from collectors.projector.spec import make_spec as projector_spec
from collectors.redfish.spec import make_spec as redfish_spec
from collectors.scrape.spec import make_spec as scrape_spec
from collectors.snmp.spec import make_spec as snmp_spec
from collectors.traps.source import TrapSource
from config.settings import Settings


def make_specs(module_files: Sequence[Path] = ()) -> tuple[CollectorSpec, ...]:
    """Return all kinds; ``module_files`` are further snmp.yml files. Raises ParamError where one cannot be used.

    What collectors share (sockets, authorities, keys) they share with those of the same call only.
    """
    own = (heartbeat.SPEC, host.SPEC, nut.SPEC, plugin.SPEC, redfish_spec(), snmp_spec(module_files))
    before, probes = (*own, mdm_spec(), microsoft365_spec(), projector_spec()), probe_specs()
    declared = [family for spec in (*before, *probes) for family in spec.families]
    return (*before, scrape_spec(declared=declared), *probes)


def make_source(settings: Settings, wire: Wire, clock: Clock) -> Source | None:
    """Return what hears of the devices that speak by themselves, or None where nothing is to be heard."""
    if settings.traps is None:
        return None
    named = (settings.credentials[name].snmp for name in settings.traps.credentials)
    return TrapSource(settings.traps, [found for found in named if found is not None], wire, clock)
