"""The figures of a fleet for the exposition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent import tallies
from agent.contract import Measure, MetricFamily
from agent.estate import FleetState
from agent.risk.fleet.gathering import Known
from agent.risk.fleet.managed import Tally

_FACETS: Mapping[str, MetricFamily] = {
    "model": tallies.FLEET_BY_MODEL,
    "os": tallies.FLEET_BY_OS,
    "enrolment": tallies.FLEET_BY_ENROLMENT,
    "compliance": tallies.FLEET_BY_COMPLIANCE,
    "checkin": tallies.FLEET_BY_CHECKIN,
    "storage": tallies.FLEET_BY_STORAGE,
}


def measures(known: Known, state: FleetState) -> Iterator[Measure]:
    """Yield stock, plan, ages and need of a fleet, and what its management says, no group smaller than the floor."""
    fleet = known.fleet
    labels = (fleet.site, state.id, fleet.kind)
    stock = (("registered", state.registered), ("managed", state.managed), ("planned", state.planned))
    for source, count in stock:
        if count is not None:
            yield Measure(tallies.FLEET_STOCK, (*labels, source), count)
    for year, count in sorted(fleet.plan.items()):
        yield Measure(tallies.FLEET_PLANNED, (*labels, str(year)), count)
    for years, count in state.ages.items():
        yield Measure(tallies.FLEET_AGE, (*labels, str(years)), count)
    for need in state.needs:
        yield Measure(tallies.FLEET_REPLACEMENT, (*labels, str(need.year)), need.devices)
        if need.cost is not None:
            yield Measure(tallies.FLEET_REPLACEMENT_COST, (*labels, str(need.year)), need.cost)
    if known.tally is not None:
        yield from _managed(labels, state, known.tally, known.floor)


def _managed(labels: tuple[str, ...], state: FleetState, tally: Tally, floor: int) -> Iterator[Measure]:
    yield Measure(tallies.FLEET_DEVICES, labels, tally.total)
    if state.late is not None:
        yield Measure(tallies.FLEET_LATE, labels, state.late)
    for facet, family in _FACETS.items():
        for group, count in tally.told(facet, floor).items():
            yield Measure(family, (*labels, *group), count)
