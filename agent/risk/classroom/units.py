"""What is told of together: the equipment of a class room or meeting room, or a projector that hangs in none. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.contract import Subject, SubjectKind
from agent.risk.hours import AT_ALL_TIMES, Hours, Timetable, is_classroom
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings

PROJECTOR: SubjectKind = "projector"
_CALLED = frozenset({PROJECTOR, "apple_tv", "display", "printer", "terminal", "access_point"})


class Member(NamedTuple):
    """A thing in a room: what people call it there, and when it matters."""

    subject: Subject
    name: str
    hours: Hours
    site: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A room with its equipment; or a projector by itself, whose ``room`` is None."""

    subject: Subject
    name: str
    site: str
    hours: Hours
    members: tuple[Member, ...]

    @property
    def room(self) -> str | None:
        """The room's id."""
        return self.subject.id if self.subject.kind == "room" else None


class _Thing(NamedTuple):
    subject: Subject
    given: str | None
    kind: str


def units_of(inventory: Inventory, settings: Settings) -> tuple[Unit, ...]:
    """Return the class rooms and meeting rooms, in the order of the file, and the projectors that stand for themselves.

    Those hang in no such room, or are said to matter always.
    """
    words, table = Words(settings.municipality.language), Timetable.of(inventory, settings)
    things = _things(table)
    rooms = (
        Unit(
            subject := Subject("room", name),
            room.name or words.say("equipment_room", name=name),
            room.site,
            table.hours(subject),
            tuple(_members(table, room.site, things.get(name, ()), words)),
        )
        for name, room in inventory.rooms.items()
        if is_classroom(inventory, name)
    )
    return (*rooms, *_loose(table))


def _loose(table: Timetable) -> Iterator[Unit]:
    for name, projector in table.inventory.projectors.items():
        hours = table.hours(subject := Subject(PROJECTOR, name))
        if hours == AT_ALL_TIMES or not is_classroom(table.inventory, projector.room):
            called = projector.name or name
            yield Unit(subject, called, projector.site, hours, (Member(subject, called, hours, projector.site),))


def _things(table: Timetable) -> Mapping[str, Sequence[_Thing]]:
    """Return the equipment by room, projectors first."""
    found: defaultdict[str, list[_Thing]] = defaultdict(list)
    for name, projector in table.inventory.projectors.items():
        subject = Subject(PROJECTOR, name)
        if projector.room is not None and table.hours(subject) != AT_ALL_TIMES:
            found[projector.room].append(_Thing(subject, projector.name, PROJECTOR))
    for name, device in table.inventory.devices.items():
        if device.room is not None and table.is_equipment(name):
            found[device.room].append(_Thing(Subject("device", name), device.name, device.role or ""))
    return found


def _members(table: Timetable, site: str, things: Sequence[_Thing], words: Words) -> Iterator[Member]:
    """Yield them by the name they have; the only one of its kind in the room needs none."""
    kinds = Counter(thing.kind for thing in things)
    for thing in things:
        single = kinds[thing.kind] == 1 and thing.kind in _CALLED
        name = thing.given or (words.say(f"kind_{thing.kind}") if single else thing.subject.id)
        yield Member(thing.subject, name, table.hours(thing.subject), site)
