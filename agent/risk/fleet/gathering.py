"""Gathers what register and managements say of each fleet, in portions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from agent.contract import Harvest, Subject, timed_harvests
from agent.estate import Need
from agent.risk.calendar import Calendar
from agent.risk.catalogue.fleets import FLEET_SILENT, SilentOptions
from agent.risk.fleet.days import all_known, days_before
from agent.risk.fleet.managed import Tally
from agent.risk.fleet.needs import needs_of
from agent.risk.fleet.stock import Batch, ages, by_year, held
from agent.risk.portions import portions
from agent.risk.rule import options_of
from agent.risk.sight import Sight
from config.assets import Asset
from config.inventory import Inventory
from config.schools import Fleet

_SMALLEST_GROUP = 5  # of a fleet without a source

Place = tuple[str, str]  # site, kind


class Figures(NamedTuple):
    """What the register says of a fleet on a day: how many there are, bought when, how old, to be replaced when."""

    held: int
    by_year: Mapping[int, int]
    ages: Mapping[int, int]
    needs: tuple[Need, ...]


class Known(NamedTuple):
    """A fleet and what is known of it; ``floor``: fewer devices are never told.

    ``tally``: None where no management is asked, or it does not say all of it now (``waiting``). ``shared``: there is
    another fleet of its kind at its site, so that the register does not tell them apart. ``timed``: it is known on
    which of the last days there were hours.
    """

    name: str
    fleet: Fleet
    figures: Figures
    tally: Tally | None
    floor: int
    waiting: bool
    shared: bool
    timed: bool


Readings = list[tuple[float, Harvest]]  # when (seconds since the epoch), and what was said


class Counted(NamedTuple):
    """What a management said, by fleet; ``late_before`` of each fleet as of the day on which it was counted."""

    readings: Readings
    late_before: Mapping[str, float]
    tallies: Mapping[str, Tally]


@dataclass(slots=True)
class Memory:
    """What need not be counted anew: rows of one configuration, answers of a management on one day."""

    inventory: Inventory | None = None
    registered: dict[Place, Counter[Batch]] = field(default_factory=dict[Place, Counter[Batch]])
    counted: dict[str, Counted] = field(default_factory=dict[str, Counted])
    figures: dict[str, tuple[date, Figures]] = field(default_factory=dict[str, tuple[date, Figures]])

    def of(self, name: str, fleet: Fleet, today: date) -> Figures:
        """Return the figures of a fleet."""
        known = self.figures.get(name)
        if known is None or known[0] != today:
            batches = self.registered.get((fleet.site, fleet.kind), Counter[Batch]())
            figures = Figures(held(batches), by_year(batches), ages(batches, today), needs_of(fleet, batches, today))
            known = self.figures[name] = today, figures
        return known[1]


@dataclass(slots=True)
class Gathered:
    """What is known: of the register by site and kind, and by fleet what its management says.

    ``silent``: fleets of which their management says nothing that is fresh and whole, or does not tell them apart.
    """

    hours: Mapping[str, Calendar]
    today: date
    memory: Memory
    tallies: dict[str, Tally] = field(default_factory=dict[str, Tally])
    silent: set[str] = field(default_factory=set[str])
    _late: dict[int, float] = field(default_factory=dict[int, float])

    def is_open(self, site: str, now: float) -> bool:
        """Whether something may be told of a site: within school hours at schools, else within office hours."""
        return self.hours[site].is_open(now)

    def late_before(self, sight: Sight, site: str) -> float:
        """Return before which moment a device of a site must have been seen to be late; reckoned once a calendar."""
        calendar = self.hours[site]
        if id(calendar) not in self._late:
            days = options_of(sight.settings, FLEET_SILENT, SilentOptions).days
            self._late[id(calendar)] = days_before(calendar, sight.view.now, days)
        return self._late[id(calendar)]

    def known(self, sight: Sight, name: str) -> Known:
        """Return what is known of one fleet."""
        fleet = sight.inventory.fleets[name]
        floor = _SMALLEST_GROUP if fleet.source is None else sight.inventory.sources[fleet.source].smallest_group
        calendar = self.hours[fleet.site]
        timed = all_known(calendar, self.late_before(sight, fleet.site), sight.view.now)
        shared = (fleet.site, fleet.kind) not in places(sight.inventory.fleets)
        figures = self.memory.of(name, fleet, self.today)
        return Known(name, fleet, figures, self.tallies.get(name), floor, name in self.silent, shared, timed)


def gathering(sight: Sight, gathered: Gathered) -> Iterator[None]:
    """Fill it; pauses wherever the loop may turn."""
    memory = gathered.memory
    if memory.inventory is not sight.inventory:
        memory.registered, memory.counted, memory.figures = {}, {}, {}
        yield from _registering(sight.inventory, memory.registered)
        memory.inventory = sight.inventory
    for source in {fleet.source for fleet in sight.inventory.fleets.values() if fleet.source is not None}:
        yield from _of_source(sight, source, gathered)


def _registering(inventory: Inventory, registered: dict[Place, Counter[Batch]]) -> Iterator[None]:
    """Count the rows of the register by site and kind, of those that are one fleet's."""
    alone = {place: inventory.fleets[name].unit_cost is None for place, name in places(inventory.fleets).items()}
    for file in inventory.assets:
        for portion in portions(file.assets):
            for asset in portion:
                place = (asset.site or "", asset.kind)
                if asset.status != "retired" and place in alone:
                    registered.setdefault(place, Counter())[_batch(asset, priced=alone[place])] += 1
            yield


