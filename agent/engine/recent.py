"""Quantiles over the last minute."""

from __future__ import annotations

import math
from collections import deque

SPAN_SECONDS = 60.0
QUANTILES = (0.5, 0.99, 1.0)


class Recent:
    """Values of the last minute; some thousand of them at most."""

    def __init__(self) -> None:
        self._values: deque[tuple[float, float]] = deque()

    def add(self, now: float, value: float) -> None:
        """Take in a value at a monotonic time."""
        self._values.append((now, value))

    def quantiles(self, now: float) -> tuple[tuple[float, float], ...]:
        """Return (quantile, value) by the nearest rank; empty when the last minute was."""
        while self._values and self._values[0][0] < now - SPAN_SECONDS:
            self._values.popleft()
        ranked = sorted(value for _, value in self._values)
        if not ranked:
            return ()
        return tuple((q, ranked[max(0, math.ceil(q * len(ranked)) - 1)]) for q in QUANTILES)
