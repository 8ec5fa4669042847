"""Why nobody is told of what stands. Pure.

Someone accepted it, announced work or a silence explains it, it does not matter at this hour, or its cause is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple

from agent.alerts.causes import NEVER_EXPLAINED, is_excused, is_led, leaders
from agent.alerts.hours import Calendar, HoursName
from agent.alerts.lifecycle import Policy
from agent.contract import Alert, AlertState, Finding, FindingKey, Muted, Silence, SilenceMode, Subject
from agent.risk.dependencies import subject_named
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Match, Settings

# A leader that is gone for a look or two is not gone.
SHORTEST_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Excuses:
    """What may hold messages back besides causes: what was accepted, announced work, silences, hours of services.

    ``hours``: by each service or function that matters only at some hours, their name; ``calendars``: these hours.
    """

    settings: Settings
    calendar: Calendar
    silences: Sequence[Silence] = ()
    hours: Mapping[Subject, HoursName] = field(default_factory=dict[Subject, HoursName])
    calendars: Mapping[HoursName, Calendar] = field(default_factory=dict[HoursName, Calendar])

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings, calendar: Calendar) -> Excuses:
        """Return what the configuration says; ``calendar``: the office hours. Silences are added at each look."""
        hours = dict(_hours(inventory))
        calendars: dict[HoursName, Calendar] = {"office_hours": calendar}
        if "school_hours" in hours.values():
            calendars["school_hours"] = Calendar.of(settings, "school_hours")
        return cls(settings, calendar, (), hours, calendars)


def _hours(inventory: Inventory) -> Iterator[tuple[Subject, HoursName]]:
    """Yield what matters only at some hours; a function is needed when the service is that it is done with."""
    for name, service in inventory.services.items():
        if service.when != "always":
            yield Subject("service", name), service.when
    for name, function in inventory.functions.items():
        primary = subject_named(inventory, function.primary)
        usual = inventory.services[primary.id].when if primary.kind == "service" else "always"
        when = function.when or usual
        if when != "always":
            yield Subject("function", name), when


_Causes = Mapping[Subject, Collection[Subject]]


class Work(NamedTuple):
    """Work that goes on now, announced in the configuration or ad hoc; ``until`` is a local time for people.

    ``causes``: by subject, the causes of what stands about it.
    """

    by: Literal["maintenance", "silence"]
    name: str
    until: str
    mode: SilenceMode
    match: Match
    causes: _Causes = MappingProxyType({})

    def explains(self, finding: Finding) -> bool:
        """Whether the work is on the finding's subject, or on what causes it, the cause of that, and so on.

        The finding is to be of the rule and severity that are meant.
        """
        if matches(self.match, finding):
            return True
        chain = _chain(finding.cause, self.causes) if _is_such(self.match, finding) else ()
        return any(_is_on(self.match, cause) for cause in chain)


def marked(alerts: Mapping[FindingKey, Alert], excuses: Excuses, policy: Policy, now: float) -> dict[FindingKey, Alert]:
    """Return all alerts, each with why nobody is told of it; what is resolved is over, and nothing of it is held back.

    What is accepted or explained by work is so whatever its cause. ``policy``: how patient each rule is.
    """
    standing = (alert.finding for alert in alerts.values() if alert.state is not AlertState.RESOLVED)
    works = _knowing(in_force(excuses, now), standing)
    excused = {key: _excused(alert, excuses, works, now) for key, alert in alerts.items()}
    heads = leaders(excused.values())
    return {key: _freed(alerts[key], _led(alert, heads.get(key), policy, now), now) for key, alert in excused.items()}


def skipped(findings: Iterable[Finding], excuses: Excuses, now: float) -> frozenset[FindingKey]:
    """Return what becomes no alert while work goes on that has the mode ``skip``."""
    findings = tuple(findings)
    works = _knowing([work for work in in_force(excuses, now) if work.mode == "skip"], findings)
    if not works:
        return frozenset()
    explained = (one for one in findings if one.rule not in NEVER_EXPLAINED)
    return frozenset(one.key for one in explained if any(work.explains(one) for work in works))


def muting(finding: Finding, excuses: Excuses, now: float) -> Muted | None:
    """Return who accepted the finding, what work explains it at the moment, or when it matters; or None."""
    return _muting(finding, excuses, in_force(excuses, now), now)


def in_force(excuses: Excuses, now: float) -> tuple[Work, ...]:
    """Return the work that goes on at ``now`` (seconds since the epoch): what was announced, then silences."""
    calendar = excuses.calendar
    announced = (
        Work("maintenance", one.name, one.until.isoformat(" ", "minutes"), one.mode, one.match)
        for one in excuses.settings.alerting.maintenance
        if calendar.timestamp(one.start) <= now < calendar.timestamp(one.until)
    )
    silenced = (
        Work("silence", one.reason, _local(calendar, one.until), one.mode, one.match)
        for one in excuses.silences
        if one.start <= now < one.until
    )
    return (*announced, *silenced)


def matches(match: Match, finding: Finding) -> bool:
    """Whether all keys of the match hold for the finding."""
    subject = finding.subject
    wanted = (
        (match.site, subject.id if subject.kind == "site" else finding.site),
        *((name, subject.id if subject.kind == kind else None) for kind, name in _named(match)),
    )
    placed = all(want is None or want == has for want, has in wanted) and _is_subject(match.subject, subject)
    return placed and _is_such(match, finding)


def _excused(alert: Alert, excuses: Excuses, works: Sequence[Work], now: float) -> Alert:
    """Mark what is accepted or explained by work; a mark that names a cause is kept until causes are looked at."""
    if alert.state is AlertState.RESOLVED:
        return alert if alert.muted is None else replace(alert, muted=None)
    why = _muting(alert.finding, excuses, works, now) or (alert.muted if is_led(alert) else None)
    work = _named_work(alert.finding, works)
    return alert if (why, work) == (alert.muted, alert.work) else replace(alert, muted=why, work=work)


def _muting(finding: Finding, excuses: Excuses, works: Sequence[Work], now: float) -> Muted | None:
    return (
        accepted(finding, excuses.settings, excuses.calendar, now)
        or _at_work(finding, works)
        or _at_other_hours(finding, excuses, now)
    )


def _at_work(finding: Finding, works: Sequence[Work]) -> Muted | None:
    if finding.rule in NEVER_EXPLAINED:
        return None
    found = (Muted(one.by, one.name, one.until) for one in works if one.mode != "run" and one.explains(finding))
    return next(found, None)


def _named_work(finding: Finding, works: Sequence[Work]) -> str | None:
    """Return the work that a message names: that of which all is told, and any that went on as a site was cut off."""
    always = finding.rule in NEVER_EXPLAINED
    return next((one.name for one in works if (always or one.mode == "run") and one.explains(finding)), None)


def _at_other_hours(finding: Finding, excuses: Excuses, now: float) -> Muted | None:
    """What matters at certain hours only waits for them; what never matters again is told (fail open)."""
    hours = excuses.hours.get(finding.subject)
    if hours is None:
        return None
    calendar = excuses.calendars[hours]
    opening = calendar.next_opening(now)
    if opening <= now:
        return None
    words = Words(excuses.settings.municipality.language)
    return Muted("hours", words.say(f"outside_{hours}"), _local(calendar, opening))


def _led(alert: Alert, head: Alert | None, policy: Policy, now: float) -> Alert:
    """Mark what its cause speaks for (``head``: who is told of both).

    Who has lost its leader is held back a little longer: it may be back at the next look. What does not stand at this
    look is not begun to be told. A leader that comes and goes and never fires does not begin that time anew.
    """
    why, unled_since = alert.muted, None
    stands = alert.clear_since is None and not alert.unverified
    if not is_excused(alert):
        if head is alert and stands:
            why = None
        elif head is not None and head is not alert:
            why = Muted("cause", head.finding.summary, "")
            unled_since = alert.unled_since if head.state is AlertState.PENDING else None
        elif why is not None:
            unled_since = now if alert.unled_since is None else min(alert.unled_since, now)
            if stands and now - unled_since >= max(policy.hold_of(alert.finding), SHORTEST_PATIENCE_SECONDS):
                why, unled_since = None, None
    if (why, unled_since) == (alert.muted, alert.unled_since):
        return alert
    return replace(alert, muted=why, unled_since=unled_since)


def accepted(finding: Finding, settings: Settings, calendar: Calendar, now: float) -> Muted | None:
    """Someone decided to live with it, up to and with the day given."""
    today = calendar.day(now)
    for one in settings.alerting.accept:
        if today <= one.until and matches(one.match, finding):
            return Muted("accepted", one.reason, one.until.isoformat())
    return None


def _local(calendar: Calendar, at: float) -> str:
    return datetime.fromtimestamp(at, calendar.zone).replace(tzinfo=None).isoformat(" ", "minutes")


def _named(match: Match) -> Iterator[tuple[str, str | None]]:
    for kind in ("device", "link", "service", "ring", "room"):
        yield kind, getattr(match, kind)


def _is_subject(want: str | None, subject: Subject) -> bool:
    return want is None or want in {subject.id, str(subject)}


def _is_such(match: Match, finding: Finding) -> bool:
    """Whether rule and severity are those of the finding itself, wherever it is."""
    return match.rule in {None, finding.rule} and match.severity in {None, finding.severity.value}


def _is_on(match: Match, cause: Subject) -> bool:
    """Whether the work is on what causes something."""
    if match.subject is not None and _is_subject(match.subject, cause):
        return True
    named = (("site", match.site), *_named(match))
    return any(kind == cause.kind and name == cause.id for kind, name in named)


def _knowing(works: Sequence[Work], findings: Iterable[Finding]) -> Sequence[Work]:
    """Return the work with the causes of what stands; where there is none, nothing is looked at."""
    if not works:
        return works
    causes: defaultdict[Subject, set[Subject]] = defaultdict(set)
    for one in findings:
        if one.cause is not None:
            causes[one.subject].add(one.cause)
    return [one._replace(causes=causes) for one in works]


def _chain(cause: Subject | None, causes: _Causes) -> Iterator[Subject]:
    """Yield the cause, its causes, and so on, each once."""
    ahead = [] if cause is None else [cause]
    seen = set(ahead)
    while ahead:
        one = ahead.pop()
        yield one
        further = set(causes.get(one, ())) - seen
        seen |= further
        ahead += further


def _freed(before: Alert, after: Alert, now: float) -> Alert:
    """Note when it ended that nobody was told of what fires; escalation counts from there."""
    ended = before.muted is not None and after.muted is None and after.state is AlertState.FIRING
    return replace(after, unmuted_at=now) if ended else after
