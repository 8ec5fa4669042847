from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.app.loading import prepare

BASE = """
sites: {rathaus: {}, kreishaus: {}}
devices:
  srv-1: {site: rathaus, checks: [host]}
  srv-2: {site: rathaus, address: 127.0.0.1, checks: [scrape], scrape: {preset: node_exporter}}
  srv-3: {site: rathaus, address: 127.0.0.1, checks: [scrape], scrape: {preset: windows_exporter}}
  sw-1: {site: kreishaus, address: 127.0.0.1, credential: lab}
  leer: {site: kreishaus}
credentials: {lab: {snmp: {version: 2c, community: {env: PATH}}}}
services: {portal: {url: "https://portal.example/", site: kreishaus}}
rules:
"""

Advise = Callable[[str], list[str]]


@pytest.fixture
def advise(tmp_path: Path) -> Advise:
    """What ``check`` says of a rule with this selector, without the folder's name."""

    def advise_on(select: str) -> list[str]:
        text = f"{BASE}  mine: {{select: {json.dumps(select)}, above: 1}}\n"
        (tmp_path / "ringwacht.yml").write_text(text)
        warnings = prepare(tmp_path).plan.warnings
        return [line.removeprefix(f"{tmp_path}/") for line in warnings if "rules" in line]

    return advise_on


@pytest.mark.parametrize(
    "select",
    [
        "node_load1",
        'node_load1{device="srv-1"}',
        'node_load1{instance="srv-1", site="rathaus"}',
        'node_load1{device!="srv-1"}',
        'node_load1{job!="x"}',
        'node_filesystem_avail_bytes{device="sda", mountpoint="/"}',
        'node_filesystem_avail_bytes{device="srv-"}',
        'node_made_by_a_script{device="srv-2", anything="x"}',
        'node_md_disks{device="md0"}',
        'windows_printqueue_jobs{device="srv-3"}',
        'ifOperStatus{device="sw-1", ifName=~"gi.*"}',
        'probe_duration_seconds{service="portal"}',
        'ringwacht_site_loss_ratio{site="kreishaus"}',
        'ringwacht_site_loss_ratio{instance="kreishaus"}',
        '{__name__=~"node_.*"}',
        '{site="rathaus"}',
    ],
)
def test_nothing_is_said_of_what_may_match(select: str, advise: Advise) -> None:
    assert advise(select) == []


NOT_LISTED = "(docs/metrics.md lists what is collected; another exporter's page is read by `scrape`)"
ELSEWHERE = "is yielded elsewhere, but not where the selector looks"

CASES = [
    ("windows_ad_x", None),
    ("ringwacht_ups_runtime_secnds",
     "nothing that is polled is known to yield ringwacht_ups_runtime_secnds (did you mean "
     "ringwacht_ups_runtime_seconds?)"),
    ("node_load1{device='sw-1'}", f"node_load1 {ELSEWHERE}: sw-1 is polled by icmp, snmp"),
    ("node_load1{site='kreishaus'}", f"node_load1 {ELSEWHERE}"),
    ("ringwacht_site_loss_ratio{device='sw-1'}",
     f"ringwacht_site_loss_ratio {ELSEWHERE}: sw-1 is polled by icmp, snmp"),
    ("ringwacht_site_loss_ratio{site='rathaus'}", f"ringwacht_site_loss_ratio {ELSEWHERE}"),
    ("ifOperStatus{device='leer'}", f"ifOperStatus {ELSEWHERE}: the device is not polled"),
    ("ifOperStatus{device='srv-2'}", f"ifOperStatus {ELSEWHERE}: srv-2 is polled by scrape with preset node_exporter"),
    ("probe_duration_seconds{service='prtal'}", "there is no service 'prtal' (did you mean portal?)"),
    ("node_load1{site='rathuas'}", "there is no site 'rathuas' (did you mean rathaus?)"),
    ("node_load1{instance='srv-9x'}", "nothing polled is called 'srv-9x' (did you mean srv-"),
    ("ifOperStatus{device='sw-2'}", "there is no device 'sw-2' (did you mean sw-1?)"),
    ("ifOperStatus{moutpoint='/'}", "ifOperStatus has no label 'moutpoint' (it has device, instance, site, "),
    ("ifOperStatus{ifNmae='1'}", "ifOperStatus has no label 'ifNmae' (did you mean ifName?)"),
    ("ringwacht_up", "ringwacht_up is no collected family (that a check fails is told by `device_unreachable`)"),
    ("{__name__=~'foo_.*'}", None),
    ("windows_printqueue_jobs{device='srv-2'}",
     "windows_printqueue_jobs is yielded elsewhere, but not where the selector looks: srv-2 is polled by scrape with "
     "preset node_exporter"),
    ("mysql_up{device='srv-3'}",
     "mysql_up is yielded elsewhere, but not where the selector looks: srv-3 is polled by scrape with preset "
     "windows_exporter"),
    ("mysql_up{device='srv-1'}", f"mysql_up {ELSEWHERE}: srv-1 is polled by host"),
]  # fmt: skip


@pytest.mark.parametrize(("select", "said"), CASES, ids=[select for select, _ in CASES])
def test_what_can_match_nothing_is_named_with_its_place(select: str, said: str | None, advise: Advise) -> None:
    found = advise(select)
    if said is None:
        assert found == []
    else:
        (line,) = found
        assert line.startswith(f"ringwacht.yml:12:18: rules.mine: {said}")


@pytest.mark.parametrize(
    ("family", "why"),
    [("mysql_up", NOT_LISTED), ("node_laod1", "(did you mean node_load1?)")],
)
def test_without_any_page_that_is_read_all_families_are_known(family: str, why: str, tmp_path: Path) -> None:
    text = "sites: {a: {}}\ndevices: {srv: {site: a, checks: [host]}}\n"
    (tmp_path / "ringwacht.yml").write_text(f"{text}rules:\n  mine: {{select: {family}, absent: true}}\n")
    said = f"{tmp_path}/ringwacht.yml:4:18: rules.mine: nothing that is polled is known to yield {family} {why}"
    assert said in prepare(tmp_path).plan.warnings


def test_the_families_of_another_exporter_are_not_expected_on_a_page_until_they_are_listed(tmp_path: Path) -> None:
    """As in the reference: a print queue of windows_exporter's, selected on a node_exporter."""

    def warnings(scrape: str) -> list[str]:
        text = (
            "sites: {a: {}}\n"
            f"devices: {{srv: {{site: a, address: 127.0.0.1, checks: [scrape], scrape: {scrape}}}}}\n"
            "rules: {stau: {select: 'windows_printqueue_jobs{device=\"srv\"}', above: 200}}\n"
        )
        (tmp_path / "ringwacht.yml").write_text(text)
        return [line for line in prepare(tmp_path).plan.warnings if "rules." in line]

    assert warnings("{preset: node_exporter}") == [
        f"{tmp_path}/ringwacht.yml:3:24: rules.stau: nothing that is polled is known to yield windows_printqueue_jobs; "
        "srv is polled by scrape with preset node_exporter (it is a family of windows_exporter; if this page has it: "
        "`scrape: {allow: [windows_printqueue_jobs]}`)"
    ]
    assert warnings("{preset: node_exporter, allow: [windows_printqueue_jobs]}") == []
    assert warnings("{}") == []
