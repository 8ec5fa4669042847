from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from agent.app.outside import Outside
from agent.engine.clock import SystemClock
from agent.state.database import Database
from agent.state.store import StateStore
from agent.wire.pools import Pools
from agent.wire.seal import Seal
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.inventory import Inventory
from config.settings import Settings


async def test_without_exporters_and_receivers_it_waits_until_it_is_cancelled(tmp_path: Path) -> None:
    """It once ended at once and was started again, thousands of times a second."""
    clock, telemetry, pools = SystemClock(), MeterBook(), Pools()
    wire = LocalWire(clock, telemetry, pools)
    database = await wire.blocking("sqlite", lambda: Database.open(tmp_path / "state"))
    store = StateStore(database, wire)
    make = partial(Outside, Settings(), Inventory(), store, wire, clock, telemetry, Seal(b"key"))
    outside = await asyncio.to_thread(make)  # reads the time zone
    running = asyncio.create_task(outside.run())
    done, _ = await asyncio.wait((running,), timeout=0.3)
    assert not done
    running.cancel()
    await asyncio.wait((running,))
    assert running.cancelled()
    await wire.blocking("sqlite", database.close)
    pools.close()
