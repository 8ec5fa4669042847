from __future__ import annotations

from dataclasses import replace

import pytest

from agent.risk.hop.diagnosis import Side, Symptoms, lasting, needed_clearness, passing
from agent.risk.texts import Words

WORDS = Words("en")


def symptoms(first: float | None, second: float | None, swing: float = 0.0) -> Symptoms:
    return Symptoms((Side("a", first, swing=swing), Side("b", second, swing=swing)))


def dry(first: float | None, second: float | None) -> Symptoms:
    return Symptoms((Side("a", first, first), Side("b", second, second)))


@pytest.mark.parametrize(
    ("what", "cause"),
    [
        (replace(symptoms(12, 14), fading=("hop 2",), clear=("hop 3",)), "rain"),
        (symptoms(12, 14), "rain_likely"),
        (replace(symptoms(12, 14), clear=("hop 2",)), "alone"),
        (replace(symptoms(15, 1), clear=("hop 2",)), "one_sided"),
        (replace(symptoms(15, 1, swing=8), unequal=14, hour=2), "multipath"),
        (replace(symptoms(15, 1, swing=8), unequal=14, hour=14), "one_sided"),
        (replace(symptoms(15, 14, swing=8), unequal=1, hour=2), "rain_likely"),
        (replace(symptoms(6, 1), switched=("a",)), "standby"),
        (symptoms(15, None), "unclear"),
        (symptoms(None, None), "unclear"),
        (replace(symptoms(15, None), fading=("hop 2",)), "rain"),
    ],
)
def test_what_passes(what: Symptoms, cause: str) -> None:
    found = passing(what, WORDS)
    assert found.cause == cause
    assert found.text


@pytest.mark.parametrize(
    ("what", "cause"),
    [
        (dry(2.9, 2.9), None),
        (dry(None, None), None),
        (dry(6, 5), "alignment"),
        (dry(6, None), "alignment"),
        (dry(20, 21), "side_lobe"),
        (dry(20, None), "side_lobe"),
        (dry(35, 35), "alignment"),
        (dry(0.5, 8), "one_sided"),
        (dry(3.5, 1), "alignment"),
        (replace(dry(5, 0), switched=("a",)), "standby"),
        (replace(dry(11, 0), switched=("a",)), "one_sided"),
        (replace(dry(5, 5), switched=("a",)), "standby"),
    ],
)
def test_what_stays(what: Symptoms, cause: str | None) -> None:
    found = lasting(what, WORDS)
    assert (None if found is None else found.cause) == cause


def test_one_side_names_the_far_transmitter_and_the_near_receiver() -> None:
    found = lasting(dry(0, 9), WORDS)
    assert found is not None
    assert found.text == "one direction only: transmitter at a or receiver at b faulty"
    assert found.evidence == ("a: 0 dB low in the median of dry hours", "b: 9 dB low in the median of dry hours")


@pytest.mark.parametrize(("modulation", "decibels"), [(4, 8.5), (64, 21.7), (1024, 33.8), (None, 21.7)])
def test_the_clearness_that_a_modulation_needs(modulation: int | None, decibels: float) -> None:
    assert needed_clearness(modulation) == pytest.approx(decibels, abs=0.05)
