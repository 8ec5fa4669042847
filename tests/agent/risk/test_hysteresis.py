"""What sways about a limit: found beyond it, over only well within it, and between the two nothing begins or ends."""

from __future__ import annotations

import pytest

from agent.contract import Severity
from agent.risk.catalogue.rooms import HUMIDITY_OUT_OF_RANGE, TEMPERATURE_HIGH
from agent.risk.catalogue.servers import CLOCK_OFFSET, FILESYSTEM_FULL
from tests.agent.risk.room.watch import TEMPERATURE, Watched
from tests.agent.risk.scene import Scene, job, the

LIMITS = {"temperature": {"warning": "27C", "critical": "32C"}, "humidity": {"low": "20%", "high": "70%"}}
INVENTORY = {
    "rooms": {"raum": {"site": "rathaus", "limits": LIMITS}},
    "devices": {"klima": {"site": "rathaus", "address": "127.0.0.1", "role": "sensor", "room": "raum"}},
}


def stands(made: Scene, rule: str, subject: str) -> bool | None:
    """Return whether it is found; None while it neither begins nor ends."""
    return True if made.finding(rule) is not None else None if made.unverified(rule, subject) else False


@pytest.mark.parametrize(("celsius", "expected"), [(27.1, True), (27.0, None), (26.1, None), (26.0, False)])
def test_a_room_is_cool_again_one_kelvin_below_its_limit(celsius: float, expected: bool | None) -> None:
    made = Scene(INVENTORY).jobs(job("device:klima", "snmp"))
    made.shows("ringwacht_sensor_temperature_celsius", "device:klima", celsius, sensor="t", room="")
    assert stands(made, TEMPERATURE_HIGH, "room:raum") is expected


def test_what_was_critical_stays_so_until_one_kelvin_below() -> None:
    made = Watched(room={"limits": LIMITS})
    severities = [the(made.reads(celsius).finding(TEMPERATURE_HIGH)).severity for celsius in (31.9, 32.1, 31.0, 30.9)]
    assert severities == [Severity.WARNING, Severity.CRITICAL, Severity.CRITICAL, Severity.WARNING]


def test_a_silent_sensor_makes_nothing_milder() -> None:
    made = Watched(room={"limits": LIMITS}).says({(TEMPERATURE, "a"): 33.0, (TEMPERATURE, "b"): 28.0})
    made.after(60).says({(TEMPERATURE, "b"): 28.0})
    found = the(made.finding(TEMPERATURE_HIGH))
    assert (found.severity, found.summary) == (Severity.CRITICAL, "Raum: 28.0 °C (limit 27.0 °C)")


@pytest.mark.parametrize(
    ("ratio", "expected"), [(0.71, True), (0.69, None), (0.67, False), (0.21, None), (0.23, False)]
)
def test_humidity_is_right_again_two_points_within_its_limits(ratio: float, expected: bool | None) -> None:
    made = Scene(INVENTORY).jobs(job("device:klima", "snmp"))
    made.shows("ringwacht_sensor_humidity_ratio", "device:klima", ratio, sensor="h", room="")
    assert stands(made, HUMIDITY_OUT_OF_RANGE, "room:raum") is expected


@pytest.mark.parametrize(("ratio", "expected"), [(0.45, False), (0.405, None), (0.39, True)])
def test_narrow_limits_leave_room_for_what_is_right(ratio: float, expected: bool | None) -> None:
    limits = (
        {"humidity": {"low": "40%", "high": "44%"}} if ratio < 0.45 else {"humidity": {"low": "44%", "high": "46%"}}
    )
    room = {"raum": {"site": "rathaus", "limits": limits}}
    made = Scene({**INVENTORY, "rooms": room}).jobs(job("device:klima", "snmp"))
    made.shows("ringwacht_sensor_humidity_ratio", "device:klima", ratio, sensor="h", room="")
    assert stands(made, HUMIDITY_OUT_OF_RANGE, "room:raum") is expected


@pytest.mark.parametrize(("free", "expected"), [(10.0, True), (10.5, None), (11.5, False)])
def test_a_file_system_has_room_again_one_hundredth_below_its_limit(free: float, expected: bool | None) -> None:
    made = Scene().jobs(job("device:srv", "scrape"))
    made.shows("node_filesystem_size_bytes", "device:srv", 100.0, mountpoint="/", fstype="ext4")
    made.shows("node_filesystem_avail_bytes", "device:srv", free, mountpoint="/", fstype="ext4")
    assert stands(made, FILESYSTEM_FULL, "device:srv") is expected


@pytest.mark.parametrize(("offset", "expected"), [(0.5, True), (-0.45, None), (0.39, False)])
def test_a_clock_is_right_again_at_four_fifths_of_its_limit(offset: float, expected: bool | None) -> None:
    made = Scene().jobs(job("device:dc", "ntp"))
    made.shows("probe_ntp_offset_seconds", "device:dc", offset).shows("probe_ntp_rtt_seconds", "device:dc", 0.0)
    assert stands(made, CLOCK_OFFSET, "device:dc") is expected
