from __future__ import annotations

import pytest

from agent import neutral
from agent.contract import Reason, Severity
from agent.risk.catalogue.power import UPS_ON_BATTERY, UPS_RUNTIME_SHORT
from agent.risk.texts import Words
from tests.agent.risk.scene import NOW, failed, job, the, unpolled
from tests.agent.risk.ups.supply import (
    INVENTORY,
    Supplied,
    for_so_long,
    later,
    of_rule,
    outage,
    power,
    remembers,
    says,
    supply,
)

RESERVE = 2 * 12 * 60.0
POLL = 60.0


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [
        (RESERVE + POLL + 1, Severity.WARNING),
        (RESERVE + POLL, Severity.CRITICAL),
        (RESERVE - 1, Severity.CRITICAL),
        (0.0, Severity.CRITICAL),
        (None, Severity.WARNING),
    ],
)
def test_it_is_critical_from_one_poll_before_the_shutdown_must_begin(runtime: float | None, severity: Severity) -> None:
    assert the(outage(runtime).finding(UPS_ON_BATTERY)).severity is severity


def test_without_a_shutdown_time_a_low_battery_and_the_last_two_polls_are_critical() -> None:
    assert the(outage(121.0, "usv-keller").finding(UPS_ON_BATTERY)).severity is Severity.WARNING
    assert the(outage(120.0, "usv-keller").finding(UPS_ON_BATTERY)).severity is Severity.CRITICAL
    low = says(outage(610.0, "usv-keller"), {neutral.UPS_BATTERY_LOW: 1.0}, "usv-keller")
    found = the(low.finding(UPS_ON_BATTERY))
    assert found.severity is Severity.CRITICAL
    assert found.summary == "usv-keller is on battery: 10 min left, the battery is low"


def test_where_a_short_shutdown_is_agreed_its_own_moment_counts_and_not_the_last_two_polls() -> None:
    rooms = {**INVENTORY["rooms"], "serverraum": {"site": "rathaus", "shutdown_time": "10s"}}
    short = {**INVENTORY, "rooms": rooms}
    assert the(outage(110.0, inventory=short).finding(UPS_ON_BATTERY)).severity is Severity.WARNING
    assert the(outage(80.0, inventory=short).finding(UPS_ON_BATTERY)).severity is Severity.CRITICAL


def test_the_countdown_goes_on_between_two_polls() -> None:
    made = outage(RESERVE + 100)
    assert [one.severity for one in of_rule(later(made, 0), UPS_ON_BATTERY)] == [Severity.WARNING]
    assert [one.severity for one in of_rule(later(made, 39), UPS_ON_BATTERY)] == [Severity.WARNING]
    assert [one.severity for one in of_rule(later(made, 40), UPS_ON_BATTERY)] == [Severity.CRITICAL]
    assert power(later(made, 40)).shutdown_at == NOW + 100


def test_the_summary_says_what_is_left_and_when_to_begin() -> None:
    made = for_so_long(outage(RESERVE + 540, language="de"), 240)
    summary = "usv läuft auf Batterie: noch 33 min, Abschaltung spätestens 09:09 beginnen (in 9 min)"
    assert the(made.finding(UPS_ON_BATTERY)).summary == summary
    due = the(for_so_long(outage(500.0), 240).finding(UPS_ON_BATTERY))
    assert due.summary == "usv is on battery: 8 min left, begin the shutdown now, it takes 12 min"
    charge = supply({neutral.UPS_ON_BATTERY: 1.0, neutral.UPS_CHARGE: 0.875}, language="de")
    assert the(charge.finding(UPS_ON_BATTERY)).summary == "usv läuft auf Batterie: Ladestand 88 %"
    assert the(outage(None, "usv-keller").finding(UPS_ON_BATTERY)).summary == "usv-keller is on battery"


def test_a_moment_on_another_day_is_told_with_its_day() -> None:
    assert "begin the shutdown by 2027-01-16 12:" in the(outage(28 * 3600.0).finding(UPS_ON_BATTERY)).summary


def test_the_evidence_names_load_formula_and_what_is_taken_along() -> None:
    made = for_so_long(outage(3000.0), 120)
    says(made, {neutral.UPS_LOAD: 0.42, neutral.UPS_OUTPUT_POWER: 1260.0, neutral.UPS_CHARGE: 0.97})
    assert the(made.finding(UPS_ON_BATTERY)).evidence == (
        "on battery since 08:58 (2 min)",
        "charge 97%",
        "load 42%, 1260 W",
        "required: wait 5 min + 2 × shutdown 12 min = 29 min (room Serverraum Rathaus, BSI GEB.9.1.3)",
        "without power if it ends: srv",
    )


