"""What of the settings and calendars decides who is told and when: receivers, duty, office hours, digests. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.alerts.roster import Roster
from agent.contract import Finding
from agent.risk.calendar import Calendar
from config.settings import Route, Settings


@dataclass(frozen=True, slots=True)
class Rota:
    """Built once for each settings; ``roster``: what the duty calendars say, replaced as they are read anew."""

    settings: Settings
    calendar: Calendar
    roster: Roster = field(default_factory=Roster)

    @classmethod
    def of(cls, settings: Settings) -> Rota:
        """Return it as configured; no calendar is read yet."""
        return cls(settings, Calendar.of(settings))

    def opens(self, route: Route, now: float) -> float:
        """Return when a message by the route may go, not before ``now`` (seconds since the epoch)."""
        moment = now if route.digest is None else self.calendar.next_time(route.digest, now)
        return self.next_open(route, moment)

    def next_open(self, route: Route, at: float) -> float:
        """Return when the route is open, not before ``at`` (seconds since the epoch), whatever its digest collects."""
        return at if route.when == "always" else self.calendar.next_opening(at)

    def resolve(self, name: str, at: float) -> tuple[str, ...]:
        """Return the receivers that a name stands for at a moment: itself, or whoever has duty."""
        return self.expand((name,), at)

    def expand(self, names: Iterable[str], at: float) -> tuple[str, ...]:
        """Return the receivers that the names stand for at a moment, each once."""
        return self.roster.expand(names, self.settings, at)

    def ever(self, names: Iterable[str]) -> frozenset[str]:
        """Return all receivers that the names have stood, or will stand for."""
        return self.roster.ever(names, self.settings)

    def told_of(self, finding: Finding, names: Iterable[str], at: float) -> tuple[str, ...]:
        """Return who is told of a finding: what is wrong with a receiver is never told to that one alone."""
        found = self.expand(names, at)
        subject = finding.subject
        if subject.kind != "receiver" or set(found) != {subject.id}:
            return found
        receivers = self.settings.alerting.receivers
        broken = receivers.get(subject.id)
        if broken is not None and broken.fallback is not None:
            others = self.expand((broken.fallback,), at)
        else:
            others = tuple(name for name, receiver in receivers.items() if receiver.duty is None)
        return tuple(dict.fromkeys((*found, *others)))
