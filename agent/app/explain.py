"""Who would be told of a finding, when, and why: the routes, hours and duty calendars applied to a question. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, get_args

from agent.alerts.muting import Excuses, muting
from agent.alerts.roster import AHEAD_SECONDS, DAY_SECONDS
from agent.alerts.rota import Rota
from agent.alerts.routing import route_of
from agent.contract import Finding, Muted, Severity, Subject, SubjectKind
from agent.risk.rule import WORST_FIRST
from agent.risk.rules import RULES
from agent.risk.work import matches
from config.errors import did_you_mean, shown
from config.inventory import Inventory
from config.settings import Match, Route, Settings

_SUBJECT_KINDS: tuple[SubjectKind, ...] = get_args(SubjectKind)
_KINDS: Mapping[str, SubjectKind] = {str(kind): kind for kind in _SUBJECT_KINDS}


FURTHEST_SECONDS = 10 * 366 * DAY_SECONDS


class QuestionError(ValueError):
    """The question names something that there is not; the message is for people."""


class Asked(NamedTuple):
    """A question as it was typed: rule, site, severity, ``kind:id`` and local time (ISO 8601), each may be missing."""

    rule: str | None = None
    site: str | None = None
    severity: str | None = None
    subject: str | None = None
    at: str | None = None


class Passed(NamedTuple):
    """A route (counted from 1) that does not match, and the first key of its match that says otherwise."""

    number: int
    key: str
    wants: str


class Told(NamedTuple):
    """A receiver is told ``at`` (seconds since the epoch).

    ``after``: seconds without acknowledgement, None for the first message. ``duty``: the duty receiver that it stands
    for, with the end of the shift; None where the calendar names nobody and it is told otherwise. ``fallback``: who is
    told where it cannot be reached.
    """

    receiver: str
    at: float
    after: float | None = None
    duty: str | None = None
    shift_ends: float | None = None
    fallback: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer. ``number``: of the route that matches, counted from 1; None: nobody is told.

    ``assumed``: whether the severity is one of several that it might be. ``free_at``: when it may be told (seconds
    since the epoch), later than ``at`` where work goes on or hours are over; ``told`` are those who are told then.
    """

    finding: Finding
    at: float
    passed: tuple[Passed, ...]
    number: int | None
    route: Route | None
    told: tuple[Told, ...]
    muted: Muted | None
    assumed: bool
    free_at: float


def question(asked: Asked, inventory: Inventory, settings: Settings) -> Finding:
    """Return the finding that is meant; what was not said follows from the rest. Raises QuestionError."""
    rule = _rule(asked.rule, inventory)
    subject = _subject(asked.subject, inventory)
    site = asked.site or (None if subject is None else _site_of(subject, inventory))
    if asked.site is not None and asked.site not in inventory.sites:
        raise QuestionError(_unknown("site", asked.site, inventory.sites))
    severity = _severity(asked.severity, rule, inventory, settings)
    if subject is None:
        subject = Subject("daemon", "ringwacht") if site is None else Subject("site", site)
    return Finding(rule or "", subject, severity, "", site=site)


def moment(asked: Asked, rota: Rota, now: float) -> float:
    """Return the moment that is meant (seconds since the epoch). Raises QuestionError."""
    if asked.at is None:
        return now
    try:
        local = datetime.fromisoformat(asked.at)
        at = local.timestamp() if local.tzinfo is not None else rota.calendar.timestamp(local)
    except (ValueError, OverflowError):
        raise QuestionError(f"{shown(asked.at)} is no local time, e.g. 2026-12-24T22:00") from None
    if abs(at - now) > FURTHEST_SECONDS:
        raise QuestionError(f"{shown(asked.at)} is more than ten years from now")
    return at


def is_assumed(asked: Asked, inventory: Inventory, settings: Settings) -> bool:
    """Whether the severity was left open although the rule may have several."""
    return asked.severity is None and len(severities_of(asked.rule, inventory, settings)) > 1


def explain(finding: Finding, at: float, rota: Rota, inventory: Inventory, *, assumed: bool = False) -> Explanation:
    """Return who would be told if the finding fired at a moment (seconds since the epoch) and stood unacknowledged."""
    settings = rota.settings
    route = route_of(finding, settings)
    number = None if route is None else settings.alerting.routes.index(route) + 1
    passed = tuple(_passed(settings.alerting.routes[: None if number is None else number - 1], finding))
    excuses = Excuses.of(inventory, settings, rota.calendar)
    free_at = _free_at(finding, at, excuses)
    told = () if route is None or free_at - at > AHEAD_SECONDS else tuple(_told(route, finding, free_at, rota))
    return Explanation(finding, at, passed, number, route, told, muting(finding, excuses, at), assumed, free_at)


