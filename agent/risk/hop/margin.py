"""How much of a radio hop's level is left above the threshold, and whether that is as much as was asked for."""

from __future__ import annotations

from agent.risk.hop.diagnosis import Symptoms
from agent.risk.hop.state import Hop, HopEnd

# Beside a low level in dry weather what is this near to good is good: the median of six hours is slow.
RECOVERED_DB = 2.0
# What was found stays found until it is so much better, so that no alert comes and goes with a slow drift.
HYSTERESIS_DB = 1.0


def short_of_margin(hop: Hop) -> bool:
    """Whether less is left now than was asked for, or hardly more; a margin that is not known is not short."""
    required = hop.radio.fade_margin_required
    margins = [_at_full_power(hop, number) for number in (0, 1)]
    return required is not None and any(one is not None and one < required + RECOVERED_DB for one in margins)


def dry_margin(hop: Hop, symptoms: Symptoms) -> float | None:
    """Return the margin in dry weather at full transmit power, of the worse end; None where no end's is known."""
    margins: list[float] = []
    for number, side in enumerate(symptoms.sides):
        margin = _at_full_power(hop, number)
        if margin is not None and side.fade is not None and side.dry is not None:
            margins.append(margin + side.fade - side.dry)
    return min(margins, default=None)


def _at_full_power(hop: Hop, number: int) -> float | None:
    """Power control lowers the margin on purpose: add what the far end holds back."""
    end = hop.ends[number]
    if end.margin_db is None or end.power_unknown:
        return None
    return end.margin_db + _held_back(hop, end, number)


def _held_back(hop: Hop, end: HopEnd, number: int) -> float:
    planned, sent = hop.radio.commissioned_transmit, None if end.far is None else end.far.sent
    return 0.0 if planned is None or sent is None else max(0.0, planned[1 - number] - sent)