@pytest.mark.parametrize(("seconds", "severity"), [(299, Severity.WARNING), (300, Severity.CRITICAL)])
def test_once_the_agreed_wait_is_over_it_is_critical(seconds: int, severity: Severity) -> None:
    made = remembers(outage(7200.0), neutral.UPS_ON_BATTERY, [(NOW - 330, 0.0), (NOW - seconds, 1.0), (NOW, 1.0)])
    found = the(made.finding(UPS_ON_BATTERY))
    assert found.severity is severity
    over = (
        "usv is on battery: 2 h left, the agreed wait of 5 min is over: begin the shutdown now (by 10:36 at the latest)"
    )
    waiting = "usv is on battery: 2 h left, begin the shutdown by 10:36 (in 96 min)"
    assert found.summary == (over if seconds == 300 else waiting)


def test_after_the_wait_it_is_said_once_what_to_do() -> None:
    made = for_so_long(outage(RESERVE + 1560, language="de"), 400)
    summary = "noch 50 min, Wartezeit von 5 min vorbei: Abschaltung jetzt beginnen (letzter Zeitpunkt 09:26)"
    assert the(made.finding(UPS_ON_BATTERY)).summary == f"usv läuft auf Batterie: {summary}"
    without = for_so_long(outage(None, language="de"), 400)
    summary = "usv läuft auf Batterie: Wartezeit von 5 min vorbei: Abschaltung jetzt beginnen"
    assert the(without.finding(UPS_ON_BATTERY)).summary == summary


def test_the_wait_begins_anew_when_the_mains_was_back() -> None:
    points = [(NOW - 900, 1.0), (NOW - 60, 0.0), (NOW - 30, 1.0), (NOW, 1.0)]
    made = remembers(outage(7200.0), neutral.UPS_ON_BATTERY, points)
    assert the(made.finding(UPS_ON_BATTERY)).severity is Severity.WARNING


@pytest.mark.parametrize(
    ("runtime", "clients", "severity"),
    [
        (29 * 60.0 - 1, 0.0, Severity.CRITICAL),
        (29 * 60.0, 0.0, Severity.WARNING),
        (29 * 60.0 - 1, 1.0, Severity.WARNING),
        (29 * 60.0 - 1, None, Severity.WARNING),
    ],
)
def test_a_runtime_that_never_sufficed_is_critical_where_nobody_would_shut_down(
    runtime: float, clients: float | None, severity: Severity
) -> None:
    made = outage(runtime)
    if clients is not None:
        says(made, {neutral.UPS_CLIENTS: clients})
    assert the(made.finding(UPS_ON_BATTERY)).severity is severity


def test_what_sufficed_at_first_suffices_while_the_wait_goes_on() -> None:
    made = says(for_so_long(outage(28 * 60.0), 60), {neutral.UPS_CLIENTS: 0.0})
    assert the(made.finding(UPS_ON_BATTERY)).severity is Severity.WARNING


def discharging(per_minute: float, minutes: int = 10, runtime: float = 7200.0) -> Supplied:
    seconds = minutes * 60
    points = [(NOW - seconds + at, 1.0 - per_minute * at / 60) for at in range(0, seconds + 1, 30)]
    made = for_so_long(outage(runtime, inventory=WITHOUT_WAIT), seconds)
    says(made, {neutral.UPS_CHARGE: points[-1][1]})
    return remembers(made, neutral.UPS_CHARGE, points)


WITHOUT_WAIT = {
    **INVENTORY,
    "rooms": {"serverraum": {"site": "rathaus", "shutdown_time": "12m"}, "keller": {"site": "rathaus"}},
}


def test_a_battery_that_falls_faster_than_the_ups_says_counts_as_it_falls() -> None:
    state = power(discharging(0.03).judge())
    assert state.runtime == pytest.approx(0.7 / 0.03 * 60)
    assert state.shutdown_at == pytest.approx(NOW + 0.7 / 0.03 * 60 - RESERVE)
    assert the(discharging(0.03).finding(UPS_ON_BATTERY)).severity is Severity.CRITICAL
    assert "runtime as the charge falls: 23 min" in the(discharging(0.03).finding(UPS_ON_BATTERY)).evidence


def test_the_ups_is_believed_where_it_says_less() -> None:
    assert power(discharging(0.01, runtime=1800.0).judge()).runtime == 1800.0


@pytest.mark.parametrize("made", [discharging(0.03, minutes=2), discharging(0.005, minutes=5), discharging(0.0)])
def test_too_few_points_or_too_small_a_fall_say_nothing(made: Supplied) -> None:
    assert power(made.judge()).runtime == 7200.0


def test_required_and_due_are_figures_the_latter_only_on_battery() -> None:
    figures = {(one.family.name, one.labels): one.value for one in outage(2000.0).judge().measures}
    assert figures["ringwacht_ups_runtime_required_seconds", ("usv",)] == 29 * 60
    assert figures["ringwacht_ups_shutdown_due_timestamp_seconds", ("usv",)] == NOW + 2000 - RESERVE
    mains = supply({neutral.UPS_ON_BATTERY: 0.0, neutral.UPS_RUNTIME: 2000.0}).judge()
    names = {one.family.name for one in mains.measures}
    assert "ringwacht_ups_shutdown_due_timestamp_seconds" not in names
    assert power(mains).shutdown_at is None


