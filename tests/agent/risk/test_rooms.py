from __future__ import annotations

import pytest

from agent.contract import Reason, Severity
from agent.risk.catalogue.power import UPS_ON_BATTERY
from agent.risk.catalogue.rooms import HUMIDITY_OUT_OF_RANGE, LEAK, SMOKE, TEMPERATURE_HIGH
from tests.agent.risk.scene import Scene, failed, job, the

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
    assert found.evidence == ("klima/t1: 28,3 °C", "klima/t2: 26,0 °C", "Grenzen: Inventar")
    assert (found.norm, found.site) == ("BSI INF.2.A16", "rathaus")


def test_the_room_that_the_series_names_comes_first() -> None:
    made = reads(scene(), TEMPERATURE, 48.0, device="streuner", room="serverraum")
    assert the(made.finding(TEMPERATURE_HIGH)).subject.id == "serverraum"
    assert the(reads(scene(), TEMPERATURE, 48.0, room="keller").finding(TEMPERATURE_HIGH)).subject.id == "keller"


def test_a_sensor_without_a_room_is_not_judged() -> None:
    assert reads(scene(), TEMPERATURE, 48.0, device="streuner").finding(TEMPERATURE_HIGH) is None


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
