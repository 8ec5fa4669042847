from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from agent.contract import Snapshot
from agent.engine.dispatch import Dispatcher
from agent.engine.store import StoreView
from agent.families import EXPORT_DROPPED
from agent.wire.telemetry import MeterBook
from tests.harness.clock import settle


def snapshot(at: float) -> Snapshot:
    return Snapshot(at, StoreView(at, {}, {}, {}), (), (), ())


class Slow:
    """Publishes only while the gate is open."""

    def __init__(self, name: str = "slow") -> None:
        self.name = name
        self.gate = asyncio.Event()
        self.seen: list[float] = []
        self.closed = False

    async def publish(self, snapshot: Snapshot) -> None:
        await self.gate.wait()
        self.seen.append(snapshot.at)

    async def close(self) -> None:
        self.closed = True


class Broken(Slow):
    async def publish(self, snapshot: Snapshot) -> None:
        self.seen.append(snapshot.at)
        if snapshot.at < 3:
            raise ZeroDivisionError


async def test_a_slow_exporter_loses_the_oldest_and_holds_up_nobody() -> None:
    slow, fast, meters = Slow(), Slow("fast"), MeterBook()
    fast.gate.set()
    dispatcher = Dispatcher((slow, fast), meters)
    running = asyncio.create_task(dispatcher.run())
    for at in range(1, 6):
        dispatcher.offer(snapshot(at))
        await settle()
    assert fast.seen == [1, 2, 3, 4, 5]
    slow.gate.set()
    await settle()
    assert slow.seen == [1, 4, 5]
    assert meters.own() == ((EXPORT_DROPPED, (((("exporter", "slow"),), 2.0),)),)
    await dispatcher.close()
    running.cancel()
    assert slow.closed
    assert fast.closed


async def test_what_is_queued_is_published_before_the_close() -> None:
    exporter = Slow()
    exporter.gate.set()
    dispatcher = Dispatcher((exporter,), MeterBook())
    dispatcher.offer(snapshot(1))
    running = asyncio.create_task(dispatcher.run())
    await dispatcher.close()
    assert (exporter.seen, exporter.closed) == ([1], True)
    running.cancel()


async def test_an_exporter_that_breaks_its_promise_is_logged_once_and_tried_again(
    logs: list[MutableMapping[str, Any]],
) -> None:
    exporter = Broken()
    dispatcher = Dispatcher((exporter,), MeterBook(), size=10)
    running = asyncio.create_task(dispatcher.run())
    for at in range(1, 5):
        dispatcher.offer(snapshot(at))
    await settle()
    assert exporter.seen == [1, 2, 3, 4]
    assert [entry["event"] for entry in logs if entry["log_level"] != "debug"] == [
        "exporter failed",
        "exporter works again",
    ]
    running.cancel()