# --- what cannot be known --------------------------------------------------------------------------------------------


def test_a_reading_that_the_next_poll_will_replace_decides_nothing() -> None:
    lost = outage().jobs(failed("device:usv", "snmp", failures=1))
    assert lost.finding(UPS_ON_BATTERY) is None
    assert lost.unverified(UPS_ON_BATTERY, "device:usv")
    late = outage().jobs(job("device:usv", "snmp"))
    assert of_rule(later(late, 60), UPS_ON_BATTERY)
    assert not of_rule(later(late, 61), UPS_ON_BATTERY)


def test_a_ups_that_falls_silent_on_battery_stays_on_battery() -> None:
    assert the(outage().jobs(failed("device:usv", "snmp", failures=2)).finding(UPS_ON_BATTERY))


def test_a_silent_ups_is_unverified_and_one_on_mains_is_good() -> None:
    assert supply({}).jobs(unpolled("device:usv", "snmp")).unverified(UPS_ON_BATTERY, "device:usv")
    assert (
        supply({})
        .jobs(job("device:usv", "snmp", up=None, reason=Reason.CONFIG))
        .unverified(UPS_ON_BATTERY, "device:usv")
    )
    good = supply({neutral.UPS_ON_BATTERY: 0.0}).jobs(job("device:usv", "snmp"))
    assert good.finding(UPS_ON_BATTERY) is None
    assert not good.unverified(UPS_ON_BATTERY, "device:usv")
    assert power(good.judge()).on_battery is False


def fell_silent(seconds: float, runtime: float, *, answers: bool = False) -> Supplied:
    """Nothing of it is fresh any more; so long ago it was on battery."""
    heard = NOW - seconds
    made = supply({}, inventory=WITHOUT_WAIT).jobs(
        job("device:usv", "snmp") if answers else failed("device:usv", "snmp", failures=4)
    )
    remembers(made, neutral.UPS_ON_BATTERY, [(heard - 60, 0.0), (heard - 30, 1.0), (heard, 1.0)])
    return remembers(made, neutral.UPS_RUNTIME, [(heard, runtime)])


def test_the_countdown_of_a_ups_that_fell_silent_goes_on() -> None:
    early = the(fell_silent(600, RESERVE + 1200).finding(UPS_ON_BATTERY))
    assert early.severity is Severity.WARNING
    assert early.summary == (
        "usv was on battery and does not answer: about 34 min left, begin the shutdown by 09:10 (in 10 min)"
    )
    assert the(fell_silent(600, RESERVE + 630).finding(UPS_ON_BATTERY)).severity is Severity.CRITICAL


def test_it_ends_undecided_when_its_battery_must_be_empty() -> None:
    made = fell_silent(600, 590)
    assert made.finding(UPS_ON_BATTERY) is None
    assert made.unverified(UPS_ON_BATTERY, "device:usv")


def test_a_daemon_that_cannot_ask_counts_nothing_on() -> None:
    made = fell_silent(600, RESERVE, answers=True)
    assert made.finding(UPS_ON_BATTERY) is None
    assert made.unverified(UPS_ON_BATTERY, "device:usv")


def test_hours_are_told_with_their_minutes_and_days_alone() -> None:
    hours = (1, 2, 2.5, 47.99, 72, 73.5)
    told = ["60 min", "2 h", "2 h 30 min", "47 h 59 min", "3 Tage", "3 Tage 1 h"]
    assert [Words("de").span(one * 3600.0) for one in hours] == told
    inventory = {**INVENTORY, "rooms": {**INVENTORY["rooms"], "serverraum": LONG}}
    made = supply({neutral.UPS_ON_BATTERY: 0.0, neutral.UPS_RUNTIME: 7800.0}, inventory=inventory, language="de")
    found = the(made.finding(UPS_RUNTIME_SHORT))
    assert found.summary == "usv hält 2 h 10 min, verlangt sind 2 h 30 min"
    assert "verlangt: 30 min Wartezeit + 2 × 60 min Abschaltung = 2 h 30 min" in found.evidence[-1]


LONG = {"site": "rathaus", "shutdown_time": "60m", "power_return_wait": "30m"}


@pytest.mark.parametrize("device", ["usv", "fremd"])
def test_what_shows_the_values_of_a_ups_is_one_whatever_its_role(device: str) -> None:
    devices = {**INVENTORY["devices"], "fremd": {"site": "rathaus", "address": "127.0.0.1"}}
    made = outage(500.0, device, inventory={**INVENTORY, "devices": devices})
    assert the(made.finding(UPS_ON_BATTERY)).subject.id == device
