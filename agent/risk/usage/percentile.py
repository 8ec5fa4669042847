"""Percentiles of bit rates, as bandwidth is billed: the highest five of a hundred values do not count."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from agent.risk.usage.rates import STEP_SECONDS

SHARE = 0.95

# So many slots must be known, nine tenths of a day's: no day is read without a poll that fails.
ENOUGH_SLOTS = int(0.9 * 86400 / STEP_SECONDS)


def percentile(values: Sequence[float], share: float = SHARE) -> float | None:
    """Return the nearest-rank percentile: the smallest value that so large a share does not exceed; None of nothing."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def percentile_of_days(rates: Iterable[float]) -> float | None:
    """Return the 95th percentile of the rates by slot that are known; None where they are less than a day's."""
    values = [rate for rate in rates if not math.isnan(rate)]
    return percentile(values) if len(values) >= ENOUGH_SLOTS else None
