"""What the requirements of norms are judged from: the configuration, and what a running daemon knows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from agent.alerts.lifecycle import Policy
from agent.alerts.routing import route_of
from agent.contract import AlarmTest, AlertState, Finding, House, JobKey, JobState, Snapshot, Subject
from agent.risk.alarmtests import receivers_with_ways
from agent.risk.norms.case import NEVER, UPS, Case, Telling
from agent.risk.norms.network import ALARMING
from agent.risk.norms.rooms import TOLD_OF
from agent.risk.rules import RULES
from agent.risk.work import matches
from config.inventory import Inventory
from config.settings import Settings

Tellings = Mapping[tuple[str, str | None], Telling]


def declared_case(
    inventory: Inventory,
    settings: Settings,
    jobs: Iterable[tuple[JobKey, str]],
    at: float,
    known: Tellings | None = None,
) -> Case:
    """Return what the files alone say; ``jobs``: each with its kind of check; ``known``: of ``tellings_of``."""
    planned: defaultdict[Subject, set[str]] = defaultdict(set)
    for key, kind in jobs:
        planned[key.subject].add(kind)
    return Case(
        at,
        live=False,
        inventory=inventory,
        settings=settings,
        house=House(at),
        planned={subject: frozenset(kinds) for subject, kinds in planned.items()},
        tellings=tellings_of(inventory, settings, at) if known is None else known,
    )


def live_case(
    snapshot: Snapshot,
    inventory: Inventory,
    settings: Settings,
    tests: Mapping[str, AlarmTest],
    known: Tellings | None = None,
) -> Case:
    """Return what is known now; what stands counts from its first look on, and while nobody is told of it."""
    jobs: defaultdict[Subject, list[JobState]] = defaultdict(list)
    for job in snapshot.view.jobs():
        jobs[job.key.subject].append(job)
    kinds = [(job.key, job.key.check) for states in jobs.values() for job in states]
    return replace(
        declared_case(inventory, settings, kinds, snapshot.at, known),
        live=True,
        house=snapshot.house or House(snapshot.at),
        network=snapshot.network,
        findings=tuple(one.finding for one in snapshot.alerts if one.state is not AlertState.RESOLVED),
        jobs={subject: tuple(states) for subject, states in jobs.items()},
        tests=tests,
    )


def tellings_of(inventory: Inventory, settings: Settings, at: float) -> Tellings:
    """Return, by rule and room, or None for the house, how somebody hears of what requirements ask for."""
    book = _Book(inventory, settings, at)
    found: dict[tuple[str, str | None], Telling] = {
        (rule, None): book.telling(rule, _of_sites(inventory)) for rule in ALARMING
    }
    for name, room in inventory.rooms.items():
        for quantity, rule in TOLD_OF.items():
            supplies = [one for one, device in inventory.devices.items() if device.room == name and device.role == UPS]
            own = [Subject("device", one) for one in supplies] if quantity == "ups" and supplies else []
            where = [(one, room.site) for one in own or [Subject("room", name)]]
            found[rule, name] = book.telling(rule, where)
    return found


def _of_sites(inventory: Inventory) -> list[tuple[Subject, str | None]]:
    return [(Subject("site", name), name) for name in inventory.sites] or [(Subject("site", ""), None)]


class _Book:
    """The routes, and what somebody decided to live with."""

    def __init__(self, inventory: Inventory, settings: Settings, at: float) -> None:
        self._settings = settings
        self._policy = Policy.of(settings, inventory.rules)
        self._today: date = datetime.fromtimestamp(at, ZoneInfo(settings.municipality.timezone)).date()
        self._ways = frozenset(receivers_with_ways(settings))

    def telling(self, rule: str, where: Iterable[tuple[Subject, str | None]]) -> Telling:
        """Return the worst case over places: the gravest findings count, of the milder ones only that they are told."""
        worst, *milder = RULES[rule].severities(self._settings.alerting.rules.get(rule))
        places = tuple(where)
        found = [self._of(Finding(rule, subject, worst, "", site=site)) for subject, site in places]
        others = (
            self._of(Finding(rule, subject, severity, "", site=site)) for subject, site in places for severity in milder
        )
        if any(one.when == "never" for one in (*found, *others)):
            return NEVER
        return Telling(
            "later" if any(one.when == "later" for one in found) else "at_once",
            max(one.hold for one in found),
            frozenset[str]().union(*(one.receivers for one in found)),
        )

    def _of(self, finding: Finding) -> Telling:
        route = route_of(finding, self._settings)
        if route is None or any(
            self._today <= one.until and matches(one.match, finding) for one in self._settings.alerting.accept
        ):
            return NEVER
        is_at_once = route.when == "always" and route.digest is None
        receivers = frozenset(one for name in route.receivers for one in self._named(name))
        return Telling("at_once" if is_at_once else "later", self._policy.hold_of(finding), receivers)

    def _named(self, name: str) -> Iterator[str]:
        """Yield a receiver, or of one by duty all who may have it."""
        receiver = self._settings.alerting.receivers.get(name)
        yield from self._ways if receiver is not None and receiver.duty is not None else (name,)
