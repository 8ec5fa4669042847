"""Whether the signal of a radio hop is as clear as its level promises."""

from __future__ import annotations

from agent.risk.hop.diagnosis import Side, Symptoms, needed_clearness
from agent.risk.hop.margin import HYSTERESIS_DB
from agent.risk.hop.state import Hop, HopEnd
from agent.risk.hop.symptoms import SMALL_MARGIN_DB, faded

# Radios differ by so much in what they need and in what they show; from here on it is bad, whatever it carries.
UNCLEAN_DB = 2.0


def least_clearness(hop: Hop) -> float:
    """Return the signal to noise ratio in dB below which the hop is disturbed; a hop that carries all has some play."""
    needed = needed_clearness(hop.radio.reference_modulation)
    return needed if hop.short_of_capacity else needed - UNCLEAN_DB


def level_good(end: HopEnd, side: Side) -> bool:
    """Whether a bad signal is not the level's fault: the end is not faded, and far from its threshold."""
    weak = end.margin_db is not None and end.margin_db < SMALL_MARGIN_DB
    return side.fade is not None and not faded(side) and not weak


def clearness_unsure(hop: Hop, symptoms: Symptoms) -> bool:
    """Whether interference, once found, may still be there at an end: it is not seen, faded, or hardly any better."""
    bound = least_clearness(hop) + HYSTERESIS_DB
    return any(
        end.device is not None and (end.clearness is None or end.clearness < bound or not level_good(end, side))
        for end, side in zip(hop.ends, symptoms.sides, strict=True)
    )
