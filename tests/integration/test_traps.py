"""From a trap to what the daemon knows: snmptrap to the daemon, the poll that follows decides."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.harness.daemon import ringwacht
from tests.harness.process import free_port, wait_until
from tests.harness.snmp_agent import Agent, encode, interfaces, snmp_agent

pytestmark = pytest.mark.integration
COLD_START = "1.3.6.1.6.3.1.1.5.1"
LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
OPER_STATUS_2 = "1.3.6.1.2.1.2.2.1.8.2"


def county(agent: Agent, traps: int) -> dict[str, Any]:
    """One switch that is polled each hour, and traps from anywhere on loopback."""
    return {
        "municipality": {"id": "musterland", "language": "en"},
        "defaults": {"interval": "1h", "timeout": "1s"},
        "credentials": {"lab": {"snmp": {"version": "2c", "community": {"file": "secrets/community"}}}},
        "traps": {"listen": f"127.0.0.1:{traps}", "allow": ["127.0.0.0/8"], "credentials": ["lab"]},
        "sites": {"rathaus": {}},
        "devices": {
            "sw-1": {
                "site": "rathaus",
                "address": f"{agent.host}:{agent.port}",
                "credential": "lab",
                "profile": "generic",
                "checks": ["snmp"],
            }
        },
    }


async def trap(port: int, *what: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "snmptrap", "-v2c", "-c", "public", f"127.0.0.1:{port}", "", *what, stderr=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0


async def listening(log: Path) -> None:
    async def said() -> bool:
        return await asyncio.to_thread(lambda: "traps are taken" in log.read_text())

    await wait_until(said, "the daemon opens its trap port")


async def test_a_trap_brings_the_next_poll_forward_and_the_poll_decides(tmp_path: Path) -> None:
    port = free_port(socket.SOCK_DGRAM)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "community").write_text("public\n")
    async with snmp_agent(Agent(interfaces(4))) as agent:
        agent.table[OPER_STATUS_2] = encode(1)
        async with ringwacht(tmp_path, county(agent, port)) as daemon:
            state = 'ifOperStatus{device="sw-1",instance="sw-1",site="rathaus",ifIndex="2"'
            await listening(tmp_path / "ringwacht.log")
            await trap(port, COLD_START)  # its first turn may be an hour away
            assert (await daemon.wait_for_line(state)).endswith(" 1")
            # a trap that lies: it says that port 2 is down, and the device says that it is up
            await trap(port, LINK_DOWN, "1.3.6.1.2.1.2.2.1.1.2", "i", "2")
            await daemon.wait_for_line('ringwacht_traps_total{device="sw-1",trap="linkDown"} 1')
            agent.table[OPER_STATUS_2] = encode(2)
            await trap(port, LINK_DOWN, "1.3.6.1.2.1.2.2.1.1.2", "i", "2")
            line = await daemon.wait_for_line(f'{state},ifAlias="alias 2",ifDescr="eth2",ifName="eth2"}} 2')
            assert line.endswith(" 2")
            await trap(port, "1.3.6.1.4.1.99999.0.1")
            await daemon.wait_for_line('ringwacht_traps_total{device="sw-1",trap="unknown"} 1')
            rows = await daemon.get("/api/v1/traps")
    assert [(row["device"], row["name"], row["known"], row["polled"], row["count"]) for row in rows] == [
        ("sw-1", None, False, False, 1),
        ("sw-1", "linkDown", True, True, 2),
        ("sw-1", "coldStart", True, True, 1),
    ]
