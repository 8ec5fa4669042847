"""What a site needs to work, in bits per second: as declared, else as its busy hour was on the last working days."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.risk.network.failure import Demand
from agent.risk.sight import Sight
from agent.risk.topology import Topology
from agent.risk.usage.ends import HISTORY_SECONDS, Flows
from agent.risk.usage.percentile import ENOUGH_SLOTS, percentile
from agent.risk.usage.rates import STEP_SECONDS, Grid
from agent.risk.usage.transit import links_of, site_flows
from config.settings import Settings
from config.workdays import ClosedDays

WORKING_DAYS = 7

_SATURDAY = 5
_HOUR = 3600.0


class Hour(NamedTuple):
    """One hour of one working day: ``of_day`` by the local clock, and its slots of the grid."""

    of_day: int
    slots: range


def demands(sight: Sight, topology: Topology) -> Generator[None, None, Mapping[str, Demand]]:
    """Return the demand by site; pauses after each port that is read.

    A site is absent for which nothing is declared and less than a working day is known: its demand is unknown, not 0.
    """
    grid = Grid.of(sight.view.now, HISTORY_SECONDS)
    hours = working_hours(sight.settings, grid)
    found: dict[str, Demand] = {}
    for name, site in sight.inventory.sites.items():
        if site.demand is not None:
            found[name] = Demand(site.demand, declared=True)
        elif topology.first_needs.get(name):
            flows = yield from site_flows(sight, name, links_of(name, sight.inventory.links.values()), grid)
            measured = None if flows is None else busy_hour(flows, hours)
            if measured is not None:
                found[name] = Demand(measured, declared=False)
    return found


def busy_hour(flows: Flows, hours: Sequence[Hour]) -> float | None:
    """Return the 95th percentile, in its busier direction, of the hour of the day that carries most on average.

    That is the time-consistent busy hour of ITU-T E.500, with whole hours. None: less than a working day is known.
    """
    slots: dict[int, list[int]] = {}
    for hour in hours:
        known_here = [slot for slot in hour.slots if not math.isnan(flows.down[slot] + flows.up[slot])]
        slots.setdefault(hour.of_day, []).extend(known_here)
    if sum(map(len, slots.values())) < ENOUGH_SLOTS:
        return None
    busiest = max((one for one in slots.values() if one), key=lambda one: _mean(flows, one))
    return max(percentile([way[slot] for slot in busiest]) or 0.0 for way in (flows.down, flows.up))


def _mean(flows: Flows, slots: Sequence[int]) -> float:
    return math.fsum(max(flows.down[slot], flows.up[slot]) for slot in slots) / len(slots)


def working_hours(settings: Settings, grid: Grid) -> list[Hour]:
    """Return the hours of the last working days that the grid holds: Monday to Friday, no holiday, not closed."""
    town = settings.municipality
    zone, closed = ZoneInfo(town.timezone), ClosedDays.of(town)
    day = datetime.fromtimestamp((grid.first + grid.length) * STEP_SECONDS, zone).date()
    oldest = datetime.fromtimestamp(grid.first * STEP_SECONDS, zone).date()
    days: list[date] = []
    while day >= oldest and len(days) < WORKING_DAYS:
        if day.weekday() < _SATURDAY and day not in closed:
            days.append(day)
        day -= timedelta(days=1)
    return [hour for one in days for hour in _hours(one, zone, grid)]


def _hours(day: date, zone: ZoneInfo, grid: Grid) -> list[Hour]:
    """Return the hours of a day, 23 or 25 of them when the clocks change; beyond the grid they have no slots."""
    begin = datetime.combine(day, time(), zone).astimezone(UTC).timestamp()
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC).timestamp()
    found: list[Hour] = []
    while begin < end:
        first, after = (int(at // STEP_SECONDS) - grid.first for at in (begin, begin + _HOUR))
        slots = range(max(first, 0), max(min(after, grid.length), 0))
        found.append(Hour(datetime.fromtimestamp(begin, zone).hour, slots))
        begin += _HOUR
    return found
