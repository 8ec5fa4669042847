"""Class rooms and meeting rooms for programs: ``/api/v1/classrooms``.

Rows are pure functions; null is not known. Times are RFC 3339 in UTC.
"""

from __future__ import annotations

from agent.contract import Snapshot
from agent.estate import ClassroomState, Equipment
from config.inventory import Inventory
from exporters.web.api import Row, moment


def classrooms_row(snapshot: Snapshot, inventory: Inventory) -> Row:
    """Return every class room and meeting room with its equipment, and the projectors that hang in none."""
    estate = snapshot.estate
    rooms = [] if estate is None else [_room(room, inventory) for room in estate.classrooms]
    return {"at": moment(None if estate is None else estate.at), "classrooms": rooms}


def _room(state: ClassroomState, inventory: Inventory) -> Row:
    room = None if state.room is None else inventory.rooms.get(state.room)
    return {
        "room": state.room,
        "name": state.name,
        "site": state.site,
        "kind": None if room is None else room.kind,
        "hours": state.hours or None,
        "wanted": state.wanted,
        "equipment": [_equipment(one, inventory) for one in state.equipment],
    }


def _equipment(one: Equipment, inventory: Inventory) -> Row:
    known = inventory.projectors if one.subject.kind == "projector" else inventory.devices
    thing = known.get(one.subject.id)
    return {
        "subject": str(one.subject),
        "name": one.subject.id if thing is None else thing.name or one.subject.id,
        "state": one.state,
        "detail": one.detail,
        "hours": one.hours or None,
    }
