"""How much time passed between two looks, whatever the wall clock says. Pure.

Alerts bear times of the wall clock, for people and for restarts. Where it was set (NTP, an administrator), and where
the machine was suspended, its difference is not time in which anything stood or was good: what the alerts count from
is moved along with it. Over a restart there is only the wall clock to go by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from agent.contract import Alert, AlertState, FindingKey

# A clock is slewed by less than this between two looks; it is stepped by more.
SLEWED_SECONDS = 1.0
# Looks are a second apart. So far apart nobody knows what was between: the machine stood still.
LONGEST_GAP_SECONDS = 300.0


class Moment(NamedTuple):
    """One look on both clocks: seconds since the epoch, and seconds that never step back."""

    wall: float
    monotonic: float


def uncounted(before: Moment | None, now: Moment) -> float:
    """Return by how many seconds the wall clock moved without that time passed; negative where it stepped back."""
    if before is None:
        return 0.0
    moved, passed = now.wall - before.wall, now.monotonic - before.monotonic
    if passed > LONGEST_GAP_SECONDS:
        return moved
    return moved - passed if abs(moved - passed) > SLEWED_SECONDS else 0.0


class Steps:
    """Remembers when the clock was last set by so much that what was expected by it is not late."""

    NOTABLE_SECONDS = 60.0

    def __init__(self) -> None:
        self._before: Moment | None = None
        self._at = 0.0

    def last(self, now: Moment) -> float:
        """Take note of a look; return when the last step was noticed (seconds since the epoch), 0 for never."""
        if abs(uncounted(self._before, now)) >= self.NOTABLE_SECONDS:
            self._at = now.wall
        self._before = now
        return self._at


def shifted(alerts: Mapping[FindingKey, Alert], seconds: float) -> Mapping[FindingKey, Alert]:
    """Move what the alerts count from; when they began and ended is left as it was told."""
    return {key: _shifted(alert, seconds) for key, alert in alerts.items()} if seconds else alerts


def _shifted(alert: Alert, seconds: float) -> Alert:
    flaps = None if alert.flaps is None else replace(alert.flaps, at=alert.flaps.at + seconds)
    if alert.state is AlertState.RESOLVED:
        return replace(alert, flaps=flaps)
    return replace(
        alert,
        flaps=flaps,
        changed_at=alert.changed_at + seconds if alert.state is AlertState.PENDING else alert.changed_at,
        clear_since=_moved(alert.clear_since, seconds),
        milder_since=_moved(alert.milder_since, seconds),
        unled_since=_moved(alert.unled_since, seconds),
        unmuted_at=_moved(alert.unmuted_at, seconds),
        dark_since=_moved(alert.dark_since, seconds),
    )


def _moved(at: float | None, seconds: float) -> float | None:
    return None if at is None else at + seconds
