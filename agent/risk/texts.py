"""What findings say, in German and English.

Texts are formatted with ``str.format`` from the tables of ``agent.risk.wording`` only; what a device says is an
argument, cleaned, and never a format.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from agent.contract import Reason
from agent.layout import clean_text
from agent.risk.wording import (
    configs,
    contracts,
    equipment,
    fleets,
    functions,
    general,
    hardware,
    heartbeats,
    licences,
    neighbours,
    network,
    norms,
    oncall,
    overheating,
    power,
    radio,
    register,
    requirements,
    risks,
    rooms,
    sites,
    usage,
)

Language = Literal["de", "en"]

MAX_QUOTE_BYTES = 160

LONGEST = 1e15  # a number from here on is written in powers of ten

_FIELDS = (
    general,
    network,
    radio,
    usage,
    neighbours,
    oncall,
    sites,
    heartbeats,
    rooms,
    overheating,
    power,
    hardware,
    functions,
    norms,
    requirements,
    risks,
    equipment,
    fleets,
    register,
    licences,
    contracts,
    configs,
)
_TEXTS: Mapping[str, tuple[str, str]] = ChainMap(*(dict(field.TABLE) for field in _FIELDS))


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language."""

    language: Language

    def say(self, key: str, **values: str | int) -> str:
        """Return the text with cleaned values. Raises KeyError for an unknown key or a missing value."""
        cleaned = {name: clean_text(str(value), MAX_QUOTE_BYTES) for name, value in values.items()}
        return _TEXTS[key][0 if self.language == "de" else 1].format(**cleaned)

    def template(self, key: str) -> str:
        """Return the text as it stands, for who fills it in by itself. Raises KeyError."""
        return _TEXTS[key][0 if self.language == "de" else 1]

    def figure(self, value: float) -> str:
        """Return any value of a series: a whole number as it is, another with six significant digits."""
        return self.number(value) if value % 1 == 0 else self._marked(f"{value:.6g}", value)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with the language's decimal mark: ∞ as it is, ? for NaN, what is absurdly long in powers."""
        return self._marked(f"{value:.{digits}f}" if abs(value) < LONGEST else f"{value:.6g}", value)

    def amount(self, value: float) -> str:
        """Return a sum of money or of things in whole units, thousands told apart: ``216.000``, ``216,000``."""
        if not abs(value) < LONGEST:
            return self.number(value)
        text = f"{value:,.0f}"
        return text.replace(",", ".") if self.language == "de" else text

    def _marked(self, text: str, value: float) -> str:
        if not math.isfinite(value):
            return "?" if math.isnan(value) else "∞" if value > 0 else "-∞"
        return text.replace(".", ",") if self.language == "de" else text

    def celsius(self, value: float) -> str:
        """Return a temperature in °C."""
        return f"{self.number(value, 1)} °C"

    def percent(self, ratio: float) -> str:
        """Return a ratio as a percentage."""
        return self.say("percent", value=self.number(ratio * 100))

    def reason(self, reason: Reason | None) -> str:
        """Return why a poll failed, in words."""
        return "" if reason is None else self.say(f"reason_{reason.value}")

    def joined(self, names: Sequence[str]) -> str:
        """Return ``a, b and c``."""
        if len(names) < 2:
            return "".join(names)
        return self.say("and", first=", ".join(names[:-1]), last=names[-1])

    def few(self, names: Sequence[str], most: int) -> list[str]:
        """Return the first names, or lines, and as one more how many others there are."""
        more = len(names) - most
        return [*names[:most], self.say("count_more", count=more)] if more > 0 else list(names)

    def duration(self, seconds: float) -> str:
        """Return a duration as a person would say it: seconds, minutes, hours or days, rounded down; ? for NaN."""
        if seconds < 120:
            return f"{self.number(max(0.0, seconds) // 1)} s"
        if seconds < 2 * 3600:
            return f"{self.number(seconds // 60)} min"
        if seconds < 2 * 86400:
            return f"{self.number(seconds // 3600)} h"
        return self.say("days", value=self.number(seconds // 86400 if math.isfinite(seconds) else seconds))

    def span(self, seconds: float) -> str:
        """Return a duration that stands alone or beside others that add up: hours with their minutes, rounded down."""
        if not 2 * 3600 <= seconds < math.inf:
            return self.duration(seconds)
        unit, smaller, key = (3600, 60, "span_hours") if seconds < 2 * 86400 else (86400, 3600, "span_days")
        rest = seconds % unit // smaller
        return self.say(f"{key}_more" if rest else key, value=self.number(seconds // unit), rest=self.number(rest))

    def day(self, day: date) -> str:
        """Return a day as in a German letter (DIN 5008), or as ISO 8601."""
        return f"{day.day:02}.{day.month:02}.{day.year:04}" if self.language == "de" else day.isoformat()

    def moment(self, at: float, zone: tzinfo) -> str:
        """Return local day and time of a moment in seconds since the epoch."""
        local = datetime.fromtimestamp(at, zone)
        return f"{self.day(local.date())} {local:%H:%M}"

    def when(self, days_left: int) -> str:
        """Return how far off a day is: in 5 days, tomorrow, today, yesterday, 3 days ago."""
        near = {1: "tomorrow", 0: "today", -1: "yesterday"}
        if days_left in near:
            return self.say(near[days_left])
        return self.say("in_days" if days_left > 0 else "days_ago", count=abs(days_left))

    def size(self, size_bytes: float) -> str:
        """Return a size in the binary unit that fits."""
        value, units = size_bytes, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
        while value >= 1024 and len(units) > 1:
            value, units = value / 1024, units[1:]
        return f"{self.number(value, 1 if units[0] != 'B' else 0)} {units[0]}"
