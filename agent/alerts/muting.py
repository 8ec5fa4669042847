"""Why nobody is told of what stands: someone accepted it, announced work explains it, or its cause is told. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.alerts.causes import NEVER_EXPLAINED, is_excused, is_led, leaders
from agent.alerts.hours import Calendar
from agent.alerts.lifecycle import Policy
from agent.contract import Alert, AlertState, Finding, FindingKey, Muted, Silence, Subject
from config.settings import Match, Settings

# A leader that is gone for a look or two is not gone.
SHORTEST_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Excuses:
    """What may hold messages back besides causes: what was accepted, announced work, silences."""

    settings: Settings
    calendar: Calendar
    silences: Sequence[Silence] = ()


def marked(alerts: Mapping[FindingKey, Alert], excuses: Excuses, policy: Policy, now: float) -> dict[FindingKey, Alert]:
    """Return all alerts, each with why nobody is told of it; what is resolved is over, and nothing of it is held back.

    What is accepted or explained by work is so whatever its cause. ``policy``: how patient each rule is.
    """
    excused = {key: _excused(alert, excuses, now) for key, alert in alerts.items()}
    heads = leaders(excused.values())
    return {key: _led(alert, heads.get(key), policy, now) for key, alert in excused.items()}


def muting(finding: Finding, excuses: Excuses, now: float) -> Muted | None:
    """Return who accepted the finding or what work explains it at the moment, or None."""
    settings, calendar = excuses.settings, excuses.calendar
    return _accepted(finding, settings, calendar, now) or _in_maintenance(finding, settings, calendar, now)


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


def _excused(alert: Alert, excuses: Excuses, now: float) -> Alert:
    """Mark what is accepted or explained by work; a mark that names a cause is kept until causes are looked at."""
    why = None
    if alert.state is not AlertState.RESOLVED:
        why = muting(alert.finding, excuses, now) or (alert.muted if is_led(alert) else None)
    return alert if why == alert.muted else replace(alert, muted=why)


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


def _accepted(finding: Finding, settings: Settings, calendar: Calendar, now: float) -> Muted | None:
    """Someone decided to live with it, up to and with the day given."""
    today = calendar.day(now)
    for one in settings.alerting.accept:
        if today <= one.until and matches(one.match, finding):
            return Muted("accepted", one.reason, one.until.isoformat())
    return None


def _in_maintenance(finding: Finding, settings: Settings, calendar: Calendar, now: float) -> Muted | None:
    if finding.rule in NEVER_EXPLAINED:
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
    if match.subject is not None and _is_subject(match.subject, cause):
        return True
    named = (("site", match.site), *_named(match))
    return any(kind == cause.kind and name == cause.id for kind, name in named)
