"""Servers, storage and printers that are read over SNMP."""

from __future__ import annotations

from tests.collectors.snmp.lab import Bench, values_of
from tests.collectors.snmp.profiles.recorded import before_and_after, one_of, part, replay_part, synthetic
from tests.collectors.snmp.replay import SYNTHETIC, neutral, replay
from tests.harness.snmp_agent import encode

HOST, UCD = "1.3.6.1.2.1.25", "1.3.6.1.4.1.2021"
STORAGE = f"{HOST}.2.3.1"
SLACKWARE = "os/linux/slackware"
TIB, GIB = 1 << 40, 1 << 30
PRINTER = "1.3.6.1.2.1.43"
PRINTER_STATES = "other unknown idle printing warmup"
PRINTER_ERRORS = (
    *("lowPaper", "noPaper", "lowToner", "noToner", "doorOpen", "jammed", "offline", "serviceRequested"),
    *("inputTrayMissing", "outputTrayMissing", "markerSupplyMissing", "outputNearFull", "outputFull"),
    *("inputTrayEmpty", "overduePreventMaint"),
)


def errors(*present: str) -> dict[str, float]:
    return {f"printer_error {name}": float(name in present) for name in PRINTER_ERRORS}


async def test_a_linux_host(bench: Bench) -> None:
    """Memory comes from UCD-SNMP-MIB: what is cached is available, which HOST-RESOURCES-MIB does not say."""
    harvest, profile = await replay_part(bench, SLACKWARE, HOST, UCD)
    assert profile == "generic+host-processor+host-storage+ucd-snmp"
    assert neutral(harvest) == {
        "processor_load_ratio": 0.11,
        "memory_size_bytes": 1021976 * 1024,
        "memory_available_bytes": (63676 + 23936 + 207212) * 1024,
        "storage_size_bytes /": 2164327 * 4096,
        "storage_size_bytes /usr/local": 16822765 * 4096,
        "storage_size_bytes /export": 96144541 * 4096,
        "storage_free_bytes /": (2164327 - 1667935) * 4096,
        "storage_free_bytes /usr/local": (16822765 - 13299705) * 4096,
        "storage_free_bytes /export": (96144541 - 90601816) * 4096,
    }
    assert values_of(harvest, "laLoadInt", "laNames") == {("Load-1",): 46, ("Load-5",): 13, ("Load-15",): 2}


async def test_what_a_newer_net_snmp_says_is_available(bench: Bench) -> None:
    table = part(SLACKWARE, UCD)
    newer, _ = await before_and_after(bench, table | {f"{UCD}.4.27.0": encode(400000)}, {})
    assert newer["memory_available_bytes"] == 400000 * 1024
    lean = {oid: value for oid, value in table.items() if oid not in {f"{UCD}.4.14.0", f"{UCD}.4.15.0"}}
    before, _ = await before_and_after(bench, lean, {})
    assert before["memory_available_bytes"] == 63676 * 1024, "it tells neither buffers nor caches"


async def test_a_host_without_its_own_memory_table(bench: Bench) -> None:
    """Without UCD-SNMP-MIB the memory is the row of type RAM, not one of the buffers and caches beside it."""
    harvest, profile = await replay_part(bench, SLACKWARE, HOST)
    assert profile == "generic+host-memory+host-processor+host-storage"
    found = neutral(harvest)
    assert found["memory_size_bytes"] == 1021976 * 1024
    assert found["memory_available_bytes"] == (1021976 - 958176) * 1024


async def test_a_windows_host(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, "os/windows/server-2003-5-2", HOST)
    assert profile == "generic+host-memory+host-processor+host-storage"
    assert neutral(harvest) == {
        "processor_load_ratio": 0,
        "memory_size_bytes": 32758 * 65536,
        "memory_available_bytes": (32758 - 24452) * 65536,
        "storage_size_bytes C:\\": 13105015 * 4096,  # the label and the serial number are no part of a volume's name
        "storage_free_bytes C:\\": (13105015 - 1736055) * 4096,
    }


