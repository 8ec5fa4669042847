"""The demo's county and what it lacks: an exporter, a plug-in, a time server, what is down, silent or too warm."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import yaml

from agent.demo.cast import CLIMATE, SWITCHES, Switch
from agent.demo.county import County
from agent.demo.scenario import Scenario
from agent.demo.world import noise
from tests.collectors.probe.timeserver import TimeServer
from tests.harness.daemon import Ringwacht, ringwacht
from tests.harness.process import answers, free_port, serving
from tests.harness.sink import sink
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent

SPEED = 5.0  # the demo's intervals are a second then
PLUGIN = "/usr/lib/nagios/plugins/check_dummy"


@dataclass(frozen=True)
class Watched:
    """A daemon at work; ``lost`` is a device that answers until it is told to be silent."""

    daemon: Ringwacht
    lost: Agent


@asynccontextmanager
async def watched_county(folder: Path) -> AsyncGenerator[Watched]:
    """Everything that a board asks for, watched by one daemon."""
    async with AsyncExitStack() as stack:
        county = await _simulated(folder, stack)
        lost = await stack.enter_async_context(snmp_agent(Agent(interfaces(2))))
        receiver = await stack.enter_async_context(sink())
        secrets = folder / "secrets"
        (secrets / "apprise").write_text(receiver.url.replace("http://", "json://"))
        config = cast("dict[str, Any]", yaml.safe_load(county.prepared.config_path.read_text()))
        del config["web"]
        config["alerting"] |= {
            "receivers": {"duty": {"apprise": [{"file": "secrets/apprise"}]}},
            "routes": [{"receivers": ["duty"]}],
        }
        config["devices"] = {
            "srv-scraped": _device("scrape", await _node_exporter(folder, stack), scrape={"preset": "node_exporter"}),
            "srv-checked": _device("plugin", "127.0.0.1", plugin={"command": [PLUGIN, "1", "so so"]}),
            "srv-time": _device("ntp", await _time_server(stack)),
            "sw-lost": _device("snmp", f"{lost.host}:{lost.port}", credential="lab"),
            "sw-silent": _device("snmp", f"127.0.0.1:{free_port()}", credential="lab"),
        }
        config["devices"]["klima-keller"] = {
            **_device("snmp", county.prepared.devices[CLIMATE], credential="lab", profile="rittal-cmc-iii"),
            "room": "keller",
        }
        config["rooms"] = {
            "keller": {"site": "kreishaus", "limits": {"temperature": {"warning": "10C", "critical": "60C"}}}
        }
        config["services"] = {"checked": {"plugin": {"command": [PLUGIN, "0", "fine"]}, "interval": "1s"}}
        config["links"] = {
            "dead-line": {"kind": "copper", "ends": [_unplugged(SWITCHES[1]), _unplugged(SWITCHES[2])]},
            "probed": {
                "kind": "leased",
                "ends": ["kreishaus", "rz"],
                "probe": {"icmp": "127.0.0.1"},
                "capacity": "1Gbit/s",
                "contract": "provider",
            },
        }
        config["contracts"] = {"provider": {"provider": "Netzbetreiber", "monthly_cost": 320}}
        config["partners"] = {"gemeinde": {"rented": "50Mbit/s", "links": ["probed"], "saved_line_cost": 410}}
        yield Watched(await stack.enter_async_context(ringwacht(folder, config)), lost)


async def _simulated(folder: Path, stack: AsyncExitStack) -> County:
    prepare = partial(County.prepare, folder, now=time.time(), speed=SPEED, scenario=Scenario.NONE)  # noqa: TID251
    county = await asyncio.to_thread(prepare)
    await county.start()
    stack.push_async_callback(county.stop)
    return county


def _device(check: str, address: str, **more: object) -> dict[str, Any]:
    return {"site": "kreishaus", "address": address, "checks": [check], "interval": "1s", **more}


def _unplugged(switch: Switch) -> str:
    """The port of a switch into which surely nothing is plugged."""
    port = min(range(1, switch.ports), key=lambda number: noise(f"plugged {switch.id}", number))
    return f"{switch.id}/{port}"


async def _node_exporter(folder: Path, stack: AsyncExitStack) -> str:
    address = f"127.0.0.1:{free_port()}"
    command = ["prometheus-node-exporter", f"--web.listen-address={address}", "--log.level=error"]
    ready = partial(answers, f"http://{address}/metrics")
    await stack.enter_async_context(serving(command, folder / "node_exporter.log", ready))
    return address


class _Clock(asyncio.DatagramProtocol):
    """A time server whose clock goes right."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        now = time.time()  # noqa: TID251
        self._transport.sendto(TimeServer(now, now, reference=now - 60).answer(data), addr)


async def _time_server(stack: AsyncExitStack) -> str:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(_Clock, local_addr=("127.0.0.1", 0))
    stack.callback(transport.close)
    port: int = transport.get_extra_info("sockname")[1]
    return f"127.0.0.1:{port}"
