"""How a bit rate is said."""

from __future__ import annotations

from agent.risk.texts import Words

_UNITS = ((1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s"))


def bit_rate(words: Words, value: float) -> str:
    """Return a bit rate in the unit that fits, with three significant digits where it needs them."""
    for size, unit in _UNITS:
        if value >= size:
            scaled = value / size
            digits = 0 if scaled >= 100 or scaled % 1 == 0 else 1
            return f"{words.number(scaled, digits)} {unit}"
    return f"{words.number(value)} bit/s"
