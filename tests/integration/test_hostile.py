"""A hostile device can neither break the page, nor the log, nor another device."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from tests.harness.daemon import Ringwacht, ringwacht
from tests.harness.process import wait_until
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent
from tests.harness.snmpd import snmpd

pytestmark = pytest.mark.integration

TEXT: Any = parser  # they carry no types
OPENMETRICS: Any = openmetrics_parser

INJECTION = b'"} 1\nfake{x="'
NOT_UTF8 = b"\xca\xbd\xff\x00\n\x22"
TERMINAL = b"\x1b[2J\x1b]0;owned\x07%s{{ }}"
GARBAGE = b"\x30\x82\xff\xff garbage"
LONG = b"A" * 3000  # what one datagram of the engine can bring; labels are cut far below


def name(index: int) -> bytes:
    return (INJECTION, NOT_UTF8, TERMINAL, LONG)[index % 4]


def config(directory: Path, **devices: str) -> dict[str, Any]:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "community").write_text("public")
    return {
        "defaults": {"interval": "1s", "timeout": "500ms"},
        "credentials": {"lab": {"snmp": {"version": "2c", "community": {"file": "community"}}}},
        "sites": {"rathaus": {}},
        "devices": {
            device: {"site": "rathaus", "address": address, "credential": "lab", "checks": ["snmp"]}
            for device, address in devices.items()
        },
    }


async def promtool(page: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *("promtool", "check", "metrics"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, remarks = await process.communicate(page.encode())
    assert process.returncode is not None
    return process.returncode, remarks.decode()


async def test_names_from_hell_leave_the_page_parseable_and_others_untouched(tmp_path: Path) -> None:
    hostile = Agent(interfaces(8, name))
    async with (
        snmp_agent(hostile),
        snmpd(tmp_path / "agent") as good,
        ringwacht(
            tmp_path / "county",
            config(tmp_path / "county", bad=f"127.0.0.1:{hostile.port}", good=f"127.0.0.1:{good.port}"),
        ) as daemon,
    ):
        await daemon.wait_for_line('ifOperStatus{device="bad"')
        await daemon.wait_for_line('ifHCInOctets{device="good"')
        page = await daemon.metrics()
        families = {family.name for family in TEXT.text_string_to_metric_families(page)}
        assert "ifOperStatus" in families
        assert "fake" not in families
        values = [
            value
            for family in TEXT.text_string_to_metric_families(page)
            for sample in family.samples
            for value in sample.labels.values()
        ]
        assert max(len(value.encode()) for value in values) <= 256
        assert all(value.isprintable() for value in values)
        code, remarks = await promtool(page)
        assert code in {0, 3}, remarks  # 3: remarks on inherited names
        assert "error while linting" not in remarks
        own = {line.split()[0] for line in remarks.splitlines() if line.startswith("ringwacht_")}
        assert all(name.endswith("_bits_per_second") for name in own)  # decision 7
        assert "\x1b[2J" not in daemon.process.log()


async def test_openmetrics_of_a_hostile_device_parses(tmp_path: Path) -> None:
    hostile = Agent(interfaces(8, name))
    async with (
        snmp_agent(hostile),
        ringwacht(tmp_path, config(tmp_path, bad=f"127.0.0.1:{hostile.port}")) as daemon,
    ):
        await daemon.wait_for_line('ifOperStatus{device="bad"')
        page = await daemon.metrics(accept="application/openmetrics-text; version=1.0.0")
        names = {family.name for family in OPENMETRICS.text_string_to_metric_families(page)}
        assert "ifHCInOctets" in names
        assert page.endswith("# EOF\n")


@pytest.mark.parametrize("garbage", [b"\x30\x81", b"\x30\x02\x30\x82", b"\x1f\x81", b"\x00" * 1000, b""])
async def test_garbage_is_a_bad_reply_and_no_end_of_the_daemon(tmp_path: Path, garbage: bytes) -> None:
    hostile = Agent(interfaces(2), lambda _agent, _request: (garbage,))
    fine = Agent(interfaces(2))
    async with (
        snmp_agent(hostile),
        snmp_agent(fine),
        ringwacht(tmp_path, config(tmp_path, bad=f"127.0.0.1:{hostile.port}", good=f"127.0.0.1:{fine.port}")) as daemon,
    ):
        await daemon.wait_for_line('ringwacht_up{device="bad",instance="bad",site="rathaus",check="snmp"} 0')
        line = await daemon.wait_for_line('ringwacht_up{device="good"')
        assert line.endswith(" 1")
        reasons = [line for line in (await daemon.metrics()).splitlines() if "errors_total{" in line]
        assert any('reason="bad_reply"' in line or 'reason="timeout"' in line for line in reasons)
        assert not any('reason="internal"' in line for line in reasons)


async def test_a_flood_of_garbage_is_told_once_and_delays_nobody(tmp_path: Path) -> None:
    """F15: hundreds of datagrams a second, none of them an answer, over many polls."""
    hostile, fine = Agent({}, lambda _agent, _request: (GARBAGE,) * 50), Agent(interfaces(2))

    async def flood() -> None:
        while True:
            for _ in range(10):
                hostile.send(GARBAGE)
            await asyncio.sleep(0.01)

    async with (
        snmp_agent(hostile),
        snmp_agent(fine),
        ringwacht(tmp_path, config(tmp_path, bad=f"127.0.0.1:{hostile.port}", good=f"127.0.0.1:{fine.port}")) as daemon,
    ):
        flooding = asyncio.create_task(flood())
        await daemon.wait_for_line('ringwacht_up{device="bad",instance="bad",site="rathaus",check="snmp"} 0')
        polls, told = await errors_of(daemon), len(lines_on(daemon, "bad"))
        await wait_until(partial(more_errors, daemon, polls + 4), "four more failed polls", 60.0)
        flooding.cancel()
        page = (await daemon.metrics()).splitlines()
        assert len(lines_on(daemon, "bad")) <= told + 1, "each change is told, not each poll or datagram"
    assert [line for line in page if line.startswith('ringwacht_up{device="good"') and line.endswith(" 1")]
    assert not [line for line in page if line.startswith("ringwacht_collect_errors_total{") and 'device="good"' in line]


def lines_on(daemon: Ringwacht, device: str) -> list[str]:
    return [line for line in daemon.process.log().splitlines() if re.search(rf"\b{device}\b", line)]


async def errors_of(daemon: Ringwacht) -> float:
    """Failed polls of the bad device."""
    lines = (await daemon.metrics()).splitlines()
    return sum(
        float(line.split()[-1]) for line in lines if line.startswith('ringwacht_collect_errors_total{device="bad"')
    )


async def more_errors(daemon: Ringwacht, count: float) -> bool:
    return await errors_of(daemon) >= count
