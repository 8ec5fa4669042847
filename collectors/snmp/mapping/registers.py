"""Counters made of 15-minute performance registers (ITU-T G.826): what a radio forgets each quarter adds up here. Pure.

A counter begins at 0 and never falls; a row that disappears and comes again goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from collectors.snmp.tables.pieces import DIGITS

Interval = Literal["finished", "current"]
Key = tuple[str, tuple[str, ...]]
"""A family's name and the label values of a row."""

QUARTER_SECONDS = 900
SETTLING_SECONDS = 60
"""A device's clock may be so much behind ours, and needs time to store an interval."""


@dataclass(slots=True)
class _Counter:
    """The sum so far; ``seen`` is the last quarter that was added, or the running register's last value."""

    seen: float
    total: float = 0.0


@dataclass(slots=True)
class Registers:
    """All counters of one device; ``now`` is the time of the poll in seconds since the epoch."""

    now: float = 0.0
    _counters: dict[tuple[Interval, Key], _Counter] = field(default_factory=dict[tuple[Interval, Key], _Counter])

    def add(self, interval: Interval, key: Key, value: float) -> float:
        """Return the counter after this poll; asking again within the poll changes nothing."""
        return self._finished(key, value) if interval == "finished" else self._running(key, value)

    def _finished(self, key: Key, value: float) -> float:
        """Add the last finished interval, once in each quarter of an hour; the first one seen was counted before us."""
        quarter = (self.now - SETTLING_SECONDS) // QUARTER_SECONDS
        counter = self._counters.setdefault(("finished", key), _Counter(quarter))
        if quarter > counter.seen:
            counter.total = round(counter.total + max(value, 0.0), DIGITS)
        counter.seen = quarter  # also where the clock was set back
        return counter.total

    def _running(self, key: Key, value: float) -> float:
        """Add what the running register rose; a fall means that a new interval began."""
        counter = self._counters.setdefault(("current", key), _Counter(value))
        rise = value - counter.seen if value >= counter.seen else value
        counter.total = round(counter.total + max(rise, 0.0), DIGITS)
        counter.seen = value
        return counter.total
