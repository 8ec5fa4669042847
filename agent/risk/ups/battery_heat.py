"""What is believed of the temperature of a battery: it weighs many kilograms, and does not jump."""

from __future__ import annotations

from agent.risk.room.belief import Belief
from agent.risk.room.plausible import JUMP_KELVIN

# What was 24 °C and now says 77 was set to another unit: the same in Fahrenheit, give or take so much.
_SAME_KELVIN = 5.0


def believed(belief: Belief, celsius: float | None, at: float) -> float | None:
    """Take in a reading; return the temperature in °C, None while it is not known or waits for a second reading."""
    if celsius is None or (belief.value is not None and _is_fahrenheit(belief.value, celsius)):
        return None
    belief.take(celsius, at)
    return belief.value if belief.doubt is None and belief.jump is None else None


def _is_fahrenheit(before: float, value: float) -> bool:
    return value - before > JUMP_KELVIN and abs((value - 32) * 5 / 9 - before) <= _SAME_KELVIN
