"""From another exporter's page to a finding: the store, the view and the rules see no difference to our own host."""

from __future__ import annotations

import asyncio

import pytest

from agent.contract import Finding, Job, JobKey, Reading, Target
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.risk.matching import select_rows
from agent.risk.rules import RULE_OPTIONS, WINDOWS
from collectors.registry import make_specs
from config.inventory import Inventory
from config.kinds import Kinds
from config.selectors import parse_selector
from config.settings import Settings
from tests.agent.risk.scene import judge
from tests.collectors.probe.servers import local_wire
from tests.collectors.scrape.lab import SPEC, SUBJECT, page, poll, serving_text

NOW = 1_800_000_000.0
KEY = JobKey(SUBJECT, "scrape")


async def findings(text: str, preset: str) -> dict[str, Finding]:
    async with serving_text(text) as port:
        harvest = await poll(port, preset=preset)
    target = Target(SUBJECT, "rathaus", "192.0.2.7", 9100)
    store = Store()
    store.add(Job(KEY, "scrape", target, SPEC.params(preset=preset), 60.0, 0.0, 180.0))
    store.record(Reading(KEY, target, NOW, 0.1, harvest), monotonic=0.0)
    inventory = Inventory.model_validate(
        {"sites": {"rathaus": {}}, "devices": {SUBJECT.id: {"site": "rathaus", "address": "192.0.2.7:9100"}}}
    )
    settings = Settings.model_validate({"municipality": {"language": "en"}}, context=Kinds.of({}, RULE_OPTIONS))
    judgement = judge(inventory, settings, store.view(NOW), WindowBook(WINDOWS))
    return {finding.rule: finding for finding in judgement.findings}


@pytest.mark.parametrize(
    ("exporter", "mount", "used"),
    [("windows_exporter", "C:", "98"), ("proxmox", "pve-a/local-zfs", "95"), ("vmware", "san-1", "92")],
)
async def test_a_full_volume_is_found(exporter: str, mount: str, used: str) -> None:
    found = await findings(page(exporter), exporter)
    full = found["filesystem_full"]
    assert full.subject == SUBJECT
    assert mount in full.summary
    assert used in full.summary
    assert len(full.evidence) == 1


async def test_a_linux_server_by_its_own_names() -> None:
    text = (
        'node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1e+11\n'
        'node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1e+09\n'
    )
    assert "/" in (await findings(text, "node_exporter"))["filesystem_full"].summary


@pytest.mark.parametrize(("device", "rows"), [("kh-core", 0), (SUBJECT.id, 1)])
async def test_a_rule_on_another_device_sees_nothing_of_this_page(device: str, rows: int) -> None:
    spec = next(one for one in await asyncio.to_thread(make_specs) if one.kind == "scrape")
    async with serving_text('ifOperStatus{device="kh-core",ifName="1"} 2\n') as port, local_wire() as wire:
        target = Target(SUBJECT, host="127.0.0.1", port=port)
        collector = spec.build(target, spec.params(), wire)
        (column,) = (await collector.collect()).layout.columns
        await collector.close()
    with pytest.raises(StopIteration) as meant:
        next(select_rows(parse_selector(f'ifOperStatus{{device="{device}"}}'), column, target.labels))
    assert len(meant.value.value) == rows


async def test_room_enough_is_no_finding() -> None:
    roomy = page("windows_exporter").replace('{volume="C:"} 2.147483648e+09', '{volume="C:"} 6e+10')
    assert "filesystem_full" not in await findings(roomy, "windows_exporter")
