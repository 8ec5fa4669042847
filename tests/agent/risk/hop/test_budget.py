from __future__ import annotations

from typing import Any

import pytest

from agent.risk.hop.budget import expectation, lowest_threshold, path_loss, path_of
from config.network import Radio, Site

BUDGET = {"frequency": "18GHz", "distance": "10km", "antenna_gains": ["38dBi", "38dBi"]}


def radio(**plan: Any) -> Radio:
    return Radio.model_validate(plan)


def test_the_commissioned_level_comes_first() -> None:
    plan = radio(**BUDGET, commissioned_level=["-40dBm", "-42dBm"])
    due = expectation(plan, 1, 20.0, -35.0)
    assert due is not None
    assert (due.level, due.source, due.follows) == (-42.0, "commissioned", False)


def test_it_follows_what_the_far_end_sends() -> None:
    plan = radio(commissioned_level=["-40dBm", "-42dBm"], commissioned_transmit=["20dBm", "18dBm"])
    due = expectation(plan, 0, 12.0, None)
    assert due is not None
    assert (due.level, due.follows) == (-46.0, True)


def test_else_the_link_budget_tells() -> None:
    plan = radio(**BUDGET, feeder_losses=["1dB", "2dB"])
    # 92.45 + 25.1 + 20 of free space, 0.6 of gas
    assert path_loss(plan) == pytest.approx(137.56 + 0.58 + 3 - 76, abs=0.02)
    due = expectation(plan, 0, 20.0, -50.0)
    assert due is not None
    assert due.source == "budget"
    assert due.level == pytest.approx(-45.13, abs=0.02)


def test_the_budget_needs_a_transmit_level() -> None:
    assert expectation(radio(**BUDGET), 0, None, None) is None


@pytest.mark.parametrize("plan", [BUDGET, {"commissioned_level": ["-40dBm", "-42dBm"]}, {}])
def test_a_planned_power_that_nobody_sees_may_be_a_lowered_one(plan: dict[str, Any]) -> None:
    assert expectation(radio(**plan, commissioned_transmit=["20dBm", "10dBm"]), 0, None, -50.0) is None


def test_at_last_the_radio_itself_is_asked() -> None:
    due = expectation(radio(), 0, 20.0, -50.0)
    assert due is not None
    assert (due.level, due.source) == (-50.0, "radio")
    assert expectation(radio(), 0, 20.0, None) is None


def test_what_the_plan_lacks_is_not_made_up() -> None:
    assert path_loss(radio(frequency="18GHz", antenna_gains=["38dBi", "38dBi"])) is None
    assert path_of(radio(frequency="18GHz")) is None
    assert path_of(radio(frequency="18GHz", distance="40000km")) is None


def test_of_two_polarisations_the_horizontal_one_counts() -> None:
    for polarisation, counts in (("v", "v"), ("h", "h"), ("vh", "h"), (None, "h")):
        path = path_of(radio(frequency="18GHz", distance="10km", polarisation=polarisation))
        assert path is not None
        assert path.polarisation == counts


def test_the_latitude_is_the_sites() -> None:
    path = path_of(radio(frequency="18GHz", distance="10km"), Site(latitude=48.1))
    assert path is not None
    assert path.latitude == 48.1


def test_the_lowest_threshold_is_that_of_the_lowest_modulation_unless_it_is_given() -> None:
    table = {"1024QAM": "-65dBm", "QPSK": "-88dBm", 64: "-76dBm"}
    assert radio(thresholds=table).thresholds == {1024: -65.0, 4: -88.0, 64: -76.0}
    assert lowest_threshold(radio(thresholds=table)) == -88.0
    assert lowest_threshold(radio(thresholds=table, threshold="-80dBm")) == -80.0
    assert lowest_threshold(radio()) is None


@pytest.mark.parametrize("modulation", ["100QAM", "fast", "1QAM", "99999QAM", True, None, 3.5])
def test_what_is_no_modulation(modulation: object) -> None:
    with pytest.raises(ValueError, match="is not a modulation"):
        radio(thresholds={modulation: "-65dBm"})