def places(fleets: Mapping[str, Fleet]) -> dict[Place, str]:
    """Return the fleet of each site and kind; where two share one, none can be told which of them a device is of."""
    counts = Counter((fleet.site, fleet.kind) for fleet in fleets.values())
    return {(fleet.site, fleet.kind): name for name, fleet in fleets.items() if counts[fleet.site, fleet.kind] == 1}


def _batch(asset: Asset, *, priced: bool) -> Batch:
    """Return what counts of a row; what it cost only where the fleet has no price: else there would be more batches."""
    return Batch(asset.bought, asset.replace_on, asset.cost if priced else None)


def _of_source(sight: Sight, source: str, gathered: Gathered) -> Iterator[None]:
    """Take what one management says of its fleets; what came in part says nothing of how many there are."""
    wanted = {name: fleet for name, fleet in sight.inventory.fleets.items() if fleet.source == source}
    readings = readings_of(sight, source)
    alone = set(places(wanted).values())
    if not readings or any(harvest.partial for _, harvest in readings):
        gathered.silent.update(wanted)
        return
    gathered.silent.update(wanted.keys() - alone)
    late_before = {name: gathered.late_before(sight, wanted[name].site) for name in sorted(alone)}
    known = gathered.memory.counted.get(source)
    if known is None or not same_answers(known.readings, readings) or known.late_before != late_before:
        tallies = {name: Tally(late) for name, late in late_before.items()}
        known = Counted(readings, late_before, tallies)
        yield from _counting(sight.inventory, source, known)
        gathered.memory.counted[source] = known  # only now: whoever is broken off has counted a part
    gathered.tallies.update(known.tallies)


def _counting(inventory: Inventory, source: str, counted: Counted) -> Iterator[None]:
    """Count the devices of one management by fleet."""
    fleets = inventory.fleets
    of_place: dict[Place, Tally] = {
        (fleets[name].site, fleets[name].kind): one for name, one in counted.tallies.items()
    }
    usual = inventory.sources[source].site
    for read_at, harvest in counted.readings:
        for portion in portions(harvest.managed):
            for device in portion:
                site = device.site or usual or ""
                tally = of_place.get((site, device.kind))
                if tally is not None:
                    tally.take(device, site, read_at)
            yield


def readings_of(sight: Sight, source: str) -> Readings:
    """Return when a management said something last (seconds since the epoch) and what; empty where it is not fresh."""
    return timed_harvests(sight.jobs.get(Subject("source", source), ()))


def same_answers(one: Readings, other: Readings) -> bool:
    """Whether these are the same harvests, not only equal ones, whenever they were read."""
    return len(one) == len(other) and all(old[1] is new[1] for old, new in zip(one, other, strict=True))
