"""The demo's school, watched by a real daemon: tablets by their management, projectors, register and plan."""

from __future__ import annotations

import asyncio
import csv
import io
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agent.demo.county import County
from agent.demo.scenario import Scenario
from agent.demo.school import BEAMERS, TABLETS
from agent.engine.clock import SystemClock
from tests.harness.daemon import COMMAND
from tests.harness.process import ServerProcess, answers, wait_until

pytestmark = pytest.mark.integration


async def test_the_school_is_read_counted_and_held_against_register_and_plan(tmp_path: Path) -> None:
    prepare = partial(County.prepare, now=SystemClock().now(), scenario=Scenario.NONE, usual_ports=False)
    county = await asyncio.to_thread(prepare, tmp_path / "county")
    await county.start()
    daemon = ServerProcess((*COMMAND, "run", str(county.prepared.directory)), tmp_path / "ringwacht.log")
    url = f"http://{county.prepared.web_address}"
    try:
        await daemon.start(lambda: answers(f"{url}/-/ready"))
        async with aiohttp.ClientSession(url) as session:
            await _look(session)
    finally:
        await daemon.stop()
        await county.stop()
    assert "Traceback" not in daemon.log()


async def _look(session: aiohttp.ClientSession) -> None:
    async def get(path: str) -> Any:
        async with session.get(path) as answer:
            assert answer.status == 200, path
            return await answer.json()

    async def counted() -> bool:
        return bool((await get("/api/v1/fleets"))["fleets"][0]["managed"])

    async def seen() -> bool:
        rooms = (await get("/api/v1/classrooms"))["classrooms"]
        return [room["equipment"][0]["state"] for room in rooms] == ["up" if one.on else "asleep" for one in BEAMERS]

    await wait_until(counted, "the tablets are counted", 60)
    await wait_until(seen, "the projectors are seen", 60)
    fleet = (await get("/api/v1/fleets"))["fleets"][0]
    assert (fleet["registered"], fleet["managed"], fleet["planned"]) == (TABLETS, TABLETS, 470)
    async with session.get("/api/v1/assets?format=csv") as answer:
        rows = list(csv.DictReader(io.StringIO((await answer.text()).lstrip("\ufeff")), delimiter=";"))
    assert len([row for row in rows if row["state"] == "matched" and row["kind"] == "tablet"]) == TABLETS
    async with session.get("/metrics") as answer:
        page = await answer.text()
    assert f'ringwacht_fleet_devices{{site="gesamtschule",fleet="gs-tablets",kind="tablet"}} {TABLETS}' in page
    assert not [one for one in await get("/api/v1/alerts") if one["subject"].startswith(("fleet:", "projector:"))]
    async with session.get("/?open=all") as answer:
        text = await answer.text()
    assert all(f'id="{section}"' in text for section in ("contracts", "service_history", "classrooms", "fleets"))
