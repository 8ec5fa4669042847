"""What ``check`` says of routes and receivers: what can never work, and what is probably a slip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from agent.alerts.duty import DutyPlan
from agent.alerts.roster import Roster
from agent.app.calendarcheck import plans_of
from agent.app.calendars import SCHEMES
from agent.app.explain import severities_of
from agent.app.rosters import duties
from agent.risk.calendar import Calendar
from config.errors import Problem
from config.loader import Loaded
from config.settings import Match, Route, Settings

_OF_ONE_KIND = ("device", "link", "service", "contract", "ring", "room")
_ROUTES = ("alerting", "routes")
_RECEIVERS = ("alerting", "receivers")


def route_problems(loaded: Loaded, now: float) -> Iterator[Problem]:
    """Yield what can never work. ``now``: seconds since the epoch."""
    routes = loaded.settings.alerting.routes
    for index, route in enumerate(routes):
        why = _never(route.match, [one.match for one in routes[:index]], loaded)
        if why is not None:
            yield loaded.positions.problem((*_ROUTES, index), why, "the first route that matches wins")
        yield from _escalation(route, index, loaded)
    if any(route.when == "office_hours" for route in routes) and not Calendar.of(loaded.settings).opens(now):
        message = "never opens within two months: what waits for it would be sent at once"
        yield loaded.positions.problem(("alerting", "office_hours"), message, "see municipality.closed")
    yield from _duty_problems(loaded)


def route_remarks(loaded: Loaded, roster: Roster) -> Iterator[Problem]:
    """Yield what works but is probably not meant. ``roster``: what was read of the calendars."""
    alerting, positions = loaded.settings.alerting, loaded.positions
    used = _used(loaded.settings, plans_of(loaded.settings, roster).values())
    for name in alerting.receivers:
        if name not in used:
            yield positions.key_problem((*_RECEIVERS, name), "no route, escalation or calendar leads to it")
    criticals = any(_can_be(route.match, "critical", loaded) for route in alerting.routes)
    if alerting.receivers and not criticals:
        yield positions.key_problem(_ROUTES, "no route takes critical findings: nobody is told of them")


def _never(match: Match, before: Sequence[Match], loaded: Loaded) -> str | None:
    """Return why a route can never match, or None."""
    kinds = [kind for kind in _OF_ONE_KIND if getattr(match, kind) is not None]
    if len(kinds) > 1:
        return f"can never match: a finding is about one subject, not about a {kinds[0]} and a {kinds[1]}"
    possible = _severities(match, loaded)
    if not possible:
        return f"can never match: {match.rule} is never {match.severity}"
    wanted = _keys(match)
    takers: list[int] = []
    for severity in possible:
        all_keys = {**wanted, "severity": severity}
        taker = next((number for number, one in enumerate(before, 1) if _keys(one).items() <= all_keys.items()), None)
        if taker is None:
            return None
        takers.append(taker)
    numbers = " and ".join(f"route {number}" for number in dict.fromkeys(takers))
    return f"can never match: {numbers} above takes all that it matches"


def _keys(match: Match) -> dict[str, str]:
    """Return the keys of a match; a subject that names its kind is as that kind's own key."""
    keys = {name: str(value) for name in Match.model_fields if (value := getattr(match, name)) is not None}
    kind, colon, name = keys.get("subject", "").partition(":")
    if colon and kind in _OF_ONE_KIND:
        del keys["subject"]
        keys[kind] = name
    return keys


def _severities(match: Match, loaded: Loaded) -> tuple[str, ...]:
    """Return the severities of what the match may mean, as far as its rule tells."""
    known = severities_of(match.rule, loaded.inventory, loaded.settings)
    return tuple(one.value for one in known if match.severity in {None, one.value})


def _can_be(match: Match, severity: str, loaded: Loaded) -> bool:
    return severity in _severities(match, loaded)


def _escalation(route: Route, index: int, loaded: Loaded) -> Iterator[Problem]:
    told = set(route.receivers)
    before = 0.0
    for number, step in enumerate(route.escalate):
        place = (*_ROUTES, index, "escalate", number)
        if number and step.after <= before:
            hint = "it counts from the first message"
            yield loaded.positions.problem((*place, "after"), "must be later than the step before", hint)
        if told.issuperset(step.to):
            yield loaded.positions.problem((*place, "to"), "tells nobody who is not told already")
        told.update(step.to)
        before = step.after


def _duty_problems(loaded: Loaded) -> Iterator[Problem]:
    settings, positions = loaded.settings, loaded.positions
    roles = duties(settings)
    for name, receiver in settings.alerting.receivers.items():
        if receiver.substitute is not None and (receiver.substitute in roles or name in roles):
            place = (*_RECEIVERS, name, "substitute")
            yield positions.problem(place, "duty is handed from one receiver with apprise to another")
    for name, duty in roles.items():
        for number, other in enumerate(duty.otherwise):
            if other in roles:
                path = (*_RECEIVERS, name, "duty", "otherwise", number)
                yield positions.problem(path, f"{other} stands for others itself", "name a receiver with apprise")
        scheme = "https" if duty.url is None else duty.url.get_secret_value().partition(":")[0].strip().lower()
        if scheme not in SCHEMES:
            yield positions.problem((*_RECEIVERS, name, "duty", "url"), f"is no address of {', '.join(SCHEMES)}")


def _used(settings: Settings, plans: Iterable[DutyPlan | None]) -> frozenset[str]:
    """Return the receivers that a message may go to."""
    alerting = settings.alerting
    found = {name for route in alerting.routes for name in route.receivers}
    found |= {name for route in alerting.routes for step in route.escalate for name in step.to}
    for receiver in alerting.receivers.values():
        found |= {name for name in (receiver.fallback, receiver.substitute) if name is not None}
        found.update(() if receiver.duty is None else receiver.duty.otherwise)
    for plan in plans:
        # whom a calendar elsewhere names is known when it is fetched
        found.update(alerting.receivers if plan is None else (shift.receiver for shift in plan.shifts))
    return frozenset(found)
