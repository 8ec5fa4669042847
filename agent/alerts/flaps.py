"""How restless an alert is: each new beginning adds one to a score that halves with time. Pure.

From ``DAMPED_FROM`` on an alert is damped, that is three beginnings within some eight minutes: it stays one alert until
the score has fallen below ``CALM_BELOW``.
"""

from __future__ import annotations

from dataclasses import replace

from agent.contract import Flaps

HALF_LIFE_SECONDS = 900.0
DAMPED_FROM = 2.5
CALM_BELOW = 1.5
# Whoever flapped all night is calm half an hour after it stopped.
MOST = 6.0
# What is left of one beginning after half an hour; less is as good as nothing.
FORGOTTEN_BELOW = 0.25


def score_of(flaps: Flaps, now: float) -> float:
    """Return the score at ``now`` (seconds since the epoch); a clock that stepped back decays nothing."""
    elapsed = max(0.0, now - flaps.at)
    return float(flaps.score * 0.5 ** (elapsed / HALF_LIFE_SECONDS))


def begun(flaps: Flaps | None, now: float) -> Flaps:
    """Count a new beginning."""
    if flaps is None or not remembered(flaps, now):
        return Flaps(1.0, now)
    score = min(MOST, score_of(flaps, now) + 1.0)
    return Flaps(score, now, flaps.count + 1, flaps.damped or score >= DAMPED_FROM)


def eased(flaps: Flaps | None, now: float) -> Flaps | None:
    """Return what is left of it: what is calm is damped no more, and beginnings are counted anew from there."""
    if flaps is None or (flaps.at <= now and not flaps.damped):
        return flaps
    score = score_of(flaps, now)
    if flaps.damped and score < CALM_BELOW:
        return Flaps(score, now, 0)
    return replace(flaps, at=min(flaps.at, now))


def remembered(flaps: Flaps | None, now: float) -> bool:
    """Whether it would still count for the next beginning."""
    return flaps is not None and score_of(flaps, now) >= FORGOTTEN_BELOW