async def test_sizes_that_wrapped_and_rows_that_are_no_volumes(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "host_storage_synthetic.snmprec")
    assert profile == "generic+host-memory+host-storage"
    assert neutral(harvest) == {
        "memory_size_bytes": 8000000 * 1024,
        "memory_available_bytes": 2000000 * 1024,
        "storage_size_bytes /": 2500000 * 4096,
        "storage_free_bytes /": 100000 * 4096,
        "storage_size_bytes /srv/archiv": 3000000000 * 4096,  # -1294967296 units
        "storage_free_bytes /srv/archiv": 500000000 * 4096,
        "storage_size_bytes D:\\": 1000000 * 4096,
        "storage_free_bytes D:\\": 750000 * 4096,
        "storage_size_bytes /srv/neu": 1000 * 4096,  # nobody knows what is used of it
    }


async def test_what_linux_mounts_for_itself_is_no_volume(bench: Bench) -> None:
    names = {31: "/snap/core22/1033", 32: "/run/user/1000", 33: "/srv/system"}
    changes = {f"{STORAGE}.3.{at}": encode(name) for at, name in names.items()}
    _, after = await before_and_after(bench, part(SLACKWARE, HOST), changes)
    assert [name for name in after if name.startswith("storage_")] == [
        "storage_size_bytes /srv/system",
        "storage_free_bytes /srv/system",
    ]


async def test_a_file_system_that_fills_keeps_its_series(bench: Bench) -> None:
    before, after = await before_and_after(bench, part(SLACKWARE, HOST, UCD), {f"{STORAGE}.6.31": encode(2164327)})
    assert after["storage_free_bytes /"] == 0
    assert before.keys() == after.keys()


async def test_a_printer(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "printer_mib_synthetic.snmprec")
    assert profile == "generic+printer-mib"
    assert neutral(harvest) == {
        **one_of("printer_state", PRINTER_STATES, "idle"),
        **errors("lowPaper", "lowToner", "overduePreventMaint"),
        "printer_supply_ratio Black Toner": 0.25,
        "printer_supply_ratio Waste Toner Container": 0.2,  # 40000 of 50000 filled
        "printer_supply_ratio supply 6": 0.75,
        "printer_tray_ratio Bypass Tray": 0,
        "printer_tray_ratio Tray 1": 0.25,
        "printer_pages_total": 120350,
    }  # some left (-3), unknown (-2), no capacity: absent
    assert (harvest.facts["model"], harvest.facts["serial"]) == ("Synthetic Colour 4000", "SYN0004711")


async def test_a_printer_that_jams_and_runs_out(bench: Bench) -> None:
    changes = {
        f"{HOST}.3.5.1.1.1": encode(1),
        f"{HOST}.3.5.1.2.1": encode(b"\x54"),  # one octet: what is not sent is not set
        f"{PRINTER}.11.1.1.9.1.1": encode(0),
        f"{PRINTER}.11.1.1.9.1.4": encode(-2),
        f"{PRINTER}.8.2.1.10.1.2": encode(0),
    }
    _, after = await before_and_after(bench, synthetic("printer_mib"), changes)
    assert after.items() >= one_of("printer_state", PRINTER_STATES, "other").items()
    assert after.items() >= errors("noPaper", "noToner", "jammed").items()
    assert (after["printer_supply_ratio Black Toner"], after["printer_tray_ratio Tray 1"]) == (0, 0)
    assert "printer_supply_ratio Waste Toner Container" not in after


async def test_synology(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "synology_synthetic.snmprec")
    assert profile == "generic+synology"
    assert neutral(harvest) == {
        "hardware_ok system": 1,
        "hardware_ok power supply": 1,
        "hardware_ok system fan": 0,
        "hardware_ok CPU fan": 1,
        "hardware_temperature_celsius system": 41,
        "hardware_temperature_celsius Disk 1": 38,
        "hardware_temperature_celsius Disk 2": 44,
        "hardware_temperature_celsius Disk 3": 36,
        "hardware_ok Disk 1": 1,
        "hardware_ok Disk 2": 0,  # crashed; Disk 3 is in no volume
        "hardware_ok Disk 1 health": 1,
        "hardware_ok Disk 2 health": 0,
        "hardware_ok Volume 1": 1,
        "hardware_ok Storage Pool 1": 0,
        "storage_size_bytes Volume 1": 4e12,
        "storage_free_bytes Volume 1": 2.5e11,
    }  # a storage pool is full by nature
    facts = {name: harvest.facts[name] for name in ("vendor", "model", "serial", "firmware")}
    assert facts == {"vendor": "Synology", "model": "DS-SYN", "serial": "SYN12", "firmware": "DSM 7.2-64570"}


