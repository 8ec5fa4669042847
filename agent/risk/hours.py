"""When does something matter, and what belongs to the equipment of a room? Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agent.contract import Subject, SubjectKind
from agent.risk.calendar import Calendar, Calendars
from config.hours import ALWAYS, NAMED_HOURS, OFFICE_HOURS, SCHOOL_HOURS, When
from config.inventory import Device, Inventory, Site
from config.settings import RoleDefaults, Settings

CLASSROOM = "classroom"
CLASSROOMS = frozenset({CLASSROOM, "meeting_room"})
# What people work with: it matters while they do.
EQUIPMENT_ROLES = frozenset({"endpoint", "apple_tv", "display", "printer", "terminal"})
ACCESS_POINT = "access_point"
# What others need, wherever it stands: also in a class room it speaks for itself.
INFRASTRUCTURE_ROLES = frozenset({"router", "firewall", "switch", "radio", "ups", "pdu", "server", "sensor"})
_SECTIONS: Mapping[SubjectKind, str] = {
    "service": "services",
    "function": "functions",
    "device": "devices",
    "projector": "projectors",
    "room": "rooms",
    "site": "sites",
}


class Hours(NamedTuple):
    """When something matters: ``text`` is as in ``config.hours.When``; ``in_term``: never in the school holidays."""

    text: str
    in_term: bool = False

    @property
    def name(self) -> str:
        """The name of the hours; "" where they have none."""
        return self.text if self.text in NAMED_HOURS else ""

    def calendar(self, calendars: Calendars) -> Calendar:
        """Return the calendar of these hours."""
        return calendars.of(self.text, in_term=self.in_term)


AT_ALL_TIMES = Hours(ALWAYS)


def hours_of_site(site: Site) -> Hours:
    """Return when people are there: at a school in school hours, elsewhere in office hours."""
    return Hours(SCHOOL_HOURS if site.kind == "school" else OFFICE_HOURS)


def is_classroom(inventory: Inventory, room: str | None) -> bool:
    """Whether a room is a class room or meeting room."""
    return room is not None and room in inventory.rooms and inventory.rooms[room].kind in CLASSROOMS


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """When each thing of an inventory matters. ``carrying``: the devices that carry a link or feed others."""

    inventory: Inventory
    settings: Settings
    carrying: frozenset[str]

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings) -> Timetable:
        """Look once at who carries what."""
        linked = {end.device for link in inventory.links.values() for end in link.ends if end.device is not None}
        feeding = {name for device in inventory.devices.values() for name in device.powered_by}
        return cls(inventory, settings, frozenset(linked | feeding))

    def hours(self, subject: Subject) -> Hours:
        """Return when something of the inventory matters; what is of no kind that has hours matters always.

        Raises KeyError where the inventory has no such thing.

        Of a room it says when its equipment does; of a site, when equipment there does where nothing else is said.
        """
        find = {
            "service": self._of_service,
            "function": self._of_function,
            "device": self._of_device,
            "projector": self._of_projector,
            "room": self._of_room,
            "site": self._of_site,
        }.get(subject.kind)
        return AT_ALL_TIMES if find is None else find(subject.id)

    def timed(self) -> Iterator[tuple[Subject, Hours]]:
        """Yield everything that does not matter at all times."""
        for kind, section in _SECTIONS.items():
            for name in getattr(self.inventory, section):
                hours = self.hours(Subject(kind, name))
                if hours != AT_ALL_TIMES:
                    yield Subject(kind, name), hours

    def is_equipment(self, name: str) -> bool:
        """Whether a device belongs to the equipment of the class room or meeting room it stands in.

        That is what people work with, and whatever is said to have hours. What others need is not, nor what carries a
        link or feeds others; what is said to matter always speaks for itself.
        """
        device = self.inventory.devices[name]
        if not is_classroom(self.inventory, device.room) or device.role in INFRASTRUCTURE_ROLES:
            return False
        said = self._said_of(device)
        used = said is not None or device.role in EQUIPMENT_ROLES or device.role == ACCESS_POINT
        return used and said != ALWAYS and name not in self.carrying

    def _of_service(self, name: str) -> Hours:
        return Hours(self.inventory.services[name].when)

    def _of_function(self, name: str) -> Hours:
        """A function is needed when the service is that it is done with."""
        known, function = self.inventory, self.inventory.functions[name]
        if function.when is not None:
            return Hours(function.when)
        primary = function.primary
        if primary in known.devices or primary in known.links or primary not in known.services:
            return AT_ALL_TIMES
        return self._of_service(primary)

    def _of_device(self, name: str) -> Hours:
        device = self.inventory.devices[name]
        said = self._said_of(device)
        if said is not None:
            return self._own(device.site, said)
        if device.room is not None and self.is_equipment(name):
            return self._of_room(device.room)
        at_school = self.inventory.sites[device.site].kind == "school"
        used = device.role in EQUIPMENT_ROLES or (at_school and device.role == ACCESS_POINT)
        if used and name not in self.carrying:
            return self._of_site(device.site)
        return AT_ALL_TIMES

    def _of_projector(self, name: str) -> Hours:
        projector = self.inventory.projectors[name]
        if projector.when is not None:
            return self._own(projector.site, projector.when)
        if projector.room is not None and is_classroom(self.inventory, projector.room):
            return self._of_room(projector.room)
        return self._of_site(projector.site)

    def _of_room(self, name: str) -> Hours:
        room = self.inventory.rooms[name]
        if room.kind not in CLASSROOMS:
            return AT_ALL_TIMES
        if room.when is not None:
            return self._own(room.site, room.when)
        return Hours(SCHOOL_HOURS) if room.kind == CLASSROOM else self._of_site(room.site)

    def _of_site(self, name: str) -> Hours:
        return hours_of_site(self.inventory.sites[name])

    def _own(self, site: str, when: When) -> Hours:
        """Hours that are written out end at a school with its holidays."""
        return Hours(when, in_term=when not in NAMED_HOURS and self.inventory.sites[site].kind == "school")

    def _said_of(self, device: Device) -> When | None:
        return device.when or self.settings.defaults.roles.get(device.role or "", RoleDefaults()).when
