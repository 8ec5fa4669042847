"""What sways about a limit: found beyond it, over only well within it, and between the two nothing begins or ends."""

from __future__ import annotations

import pytest

from agent.risk.catalogue.rooms import HUMIDITY_OUT_OF_RANGE, TEMPERATURE_HIGH
from agent.risk.catalogue.servers import CLOCK_OFFSET, FILESYSTEM_FULL
from tests.agent.risk.scene import Scene, job

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


@pytest.mark.parametrize(
    ("ratio", "expected"), [(0.71, True), (0.69, None), (0.67, False), (0.21, None), (0.23, False)]
)
def test_humidity_is_right_again_two_points_within_its_limits(ratio: float, expected: bool | None) -> None:
    made = Scene(INVENTORY).jobs(job("device:klima", "snmp"))
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
