"""What ails a radio hop, in words with its evidence: a pure function of both ends, the neighbours and the hour."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.risk.hop.history import FADE_DB
from agent.risk.hop.said import decibels
from agent.risk.texts import Words

# A side lobe of a dish lies about 20 dB below its main lobe.
SIDE_LOBE_DB = (15.0, 27.0)
# The coupler of a hot standby takes so much more from the standby radio, at most.
COUPLER_DB = 10.0
# Air in layers makes the level jump by so much within minutes; rain does so as well, but at both ends alike.
FAST_DB = 4.0
# Layers form in calm nights, and last until the sun has stirred the air.
NIGHT_BEGINS, NIGHT_ENDS = 20, 10
# Without a planned modulation the signal must be fit for 64QAM: every radio hop is, under a clear sky.
MODEST_MODULATION = 64

Cause = Literal[
    "rain",
    "rain_likely",
    "alone",
    "multipath",
    "one_sided",
    "alignment",
    "side_lobe",
    "standby",
    "unclear",
]


@dataclass(frozen=True, slots=True)
class Side:
    """One end. ``fade``: what it lacks now, ``dry``: in dry weather of the last six hours, both in dB; None: unknown.

    ``swing``: how fast it moved in the last hour, in dB from one step to the next.
    """

    place: str
    fade: float | None
    dry: float | None = None
    swing: float = 0.0


@dataclass(frozen=True, slots=True)
class Symptoms:
    """All that a diagnosis rests on.

    ``unequal``: by how much both directions differed within the last hour, in dB. ``fading``, ``clear``: neighbouring
    hops. ``switched``: ends that run on their second radio. ``hour``: local, 0 to 23.
    """

    sides: tuple[Side, Side]
    unequal: float = 0.0
    fading: Sequence[str] = ()
    clear: Sequence[str] = ()
    switched: Sequence[str] = ()
    hour: int = 12


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What it probably is, and what speaks for it."""

    cause: Cause
    text: str
    evidence: tuple[str, ...]


def lasting(symptoms: Symptoms, words: Words) -> Diagnosis | None:
    """Say why the level is low in dry weather as well; None where it is not, or not known to be."""
    known = [side for side in symptoms.sides if side.dry is not None]
    low = sorted((side for side in known if _dry(side) >= FADE_DB), key=_dry, reverse=True)
    if not low:
        return None
    least = min(_dry(side) for side in known)
    cause: Cause = "alignment"
    if coupled(symptoms):
        cause = "standby"
    elif len(known) == 2 and least < FADE_DB and _dry(low[0]) - least >= FADE_DB:
        cause = "one_sided"
    elif SIDE_LOBE_DB[0] <= least <= SIDE_LOBE_DB[1]:
        cause = "side_lobe"
    evidence = [words.say("hop_dry", end=side.place, fade=decibels(words, _dry(side))) for side in known]
    return _diagnosis(cause, symptoms, low[0], evidence, words)


def coupled(symptoms: Symptoms) -> bool:
    """Whether the coupler of a standby radio explains what is lost in dry weather."""
    return bool(symptoms.switched) and all(_dry(side) <= COUPLER_DB for side in symptoms.sides)


def passing(symptoms: Symptoms, words: Words) -> Diagnosis:
    """Say why the level is low now."""
    known = sorted((side for side in symptoms.sides if side.fade is not None), key=_fade, reverse=True)
    cause = _passing(symptoms, known)
    evidence = list(_seen(symptoms, words))
    return _diagnosis(cause, symptoms, known[0] if known else symptoms.sides[0], evidence, words)


def _passing(symptoms: Symptoms, known: Sequence[Side]) -> Cause:
    both = len(known) == 2
    swing = max(side.swing for side in symptoms.sides)
    night = symptoms.hour >= NIGHT_BEGINS or symptoms.hour < NIGHT_ENDS
    if symptoms.switched and known and _fade(known[0]) <= COUPLER_DB:
        return "standby"
    if both and night and swing >= FAST_DB and symptoms.unequal >= FADE_DB:
        return "multipath"
    if both and _fade(known[1]) < FADE_DB <= _fade(known[0]) - _fade(known[1]):
        return "one_sided"
    if symptoms.fading:
        return "rain"
    if not both:
        return "unclear"
    return "alone" if symptoms.clear else "rain_likely"


def _seen(symptoms: Symptoms, words: Words) -> Iterator[str]:
    if symptoms.fading:
        yield words.say("hop_neighbours_fading", hops=words.joined(symptoms.fading))
    if symptoms.clear:
        yield words.say("hop_neighbours_clear", hops=words.joined(symptoms.clear))
    swing = max(side.swing for side in symptoms.sides)
    if swing >= FAST_DB:
        yield words.say("hop_swing", swing=decibels(words, swing))
    if symptoms.unequal >= FADE_DB:
        yield words.say("hop_unequal", difference=decibels(words, symptoms.unequal))


def _diagnosis(cause: Cause, symptoms: Symptoms, worst: Side, evidence: list[str], words: Words) -> Diagnosis:
    first, second = symptoms.sides
    far = second if worst is first else first
    text = words.say(
        f"hop_cause_{cause}",
        near=worst.place,
        far=far.place,
        hops=words.joined(symptoms.fading),
        ends=words.joined(symptoms.switched),
    )
    return Diagnosis(cause, text, tuple(evidence))


def _dry(side: Side) -> float:
    return 0.0 if side.dry is None else side.dry


def _fade(side: Side) -> float:
    return 0.0 if side.fade is None else side.fade


def needed_clearness(modulation: int | None) -> float:
    """Return the signal to noise ratio in dB that a modulation needs with usual coding (6 dB for each two bits)."""
    return 8.5 + 10 * math.log10(((modulation or MODEST_MODULATION) - 1) / 3)
