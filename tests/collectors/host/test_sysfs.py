from __future__ import annotations

from pathlib import Path

import pytest

from collectors.host.sysfs import ASLEEP, CHUNK_BYTES, Sysfs, read_file
from collectors.host.tables import Block
from tests.collectors.host import machine


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return machine.sysfs(tmp_path / "sys")


def values(found: Block, family: str) -> dict[tuple[str, ...], float]:
    named = zip(found.series, found.values, strict=True)
    return {labels: value for (one, labels), value in named if one.name == family}


def test_sensors_are_read_anew_each_time(root: Path) -> None:
    sysfs, sensor = Sysfs(str(root)), root / "class/hwmon/hwmon0/temp1_input"
    key = ("platform_coretemp_0", "temp1")
    assert values(sysfs.read_sensors(), "node_hwmon_temp_celsius")[key] == 45
    sensor.write_text("46500\n")
    assert values(sysfs.read_sensors(), "node_hwmon_temp_celsius")[key] == 46.5
    sensor.unlink()
    sensor.mkdir()  # reading it is an error
    assert key not in values(sysfs.read_sensors(), "node_hwmon_temp_celsius")


def broken(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir(parents=True)


def test_a_sensor_that_falls_silent_is_told_and_one_that_never_spoke_is_not(root: Path) -> None:
    chip, battery = root / "class/hwmon/hwmon0", root / "class/power_supply/BAT0/capacity"
    broken(chip / "temp2_input")
    sysfs = Sysfs(str(root))

    def silent() -> list[str]:
        sysfs.read_sensors()
        sysfs.read_power_supplies()
        return list(sysfs.silent())

    assert silent() == []
    broken(chip / "temp1_input")
    broken(battery)
    told = ["sensors: 1 cannot be read any more: hwmon0 temp1_input"]
    told += ["power supply: 1 cannot be read any more: BAT0 capacity"]
    assert silent() == silent() == told
    (chip / "temp1_input").rmdir()
    (chip / "temp1_input").write_text("45000\n")
    assert silent() == told[1:]
    (root / "class/hwmon/hwmon0").unlink()
    assert silent() == told[1:]


@pytest.mark.parametrize("error", sorted(ASLEEP))
def test_a_sensor_that_sleeps_is_no_loss(root: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    sysfs = Sysfs(str(root))
    sysfs.read_sensors()

    def asleep(_path: str) -> str:
        raise OSError(error, "asleep")

    monkeypatch.setattr("collectors.host.sysfs._word", asleep)
    assert not values(sysfs.read_sensors(), "node_hwmon_temp_celsius")
    assert list(sysfs.silent()) == []


def test_another_chip_under_the_same_number_is_another_chip(root: Path) -> None:
    sysfs, link = Sysfs(str(root)), root / "class/hwmon/hwmon1"
    assert ("acpitz", "acpitz") in values(sysfs.read_sensors(), "node_hwmon_chip_names")
    other = root / "devices/virtual/hwmon2"
    other.mkdir()
    (other / "name").write_text("nvme\n")
    link.unlink()
    link.symlink_to("../../devices/virtual/hwmon2")
    names = values(sysfs.read_sensors(), "node_hwmon_chip_names")
    assert ("nvme", "nvme") in names
    assert ("acpitz", "acpitz") not in names


def test_an_interface_that_vanishes_takes_no_other_along(root: Path) -> None:
    (root / "class/net/eth1/mtu").unlink()
    shown = values(Sysfs(str(root)).read_interfaces(), "node_network_up")
    assert shown == {("bond0",): 1, ("eth0",): 1, ("lo",): 0}


def test_an_interface_that_cannot_be_read_is_an_error(root: Path) -> None:
    (root / "class/net/eth1/mtu").unlink()
    (root / "class/net/eth1/mtu").mkdir()
    with pytest.raises(IsADirectoryError):
        Sysfs(str(root)).read_interfaces()


@pytest.mark.parametrize("state", ["up", "down"])
def test_a_leg_of_a_bond(root: Path, state: str) -> None:
    (root / "class/net/bond0/lower_eth1/bonding_slave/mii_status").write_text(f"{state}\n")
    found = Sysfs(str(root)).read_bonds()
    assert values(found, "node_bonding_slaves") == {("bond0",): 2}
    assert values(found, "node_bonding_active") == {("bond0",): 2 if state == "up" else 1}


def test_a_machine_without_such_things(tmp_path: Path) -> None:
    sysfs = Sysfs(str(tmp_path))
    assert sysfs.read_bonds() == Block()
    assert list(sysfs.read_sensors().values) == list(sysfs.read_power_supplies().values) == []
    with pytest.raises(FileNotFoundError):  # every machine has interfaces
        sysfs.read_interfaces()


def test_a_file_larger_than_a_chunk_is_read_whole(tmp_path: Path) -> None:
    large = b"x" * (2 * CHUNK_BYTES + 1)
    (tmp_path / "large").write_bytes(large)
    assert read_file(str(tmp_path / "large")) == large
