from __future__ import annotations

import pytest

from agent.contract import Reason, Severity
from agent.risk.catalogue.rooms import HUMIDITY_OUT_OF_RANGE, LEAK, SMOKE, TEMPERATURE_HIGH, UPS_ON_BATTERY
from tests.agent.risk.scene import NOW, Scene, failed, job, judge, the, unpolled

INVENTORY = {
    "rooms": {
        "serverraum": {
            "site": "rathaus",
            "name": "Serverraum Rathaus",
            "limits": {
                "temperature": {"warning": "27C", "critical": "32C"},
                "humidity": {"low": "20%", "high": "70%"},
            },
            "shutdown_time": "12m",
        },
        "keller": {"site": "rathaus"},
    },
    "devices": {
        "klima": {"site": "rathaus", "address": "127.0.0.1", "role": "sensor", "room": "serverraum"},
        "usv": {"site": "rathaus", "address": "127.0.0.1", "role": "ups", "room": "serverraum"},
        "srv": {"site": "rathaus", "address": "127.0.0.1", "role": "server", "room": "serverraum"},
        "usv-keller": {"site": "rathaus", "address": "127.0.0.1", "role": "ups", "room": "keller"},
        "streuner": {"site": "rathaus", "address": "127.0.0.1", "role": "sensor"},
    },
}
TEMPERATURE = "ringwacht_sensor_temperature_celsius"
HUMIDITY = "ringwacht_sensor_humidity_ratio"
ROOM = "room:serverraum"


def scene(language: str = "en") -> Scene:
    return Scene(INVENTORY, language=language)


def reads(made: Scene, family: str, *values: float, device: str = "klima", **labels: str) -> Scene:
    for number, value in enumerate(values, start=1):
        made.shows(family, f"device:{device}", value, **{"sensor": f"t{number}", "room": "", **labels})
    return made


@pytest.mark.parametrize(
    ("celsius", "severity"),
    [(27.0, None), (27.1, Severity.WARNING), (32.0, Severity.WARNING), (32.1, Severity.CRITICAL)],
)
def test_temperature_limits(celsius: float, severity: Severity | None) -> None:
    found = reads(scene(), TEMPERATURE, 20.0, celsius).finding(TEMPERATURE_HIGH)
    assert (found and found.severity) == severity


def test_temperature_text_names_room_value_limit_and_each_sensor() -> None:
    found = the(reads(scene("de"), TEMPERATURE, 28.34, 26.0).finding(TEMPERATURE_HIGH))
    assert str(found.subject) == ROOM
    assert found.summary == "Serverraum Rathaus: 28,3 °C (Grenze 27,0 °C)"
    assert found.evidence == ("klima/t1: 28,3 °C", "klima/t2: 26,0 °C")
    assert (found.norm, found.site) == ("BSI INF.2.A16", "rathaus")


def test_the_room_that_the_series_names_comes_first() -> None:
    made = reads(scene(), TEMPERATURE, 60.0, device="streuner", room="serverraum")
    assert the(made.finding(TEMPERATURE_HIGH)).subject.id == "serverraum"
    assert reads(scene(), TEMPERATURE, 60.0, room="keller").finding(TEMPERATURE_HIGH) is None


def test_a_sensor_without_a_room_is_not_judged() -> None:
    assert reads(scene(), TEMPERATURE, 60.0, device="streuner").judge().findings == ()


def test_a_room_without_values_is_unverified() -> None:
    assert scene().unverified(TEMPERATURE_HIGH, ROOM)
    assert scene().unverified(LEAK, ROOM)


def test_a_good_value_does_not_speak_for_a_silent_sensor() -> None:
    made = reads(scene(), TEMPERATURE, 20.0, device="usv").jobs(failed("device:klima", "snmp"))
    assert made.finding(TEMPERATURE_HIGH) is None
    assert made.unverified(TEMPERATURE_HIGH, ROOM)
    assert not reads(scene(), TEMPERATURE, 20.0).jobs(job("device:klima", "snmp")).unverified(TEMPERATURE_HIGH, ROOM)


def test_any_device_of_the_room_may_hold_the_one_sensor_that_was_hot() -> None:
    assert reads(scene(), TEMPERATURE, 20.0).jobs(failed("device:usv", "snmp")).unverified(TEMPERATURE_HIGH, ROOM)
    elsewhere = reads(scene(), TEMPERATURE, 20.0).jobs(failed("device:usv-keller", "snmp"))
    assert not elsewhere.unverified(TEMPERATURE_HIGH, ROOM)


def test_a_check_that_this_daemon_can_no_longer_make_is_missing_data() -> None:
    forbidden = job("device:klima", "snmp", up=None, reason=Reason.CONFIG)
    assert reads(scene(), TEMPERATURE, 20.0, device="usv").jobs(forbidden).unverified(TEMPERATURE_HIGH, ROOM)
    assert (
        scene().jobs(job("device:usv", "snmp", up=None, reason=Reason.CONFIG)).unverified(UPS_ON_BATTERY, "device:usv")
    )


