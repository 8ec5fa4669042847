"""A real daemon that watches three devices on loopback and tells one receiver; all of them do as the test says."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.demo.ber import Request
from agent.engine.clock import SystemClock
from agent.state.files import FILE_NAME
from tests.harness.daemon import Ringwacht
from tests.harness.process import wait_until
from tests.harness.sink import Sink, sink
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent

DEVICES = ("sw-1", "sw-2", "sw-3")


@dataclass
class Watched:
    """``told`` counts the messages about something; ``start_seconds``: how long the starts took."""

    daemon: Ringwacht
    receiver: Sink
    agents: Mapping[str, Agent]
    start_seconds: list[float]

    @property
    def state(self) -> Path:
        """Where the daemon keeps its state."""
        return self.daemon.directory / "state"

    def silence(self, *names: str) -> None:
        """These devices answer no more."""
        for name in names:
            self.agents[name].misbehave = _say_nothing

    def answer(self, *names: str) -> None:
        """These devices answer again."""
        for name in names:
            self.agents[name].misbehave = None

    def told(self, about: str) -> int:
        """Return how many messages name it: a whole word."""
        word = re.compile(rf"(?<![\w-]){re.escape(about)}(?![\w-])")
        return sum(bool(word.search(message.body.decode())) for message in self.receiver.requests)

    async def wait_told(self, about: str, count: int = 1) -> None:
        """Wait until so many messages have named it."""

        async def enough() -> bool:
            return self.told(about) >= count

        await wait_until(enough, f"{count} messages about {about}")

    async def wait_alert(self, name: str, state: str) -> dict[str, Any]:
        """Wait until the alert about a device is in this state."""
        return await self.daemon.wait_for_alert("device_unreachable", f"device:{name}", state)

    async def wait_over(self, rule: str) -> None:
        """Wait until nothing of the rule stands."""

        async def over() -> bool:
            return rule not in {one["rule"] for one in await self.daemon.get("/api/v1/alerts")}

        await wait_until(over, f"{rule} over")

    async def kill(self) -> None:
        """Kill it (SIGKILL) once the file says of every message that it was taken: before, one may come twice."""

        async def written() -> bool:
            with closing(sqlite3.connect(f"file:{self.state / FILE_NAME}?mode=ro", uri=True)) as file:
                (waiting,) = file.execute("SELECT count(*) FROM notifications WHERE finished_at IS NULL").fetchone()
            return not waiting

        await wait_until(written, "every message written as delivered")
        await self.daemon.process.kill()

    async def start(self) -> None:
        """Start the daemon (again)."""
        clock = SystemClock()
        began = clock.monotonic()
        await self.daemon.start()
        self.start_seconds.append(clock.monotonic() - began)


def _say_nothing(_agent: Agent, _request: Request) -> tuple[bytes, ...]:
    return ()


@asynccontextmanager
async def watched(directory: Path) -> AsyncGenerator[Watched]:
    """All of it, running; the daemon is stopped after the block."""
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(sink())
        agents = {name: await stack.enter_async_context(snmp_agent(Agent(interfaces(2)))) for name in DEVICES}
        secrets = directory / "secrets"
        secrets.mkdir(parents=True)
        (secrets / "community").write_text("public")
        (secrets / "apprise").write_text(f"json://127.0.0.1:{receiver.port}/")
        here = Watched(Ringwacht(directory, _configuration(agents)), receiver, agents, [])
        await here.start()
        stack.push_async_callback(here.daemon.process.stop)
        await here.daemon.wait_for_line('ringwacht_up{device="sw-3"')
        yield here


def _configuration(agents: Mapping[str, Agent]) -> dict[str, Any]:
    at_once = {"critical": "0s", "warning": "0s", "info": "0s"}
    return {
        "municipality": {"language": "en"},
        "defaults": {"interval": "1s", "timeout": "300ms"},
        "credentials": {"net": {"snmp": {"version": "2c", "community": {"file": "secrets/community"}}}},
        "alerting": {
            "hold": at_once,
            "clear": "1s",
            "group_wait": "0s",
            "rate_limit": {"messages": 1000, "per": "1m"},
            "receivers": {"on-call": {"apprise": [{"file": "secrets/apprise"}]}},
            "routes": [{"receivers": ["on-call"]}],
        },
        "sites": {"rathaus": {}},
        "devices": {
            name: {
                "site": "rathaus",
                "address": f"{agent.host}:{agent.port}",
                "credential": "net",
                "checks": ["snmp"],
            }
            for name, agent in agents.items()
        },
    }
