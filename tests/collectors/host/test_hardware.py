from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from agent.layout import Sample
from collectors.host import hardware as h
from collectors.host.hardware import Bond, Hwmon, Interface
from collectors.host.tables import Block
from tests.collectors.host.machine import MDSTAT

Values = Mapping[tuple[str, tuple[str, ...]], float]


def values(samples: Iterable[Sample]) -> Values:
    return {(sample.family.name, sample.labels): sample.value for sample in samples}


def of_block(found: Block) -> Values:
    return dict(zip(((family.name, labels) for family, labels in found.series), found.values, strict=True))


def test_speed_is_bytes_per_second_and_absent_where_unknown() -> None:
    got = values(h.interfaces({"eth0": Interface(True, 1500, 1000), "lo": Interface(False, 65536, -1)}))
    assert got == {
        ("node_network_up", ("eth0",)): 1,
        ("node_network_mtu_bytes", ("eth0",)): 1500,
        ("node_network_speed_bytes", ("eth0",)): 125_000_000,
        ("node_network_up", ("lo",)): 0,
        ("node_network_mtu_bytes", ("lo",)): 65536,
    }


def test_a_bond_that_lost_a_leg() -> None:
    assert values(h.bonds({"bond0": Bond(slaves=2, active=1)})) == {
        ("node_bonding_slaves", ("bond0",)): 2,
        ("node_bonding_active", ("bond0",)): 1,
    }


@pytest.mark.parametrize(
    ("hwmon", "chip"),
    [
        (Hwmon("coretemp", "platform", "coretemp.0", {}), "platform_coretemp_0"),
        (Hwmon("nvme", "pci", "0000:01:00.0", {}), "pci_0000:01:00_0"),
        (Hwmon("acpitz", "", "", {}), "acpitz"),
        (Hwmon("drivetemp", "", "target0:0:0", {}), "target0:0:0"),
    ],
)
def test_chips_are_named_as_node_exporter_names_them(hwmon: Hwmon, chip: str) -> None:
    assert h.chip_name(hwmon) == chip


def test_a_sensor_that_gives_no_number_is_absent() -> None:
    files = {"temp1_input": "45500", "temp1_label": "Package id 0", "temp2_input": "", "fan1_input": "1200"}
    assert values(h.sensors([Hwmon("k10temp", "pci", "x", files)])) == {
        ("node_hwmon_chip_names", ("pci_x", "k10temp")): 1,
        ("node_hwmon_temp_celsius", ("pci_x", "temp1")): 45.5,
        ("node_hwmon_sensor_label", ("pci_x", "Package id 0", "temp1")): 1,
        ("node_hwmon_fan_rpm", ("pci_x", "fan1")): 1200,
    }


def test_power_supplies() -> None:
    assert values(h.power_supplies({"BAT0": {"capacity": "87"}, "AC": {"online": "0"}, "odd": {"online": "?"}})) == {
        ("node_power_supply_capacity", ("BAT0",)): 87,
        ("node_power_supply_online", ("AC",)): 0,
    }


def test_an_array_that_lost_a_disk_and_is_rebuilt() -> None:
    got = of_block(h.raid(MDSTAT.encode()))
    assert got["node_md_disks_required", ("md0",)] == 2
    assert [got["node_md_disks", ("md0", state)] for state in ("active", "failed", "spare")] == [1, 1, 0]
    assert [got["node_md_state", ("md0", state)] for state in h.MD_STATES] == [0, 0, 1, 0, 0]
    assert (got["node_md_blocks", ("md0",)], got["node_md_blocks_synced", ("md0",)]) == (1000, 250)


def test_arrays_that_rest() -> None:
    got = of_block(h.raid(MDSTAT.encode()))
    assert {device: got["node_md_disks", (device, "active")] for device in ("md1", "md2", "md3")} == {
        "md1": 4,
        "md2": 2,
        "md3": 0,
    }
    assert got["node_md_disks", ("md1", "spare")] == 1
    assert got["node_md_blocks_synced", ("md1",)] == 4000
    assert got["node_md_state", ("md3", "inactive")] == 1


def test_an_array_that_waits_for_its_turn_has_nothing_done() -> None:
    text = b"md9 : active raid1 a[0] b[1]\n 10 blocks super 1.2 [2/2] [UU]\n  resync=DELAYED\n"
    got = of_block(h.raid(text))
    assert (got["node_md_state", ("md9", "resync")], got["node_md_blocks_synced", ("md9",)]) == (1, 0)


def test_a_text_that_is_no_mdstat_is_an_error() -> None:
    with pytest.raises(IndexError):
        h.raid(b"md0 : active raid1 sda[0]\n")
    with pytest.raises(ValueError, match="no count"):
        h.raid(b"md0 : active raid1 sda[0]\n 5 blocks\n")
    assert h.raid(b"Personalities : \nunused devices: <none>\n") == Block((), [])