def test_a_server_that_is_off_keeps_no_alert_of_its_room_standing() -> None:
    made = scene().jobs(job("device:klima", "snmp"), failed("device:srv", "snmp"))
    made.shows("ringwacht_sensor_temperature_celsius", "device:klima", 21.0, room="serverraum", sensor="a")
    assert made.finding(TEMPERATURE_HIGH) is None
    assert not made.unverified(TEMPERATURE_HIGH, "room:serverraum")


def test_whoever_may_not_ping_is_not_blind() -> None:
    forbidden = job("device:klima", "icmp", up=None, reason=Reason.CONFIG)
    made = reads(scene(), TEMPERATURE, 20.0).jobs(job("device:klima", "snmp"), forbidden)
    assert not made.unverified(TEMPERATURE_HIGH, ROOM)


@pytest.mark.parametrize(("ratio", "found"), [(0.19, True), (0.20, False), (0.70, False), (0.71, True)])
def test_humidity_limits(ratio: float, found: bool) -> None:  # a table of cases
    assert (reads(scene(), HUMIDITY, 0.45, ratio).finding(HUMIDITY_OUT_OF_RANGE) is not None) is found


def test_humidity_text() -> None:
    found = the(reads(scene(), HUMIDITY, 0.75).finding(HUMIDITY_OUT_OF_RANGE))
    assert found.summary == "Serverraum Rathaus: humidity 75% (allowed 20% to 70%)"


@pytest.mark.parametrize(("rule", "family"), [(LEAK, "ringwacht_sensor_leak"), (SMOKE, "ringwacht_sensor_smoke")])
def test_water_and_smoke_are_critical_in_any_room(rule: str, family: str) -> None:
    found = the(reads(scene(), family, 0, 1, room="keller").finding(rule))
    assert (str(found.subject), found.severity) == ("room:keller", Severity.CRITICAL)
    assert "klima/t2" in found.summary
    assert "klima/t1" not in found.summary


def on_battery(device: str, runtime: float | None = None, charge: float | None = None) -> Scene:
    made = scene().shows("ringwacht_ups_on_battery", f"device:{device}", 1)
    if runtime is not None:
        made.shows("ringwacht_ups_runtime_seconds", f"device:{device}", runtime)
    if charge is not None:
        made.shows("ringwacht_ups_charge_ratio", f"device:{device}", charge)
    return made


@pytest.mark.parametrize(
    ("device", "runtime", "severity"),
    [
        ("usv", 721.0, Severity.WARNING),
        ("usv", 719.0, Severity.CRITICAL),
        ("usv", None, Severity.WARNING),
        ("usv-keller", 10.0, Severity.WARNING),
    ],
)
def test_on_battery(device: str, runtime: float | None, severity: Severity) -> None:
    assert the(on_battery(device, runtime).finding(UPS_ON_BATTERY)).severity is severity


def test_on_battery_text() -> None:
    found = the(on_battery("usv", 500.0, 0.875).finding(UPS_ON_BATTERY))
    assert found.summary == "usv is on battery: charge 88%, 8 min left, an orderly shutdown takes 12 min"
    german = scene("de").shows("ringwacht_ups_on_battery", "device:usv", 1)
    german.shows("ringwacht_ups_charge_ratio", "device:usv", 0.875)
    assert the(german.finding(UPS_ON_BATTERY)).summary == "usv läuft auf Batterie: Ladestand 88 %"
    assert the(on_battery("usv-keller").finding(UPS_ON_BATTERY)).summary == "usv-keller is on battery"


def test_a_self_test_does_not_stand_because_the_poll_that_would_see_its_end_is_late_or_lost() -> None:
    lost = on_battery("usv").jobs(failed("device:usv", "snmp", failures=1))
    assert lost.finding(UPS_ON_BATTERY) is None
    assert lost.unverified(UPS_ON_BATTERY, "device:usv")
    late = on_battery("usv").jobs(job("device:usv", "snmp"))
    for seconds, found in ((60, True), (61, False)):
        judged = judge(late.inventory, late.settings, late.view(NOW + seconds), late.windows())
        assert any(one.rule == UPS_ON_BATTERY for one in judged.findings) is found


def test_a_ups_that_falls_silent_on_battery_stays_on_battery() -> None:
    assert the(on_battery("usv").jobs(failed("device:usv", "snmp", failures=2)).finding(UPS_ON_BATTERY))


def test_a_silent_ups_is_unverified_and_one_on_mains_is_good() -> None:
    assert scene().jobs(unpolled("device:usv", "snmp")).unverified(UPS_ON_BATTERY, "device:usv")
    partial = scene().jobs(job("device:usv", "snmp", partial=("upsOutputSource",)))
    assert partial.unverified(UPS_ON_BATTERY, "device:usv")
    good = scene().jobs(job("device:usv", "snmp")).shows("ringwacht_ups_on_battery", "device:usv", 0)
    assert good.finding(UPS_ON_BATTERY) is None
    assert not good.unverified(UPS_ON_BATTERY, "device:usv")
