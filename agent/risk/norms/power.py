"""What norms ask of the power of a room: a UPS that lasts, is tested, and does not stand alone."""

from __future__ import annotations

from collections.abc import Iterator

from agent.contract import PowerState, Subject
from agent.risk.clock import AHEAD_SECONDS
from agent.risk.norms.case import DARK, UPS, Case, Point
from agent.risk.norms.roomcase import RoomCase
from agent.risk.wiring import feeders
from config.units import DAY

_TEST_EVERY_SECONDS = 366 * DAY  # once a year at least
_WORN = (
    "ups_battery_replace",
    "ups_battery_old",
    "ups_battery_hot",
    "ups_self_test_failed",
    "ups_self_test_stuck",
    "ups_self_test_due",
    "ups_overload",
    "ups_on_bypass",
)
_UNFED = ("pdu_feed_lost", "feeds_share_ups", "hardware_redundancy_lost", "ups_on_battery")


def ups_sized_and_tested(room: RoomCase) -> Iterator[Point]:
    """There is a UPS, it lasts long enough now, was tested, and nothing is wrong with its battery."""
    yield room.measured("ups")
    yield from lasts(room)
    yield from (self_test(room.case, name, one) for name, one in room.supplies)
    yield from room.against(*_WORN)


def lasts(room: RoomCase) -> Iterator[Point]:
    """Each UPS of the room lasts for the wait and the shutdown, at the load measured now."""
    case = room.case
    if room.room.shutdown_time is None:
        yield case.point("no", "shutdown_time")
    if not room.supplies:
        yield case.point("unknown", "runtime", name=room.room.name or room.id)
    for name, one in room.supplies:
        yield _lasts(case, name, one)
    supplies = [Subject("device", name) for name, _ in room.supplies]
    yield from case.against("ups_runtime_short", *DARK, of=supplies)


def _lasts(case: Case, name: str, one: PowerState | None) -> Point:
    if one is None or one.runtime is None or one.required is None or one.counted_on:
        return case.point("unknown", "runtime", name=name)
    times = {"runtime": case.words.duration(one.runtime), "required": case.words.duration(one.required)}
    return case.point(one.runtime >= one.required, "runtime", name=name, **times)


def self_test(case: Case, name: str, one: PowerState | None) -> Point:
    """Return whether a UPS tested itself within the year; what a clock put into the future proves nothing."""
    if one is None or one.tested_at is None or one.tested_at > case.at + AHEAD_SECONDS:
        return case.point("unknown", "self_test", name=name)
    age = max(0.0, case.at - one.tested_at)
    return case.point(age <= _TEST_EVERY_SECONDS, "self_test", name=name, age=case.words.duration(age))


def safe_shutdown(room: RoomCase) -> Iterator[Point]:
    """The UPS lasts for an orderly shutdown of all, and those who shut down are connected."""
    yield from lasts(room)
    for name, one in room.supplies:
        clients = None if one is None else one.clients
        if clients is None:
            yield room.case.point("unknown", "clients", name=name)
        else:
            yield room.case.point(clients > 0, "clients", name=name, what=room.case.counted("computer", clients))
    yield from room.against("shutdown_clients_missing", "ups_low_battery_late", *_WORN)


def two_feeds(room: RoomCase) -> Iterator[Point]:
    """What takes power in the room has two feeds, each from a UPS of its own, and all of them carry now."""
    case, devices = room.case, room.case.inventory.devices
    consumers = room.consumers()
    declared = [name for name in consumers if devices[name].powered_by]
    if not declared:
        yield case.point("unknown", "no_feeds")
        return
    above = {name: feeders(case.inventory, name) for name in declared}
    yield from (_feeds(case, name, above[name]) for name in declared)
    undeclared = [name for name in consumers if name not in above]
    if undeclared:
        yield case.point("unknown", "feeds", names=case.names(undeclared))
    involved = frozenset(declared).union(*above.values())
    for name in sorted(involved):
        if name in devices and devices[name].role == UPS and _is_unknown(case, name):
            yield case.point("unknown", "ups_state", name=name)
    subjects = [Subject("device", name) for name in involved]
    yield from case.against(*_UNFED, *_WORN, *DARK, of=subjects)


def _feeds(case: Case, name: str, above: frozenset[str]) -> Point:
    devices = case.inventory.devices
    supplies = {one for one in above if one in devices and devices[one].role == UPS}
    by = sorted(devices[name].powered_by)
    return case.point(len(by) > 1 and len(supplies) > 1, "two_feeds", name=name, by=case.words.joined(by))


def _is_unknown(case: Case, ups: str) -> bool:
    state = case.house.power.get(ups)
    return state is None or state.on_battery is None
