"""What is seen of devices that a register may list: by their management, by polling them. Pure.

Who is silent is told apart from who never says what it is: of the first nothing can be said now, of the second never.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agent.contract import Harvest, JobState, Subject, harvests, timed_harvests
from agent.estate import Managed
from agent.risk.assets.keys import serial_key
from agent.risk.portions import drained, portions
from config.inventory import Inventory
from config.sheetwords import KINDS
from config.units import DAY

# What a management knows; all other kinds are found by polling them.
MANAGED_KINDS = frozenset({"tablet", "notebook", "pc", "phone", "apple_tv"})
ANY_POLLED = "*"  # of a device without a role it cannot be told which kind it is

# A management keeps what nobody has for years; what has not checked in for so long is not seen.
FORGOTTEN = 365 * DAY
_DEVICES = 25  # polled ones, with their pieces, are looked at between two pauses

Place = tuple[str | None, str]  # site (None: it may be any), kind


@dataclass(frozen=True, slots=True)
class Seen:
    """A device, or a piece of one, as it was seen; ``at``: when it last said so. "" and None: not known.

    ``whole``: False for a piece that a register need not list. ``name``: id of the device or projector.
    """

    by: Subject
    kind: str
    site: str | None
    serial: str = ""
    asset_tag: str = ""
    model: str = ""
    os_version: str = ""
    firmware: str = ""
    name: str = ""
    whole: bool = True
    at: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a management said, as it said it; ``site``: of devices that it places nowhere; ``at``: when it said so."""

    by: Subject
    site: str | None
    managed: tuple[Managed, ...]
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Sighted:
    """Everything that was seen at one look.

    ``dark``: where something may be that is silent now; ``unread``: those of it that a management lists. ``mute``:
    where something is that never says its serial.
    """

    polled: tuple[Seen, ...] = ()
    batches: tuple[Batch, ...] = ()
    dark: frozenset[Place] = frozenset()
    mute: frozenset[Place] = frozenset()
    unread: frozenset[Place] = frozenset()

    def same(self, other: Sighted) -> bool:
        """Whether both say the same; what a management said is the same only if it is the same answer."""
        answers = [(one.by, id(one.managed)) for one in self.batches]
        return answers == [(one.by, id(one.managed)) for one in other.batches] and (
            (self.polled, self.dark, self.mute) == (other.polled, other.dark, other.mute)
        )


def seen_of(batch: Batch) -> Iterator[Seen]:
    """Yield what a management knows; a device that it let go, or that it has not heard of for long, is not seen."""
    for one in batch.managed:
        is_forgotten = one.checked_in_at is not None and one.checked_in_at < batch.at - FORGOTTEN
        if one.enrolment != "removed" and not is_forgotten:
            site = one.site or batch.site
            said = (one.serial, one.asset_tag, one.model, one.os_version)
            yield Seen(batch.by, one.kind, site, *said, at=one.checked_in_at)


@dataclass(slots=True, eq=False)
class Sightings:
    """What was last seen of each polled device; what a device says as before is neither read nor compared again."""

    _known: dict[Subject, tuple[list[Harvest], tuple[Seen, ...]]] = field(
        default_factory=dict[Subject, tuple[list[Harvest], tuple[Seen, ...]]]
    )

    def look(self, inventory: Inventory, jobs: Mapping[Subject, Sequence[JobState]]) -> Generator[None, None, Sighted]:
        """Return what was seen, who is silent and who says nothing of itself; pauses wherever the loop may turn."""
        polled: list[Seen] = []
        dark, mute = set[Place](), set[Place]()
        known: dict[Subject, tuple[list[Harvest], tuple[Seen, ...]]] = {}
        for some in portions(_polled(inventory), _DEVICES):
            for subject, kind, site in some:
                states = jobs.get(subject, ())
                known[subject] = self._of_device(subject, kind, site, states)
                seen = known[subject][1]
                polled += seen
                if not any(one.whole for one in seen):
                    silent = any(state.reading is None for state in states)
                    (dark if silent else mute).add((site, kind if kind in KINDS else ANY_POLLED))
            yield
        self._known = known
        batches, unread = _managements(inventory, jobs)
        return Sighted(tuple(polled), batches, frozenset(dark) | unread, frozenset(mute), unread)

    def _of_device(
        self, subject: Subject, kind: str, site: str, states: Sequence[JobState]
    ) -> tuple[list[Harvest], tuple[Seen, ...]]:
        said = harvests(states)
        known = self._known.get(subject)
        is_same = known is not None and [*map(id, known[0])] == [*map(id, said)]
        if known is not None and is_same and all((one.kind, one.site) == (kind, site) for one in known[1]):
            return known
        seen = tuple(_of_device(subject, kind, site, states))
        return said, known[1] if known is not None and known[1] == seen else seen


def sighted(inventory: Inventory, jobs: Mapping[Subject, Sequence[JobState]]) -> Sighted:
    """Return what was seen, who is silent and who says nothing of itself, at once."""
    return drained(Sightings().look(inventory, jobs))


def _managements(
    inventory: Inventory, jobs: Mapping[Subject, Sequence[JobState]]
) -> tuple[tuple[Batch, ...], frozenset[Place]]:
    """Return what managements say, and where things may be of which they say nothing now."""
    batches: list[Batch] = []
    unread = set[Place]()
    for name, source in inventory.sources.items():
        if source.mdm is not None:
            subject = Subject("source", name)
            said = timed_harvests(jobs.get(subject, ()))
            batches += [Batch(subject, source.site, harvest.managed, at) for at, harvest in said]
            if not said or any(harvest.partial for _, harvest in said):
                unread |= set(_managed_places(inventory, name))
    return tuple(batches), frozenset(unread)


def _polled(inventory: Inventory) -> Iterator[tuple[Subject, str, str]]:
    for name, device in inventory.devices.items():
        yield Subject("device", name), device.role or "", device.site
    for name, projector in inventory.projectors.items():
        yield Subject("projector", name), "projector", projector.site


def _of_device(subject: Subject, kind: str, site: str, states: Iterable[JobState]) -> Iterator[Seen]:
    """Yield a device by the first serial number that it says, and the pieces it is made of by theirs."""
    known = set[str]()
    at = max((state.reading.at for state in states if state.reading is not None), default=None)
    answers = harvests(states)
    facts = {name: text for harvest in reversed(answers) for name, text in harvest.facts.items()}
    serial = facts.get("serial", "")
    if serial_key(serial):
        known.add(serial_key(serial))
        said = (serial, facts.get("asset_tag", ""), facts.get("model", ""), facts.get("os_version", ""))
        yield Seen(subject, kind, site, *said, facts.get("firmware", ""), subject.id, at=at)
    for part in (part for harvest in answers for part in harvest.parts):
        key = serial_key(part.serial)
        if key and key not in known:
            known.add(key)
            piece = (part.serial, "", part.model, "", part.firmware)
            yield Seen(subject, kind, site, *piece, subject.id, whole=False, at=at)


def _managed_places(inventory: Inventory, source: str) -> Iterator[Place]:
    """Yield where devices of a management may be."""
    fleets = [(fleet.site, fleet.kind) for fleet in inventory.fleets.values() if fleet.source == source]
    configured = inventory.sources[source]
    sites = {configured.site, *configured.locations.values()} - {None}
    yield from fleets
    yield from ((site, kind) for site in (sites or {None}) for kind in MANAGED_KINDS)
