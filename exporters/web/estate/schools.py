"""Class rooms, fleets and versions, as rows of tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from agent.anonymity import OTHER
from agent.estate import ClassroomState, Equipment, FleetState, Need, Support, Version
from exporters.web.alertlist import Namer
from exporters.web.estate.tables import TableRow, known
from exporters.web.words import Mark, Tone, clean

MAX_NEEDS = 3  # years
_EQUIPMENT: Mapping[str, tuple[Tone, str]] = {
    "up": ("ok", "equipment_up"),
    "asleep": ("ok", "equipment_up"),
    "warning": ("info", "equipment_warning"),
    "down": ("warning", "equipment_down"),
    "unknown": ("unknown", "equipment_unknown"),
    "resting": ("off", "equipment_resting"),
}
_SUPPORT: Mapping[Support, tuple[Tone, str]] = {
    "ended": ("warning", "support_ended"),
    "ending": ("info", "support_ending"),
}
# The worst of a room's equipment is the room's.
_WORST = ("down", "unknown", "warning", "up", "asleep", "resting")


def classroom_rows(rooms: Iterable[ClassroomState], namer: Namer) -> Iterator[TableRow]:
    """Yield each class room and meeting room with its equipment."""
    for room in rooms:
        state = min((one.state for one in room.equipment), key=_WORST.index, default="unknown")
        tone, word = _EQUIPMENT[state]
        site = "–" if room.site is None else namer.site(room.site)
        told = tuple(_told(one, namer) for one in room.equipment if one.detail)
        yield TableRow(clean(room.name), namer.words.mark(tone, word), (site, str(len(room.equipment))), told)


def _told(one: Equipment, namer: Namer) -> str:
    return clean(f"{namer.subject(one.subject)}: {one.detail}")


def fleet_rows(fleets: Mapping[str, FleetState], namer: Namer) -> Iterator[TableRow]:
    """Yield each fleet: stock, what its management knows, what was planned, and what must be replaced."""
    for name, fleet in namer.inventory.fleets.items():
        state = fleets.get(name)
        if state is None:
            continue
        counts = tuple(known(one, lambda n: str(int(n))) for one in (state.registered, state.managed, state.planned))
        needs = tuple(_need(one, namer) for one in state.needs[:MAX_NEEDS] if one.devices)
        cells = (namer.site(fleet.site), *counts)
        yield TableRow(clean(fleet.name or name), _fleet_mark(state, namer), cells, needs)


def _fleet_mark(state: FleetState, namer: Namer) -> Mark:
    if state.stock is None:
        return namer.words.mark("unknown", "fleet_unread")
    if state.planned is None:
        return namer.words.mark("ok", "fleet_unplanned")
    if state.below_plan is None:
        return namer.words.mark("unknown", "unknown")
    return namer.words.mark(*(("info", "fleet_below_plan") if state.below_plan else ("ok", "fleet_as_planned")))


def _need(need: Need, namer: Namer) -> str:
    year, devices = str(need.year), str(need.devices)
    if need.cost is None:
        return namer.words.say("needs", year=year, n=devices)
    return namer.words.say("needs_cost", year=year, n=devices, cost=namer.words.words.amount(need.cost))


def version_rows(versions: Iterable[Version], namer: Namer) -> Iterator[TableRow]:
    """Yield what runs without support, or soon will."""
    for one in versions:
        standing = _SUPPORT.get(one.support)
        if standing is None:
            continue
        words = namer.words.words
        version = words.say("other_versions") if one.version == OTHER else one.version
        site = "–" if one.site is None else namer.site(one.site)
        cells = (site, str(one.devices), "–" if one.ends is None else words.day(one.ends))
        yield TableRow(clean(f"{one.system} {version}"), namer.words.mark(*standing), cells)
