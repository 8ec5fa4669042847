"""The register and what was seen, row by row: found by serial number, then by asset tag. Pure, in portions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Set
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal, NamedTuple

from agent.risk.assets.keys import serial_key, tag_key
from agent.risk.assets.seen import ANY_POLLED, MANAGED_KINDS, Place, Seen, Sighted, seen_of
from agent.risk.portions import portions
from config.assets import Asset
from config.inventory import Inventory

Match = Literal["matched", "moved", "duplicate", "missing", "unverified", "unwatched", "unknown", "unlisted"]


class Entry(NamedTuple):
    """A row of the register, what was seen, or both, and how they agree.

    ``missing``: what lists things of its kind at its site does not list it, or it was seen before. ``unverified``: as
    that, but somebody is silent, or lists one without a name that it may be. ``unwatched``: nothing lists such things
    there, or it is not in use. ``unknown``: seen, and not in the register, or there as retired. ``unlisted``: seen
    and not in the register, and of a kind that the register does not hold at all, or without serial and asset tag.
    """

    match: Match
    asset: Asset | None = None
    seen: Seen | None = None

    @property
    def site(self) -> str | None:
        """Where it is registered, else where it was seen."""
        return self.asset.site if self.asset is not None else self.seen.site if self.seen is not None else None

    @property
    def kind(self) -> str:
        """What it is."""
        return self.asset.kind if self.asset is not None else self.seen.kind if self.seen is not None else ""


@dataclass(slots=True)
class _Register:
    """The rows by what they are found by; of several with one serial number (``doubled``), all."""

    assets: list[Asset] = field(default_factory=list[Asset])
    by_serial: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    by_tag: dict[str, int] = field(default_factory=dict[str, int])
    doubled: set[str] = field(default_factory=set[str])
    kinds: set[str] = field(default_factory=set[str])

    def add(self, asset: Asset) -> None:
        number = len(self.assets)
        self.assets.append(asset)
        if asset.kind:
            self.kinds.add(asset.kind)
        if tag := tag_key(asset.asset_tag):
            self.by_tag.setdefault(tag, number)
        if serial := serial_key(asset.serial):
            numbers = self.by_serial.setdefault(serial, [])
            numbers.append(number)
            if len(numbers) > 1:
                self.doubled.add(serial)

    def find(self, seen: Seen) -> int | None:
        """Return the row that a device is: by its serial number, else by its asset tag.

        Of several with its serial number that with its asset tag, else one that is not retired.
        """
        tag = self.by_tag.get(tag_key(seen.asset_tag))
        found = self.by_serial.get(serial_key(seen.serial), ())
        if not found or tag in found:
            return tag
        return next(iter(self._not_retired(found)), found[0])

    def shared(self) -> set[int]:
        """Return the rows whose serial number another row has too; what is retired does not count."""
        found = [self._not_retired(self.by_serial[serial]) for serial in self.doubled]
        return {number for numbers in found if len(numbers) > 1 for number in numbers}

    def _not_retired(self, numbers: Iterable[int]) -> list[int]:
        return [number for number in numbers if self.assets[number].status != "retired"]


def merging(
    inventory: Inventory, sighted: Sighted, before: Set[str] = frozenset()
) -> Generator[None, None, list[Entry]]:
    """Return every row of the register and everything that was seen beside it; pauses wherever the loop may turn.

    ``before``: asset tags of rows that were seen earlier.
    """
    register = _Register()
    for rows in portions(chain.from_iterable(file.assets for file in inventory.assets)):
        for asset in rows:
            register.add(asset)
        yield
    hits: dict[int, list[Seen]] = {}
    strangers: list[Seen] = []
    for portion in portions(chain(sighted.polled, chain.from_iterable(map(seen_of, sighted.batches)))):
        for seen in portion:
            number = register.find(seen)
            if number is not None:
                hits.setdefault(number, []).append(seen)
            elif seen.whole:
                strangers.append(seen)
        yield
    return (yield from _entries(register, hits, strangers, _Watched.of(inventory, sighted, before, strangers)))


def _entries(
    register: _Register, hits: dict[int, list[Seen]], strangers: list[Seen], watched: _Watched
) -> Generator[None, None, list[Entry]]:
    shared = register.shared()
    yield
    entries: list[Entry] = []
    for rows in portions(enumerate(register.assets)):
        for number, asset in rows:
            seen = hits.get(number, [])
            match = _match(asset, seen, doubled=number in shared) if seen or number in shared else watched.absent(asset)
            entries.append(Entry(match, asset, seen[0] if seen else None))
        yield
    for portion in portions(strangers):
        for one in portion:
            is_told = one.kind in register.kinds and not is_nameless(one)
            entries.append(Entry("unknown" if is_told else "unlisted", None, one))
        yield
    return entries


def _match(asset: Asset, seen: list[Seen], *, doubled: bool) -> Match:
    """Return how a row agrees with where it was seen: a management that lists it twice has a stale copy."""
    counts = Counter(one.by for one in seen if one.whole and one.by.kind == "source")
    if doubled or max(counts.values(), default=0) > 1:
        return "duplicate"
    if asset.status == "retired" and any(one.whole for one in seen):
        return "unknown"
    sites = {one.site for one in seen} - {None}
    return "moved" if asset.site is not None and sites and asset.site not in sites else "matched"


@dataclass(frozen=True, slots=True)
class _Watched:
    """Where what is not seen is missing: the places whose things of a kind a management lists, what was seen before.

    ``nameless``: how many are listed there that say neither serial nor asset tag: any row may be one of those.
    """

    places: frozenset[Place]
    sighted: Sighted
    before: Set[str]
    nameless: Counter[Place]

    @classmethod
    def of(cls, inventory: Inventory, sighted: Sighted, before: Set[str], strangers: Iterable[Seen]) -> _Watched:
        """Only a fleet with a source is listed whole."""
        fleets = inventory.fleets.values()
        listed = frozenset((fleet.site, fleet.kind) for fleet in fleets if fleet.source is not None)
        return cls(listed, sighted, before, Counter((one.site, one.kind) for one in strangers if is_nameless(one)))

    def absent(self, asset: Asset) -> Match:
        """Return what it means that a row was not seen."""
        if asset.status != "in_use" or asset.site is None:
            return "unwatched"
        if _stands_in(self.sighted.dark, asset):
            return "unverified"
        is_watched = (asset.site, asset.kind) in self.places or asset.asset_tag in self.before
        if not is_watched or _stands_in(self.sighted.mute, asset):
            return "unwatched"
        for place in ((asset.site, asset.kind), (None, asset.kind)):
            if self.nameless[place] > 0:
                self.nameless[place] -= 1
                return "unverified"
        return "missing"


def is_nameless(seen: Seen) -> bool:
    """Whether it says nothing that a row could be found by."""
    return not serial_key(seen.serial) and not tag_key(seen.asset_tag)


def _stands_in(places: frozenset[Place], asset: Asset) -> bool:
    """Whether the device may be one of those."""
    kinds = (asset.kind,) if asset.kind in MANAGED_KINDS else (asset.kind, ANY_POLLED)
    return any((site, kind) in places for site in (asset.site, None) for kind in kinds)
