"""What a receiver has heard of an alert that fires, and what still waits for its hour. Pure.

What waits is no message yet: nobody was told by it, and nothing counts from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from agent.alerts.lifecycle import worse
from agent.contract import Sent, Severity, Telling

# (alert id, receiver) -> what was said, and what is to be
Told = Mapping[tuple[str, str], tuple[Telling, ...]]


class Hearing(NamedTuple):
    """What one receiver heard of one alert, and what waits."""

    heard: tuple[Telling, ...] = ()
    awaited: tuple[Telling, ...] = ()

    @property
    def last(self) -> float | None:
        """When it last heard that the alert fires (seconds since the epoch); None: never."""
        return max((one.last for one in self.heard), default=None)

    def first(self, severity: Severity) -> float | None:
        """Return when it first heard of the alert at this severity or worse; None: never."""
        return min((one.first for one in self.heard if not worse(severity, one.severity)), default=None)

    @property
    def waits(self) -> float | None:
        """When the first message goes that waits; None where none does."""
        return min((one.first for one in self.awaited), default=None)

    def knows_when(self, severity: Severity) -> float | None:
        """Return when the first message goes that waits and says this severity or worse; None where none does."""
        return min((one.first for one in self.awaited if not worse(severity, one.severity)), default=None)


def hearing(told: Told, alert_id: str, receiver: str, now: float) -> Hearing:
    """Return what a receiver has heard of an alert at ``now`` (seconds since the epoch)."""
    said = told.get((alert_id, receiver), ())
    awaited = tuple(one for one in said if one.waits and one.last > now)
    return Hearing(tuple(one for one in said if one not in awaited), awaited)


def heard_at_all(told: Told, now: float) -> frozenset[str]:
    """Return the ids of the alerts of which anybody has heard."""
    return frozenset(name for name, receiver in told if hearing(told, name, receiver, now).heard)


def is_waiting(entry: Sent, now: float) -> bool:
    """Whether a message waits for its hour: it is not due, and was not tried."""
    notification = entry.notification
    untried = entry.outcome is None and entry.parcel is None
    return untried and notification.not_before > max(now, notification.created_at)