def _free_at(finding: Finding, at: float, excuses: Excuses) -> float:
    """Return when nothing keeps it quiet any more: the end of the work, the next of its hours, the day after."""
    latest = at + FURTHEST_SECONDS
    while at < latest and (muted := muting(finding, excuses, at)) is not None:
        until = datetime.fromisoformat(muted.until)
        ends = excuses.calendar.timestamp(until) + (DAY_SECONDS if muted.by == "accepted" else 0.0)  # with that day
        at = max(at + 60.0, ends)
    return at


def _told(route: Route, finding: Finding, at: float, rota: Rota) -> Iterator[Told]:
    first = rota.opens(route, at)
    known = set(rota.told_of(finding, route.receivers, first))
    yield from _by_name(
        (*route.receivers, *sorted(known - set(rota.expand(route.receivers, first)))), first, None, rota
    )
    for step in route.escalate:
        due = rota.next_open(route, first + step.after)
        for told in _by_name(step.to, due, step.after, rota):
            if told.receiver not in known:
                known.add(told.receiver)
                yield told


def _by_name(names: Sequence[str], at: float, after: float | None, rota: Rota) -> Iterator[Told]:
    seen: set[str] = set()
    for name in names:
        shifts = {one.receiver: one.end for one in rota.roster.shifts(name, rota.settings, at)}
        for receiver in rota.resolve(name, at):
            if receiver in seen:
                continue
            seen.add(receiver)
            duty = name if receiver != name else None
            known = rota.settings.alerting.receivers.get(receiver)
            fallback = None if known is None else known.fallback
            others = () if fallback is None else rota.resolve(fallback, at)
            yield Told(receiver, at, after, duty, shifts.get(receiver), others)


def _passed(routes: Sequence[Route], finding: Finding) -> Iterator[Passed]:
    for number, route in enumerate(routes, 1):
        for key in Match.model_fields:
            wants = getattr(route.match, key)
            if wants is not None and not matches(Match.model_validate({key: wants}), finding):
                yield Passed(number, key, str(wants))
                break


def _rule(name: str | None, inventory: Inventory) -> str | None:
    known = (*RULES, *inventory.rules)
    if name is not None and name not in known:
        raise QuestionError(_unknown("rule", name, known))
    return name


def _severity(text: str | None, rule: str | None, inventory: Inventory, settings: Settings) -> Severity:
    """As said, else as the rule's severity is set, else the worst that the rule is documented to have."""
    if text is not None:
        if text not in set(Severity):
            raise QuestionError(_unknown("severity", text, [one.value for one in Severity]))
        return Severity(text)
    return severities_of(rule, inventory, settings)[0]


def severities_of(rule: str | None, inventory: Inventory, settings: Settings) -> tuple[Severity, ...]:
    """Return the severities that findings of a rule may have, the worst first; all of them where it does not tell."""
    options, own = settings.alerting.rules.get(rule or ""), inventory.rules.get(rule or "")
    if own is not None:
        return (Severity(own.severity if options is None or options.severity is None else options.severity),)
    shipped = RULES.get(rule or "")
    return WORST_FIRST if shipped is None else shipped.severities(options)


def _subject(text: str | None, inventory: Inventory) -> Subject | None:
    if text is None:
        return None
    kind, _, name = text.partition(":")
    found = _KINDS.get(kind)
    if not name or found is None:
        raise QuestionError(f"{shown(text)} is no subject, write kind:id, e.g. link:ring-1")
    section = _sections(inventory).get(found)
    if section is not None and name not in section:
        raise QuestionError(_unknown(kind, name, section))
    return Subject(found, name)


def _sections(inventory: Inventory) -> Mapping[SubjectKind, Mapping[str, object]]:
    return {
        "device": inventory.devices,
        "link": inventory.links,
        "service": inventory.services,
        "site": inventory.sites,
        "ring": inventory.rings,
        "room": inventory.rooms,
        "function": inventory.functions,
    }


def _site_of(subject: Subject, inventory: Inventory) -> str | None:
    if subject.kind == "site":
        return subject.id
    if subject.kind == "link":  # as judgement says it: that of its first end
        link = inventory.links.get(subject.id)
        return None if link is None else link.ends[0].site
    site: object = getattr(_sections(inventory).get(subject.kind, {}).get(subject.id), "site", None)
    return site if isinstance(site, str) else None


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    hint = did_you_mean(name, known)
    return f"there is no {what} {shown(name)}{f' ({hint})' if hint else ''}"
