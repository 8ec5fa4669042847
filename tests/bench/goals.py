"""What is to be reached, and whether it was. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tests.bench.report import Result


class Goal(NamedTuple):
    """A figure and the most it may be. ``unit`` says how it is shown; ``missing`` says why there is no figure."""

    what: str
    bound: float
    unit: str = "ratio"
    measured: float = float("nan")
    missing: str = ""

    @property
    def verdict(self) -> str:
        """Return met, missed, or why neither can be said; what is not a number is never met."""
        if self.missing:
            return f"not measured: {self.missing}"
        return "met" if self.measured <= self.bound else "missed"


def shown(value: float, unit: str) -> str:
    """Return a figure as people read it; a time is in seconds, memory in bytes, a share in parts of one."""
    match unit:
        case "share":
            return f"{value:.1%}"
        case "memory":
            return f"{value / 1e6:.0f} MB"
        case "time":
            return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.0f} ms"
        case _:
            return f"{value:.3f}"


def table(goals: Iterable[Goal]) -> Result:
    """Return one row for each goal."""
    rows = tuple(
        (goal.what, "" if goal.missing else shown(goal.measured, goal.unit), shown(goal.bound, goal.unit), goal.verdict)
        for goal in goals
    )
    return Result("goals", ("what", "measured", "at most", "goal"), rows)
