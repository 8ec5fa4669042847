"""What is kept of a UPS from look to look, over restarts and set clocks."""

from __future__ import annotations

import pytest

from agent import neutral
from agent.contract import Alert, AlertState, Finding, JobState, MetricFamily, Severity, Subject
from agent.risk.catalogue.power import (
    UPS_BATTERY_HOT,
    UPS_ON_BATTERY,
    UPS_OVERLOAD,
    UPS_SELF_TEST_STUCK,
)
from tests.agent.risk.scene import NOW, failed, job, the
from tests.agent.risk.ups.supply import Supplied, outage, power, remembers, says, supply

USV = Subject("device", "usv")


def left(rule: str, since: float, severity: Severity = Severity.WARNING) -> Alert:
    return Alert("1", Finding(rule, USV, severity, ""), AlertState.FIRING, since, since)


def test_after_a_restart_the_outage_goes_on_from_where_it_was_told() -> None:
    made = outage(7200.0)
    made.recalled = (left(UPS_ON_BATTERY, NOW - 400, Severity.CRITICAL),)
    found = the(made.finding(UPS_ON_BATTERY))
    assert found.severity is Severity.CRITICAL  # five minutes were agreed
    assert "on battery since 08:53 (6 min)" in found.evidence


def test_what_began_before_this_daemon_did_is_said_to_be_older() -> None:
    assert "on battery since 09:00 at the latest" in the(outage(7200.0).finding(UPS_ON_BATTERY)).evidence


def test_a_mains_that_was_back_after_the_restart_ends_what_was_told_before() -> None:
    made = outage(7200.0)
    made.recalled = (left(UPS_ON_BATTERY, NOW - 4000),)
    remembers(made, neutral.UPS_ON_BATTERY, [(NOW - 60, 0.0), (NOW - 30, 1.0)])
    assert "on battery since 08:59 (30 s)" in the(made.finding(UPS_ON_BATTERY)).evidence


def test_a_flag_that_was_stuck_before_a_restart_is_so_after_it() -> None:
    made = says(outage(7200.0), {neutral.UPS_SELF_TEST_RUNNING: 1.0})
    assert made.finding(UPS_ON_BATTERY) is None  # a test, as far as anybody knows
    made.recalled = (left(UPS_SELF_TEST_STUCK, NOW - 600), left(UPS_ON_BATTERY, NOW - 120))
    assert "on battery since 08:58 (2 min)" in the(made.finding(UPS_ON_BATTERY)).evidence
    assert the(made.finding(UPS_SELF_TEST_STUCK)).summary == "usv has been testing itself for 25 min"


def test_an_outage_of_a_day_is_known_from_its_first_reading() -> None:
    points = [(NOW - 86_460, 0.0), (NOW - 86_400, 1.0), (NOW - 43_200, 1.0), (NOW - 60, 1.0)]
    found = the(remembers(outage(7200.0), neutral.UPS_ON_BATTERY, points).finding(UPS_ON_BATTERY))
    assert found.evidence[0] == "on battery since 2027-01-14 09:00 (24 h)"


def test_the_figures_of_a_ups_that_was_lost_do_not_slide() -> None:
    def lost(seconds: float, runtime: float) -> Supplied:
        made = supply({}).jobs(failed("device:usv", "snmp", failures=4))
        remembers(made, neutral.UPS_ON_BATTERY, [(NOW - seconds - 30, 0.0), (NOW - seconds, 1.0)])
        return remembers(made, neutral.UPS_RUNTIME, [(NOW - seconds, runtime)])

    going = power(lost(600, 3000).judge())
    assert (going.on_battery, going.runtime, going.counted_on) == (True, 2400, True)
    spent = power(lost(600, 590).judge())
    assert (spent.on_battery, spent.runtime, spent.counted_on) == (None, None, True)
    assert spent.shutdown_at == NOW - 10 - 1440
    heard = the(lost(600, 3000).finding(UPS_ON_BATTERY)).evidence
    assert "last heard: 08:50" in heard
    assert power(outage(1000.0).judge()).too_short


@pytest.mark.parametrize("known", [job("device:usv", "snmp"), failed("device:usv", "snmp", failures=1)])
def test_an_outage_goes_on_while_the_ups_only_stops_saying_where_it_stands(known: JobState) -> None:
    made = supply({neutral.UPS_RUNTIME: 600.0}).jobs(known)
    remembers(made, neutral.UPS_ON_BATTERY, [(NOW - 90, 0.0), (NOW - 60, 1.0)])
    assert made.finding(UPS_ON_BATTERY) is None
    assert made.unverified(UPS_ON_BATTERY, "device:usv")


# --- figures that sway and jump --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "family", "values", "told"),
    [
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (44.8, 45.2, 44.8, 45.2, 44.8), "critical"),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (45.2, 43.9), "warning"),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (30.5, 29.5), "warning"),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (30.5, 28.9), None),
        (UPS_OVERLOAD, neutral.UPS_LOAD, (1.01, 0.99), "critical"),
        (UPS_OVERLOAD, neutral.UPS_LOAD, (0.99, 1.01, 0.96), "warning"),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (24.0, 77.0, 77.5, 76.0), "unknown"),  # in Fahrenheit
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (24.0, 50.0), "unknown"),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (24.0, 50.0, 51.0), "critical"),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (24.0, 90.0, 24.0), None),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, (40.0, 48.0, 57.0, 66.0, 75.0), "critical"),  # it burns
    ],
)
def test_how_bad_a_figure_is_depends_on_how_bad_it_was(
    rule: str, family: MetricFamily, values: tuple[float, ...], told: str | None
) -> None:
    made = supply({neutral.UPS_ON_BATTERY: 0.0, family: values[-1]})
    ats = [NOW - 60 * (len(values) - 1 - number) for number in range(len(values))]
    remembers(made, neutral.UPS_ON_BATTERY, [(at, 0.0) for at in ats])
    remembers(made, family, list(zip(ats, values, strict=True)))
    found = made.finding(rule)
    if told in {None, "unknown"}:
        assert found is None
        assert made.unverified(rule, "device:usv") is (told == "unknown")
    else:
        assert the(found).severity.value == told


def test_a_figure_is_as_bad_after_a_restart() -> None:
    made = supply({neutral.UPS_ON_BATTERY: 0.0, neutral.UPS_LOAD: 0.98})
    assert the(made.finding(UPS_OVERLOAD)).severity is Severity.WARNING
    made.recalled = (left(UPS_OVERLOAD, NOW - 60, Severity.CRITICAL),)
    assert the(made.finding(UPS_OVERLOAD)).severity is Severity.CRITICAL


def test_a_jump_is_asked_for_again_once() -> None:
    made = supply({neutral.UPS_ON_BATTERY: 0.0, neutral.UPS_BATTERY_TEMPERATURE: 52.0}).jobs(job("device:usv", "snmp"))
    remembers(made, neutral.UPS_ON_BATTERY, [(NOW - 60, 0.0)])
    remembers(made, neutral.UPS_BATTERY_TEMPERATURE, [(NOW - 60, 24.0)])
    assert {key.check for key in made.judge().repoll} == {"snmp"}
