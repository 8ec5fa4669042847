"""How figures of a radio hop are written."""

from __future__ import annotations

import math

from agent.risk.texts import Words


def decibels(words: Words, value: float) -> str:
    """Return a ratio in whole dB, with one decimal below 10 where there is one."""
    whole = not math.isfinite(value) or abs(value) >= 9.95 or abs(value - round(value)) < 0.05
    return f"{words.number(value, 0 if whole else 1)} dB"


def less_than(words: Words, value: float, bound: float) -> tuple[str, str]:
    """Return a ratio and the greater one it is compared with, in dB, so that the two never read the same.

    They have one decimal where there is one; the ratio is rounded down, its bound up.
    """
    tenths = math.floor(round(value * 10, 6)), math.ceil(round(bound * 10, 6))
    first, second = (f"{words.number(one / 10, 1 if one % 10 else 0)} dB" for one in tenths)
    return first, second


def level(words: Words, value: float) -> str:
    """Return a level in dBm."""
    return f"{words.number(value)} dBm"
