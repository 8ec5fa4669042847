"""What is walked less often than each poll: the rows of the last walk serve until a new period begins. Pure.

The periods are those of the daemon's clock, moved by the settling time of 15-minute registers: the first walk of a
quarter of an hour finds the interval that just ended, and its register is counted in the very same poll.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from collectors.snmp.mapping.registers import SETTLING_SECONDS
from collectors.snmp.walking.walk import Walked


@dataclass(slots=True)
class SlowWalks:
    """The last walks of one device's slow subtrees; times are in seconds since the epoch."""

    _kept: dict[str, tuple[float, Sequence[Walked]]] = field(default_factory=dict[str, tuple[float, Sequence[Walked]]])

    def latest(self, root: str, every: int, now: float) -> Sequence[Walked]:
        """Return the walks of this period, the same objects each time; none where the subtree is to be walked."""
        period, walks = self._kept.get(root, (None, ()))
        return walks if period == _period(every, now) else ()

    def keep(self, root: str, every: int, now: float, walks: Sequence[Walked]) -> None:
        """Keep what was read without a failure; what failed is not to be kept, so that the next poll tries again."""
        self._kept[root] = (_period(every, now), walks)


def _period(every: int, now: float) -> float:
    return (now - SETTLING_SECONDS) // every