async def test_a_synology_volume_that_degrades(bench: Bench) -> None:
    root = "1.3.6.1.4.1.6574"
    changes = {f"{root}.3.1.1.3.0": encode(11), f"{root}.1.4.1.0": encode(1), f"{root}.1.3.0": encode(2)}
    _, after = await before_and_after(bench, synthetic("synology"), changes)
    assert [after[f"hardware_ok {name}"] for name in ("Volume 1", "system fan", "power supply")] == [0, 1, 0]


async def test_a_synology_has_its_volumes_once(bench: Bench) -> None:
    """It also answers HOST-RESOURCES-MIB, where each volume is a mount point."""
    table = synthetic("synology") | {
        oid: value for oid, value in synthetic("host_storage").items() if oid.startswith(HOST)
    }
    before, _ = await before_and_after(bench, table, {})
    assert [name for name in before if name.startswith("storage_")] == [
        "storage_size_bytes Volume 1",
        "storage_free_bytes Volume 1",
    ]
    assert before["memory_size_bytes"] == 8000000 * 1024


async def test_qnap(bench: Bench) -> None:
    """What newer firmware tells in numbers comes before the texts of older firmware."""
    harvest, profile = await replay(bench, SYNTHETIC / "qnap_synthetic.snmprec")
    assert profile == "generic+qnap"
    assert neutral(harvest) == {
        "hardware_temperature_celsius CPU": 46,
        "hardware_temperature_celsius system": 39,
        "hardware_temperature_celsius HDD1": 34,
        "hardware_temperature_celsius HDD3": 36,  # "36 C/96 F"
        "hardware_ok HDD1": 0,  # read and write errors
        "hardware_ok HDD3": 1,
        "hardware_ok [Volume Neu, Pool 1]": 0,
        "hardware_fan_speed_rpm System FAN 1": 987,
        "storage_size_bytes [Volume Neu, Pool 1]": 100 * GIB,
        "storage_free_bytes [Volume Neu, Pool 1]": 50 * GIB,
        "storage_size_bytes [Volume Alt, Pool 1]": 3.5 * TIB,
        "storage_free_bytes [Volume Alt, Pool 1]": 512 * GIB,
    }
    assert (harvest.facts["vendor"], harvest.facts["model"]) == ("QNAP", "TS-SYN")


async def test_a_disk_that_the_newer_table_does_not_know_is_not_well_by_the_older_one(bench: Bench) -> None:
    unknown, well = encode(-4), encode(0)
    changes = {"1.3.6.1.4.1.24681.1.3.11.1.4.1": unknown, "1.3.6.1.4.1.24681.1.2.11.1.4.1": well}
    before, after = await before_and_after(bench, synthetic("qnap"), changes)
    assert before["hardware_ok HDD1"] == 0
    assert "hardware_ok HDD1" not in after
    assert after["hardware_ok HDD3"] == 1  # of which only the older table tells


async def test_an_old_qnap_speaks_in_texts(bench: Bench) -> None:
    old = {oid: value for oid, value in synthetic("qnap").items() if not oid.startswith("1.3.6.1.4.1.24681.1.3.")}
    before, after = await before_and_after(
        bench, old, {"1.3.6.1.4.1.24681.1.2.17.1.5.1": encode("0.25 TB"), "1.3.6.1.4.1.24681.1.2.5.0": encode("--")}
    )
    assert (before["hardware_temperature_celsius CPU"], before["hardware_temperature_celsius HDD1"]) == (45, 35)
    assert before["storage_free_bytes [Volume Neu, Pool 1]"] == 800 * (1 << 20)
    assert after["storage_free_bytes [Volume Alt, Pool 1]"] == TIB / 4
    assert "hardware_temperature_celsius CPU" not in after
