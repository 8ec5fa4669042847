"""The usual slips in own rules are told; what may be meant so is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.app.loading import prepare
from agent.demo import configuration
from tests.agent.demo.test_configuration import SECRETS, TABLES, values

ROOT = Path(__file__).parents[3]
NODE = "{preset: node_exporter}"
DEVICES = """
sites: {rathaus: {}, kreishaus: {}}
devices:
  me: {site: rathaus, checks: [host]}
  srv-1: {site: rathaus, address: 127.0.0.1, checks: [scrape], scrape: %s}
  sw-1: {site: kreishaus, address: 127.0.0.1, credential: lab}
credentials: {lab: {snmp: {version: 2c, community: {env: PATH}}}}
services: {portal: {url: "https://portal.example/", site: kreishaus}}
rules:
"""

Check = Callable[..., list[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """What ``check`` says of one rule, without file and place."""

    def check_on(select: str, scrape: str = NODE, **more: object) -> list[str]:
        rule = json.dumps({"select": select, "above": 1} | more if "absent" not in more else {"select": select} | more)
        (tmp_path / "ringwacht.yml").write_text(f"{DEVICES % scrape}  mine: {rule}\n")
        lines = [line for line in prepare(tmp_path).plan.warnings if " rules.mine: " in line]
        return [line.partition(" rules.mine: ")[2] for line in lines]

    return check_on


DISK = "`device` is the disk or the interface in node_filesystem_avail_bytes: the server is instance"
LIST = "if a page has it: `scrape: {allow: "

SLIPS = [
    ("node_lod1", NODE, f"no family is known as node_lod1 (did you mean node_load1?; {LIST}[node_lod1]}}`)"),
    ("node_lod1{device='srv-1'}", "{}", f"no family is known as node_lod1 (did you mean node_load1?; {LIST}"),
    ("iOperStatus", NODE, f"no family is known as iOperStatus (did you mean ifOperStatus?; {LIST}"),
    ("node_filesystem_avail_bytes{device='me'}", NODE, f"{DISK}='me'"),
    ("node_filesystem_avail_bytes{device=~'me|srv-1', mountpoint='/'}", NODE, f"{DISK}=~'me|srv-1'"),
    ("ifOperStatus{device=~'srv-x.*'}", NODE, "no device matches =~'srv-x.*'"),
    ("ifOperStatus{device='dc1'}", NODE, "there is no device 'dc1'"),
    ("node_load1{device='dc1'}", NODE, "there is no device 'dc1'"),
    ("node_load1{device=~'dc.*'}", "{}", "no device matches =~'dc.*'"),
    ("windows_service_state{device=~'dc.*'}", "{preset: windows_exporter}", "no device matches =~'dc.*'"),
    ("node_made_by_a_script{instance=~'dc.*'}", NODE, "nothing polled matches =~'dc.*'"),
    ("node_made_by_a_script{site=~'rats.*'}", NODE, "no site matches =~'rats.*'"),
    ("{__name__=~'nodee_.*'}", NODE, "no family is known that begins with nodee_ (did you mean node_?)"),
    ("{__name__=~'nodee_.*'}", "{allow: ['node_*', x]}", "nothing that is polled is known to yield "),
    ("{__name__=~'windows_.*'}", NODE, "nothing that is polled is known to yield "),
]


@pytest.mark.parametrize(("select", "scrape", "said"), SLIPS, ids=[f"{one[0]} {one[1]}" for one in SLIPS])
def test_a_slip_is_told(select: str, scrape: str, said: str, check: Check) -> None:
    (line,) = check(select, scrape)
    assert line.startswith(said)


@pytest.mark.parametrize(
    ("select", "scrape"),
    [
        ("node_lod1", "{preset: node_exporter, allow: [node_lod1]}"),
        ("node_lod1", "{preset: node_exporter, allow: ['node_l*']}"),
        ("mysql_up", "{}"),
        ("iOperStatus", "{}"),
        ("node_made_by_a_script{device='dc1'}", NODE),
        ("node_made_by_a_script{device=~'sd.*'}", NODE),
        ("node_filesystem_avail_bytes{device='sda'}", NODE),
        ("node_filesystem_avail_bytes{device=~'/dev/sd.*'}", NODE),
        ("windows_hyperv_virtual_storage_device_bytes_read{device=~'C:.*'}", "{preset: windows_exporter}"),
        ("node_load1{device=~'srv-.*|me'}", NODE),
        ("node_load1{instance=~'srv-.*', site!='kreishaus'}", NODE),
        ("{__name__=~'node_.*'}", NODE),
        ("{__name__=~'backup_.*'}", NODE),
        ("{__name__=~'nodee_.*'}", "{}"),
        ("{__name__=~'nodee_.*'}", "{allow: ['nodee_x*']}"),
        ("{__name__=~'nodee_x_total'}", "{allow: [nodee_x]}"),
        ("{__name__=~'node_.*|x.*'}", "{allow: [x]}"),
    ],
)
def test_what_may_be_meant_so_is_not(select: str, scrape: str, check: Check) -> None:
    assert check(select, scrape) == []


UNFILLED = [
    ("ifOperStatus{device='sw-1'}", {"text": "{device} {ifNmae}"}, "ifNmae", "(did you mean ifName?)"),
    ("probe_duration_seconds", {"text": "{device} is slow"}, None, ""),
    ("probe_duration_seconds{service='portal'}", {"text": "{device} {value}"}, "device", "(did you mean service?)"),
    ("node_load1{instance='srv-1'}", {"text": "{anything}"}, None, ""),
    ("node_load1{instance='me'}", {"text": "{anything}"}, "anything", "(there is device, instance, site, value)"),
    ("ifOperStatus{device='sw-1'}", {"text": "{value} {{x}} {site} {ifName}"}, None, ""),
    (
        "ifOperStatus{device='sw-1'}",
        {"text": "{site} {ifName}", "absent": True},
        "ifName",
        "(there is device, instance, site)",
    ),
    ("ifOperStatus{device='sw-1', ifName='1'}", {"text": "{site} {ifName}", "absent": True}, None, ""),
    ("ifOperStatus{ifName='1'}", {"text": "{device}", "absent": True}, "device", "(there is ifName)"),
]


@pytest.mark.parametrize(("select", "more", "lost", "hint"), UNFILLED)
def test_a_text_that_nothing_fills_in(
    select: str, more: dict[str, object], lost: str | None, hint: str, check: Check
) -> None:
    said = check(select, **more)
    assert (said == []) is (lost is None)
    assert all(line.startswith(f"nothing fills in {{{lost}}} {hint}") for line in said)


def test_a_warning_of_a_text_has_the_texts_place(tmp_path: Path) -> None:
    text = "sites: {a: {}}\ndevices: {me: {site: a, checks: [host]}}\n"
    text += "rules:\n  mine:\n    select: node_load1\n    above: 1\n    text: '{x}'\n"
    (tmp_path / "ringwacht.yml").write_text(text)
    (line,) = (one for one in prepare(tmp_path).plan.warnings if "rules." in one)
    assert line.startswith(f"{tmp_path}/ringwacht.yml:7:11: rules.mine: nothing fills in {{x}}")


def rule_warnings(folder: Path) -> list[str]:
    return [line for line in prepare(folder).plan.warnings if " rules." in line]


REAL = [
    *("node_memory_DirectMap1G_bytes", "node_memory_numa_HugePages_Free", "node_timex_tai_offset_seconds"),
    *(
        "node_sockstat_TCP6_inuse",
        "node_netstat_Icmp6_InErrors",
        "node_cpu_guest_seconds_total",
        "node_hwmon_temp_celsius",
    ),
    *("node_network_info", "node_systemd_units", "node_memory_Active_anon_bytes", "node_disk_info"),
]


@pytest.mark.parametrize("family", REAL)
def test_no_family_of_node_exporters_is_taken_for_a_slip(family: str, check: Check) -> None:
    assert check(family) == []


def test_the_demo_is_not_warned_of(tmp_path: Path) -> None:
    path = configuration.write(tmp_path, values(), SECRETS, TABLES)
    assert prepare(path).loaded.inventory.rules
    assert rule_warnings(path) == []


def test_the_examples_of_the_page_are_not_warned_of(tmp_path: Path) -> None:
    """On machines that are what the page takes them for."""
    devices = """
sites: {rathaus: {}}
services: {serviceportal: {url: "https://portal.example/", site: rathaus}}
devices:
  srv-sql: {site: rathaus, address: 127.0.0.1, checks: [scrape], scrape: {preset: node_exporter}}
  srv-fach-1: {site: rathaus, address: 127.0.0.1, checks: [scrape], scrape: {preset: [windows_exporter, node_exporter]}}
  srv-dc-1: {site: rathaus, address: 127.0.0.1, checks: [scrape], scrape: {preset: windows_exporter}}
  dhcp: {site: rathaus, checks: [plugin], plugin: {command: [/bin/true]}}
"""
    page = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(examples) > 1
    for text in examples:
        (tmp_path / "ringwacht.yml").write_text(devices + text)
        assert rule_warnings(tmp_path) == []
