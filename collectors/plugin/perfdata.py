"""Performance data of monitoring plug-ins: ``'label'=value[UOM];[warn];[crit];[min];[max]``. Pure.

Source: Monitoring Plugins Development Guidelines, "Performance data" and "Threshold and ranges".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from agent.layout import clean_text

MAX_LABELS = 200
MAX_ITEMS = 1000  # looked at, the broken ones included
MAX_UNIT_BYTES = 32

_NUMBER = r"[-+]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
# a comma that no digit follows separates items, as some plug-ins do
_ITEM = re.compile(r"(?:'((?:[^']|''){1,256})'|([^\s=']{1,256}))=(\S*?),?(?=\s|$)")
_VALUE = re.compile(rf"({_NUMBER})([^0-9\s;'\"=,]*)")
_BOUND = re.compile(_NUMBER)
_BROKEN = re.compile(r"\S+")

# unit of measurement -> base unit, factor, divisor. Plug-ins count 1 KB as 1024 bytes (check_disk, check_swap).
_UNITS: Mapping[str, tuple[str, int, int]] = {
    "": ("", 1, 1),
    "s": ("seconds", 1, 1),
    "ms": ("seconds", 1, 1_000),
    **dict.fromkeys(("us", "µs", "μs"), ("seconds", 1, 1_000_000)),  # both letters that look like this
    "ns": ("seconds", 1, 1_000_000_000),
    "%": ("ratio", 1, 100),
    "c": ("total", 1, 1),
    "B": ("bytes", 1, 1),
    **{
        unit: ("bytes", 1024**power, 1)
        for power, letter in enumerate("KMGTPE", start=1)
        for unit in (f"{letter}B", f"{letter}iB", f"{letter.lower()}B")
    },
}


class Measure(NamedTuple):
    """One item: its value in the base unit, and what it passes of its own thresholds ("" where none)."""

    label: str
    unit: str
    value: float
    beyond: str = ""


class Perfdata(NamedTuple):
    """All items of one run; what could not be read is counted and, up to three, quoted."""

    measures: tuple[Measure, ...] = ()
    broken: int = 0
    quoted: tuple[str, ...] = ()
    surplus: int = 0


def read_perfdata(lines: Iterable[str]) -> Perfdata:
    """Read the items of all lines. Of two with the same label the first is kept; an unknown value (``U``) has none."""
    measures: dict[str, Measure] = {}
    broken: list[str] = []
    surplus = 0
    for count, (text, item) in enumerate(_items(lines), start=1):
        if count > MAX_ITEMS:
            surplus += 1
            break
        measure = _measure(*item) if item is not None else None
        if measure is None:
            broken.append(text)
        elif not math.isnan(measure.value) and measure.label not in measures:
            if len(measures) < MAX_LABELS:
                measures[measure.label] = measure
            else:
                surplus += 1
    quoted = tuple(clean_text(text, 40) for text in broken[:3])
    return Perfdata(tuple(measures.values()), len(broken), quoted, surplus)


def _items(lines: Iterable[str]) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """Yield each item's text with its label and what follows the equals sign, or None where it has no such form."""
    for line in lines:
        position = 0
        while (start := _BROKEN.search(line, position)) is not None:
            found = _ITEM.match(line, start.start())
            if found is None:
                yield start[0], None
                position = start.end()
            else:
                label = found[1].replace("''", "'") if found[1] is not None else found[2]
                yield found[0], (label, found[3])
                position = found.end()


def _measure(label: str, text: str) -> Measure | None:
    """Return the measure, NaN for ``U``, or None where it cannot be read."""
    value, *limits = text.split(";")
    label = clean_text(label.strip())
    if not label:
        return None
    if value == "U":
        return Measure(label, "", math.nan)
    found = _VALUE.fullmatch(value)
    if found is None:
        return None
    number = _float(found[1])
    unit, factor, divisor = _UNITS.get(found[2]) or (clean_text(found[2], MAX_UNIT_BYTES), 1, 1)
    scaled = number * factor / divisor
    if not math.isfinite(scaled):
        return None
    warning, critical = (*limits, "", "")[:2]
    beyond = f"critical {critical}" if _passes(number, critical) else ""
    if not beyond and _passes(number, warning):
        beyond = f"warning {warning}"
    return Measure(label, unit, scaled, f"{label}={value} ({beyond})" if beyond else "")


def _passes(value: float, limit: str) -> bool:
    """Whether a value alerts by a range ``[@]start:end``; what is no range alerts at nothing."""
    inside = limit.startswith("@")
    start, colon, end = limit.removeprefix("@").partition(":")
    if not colon:
        start, end = "0", start
    low, high = _bound(start, -math.inf), _bound(end, math.inf)
    if not limit or low is None or high is None or (not colon and not end):
        return False
    return (low <= value <= high) == inside


def _bound(text: str, otherwise: float) -> float | None:
    if text in {"", "~"}:
        return otherwise
    return _float(text) if _BOUND.fullmatch(text) else None


def _float(text: str) -> float:
    return float(text.replace(",", "."))
