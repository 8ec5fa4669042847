"""A house with one UPS, on the stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from agent import neutral
from agent.layout import Sample
from tests.courses.stage import ALERTING, Stage, Told

POLL = 30.0
SHUTDOWN = 720.0
FULL = 2700.0  # what the battery lasts, in seconds
DUE = FULL - 2 * SHUTDOWN  # so long after the mains went, the shutdown must begin
USV = "device:usv"
UNREACHABLE = Told("firing", "critical", "device_unreachable", USV)


def house(wait: str | None = None, devices: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    agreed = {"shutdown_time": "12m", **({} if wait is None else {"power_return_wait": wait})}
    usv = {"site": "rathaus", "address": "127.0.0.1", "role": "ups", "room": "server", "interval": "30s"}
    return {
        "sites": {"rathaus": {"name": "Rathaus", "core": True}},
        "rooms": {"server": {"site": "rathaus", "expected": [], **agreed}},
        "devices": {"usv": usv, **(devices or {})},
    }


class Mains(Stage):
    """A house with one UPS. ``out``: the mains is gone; ``testing``: a self-test runs; ``pace``: load by usual load."""

    def __init__(self, inventory: Mapping[str, Any], clients: float | None = None, poll: float = POLL) -> None:
        super().__init__(inventory, {"alerting": ALERTING}, poll)
        self.out = self.testing = False
        self.clients = clients
        self.pace = 1.0
        self.left = FULL
        self.extra["usv"] = lambda _stage, _name: self._says()

    @property
    def on_battery(self) -> bool:
        return self.out or self.testing

    async def _second(self) -> None:
        if self.on_battery:
            self.left = max(0.0, self.left - self.pace)
        else:
            self.left = min(FULL, self.left + 0.2)
        await super()._second()

    def _says(self) -> Iterable[Sample]:
        yield Sample(neutral.UPS_ON_BATTERY, (), float(self.on_battery))
        yield Sample(neutral.UPS_SELF_TEST_RUNNING, (), float(self.testing))
        yield Sample(neutral.UPS_RUNTIME, (), self.left / self.pace)
        yield Sample(neutral.UPS_CHARGE, (), round(self.left / FULL, 2))
        yield Sample(neutral.UPS_LOAD, (), 0.3 * self.pace)
        if self.clients is not None:
            yield Sample(neutral.UPS_CLIENTS, (), self.clients)

    async def until_told(self, most: float) -> tuple[float, list[Told]]:
        """Let time pass until somebody is told; return after how many seconds, and what."""
        for second in range(1, round(most) + 1):
            await self.run(1)
            told = self.told()
            if told:
                return second, told
        return most, []


def on_battery(severity: str, state: str = "firing") -> Told:
    return Told(state, severity, "ups_on_battery", USV)


async def at_rest(inventory: Mapping[str, Any], clients: float | None = None) -> Mains:
    stage = Mains(inventory, clients)
    await stage.run(1200, step=1)
    assert stage.told() == []
    return stage
