"""Which announced work goes on, and what it explains. Pure.

Work, like a route, is on a finding, on what causes it, or on the contract under which it is owed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from agent.contract import Finding, Silence, SilenceMode, Subject
from config.settings import Match, Settings


class Work(NamedTuple):
    """Work announced in the configuration or ad hoc: from ``start`` to before ``until`` (seconds since the epoch)."""

    by: Literal["maintenance", "silence"]
    name: str
    start: float
    until: float
    mode: SilenceMode
    match: Match

    def explains(self, finding: Finding, causes: Iterable[Subject]) -> bool:
        """Whether the work is on what the finding is about, or on one of ``causes``.

        These are what caused it, the cause of that, and so on, and the contracts under which they are owed. The
        finding is to be of the rule and severity that are meant. Of a room it is on all that is wrong there.
        """
        if covering((self.match,), finding) is not None:
            return True
        return is_such(self.match, finding) and any(is_on(self.match, cause) for cause in causes)


def in_force(settings: Settings, silences: Iterable[Silence], zone: ZoneInfo, now: float) -> tuple[Work, ...]:
    """Return the work that goes on at ``now`` (seconds since the epoch): what was announced, then silences."""
    announced = (
        Work("maintenance", one.name, _moment(one.start, zone), _moment(one.until, zone), one.mode, one.match)
        for one in settings.alerting.maintenance
    )
    silenced = (Work("silence", one.reason, one.start, one.until, one.mode, one.match) for one in silences)
    return tuple(work for work in (*announced, *silenced) if work.start <= now < work.until)


def covering(matching: Sequence[Match], finding: Finding) -> Match | None:
    """Return the first that is on the finding; else, where each thing that it is about has one, that of the first."""
    things = [replace(finding, subject=one) for one in finding.about]
    whole, *parts = [next((one for one in matching if matches(one, thing)), None) for thing in (finding, *things)]
    return whole if whole is not None or not parts or None in parts else parts[0]


def matches(match: Match, finding: Finding) -> bool:
    """Whether all keys of the match hold for the finding."""
    subject = finding.subject
    wanted = (
        (match.site, subject.id if subject.kind == "site" else finding.site),
        *((name, subject.id if subject.kind == kind else None) for kind, name in _named(match)),
    )
    placed = all(want is None or want == has for want, has in wanted) and _is_subject(match.subject, subject)
    return placed and is_such(match, finding)


def _named(match: Match) -> Iterator[tuple[str, str | None]]:
    for kind in ("device", "link", "service", "contract", "ring", "room"):
        yield kind, getattr(match, kind)


def _is_subject(want: str | None, subject: Subject) -> bool:
    return want is None or want in {subject.id, str(subject)}


def is_such(match: Match, finding: Finding) -> bool:
    """Whether rule and severity are those of the finding itself, wherever it is."""
    return match.rule in {None, finding.rule} and match.severity in {None, finding.severity.value}


def is_on(match: Match, cause: Subject) -> bool:
    """Whether the work is on what causes something, or on the contract under which it is owed."""
    if match.subject is not None and _is_subject(match.subject, cause):
        return True
    named = (("site", match.site), *_named(match))
    return any(kind == cause.kind and name == cause.id for kind, name in named)


def chain(nearest: Iterable[Subject | None], causes: Mapping[Subject, Collection[Subject]]) -> Iterator[Subject]:
    """Yield what caused something, its causes, and so on, each once."""
    ahead = [one for one in nearest if one is not None]
    seen = set(ahead)
    while ahead:
        one = ahead.pop()
        yield one
        further = set(causes.get(one, ())) - seen
        seen |= further
        ahead += further


def _moment(local: datetime, zone: ZoneInfo) -> float:
    return local.replace(tzinfo=zone).timestamp()
