"""How figures of a radio hop are written."""

from __future__ import annotations

from agent.risk.texts import Words


def decibels(words: Words, value: float) -> str:
    """Return a ratio in whole dB, with one decimal below 10 where there is one."""
    whole = abs(value) >= 9.95 or abs(value - round(value)) < 0.05
    return f"{words.number(round(value) if whole else value, 0 if whole else 1)} dB"


def level(words: Words, value: float) -> str:
    """Return a level in dBm."""
    return f"{words.number(value)} dBm"
