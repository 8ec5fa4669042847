"""The requirements: BSI IT-Grundschutz-Kompendium, edition 2023, and where Grundschutz++ has the same under another id.

Titles are our own words for the measurable part of each; the texts of the BSI are not copied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agent.risk.norms import network, operations, power, rooms
from agent.risk.norms.case import Case, Check
from agent.risk.norms.roomcase import RoomCheck

Level = Literal["B", "S", "E"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement. ``level``: B (must), S (should), E (raised need). ``key``: of its title in the texts.

    ``room_kinds``: it is judged for each room of these kinds by ``room_check``; else once, by ``check``, and only where
    ``applies``. ``successor``: its id in Grundschutz++, or empty.
    """

    id: str
    level: Level
    key: str
    check: Check | None = None
    room_check: RoomCheck | None = None
    room_kinds: tuple[str, ...] = ()
    successor: str = ""
    applies: Callable[[Case], bool] = lambda _: True


_SERVER_ROOM = ("server_room",)
_TECHNICAL = ("distribution", "plant")


def _server_room(name: str, level: Level, key: str, check: RoomCheck, successor: str = "") -> Requirement:
    return Requirement(name, level, key, room_check=check, room_kinds=_SERVER_ROOM, successor=successor)


def _technical(name: str, level: Level, key: str, check: RoomCheck, successor: str = "") -> Requirement:
    return Requirement(name, level, key, room_check=check, room_kinds=_TECHNICAL, successor=successor)


REQUIREMENTS: tuple[Requirement, ...] = (
    _server_room("INF.2.A3", "B", "ups", power.ups_sized_and_tested, "GEB.9.1.3"),
    _server_room("INF.2.A5", "B", "climate", rooms.climate_within_limits, "GEB.10.1.2"),
    _server_room("INF.2.A8", "B", "fire_alarm", rooms.fire_passed_on, "GEB.10.2.5"),
    _server_room("INF.2.A11", "B", "watched_room", rooms.infrastructure_watched),
    _server_room("INF.2.A14", "S", "autonomy", power.lasts, "GEB.9.1.4"),
    _server_room("INF.2.A16", "S", "cooling", rooms.climate_watched, "GEB.10.1.3"),
    _server_room("INF.2.A17", "B", "early_fire", rooms.fire_within_minutes, "GEB.10.2.5"),
    _server_room("INF.2.A25", "E", "two_feeds", power.two_feeds),
    _server_room("INF.2.A29", "B", "pipes", rooms.water_watched, "GEB.10.3.2"),
    _technical("INF.5.A10", "S", "technical_climate", rooms.climate_by_data_sheet, "GEB.10.1.2"),
    _technical("INF.5.A11", "S", "technical_water", rooms.water_watched, "GEB.10.3.2"),
    _technical("INF.5.A16", "S", "technical_ups", power.safe_shutdown, "GEB.9.1.3"),
    _technical("INF.5.A24", "E", "technical_cooling", rooms.cooling_redundant, "GEB.10.1.3"),
    Requirement("INF.2.A13", "S", "alarm_paths", operations.alarm_paths, applies=operations.has_server_room),
    Requirement(
        "INF.2.A19",
        "S",
        "tests",
        operations.infrastructure_tested,
        successor="GEB.9.2",
        applies=operations.has_server_room,
    ),
    Requirement("NET.1.2.A7", "B", "events", network.events_recorded, successor="DET.3.4"),
    Requirement("NET.1.2.A8", "B", "clocks", network.clocks_agree),
    Requirement("NET.1.2.A10", "B", "snmp", network.snmp_secured),
    Requirement("NET.1.2.A25", "S", "performance", network.performance_watched, successor="DET.4.12"),
    Requirement("NET.1.2.A26", "S", "outages", network.outages_alarmed, successor="DET.4.13"),
    Requirement("NET.1.2.A30", "E", "watch", network.watch_watched, successor="ARCH.8.1"),
    Requirement("OPS.1.1.1.A9", "S", "monitoring", operations.all_watched),
    Requirement("OPS.1.1.1.A11", "S", "contracts", operations.services_agreed),
    Requirement("OPS.1.1.1.A25", "E", "cut_off", operations.works_cut_off),
)
