"""What norms ask of operating (BSI OPS.1.1.1, INF.2): that all is watched, that alarms arrive and are tested."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.contract import Subject
from agent.risk.alarmtests import Due, receivers_with_ways, when_due
from agent.risk.norms.case import Case, Met, Point
from agent.risk.norms.network import covered, is_fresh
from agent.risk.norms.power import self_test
from config.alerting import Receiver


def all_watched(case: Case) -> Iterator[Point]:
    """Each device of the inventory is read, by every check that is planned for it."""
    devices = (Subject("device", name) for name in case.inventory.devices)
    yield from covered(case, devices, "watched", every=True)
    yield from case.against("check_not_possible")


def services_agreed(case: Case) -> Iterator[Point]:
    """Each contract says what is owed, and what is under it is watched now."""
    for name, contract in case.inventory.contracts.items():
        services = [one for one, service in case.inventory.services.items() if service.contract == name]
        links = [one for one, link in case.inventory.links.items() if link.contract == name]
        owes = contract.availability is not None or contract.bandwidth is not None or contract.reaction is not None
        silent = [one for one in services if not _is_seen(case, one)]
        silent += [one for one in links if not _is_known(case, one)]
        if not owes or not (services or links):
            yield case.point("no", "contract", name=contract.provider, by=case.names([*services, *links]) or "–")
        else:
            met: Met = "unknown" if silent else "yes"
            yield case.point(met, "contract", name=contract.provider, by=case.names(silent or [*services, *links]))


def _is_seen(case: Case, service: str) -> bool:
    subject = Subject("service", service)
    return is_fresh(case, subject, case.planned.get(subject, frozenset()))


def _is_known(case: Case, link: str) -> bool:
    found = None if case.network is None else case.network.links.get(link)
    return found is not None and found.state.state != "unknown"


def works_cut_off(case: Case) -> Iterator[Point]:
    """The watch knows when it is itself cut off, and a message has a second way that shares no link with the first."""
    uplink = case.settings.uplink
    yield case.point(uplink is not None, "uplink")
    yield from case.against("uplink_down", "receiver_failing")
    yield from second_ways(case)
    known = case.settings.alerting.receivers
    receivers = [name for name in receivers_with_ways(case.settings) if known[name].fallback is not None]
    unsaid = [name for name in receivers if not all(one.via for one in _chain(case, name))]
    if unsaid or not receivers:
        yield case.point("unknown", "apart", names=case.names(unsaid) or "–")
    shared = [name for name in receivers if name not in unsaid and not _is_apart(_chain(case, name))]
    if receivers and len(unsaid) < len(receivers):
        yield case.point(not shared, "apart", names=case.names(shared))


def _chain(case: Case, name: str) -> tuple[Receiver, ...]:
    """Return a receiver and who is told instead of it, and so on; a circle ends where it closes."""
    known, found, at = case.settings.alerting.receivers, dict[str, Receiver](), name
    while at in known and at not in found:
        found[at] = known[at]
        at = known[at].fallback or ""
    return tuple(found.values())


def _is_apart(chain: tuple[Receiver, ...]) -> bool:
    first, *others = (set(one.via) for one in chain)
    return any(first.isdisjoint(other) for other in others)


def second_ways(case: Case) -> Iterator[Point]:
    """Each receiver has a fallback, or more than one way."""
    receivers = case.settings.alerting.receivers
    if not receivers:
        yield case.point("no", "receivers")
        return
    ways = receivers_with_ways(case.settings)
    alone = [name for name in ways if receivers[name].fallback is None and len(receivers[name].apprise) < 2]
    yield case.point(not alone, "second_way", names=case.names(alone))


def paths_tested(case: Case) -> Iterator[Point]:
    """Each receiver took a test over all of its ways within the time set."""
    receivers = receivers_with_ways(case.settings)
    if not receivers:
        yield case.point("no", "receivers")
    known = {one.test.receiver: one for one in when_due(case.tests, case.settings, case.at)} if case.live else {}
    unknown = [name for name in receivers if name not in known]
    yield from (_tested(case, one) for one in known.values())
    if unknown:
        yield case.point("unknown", "tested", names=case.names(unknown))


def _tested(case: Case, one: Due) -> Point:
    at, name = one.test.delivered_at, one.test.receiver
    if at is None:
        return case.point("no", "tested", names=name)
    day = case.words.day(datetime.fromtimestamp(at, ZoneInfo(case.settings.municipality.timezone)).date())
    in_time = case.at < one.due_at
    return case.point("yes" if in_time else "no", "tested" if in_time else "tested_long_ago", name=name, day=day)


def alarm_paths(case: Case) -> Iterator[Point]:
    """Messages have a second way, and all ways are tested."""
    yield from second_ways(case)
    yield from paths_tested(case)
    yield from case.against("receiver_failing")


def infrastructure_tested(case: Case) -> Iterator[Point]:
    """Alarm paths and UPS were tested within the year."""
    yield from paths_tested(case)
    yield from (self_test(case, name, one) for name, one in case.supplies.items())
    yield from case.against("ups_self_test_failed", "failover_test_due", "restore_test_due")


def has_server_room(case: Case) -> bool:
    """Whether there is a room that INF.2 is about."""
    return any(room.kind == "server_room" for room in case.inventory.rooms.values())
