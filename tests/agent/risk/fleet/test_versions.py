"""Versions as they are judged: what runs where, and until when it is supported."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from agent.contract import Finding, FindingKey, Judgement, Subject
from agent.estate import Version
from config.support.table import Supported, SupportTable
from tests.agent.risk.fleet.managing import FRIDAY, SATURDAY, local, register, says, school, tablets
from tests.agent.risk.scene import Scene, failed, judge

DEVICES = {
    "devices": {
        "srv": {"site": "rathaus", "role": "server", "address": "127.0.0.1"},
        "dc": {"site": "rathaus", "address": "127.0.0.1"},
    }
}
WINDOWS_THERE = Subject("group", "system/rathaus/windows")
ENDED = date(2025, 10, 14)
WINDOWS = {"kind": "notebook", "os": "Windows", "model": "L14", "site": "rathaus"}


def at(scene: Scene, now: float = FRIDAY) -> Judgement:
    return judge(scene.inventory, scene.settings, scene.view(now), scene.windows())


def found(judgement: Judgement) -> dict[tuple[str, str], Finding]:
    return {(one.rule, one.subject.id): one for one in judgement.findings if one.rule.startswith("support_")}


def counts(judgement: Judgement, name: str = "ringwacht_os_devices") -> dict[tuple[str, ...], float]:
    return {one.labels: one.value for one in judgement.measures if one.family.name == name}


def versions(judgement: Judgement) -> tuple[Version, ...]:
    assert judgement.estate is not None
    return judgement.estate.versions


def of_server(scene: Scene, **labels: str) -> Scene:
    return scene.shows("node_os_info", "device:srv", 1, **labels)


def test_notebooks_whose_system_is_supported_no_longer() -> None:
    old, new = tablets(12, os_version="10.0.19045.4529", **WINDOWS), tablets(8, os_version="10.0.26200.1", **WINDOWS)
    judgement = at(school().jobs(says([*old, *new])))
    one = found(judgement)["support_ended", "system/rathaus/windows"]
    assert (one.subject.kind, one.site) == ("group", "rathaus")
    assert one.summary == "Rathaus: Windows ohne Unterstützung des Herstellers, Geräte: 12"
    assert one.evidence == ("12 × Windows 10 22H2, unterstützt bis 14.10.2025",)
    assert counts(judgement) == {
        ("rathaus", "notebook", "Windows", "10 22H2", "ended"): 12,
        ("rathaus", "notebook", "Windows", "11 25H2", "supported"): 8,
    }
    assert versions(judgement)[0] == Version("rathaus", "notebook", "Windows", "10 22H2", 12, ENDED, support="ended")


def test_few_of_a_version_are_merged_and_their_end_of_support_is_kept() -> None:
    builds = ("10.0.19045", "10.0.19043", "10.0.19041")
    devices = [one for build in builds for one in tablets(2, os_version=build, **WINDOWS)]
    judgement = at(school().jobs(says([*devices, *tablets(30, os_version="10.0.26200", **WINDOWS)])))
    assert counts(judgement) == {
        ("rathaus", "notebook", "Windows", "11 25H2", "supported"): 30,
        ("rathaus", "notebook", "Windows", "other", "ended"): 6,
    }
    assert found(judgement)["support_ended", "system/rathaus/windows"].evidence == ("6 × Windows, weitere Versionen",)


def test_a_system_of_which_no_day_is_published_is_unknown() -> None:
    judgement = at(school().jobs(says(tablets(9))))
    assert counts(judgement) == {("afg", "tablet", "iPadOS", "18.1", "unknown"): 9}
    assert found(judgement) == {}


def test_what_machines_say_of_themselves() -> None:
    scene = of_server(school(**DEVICES), id="debian", name="Debian GNU/Linux", version_id="11")
    product = "Microsoft Windows Server 2022 Standard"
    scene.shows("windows_os_info", "device:dc", 1, product=product, version="10.0.20348")
    scene.shows("pve_version_info", "device:dc", 1, version="8.2.4", release="8.2", repoid="x")
    assert counts(at(scene)) == {
        ("rathaus", "server", "Debian", "11", "ended"): 1,
        ("rathaus", "server", "Proxmox VE", "8", "ended"): 1,
        ("rathaus", "server", "Windows Server", "2022", "supported"): 1,
    }
    assert {key: one.evidence for key, one in found(at(scene)).items()} == {
        ("support_ended", "system/rathaus/debian"): ("1 × Debian 11, unterstützt bis 31.08.2026",),
        ("support_ended", "system/rathaus/proxmox ve"): ("1 × Proxmox VE 8, unterstützt bis 31.08.2026",),
    }


def test_where_the_edition_is_not_known_a_version_ends_when_all_editions_have() -> None:
    scene = school(**DEVICES)
    for product in ("Windows 11 Pro", "Windows 11 Enterprise", "Windows 11 Enterprise LTSC", "Windows 11"):
        scene.shows("windows_os_info", "device:srv", 1, product=product, version="10.0.26100.2")
    ends = [(one.ends, one.latest) for one in versions(at(scene)) for _ in range(one.devices)]
    assert ends == [
        *((date(2026, 10, 13), latest) for latest in (None, date(2034, 10, 10))),
        *((date(year, month, day), None) for year, month, day in ((2027, 10, 12), (2029, 10, 9))),
    ]
    assert {key[0]: one.evidence for key, one in found(at(scene)).items()} == {
        "support_ended": ("1 × Windows 11 24H2, unterstützt bis 13.10.2026",),
        "support_ending": (
            "1 × Windows 11 24H2, unterstützt je nach Edition bis 13.10.2026 oder länger, höchstens bis 10.10.2034",
        ),
    }


def test_a_few_unknown_devices_hide_nothing_that_stands() -> None:
    devices = [*tablets(12, os_version="10.0.19045", **WINDOWS), *tablets(3, os_version="10.0.99999", **WINDOWS)]
    one = found(at(school().jobs(says(devices))))["support_ended", "system/rathaus/windows"]
    assert one.evidence == ("12 × Windows 10 22H2, unterstützt bis 14.10.2025",)


def test_few_managed_devices_are_not_told_and_not_known_to_be_well() -> None:
    devices = [*tablets(4, os_version="10.0.19045", **WINDOWS), *tablets(30, os_version="10.0.26200", **WINDOWS)]
    judgement = at(school().jobs(says(devices)))
    assert ("support_ended", "system/rathaus/windows") not in found(judgement)
    assert FindingKey("support_ended", WINDOWS_THERE) in judgement.unverified


def test_evidence_names_no_few_of_a_version() -> None:
    devices = [
        *tablets(12, os_version="10.0.19045", **WINDOWS),
        *tablets(7, os_version="10.0.19043", **WINDOWS),
        *tablets(2, os_version="10.0.19041", **WINDOWS),
    ]
    one = found(at(school().jobs(says(devices))))["support_ended", "system/rathaus/windows"]
    assert one.evidence == (
        "12 × Windows 10 22H2, unterstützt bis 14.10.2025",
        "9 × Windows, weitere Versionen",
    )


def test_devices_that_were_removed_run_nothing() -> None:
    gone = tablets(12, os_version="10.0.19045", enrolment="removed", **WINDOWS)
    assert counts(at(school().jobs(says(gone)))) == {}


def test_a_register_that_only_knows_a_device_is_compared_too() -> None:
    rows: list[tuple[int, str, dict[str, Any]]] = [
        (6, "pc", {"os": "Windows 10 Pro 22H2"}),
        (1, "server", {"os": "Debian 10"}),
        (2, "pc", {"os": "Windows 10 22H2", "status": "stock"}),
        (3, "switch", {"vendor": "HPE", "model": "Aruba 2930F", "firmware": "WC.16.10"}),
    ]
    files = tuple(register(count, kind=kind, site="rathaus", **said) for count, kind, said in rows)
    own = SupportTable.of([Supported("Aruba 2930F", "WC.16", date(2024, 1, 31))], Path("own.csv"))
    judgement = at(school(assets=files, end_of_support=(own,)).jobs(says(tablets(9))))
    assert {key[1]: one.evidence for key, one in found(judgement).items()} == {
        "system/rathaus/aruba 2930f": ("3 × Aruba 2930F WC.16, unterstützt bis 31.01.2024",),
        "system/rathaus/debian": ("1 × Debian 10, unterstützt bis 30.06.2024",),
        "system/rathaus/windows": ("6 × Windows 10 22H2, unterstützt bis 14.10.2025",),
    }


def test_what_a_management_sees_is_not_counted_by_the_register_again() -> None:
    seen = replace(tablets(1, os_version="10.0.26200", **WINDOWS)[0], serial="ABC123")
    listed = register(1, kind="notebook", site="rathaus", os="Windows 10 22H2", serial="abc-123")
    assert ("support_ended", "system/rathaus/windows") not in found(at(school(assets=(listed,)).jobs(says([seen]))))
    scene = school(assets=(register(1, kind="tablet", site="afg", os="Windows 10 22H2"),))
    silent = at(scene.jobs(failed("source:jamf", "mdm")))
    assert found(silent) == {}
    assert FindingKey("support_ended", Subject("group", "system/afg/windows")) in silent.unverified


def test_a_table_of_ones_own_changes_no_other_system() -> None:
    """The row of docs/versions.md for extended support of Windows 10."""
    own = SupportTable.of([Supported("Windows", "10.0.19045", date(2028, 10, 10), "10 22H2 ESU")], Path("own.csv"))
    scene = school(**DEVICES, end_of_support=(own,))
    product = "Microsoft Windows Server 2016 Standard"
    scene.shows("windows_os_info", "device:dc", 1, product=product, version="10.0.14393")
    assert {key[1:4] for key in counts(at(scene))} == {("server", "Windows Server", "2016")}


def test_hosts_of_a_virtual_machine_cluster() -> None:
    scene = school(**DEVICES)
    for host in ("esx1", "esx2"):
        scene.shows("vmware_host_product_info", "device:srv", 1, host_name=host, version="7.0.3", build="1")
    assert counts(at(scene)) == {("rathaus", "server", "ESXi", "7.0", "ended"): 2}


def test_support_that_ends_soon() -> None:
    rolling: dict[str, Any] = {"alerting": {"rules": {"support_ending": {"info": "20d"}}}}
    for settings, expected in (
        (None, {("support_ending", "system/rathaus/ubuntu")}),
        (rolling, set[tuple[str, str]]()),
    ):
        scene = of_server(school(settings=settings, **DEVICES), id="ubuntu", version_id="22.04")
        assert set(found(at(scene, local("2027-04-16T10:00")))) == expected


def test_the_last_day_of_support_is_supported() -> None:
    scene = of_server(school(**DEVICES), id="ubuntu", version_id="22.04")
    assert set(found(at(scene, local("2027-06-01T10:00")))) == {("support_ending", "system/rathaus/ubuntu")}
    assert set(found(at(scene, local("2027-06-02T10:00")))) == {("support_ended", "system/rathaus/ubuntu")}


def test_firmware_by_a_table_of_ones_own() -> None:
    table = SupportTable.of([Supported("Aruba 2930F", "WC.16.10", date(2024, 1, 31))], Path("own.csv"))
    scene = school(**DEVICES, end_of_support=(table,))
    switch = failed("device:srv", "snmp")
    said = says(()).reading
    assert said is not None
    assert said.harvest is not None
    facts = {"vendor": "HPE Aruba", "model": "2930F-48G", "firmware": "WC.16.10.0012"}
    harvest = type(said.harvest)(said.harvest.layout, (), facts=facts)
    reading = type(said)(switch.key, switch.target, FRIDAY, 0.1, harvest)
    job = type(switch)(switch.key, switch.target, up=True, reading=reading, last_success=FRIDAY)
    assert counts(at(scene.jobs(job))) == {("rathaus", "server", "Aruba 2930F", "WC.16.10", "ended"): 1}


def test_outside_office_hours_nothing_is_told_and_nothing_is_over() -> None:
    scene = of_server(school(**DEVICES), id="debian", version_id="9")
    judgement = at(scene, SATURDAY)
    assert found(judgement) == {}
    assert FindingKey("support_ended", Subject("group", "system/rathaus/debian")) in judgement.unverified


def test_a_site_with_a_device_that_is_silent_is_not_known_to_be_well() -> None:
    judgement = at(school(**DEVICES).jobs(failed("device:srv", "scrape")))
    assert FindingKey("support_ended", WINDOWS_THERE) in judgement.unverified
    assert FindingKey("support_ended", Subject("group", "system/afg/windows")) not in judgement.unverified


def test_devices_that_wait_for_updates() -> None:
    scene = school(**DEVICES)
    for name, waiting, reboot in (("a", 3.0, 0.0), ("b", 0.0, 0.0), ("c", 2.0, 1.0)):
        scene.shows("apt_upgrades_pending", f"device:{name}", waiting, origin="Debian:12/stable", arch="amd64")
        scene.shows("apt_upgrades_pending", f"device:{name}", 0.0, origin="other", arch="amd64")
        scene.shows("node_reboot_required", f"device:{name}", reboot)
    scene.shows("windows_updates_pending_info", "device:d", 1.0, category="x", severity="x", title="y")
    scene.shows("node_reboot_required", "device:e", 0.0)
    scene.shows("windows_updates_scrape_timestamp_seconds", "device:f", FRIDAY)
    scene.shows("windows_updates_scrape_timestamp_seconds", "device:d", FRIDAY)
    scene.shows("apt_upgrades_pending", "device:g", math.nan, origin="x", arch="amd64")
    assert counts(at(scene), "ringwacht_update_devices") == {
        ("rathaus", "none"): 2,
        ("rathaus", "pending"): 2,
        ("rathaus", "reboot"): 1,
    }
