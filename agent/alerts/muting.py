"""Why nobody is told of what stands: someone accepted it, or announced work explains it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agent.alerts.hours import Calendar
from agent.contract import Alert, AlertState, Finding, Muted, Subject
from config.settings import Match, Settings

# No work explains that a whole site is gone.
_NEVER_EXPLAINED = frozenset({"site_isolated"})


def muting(finding: Finding, settings: Settings, calendar: Calendar, now: float) -> Muted | None:
    """Return why nobody is told of the finding at the moment, or None."""
    return _accepted(finding, settings, calendar, now) or _in_maintenance(finding, settings, calendar, now)


def marked(alert: Alert, settings: Settings, calendar: Calendar, now: float) -> Alert:
    """Return the alert with why nobody is told of it; what is resolved is over, and nothing of it is held back."""
    why = None if alert.state is AlertState.RESOLVED else muting(alert.finding, settings, calendar, now)
    return alert if why == alert.muted else replace(alert, muted=why)


def matches(match: Match, finding: Finding) -> bool:
    """Whether all keys of the match hold for the finding."""
    subject = finding.subject
    wanted = (
        (match.rule, finding.rule),
        (match.severity, finding.severity.value),
        (match.site, subject.id if subject.kind == "site" else finding.site),
        *((name, subject.id if subject.kind == kind else None) for kind, name in _named(match)),
    )
    return all(want is None or want == has for want, has in wanted) and _is_subject(match.subject, subject)


def _accepted(finding: Finding, settings: Settings, calendar: Calendar, now: float) -> Muted | None:
    """Someone decided to live with it, up to and with the day given."""
    today = calendar.day(now)
    for one in settings.alerting.accept:
        if today <= one.until and matches(one.match, finding):
            return Muted("accepted", one.reason, one.until.isoformat())
    return None


def _in_maintenance(finding: Finding, settings: Settings, calendar: Calendar, now: float) -> Muted | None:
    if finding.rule in _NEVER_EXPLAINED:
        return None
    for work in settings.alerting.maintenance:
        explains = matches(work.match, finding) or _caused_by(work.match, finding.cause)
        if explains and calendar.timestamp(work.start) <= now < calendar.timestamp(work.until):
            return Muted("maintenance", work.name, work.until.isoformat(" ", "minutes"))
    return None


def _named(match: Match) -> Iterator[tuple[str, str | None]]:
    for kind in ("device", "link", "service", "ring", "room"):
        yield kind, getattr(match, kind)


def _is_subject(want: str | None, subject: Subject) -> bool:
    return want is None or want in {subject.id, str(subject)}


def _caused_by(match: Match, cause: Subject | None) -> bool:
    """Whether the work is on what causes the finding."""
    if cause is None:
        return False
    return any(kind == cause.kind and name == cause.id for kind, name in _named(match))
