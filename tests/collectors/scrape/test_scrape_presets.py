"""The shipped presets, each over a page of its exporter (written for this test from the documented names)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from agent.app.loading import prepare
from agent.contract import ParamError, Target
from collectors.scrape.presets import SHIPPED, load_presets
from collectors.scrape.spec import make_spec
from tests.collectors.scrape.lab import SPEC, SUBJECT, build, key, offline, page, poll, series, serving_text
from tests.harness.fakes import FakeWire


def test_every_preset_loads_and_is_documented() -> None:
    presets = load_presets()
    assert set(presets) == {"node_exporter", "windows_exporter", "proxmox", "vmware"}
    text = (Path(__file__).parents[3] / "docs/collectors/scrape.md").read_text(encoding="utf-8")
    for name, preset in presets.items():
        assert preset.description
        assert f"`{name}`" in text
        assert str(preset.port) in text


@pytest.mark.parametrize("name", [path.stem for path in sorted(SHIPPED.glob("*.yml"))])
def test_no_preset_takes_what_says_nothing(name: str) -> None:
    params = SPEC.params.model_validate({"preset": name})
    assert SPEC.may_yield is not None
    assert not [
        family
        for family in ("go_goroutines", "promhttp_metric_handler_requests_total", "process_open_fds", "ringwacht_up")
        if SPEC.may_yield(params, family)
    ]


async def scraped(name: str, preset: str | list[str]) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    async with serving_text(page(name)) as port:
        return dict(series(await poll(port, preset=preset)))


async def test_windows_in_standard_names() -> None:
    found = await scraped("windows_exporter", "windows_exporter")
    disk = {"device": "C:", "mountpoint": "C:", "fstype": "ntfs"}
    standard = {name: value for name, value in found.items() if name[0].startswith("node_")}
    assert standard == {
        key("node_filesystem_size_bytes", **disk): 1.073741824e11,
        key("node_filesystem_avail_bytes", **disk): 2.147483648e9,
        key("node_filesystem_size_bytes", **{**disk, "device": "D:", "mountpoint": "D:"}): 1.073741824e12,
        key("node_filesystem_avail_bytes", **{**disk, "device": "D:", "mountpoint": "D:"}): 5.36870912e11,
        key("node_cpu_seconds_total", cpu="0,0", mode="idle"): 90500.25,
        key("node_cpu_seconds_total", cpu="0,0", mode="system"): 1500.5,
        key("node_cpu_seconds_total", cpu="0,0", mode="user"): 3000.125,
        key("node_memory_MemTotal_bytes"): 2.0**34,
        key("node_memory_MemAvailable_bytes"): 2.0**32,
        key("node_network_receive_bytes_total", device="Ethernet0"): 1.5e9,
        key("node_network_transmit_bytes_total", device="Ethernet0"): 7.5e8,
        key("node_boot_time_seconds"): 1.7951e9,
        key("node_timex_offset_seconds"): 0.0025,
    }


async def test_windows_keeps_what_is_asked_for_and_no_persons() -> None:
    names = {name for name, _ in await scraped("windows_exporter", "windows_exporter")}
    assert {
        *("windows_service_state", "windows_ad_replication_pending_operations", "windows_dhcp_scope_addresses_free"),
        *("windows_dns_recursive_query_failures_total", "windows_hyperv_virtual_machine_health_total_count"),
        *("windows_mssql_bufman_page_life_expectancy", "windows_updates_pending_info", "windows_printer_job_status"),
    } <= names
    assert not {"windows_service_info", "windows_process_cpu_time_total", "go_goroutines"} & names


async def test_older_names_of_windows_exporter() -> None:
    text = "windows_cs_physical_memory_bytes 5\nwindows_system_system_up_time 6\n"
    async with serving_text(text) as port:
        found = series(await poll(port, preset="windows_exporter"))
    assert found[key("node_memory_MemTotal_bytes")] == 5
    assert found[key("node_boot_time_seconds")] == 6


async def test_proxmox_storages_are_file_systems() -> None:
    found = await scraped("proxmox", "proxmox")
    storage = {"device": "pve-a/local-zfs", "mountpoint": "pve-a/local-zfs", "fstype": "pve"}
    assert {name: value for name, value in found.items() if name[0].startswith("node_")} == {
        key("node_filesystem_size_bytes", **storage): 2e12,
        key("node_filesystem_avail_bytes", **storage): 1e11,
    }
    assert "python_info" not in {name for name, _ in found}


async def test_vmware_datastores_are_file_systems() -> None:
    found = await scraped("vmware", ["vmware"])
    store = {"device": "san-1", "mountpoint": "san-1", "fstype": "vmfs"}
    assert found[key("node_filesystem_size_bytes", **store)] == 4e12
    assert found[key("node_filesystem_avail_bytes", **store)] == 3e11
    assert (
        found[
            key(
                "vmware_vm_snapshots",
                cluster_name="c1",
                dc_name="Kreishaus",
                ds_name="san-1",
                host_name="esx-1",
                vm_name="dms",
            )
        ]
        == 2
    )


async def test_a_standard_family_of_the_page_itself_is_left_alone() -> None:
    async with serving_text("node_boot_time_seconds 1\nwindows_system_boot_time_timestamp 2\n") as port:
        found = series(await poll(port, preset=["windows_exporter", "node_exporter"]))
    assert found[key("node_boot_time_seconds")] == 1


def test_an_unknown_preset_is_refused_with_what_was_meant() -> None:
    with pytest.raises(ParamError) as caught:
        offline(preset="windows_exportr")
    assert caught.value.path == "scrape.preset"
    assert caught.value.hint == "there is no preset 'windows_exportr' (did you mean windows_exporter?)"
    with pytest.raises(ParamError, match=r"known: node_exporter, proxmox"):
        offline(preset=["node_exporter", "zzz"])


@pytest.mark.parametrize("params", [{"allow": ["a-b"]}, {"allow": "x{"}, {"max_bytes": 5}, {"prest": "x"}, {"port": 0}])
def test_wrong_keys_are_refused(params: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SPEC.params.model_validate(params)


def test_a_port_comes_from_somewhere() -> None:
    with pytest.raises(ParamError) as caught:
        build(FakeWire(), None)
    assert caught.value.path == "address"
    assert "127.0.0.1:9100" in caught.value.hint
    build(FakeWire(), None, preset="proxmox")
    SPEC.build(Target(SUBJECT, host="127.0.0.1"), SPEC.params.model_validate({"port": 9100}), FakeWire())


@pytest.mark.parametrize(
    ("params", "yes", "no"),
    [
        (
            {},
            ["anything", "any*"],
            ["up", "ringwacht_up", "ALERTS", "scrape_duration_seconds", "ringwacht_ups_runtime_seconds"],
        ),
        ({"allow": ["ringwacht_ups_*"]}, ["ringwacht_ups_runtime_seconds"], ["ringwacht_sensor_smoke"]),
        ({"allow": ["x_y_*", "abc"]}, ["x_*", "x_y_z*", "ab*", "abc_to*"], ["x_z*", "abd*", "abcd*"]),
        ({"preset": "node_exporter"}, ["node_*"], ["go_*", "go_gc_*"]),
        ({"allow": ["x", "y_*"]}, ["x", "x_total", "y_z", "x_bucket"], ["z", "node_boot_time_seconds"]),
        ({"preset": "node_exporter"}, ["node_load1", "windows_printqueue_jobs"], ["go_goroutines", "up"]),
        ({"preset": "windows_exporter"}, ["node_filesystem_avail_bytes", "windows_printqueue_jobs"], ["node_load1"]),
        ({"preset": "vmware", "allow": ["go_*"]}, ["vmware_vm_num_cpu", "go_goroutines"], ["pve_up"]),
        ({"preset": "unknown"}, [], ["x"]),
    ],
)
def test_what_a_check_may_yield(params: dict[str, object], yes: list[str], no: list[str]) -> None:
    model = SPEC.params.model_validate(params)
    assert SPEC.may_yield is not None
    assert [name for name in yes if not SPEC.may_yield(model, name)] == []
    assert [name for name in no if SPEC.may_yield(model, name)] == []


@pytest.mark.parametrize(
    "text",
    [
        "families: []\n",
        "families: [a]\nneutral: [{family: node_x, from: a}]\n",
        "families: [a]\nneutral: [{family: node_boot_time_seconds, from: a, labels: {x: {const: y}}}]\n",
        "families: ['a b']\n",
        "families: [a]\nfamilie: [b]\n",
    ],
)
def test_a_preset_that_is_wrong_does_not_load(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.yml").write_text(f"description: x\nport: 1\n{text}")
    with pytest.raises(ValidationError):
        make_spec(tmp_path)


def test_the_revision_follows_the_presets(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text("description: x\nport: 1\nfamilies: [a]\n")
    before = make_spec(tmp_path).revision
    assert make_spec(tmp_path).revision == before
    (tmp_path / "x.yml").write_text("description: x\nport: 1\nfamilies: [b]\n")
    assert make_spec(tmp_path).revision != before


def test_an_own_rule_may_select_what_a_preset_has_in_standard_names(tmp_path: Path) -> None:
    def warnings(family: str) -> list[str]:
        (tmp_path / "ringwacht.yml").write_text(
            "sites: {a: {}}\n"
            "devices: {srv: {site: a, address: 192.0.2.1, checks: [scrape], scrape: {preset: windows_exporter}}}\n"
            f"rules: {{own: {{select: '{family}{{device=\"srv\"}}', below: 5}}}}\n"
        )
        return [line for line in prepare(tmp_path).plan.warnings if "rules.own" in line]

    assert warnings("node_memory_MemAvailable_bytes") == []
    assert warnings("windows_service_state") == []
    assert len(warnings("node_load1")) == 1
