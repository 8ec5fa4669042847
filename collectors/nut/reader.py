"""Variables of one poll, read with suspicion: what cannot be used is left out, and why is remembered. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agent.contract import MetricFamily
from agent.layout import Sample, clean_text
from agent.neutral import PLAUSIBLE
from collectors.nut.dates import read_day

SHOWN_BYTES = 64
NOTHING = frozenset({"", "n/a", "na", "none", "not set", "unknown", "null", "-"})
"""What drivers say, in any case, where the UPS says nothing."""
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?", re.ASCII)


class Reader:
    """Returns what variables mean, and remembers each one that was left out.

    ``refuse`` is for what says nothing and never will (the UPS has no such sensor), or is not worth a doubt about the
    rest; ``doubt`` for what should say something and says what cannot be: it makes the reading a partial one.
    """

    def __init__(self, variables: Mapping[str, str], now: float) -> None:
        self._variables = variables
        self._now = now
        self._refused: dict[str, str] = {}
        self._doubts: dict[str, str] = {}

    @property
    def refused(self) -> tuple[str, ...]:
        """Variables that were refused, each with its value (clean) and why."""
        return tuple(f"{name}: {why}" for name, why in self._refused.items())

    @property
    def doubts(self) -> tuple[str, ...]:
        """Variables that make the reading a partial one, each with its value (clean) and why."""
        return tuple(f"{name}: {why}" for name, why in self._doubts.items())

    def names(self) -> Iterator[str]:
        """Yield the names of all variables."""
        yield from self._variables

    def text(self, *names: str) -> str:
        """Return the first of the variables that says something, clean; else ""."""
        texts = (clean_text(self._variables.get(name, "")).strip() for name in names)
        return next((text for text in texts if text.lower() not in NOTHING), "")

    def number(self, name: str) -> float | None:
        """Return a variable's number as it stands ("23,5", too); None where it has none."""
        raw = self._variables.get(name, "").strip()
        if _NUMBER.fullmatch(raw):
            return float(raw.replace(",", "."))
        if raw.lower() in NOTHING:
            self._pass_over(name)
        else:
            self.doubt(name, "is no number")
        return None

    def sample(
        self,
        family: MetricFamily,
        name: str,
        labels: tuple[str, ...] = (),
        scale: float = 1.0,
        within: tuple[float, float] | None = None,
    ) -> Iterator[Sample]:
        """Yield the variable as the family's value, unless it is none that can be; ``within`` narrows what can."""
        value = self.number(name)
        if value is None:
            return
        scaled = round(value * scale, 9)
        low, high = within or PLAUSIBLE[family.name]
        if plausible(family, scaled) and low <= scaled <= high:
            yield Sample(family, labels, scaled)
        elif value == -1:
            self.refuse(name, "is what is said of what is not known")
        else:
            self.doubt(name, "cannot be")

    def day(self, name: str) -> float | None:
        """Return the seconds since the epoch that a variable means; None where it means no day for certain."""
        raw = self._variables.get(name, "").strip()
        if raw.lower() in NOTHING:
            self._pass_over(name)
            return None
        try:
            return read_day(raw, self._now)
        except ValueError as error:
            self.refuse(name, str(error))
            return None

    def refuse(self, name: str, why: str) -> None:
        """Remember that a variable is left out, for the first reason."""
        self._refused.setdefault(name, f"{self._shown(name)} {why}")

    def doubt(self, name: str, why: str) -> None:
        """Remember that a variable, or its absence, leaves the reading a partial one."""
        self._doubts.setdefault(name, f"{self._shown(name)} {why}")

    def _pass_over(self, name: str) -> None:
        if name in self._variables:
            self.refuse(name, "says nothing")

    def _shown(self, name: str) -> str:
        return repr(clean_text(self._variables[name], SHOWN_BYTES)) if name in self._variables else "its absence"


def plausible(family: MetricFamily, value: float) -> bool:
    """Whether a value is one that the family can have."""
    low, high = PLAUSIBLE[family.name]
    return low <= value <= high
