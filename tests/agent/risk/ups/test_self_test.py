from __future__ import annotations

import pytest

from agent import neutral
from agent.contract import Severity
from agent.risk.catalogue.power import UPS_ON_BATTERY, UPS_SELF_TEST_STUCK
from tests.agent.risk.scene import NOW, the
from tests.agent.risk.ups.supply import Supplied, outage, power, remembers, says

NEEDED = 7200.0


def in_test(battery_for: float, test_for: float, **more: float) -> Supplied:
    """It has been on battery and has been testing for so long."""
    made = says(outage(NEEDED), {neutral.UPS_SELF_TEST_RUNNING: 1.0})
    for family, seconds in ((neutral.UPS_ON_BATTERY, battery_for), (neutral.UPS_SELF_TEST_RUNNING, test_for)):
        remembers(made, family, [(NOW - seconds - 30, 0.0), (NOW - seconds, 1.0), (NOW, 1.0)])
    named = {family: more[key] for key, family in FAMILIES.items() if key in more}
    return says(made, named)


FAMILIES = {"volts": neutral.UPS_INPUT_VOLTAGE, "low": neutral.UPS_BATTERY_LOW}


@pytest.mark.parametrize("seconds", [0, 10, 300, 900])
def test_a_self_test_is_no_outage(seconds: float) -> None:
    made = in_test(seconds, seconds)
    assert made.finding(UPS_ON_BATTERY) is None
    assert made.finding(UPS_SELF_TEST_STUCK) is None
    assert not made.unverified(UPS_ON_BATTERY, "device:usv")
    state = power(made.judge())
    assert (state.testing, state.on_battery, state.shutdown_at) == (True, True, None)


def test_a_test_that_takes_too_long_is_told_and_its_battery_counts() -> None:
    made = in_test(901, 901)
    stuck = the(made.finding(UPS_SELF_TEST_STUCK))
    assert (stuck.severity, stuck.summary) == (Severity.WARNING, "usv has been testing itself for 15 min")
    found = the(made.finding(UPS_ON_BATTERY))
    assert (found.severity, found.evidence[0]) == (Severity.WARNING, "on battery since 08:59 (1 s)")
    assert found.summary.startswith("usv is on battery: has been testing itself for 15 min, ")
    assert power(made.judge()).testing is False


def test_a_flag_that_is_stuck_on_mains_is_told_as_well() -> None:
    made = in_test(901, 901)
    on_mains = Supplied({"devices": {"usv": {"site": "rathaus", "address": "127.0.0.1"}}})
    says(on_mains, {neutral.UPS_ON_BATTERY: 0.0, neutral.UPS_SELF_TEST_RUNNING: 1.0})
    on_mains.remembered = [one for one in made.remembered if "self_test" in one.family]
    assert on_mains.finding(UPS_ON_BATTERY) is None
    assert the(on_mains.finding(UPS_SELF_TEST_STUCK))


def test_a_test_that_begins_while_the_mains_is_out_changes_nothing() -> None:
    assert the(in_test(240, 60).finding(UPS_ON_BATTERY)).severity is Severity.WARNING


@pytest.mark.parametrize("late", [0, 30, 90])
def test_a_flag_that_comes_as_late_as_flags_do_explains_the_battery(late: int) -> None:
    assert in_test(120, 120 - late).finding(UPS_ON_BATTERY) is None


def with_input(before: float, volts: float) -> Supplied:
    made = in_test(60, 60, volts=volts)
    return remembers(made, neutral.UPS_INPUT_VOLTAGE, [(NOW - 90, before), (NOW - 60, volts)])


def test_a_dead_input_says_that_it_is_no_test() -> None:
    assert the(with_input(230.0, 3.0).finding(UPS_ON_BATTERY))
    assert with_input(230.0, 231.0).finding(UPS_ON_BATTERY) is None


def test_an_input_that_never_showed_a_voltage_says_nothing() -> None:
    assert with_input(0.0, 0.0).finding(UPS_ON_BATTERY) is None


def test_a_battery_that_gets_low_in_a_test_is_told() -> None:
    found = the(in_test(60, 60, low=1.0).finding(UPS_ON_BATTERY))
    assert (found.severity, found.summary) == (Severity.CRITICAL, "usv tests itself: the battery is low")


def test_an_outage_that_follows_a_test_is_waited_out_from_the_end_of_the_test() -> None:
    made = says(outage(NEEDED), {neutral.UPS_SELF_TEST_RUNNING: 0.0})
    remembers(made, neutral.UPS_ON_BATTERY, [(NOW - 600, 0.0), *((NOW - ago, 1.0) for ago in range(570, -1, -30))])
    flags = [(NOW - ago, float(ago > 240)) for ago in range(570, -1, -30)]
    remembers(made, neutral.UPS_SELF_TEST_RUNNING, [(NOW - 600, 0.0), *flags])
    found = the(made.finding(UPS_ON_BATTERY))
    assert found.severity is Severity.WARNING  # four of the five minutes are over
    assert "on battery since 08:56 (4 min)" in found.evidence
