"""How register and what was seen agree, put together by site. Pure, in portions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.estate import RegisterState
from agent.risk.assets.merge import Entry, Match
from agent.risk.assets.seen import Place
from agent.risk.portions import portions
from config.inventory import Inventory

NAMED = 5  # so many are named; `/api/v1/assets` has all
DIFFERENT: tuple[Match, ...] = ("missing", "unknown", "moved", "duplicate")


class Difference(NamedTuple):
    """What does not agree at a site: which kinds, and the first names; ``names``: asset tags, else ids of devices."""

    kinds: Counter[str]
    names: list[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, put together by site."""

    state: RegisterState
    registered: Counter[tuple[str | None, str]]
    differences: dict[tuple[str | None, Match], Difference]


def kinds_at(places: Iterable[Place], site: str | None) -> frozenset[str]:
    """Return the kinds of things that may be at a site, of those that may be anywhere too."""
    return frozenset(kind for where, kind in places if where in {site, None})


def compared(inventory: Inventory, entries: Iterable[Entry]) -> Generator[None, None, Comparison]:
    """Return how register and what was seen agree; ``entries``: every row with what was seen."""
    gathered = _Gathered()
    for portion in portions(entries):
        for entry in portion:
            gathered.take(entry)
        yield
    repeated = tuple(tag for file in inventory.assets for tag in file.repeated)
    return Comparison(gathered.state(repeated), gathered.registered, gathered.differences)


@dataclass(slots=True)
class _Gathered:
    registered: Counter[tuple[str | None, str]] = field(default_factory=Counter[tuple[str | None, str]])
    differences: dict[tuple[str | None, Match], Difference] = field(
        default_factory=dict[tuple[str | None, Match], Difference]
    )
    keys: dict[Match, list[str]] = field(default_factory=lambda: {match: list[str]() for match in DIFFERENT})
    moved: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    matched: int = 0

    def take(self, entry: Entry) -> None:
        if entry.asset is not None and entry.asset.status != "retired":
            self.registered[entry.site, entry.kind] += 1
        if entry.match == "matched":
            self.matched += 1
        if entry.match not in DIFFERENT:
            return
        difference = self.differences.setdefault((entry.site, entry.match), Difference(Counter(), []))
        difference.kinds[entry.kind] += 1
        if len(difference.names) < NAMED:
            difference.names.extend(_name(entry))
        self.keys[entry.match].append(_key(entry))
        if entry.match == "moved" and entry.seen is not None:
            self.moved.append((_key(entry), entry.site or "", entry.seen.site or ""))

    def state(self, repeated: tuple[str, ...]) -> RegisterState:
        missing, unknown, twice = (tuple(self.keys[match]) for match in ("missing", "unknown", "duplicate"))
        return RegisterState(self.matched, missing, unknown, tuple(self.moved), (*twice, *repeated))


def _name(entry: Entry) -> list[str]:
    """Return what names it to people; a serial number of what a management lists is nobody's business here."""
    if entry.asset is not None:
        return [entry.asset.asset_tag]
    return [] if entry.seen is None else [name for name in (entry.seen.asset_tag or entry.seen.name,) if name]


def _key(entry: Entry) -> str:
    if entry.asset is not None:
        return entry.asset.asset_tag
    return "" if entry.seen is None else entry.seen.asset_tag or entry.seen.serial
