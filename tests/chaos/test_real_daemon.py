"""The daemon itself, killed again and again amid an outage that somebody has taken on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import aiohttp
import pytest

from tests.chaos.watched import DEVICES, Watched, watched

pytestmark = pytest.mark.integration

EPISODES = 1  # of each device; a third one within minutes would count as flapping
LONGEST_LIFE_SECONDS = 0.5


async def posted(here: Watched, path: str, **body: str) -> int:
    async with aiohttp.ClientSession() as session, session.post(here.daemon.url + path, json=body) as response:
        return response.status


async def killed_after(here: Watched, seconds: float) -> None:
    await asyncio.sleep(seconds)  # the random moment is the test
    await here.daemon.process.kill()
    await here.start()


async def test_whenever_it_is_killed_alerts_and_acknowledgements_are_there_and_nothing_is_told_again(
    tmp_path: Path,
) -> None:
    random = Random(1)  # noqa: S311 - a course that can be repeated
    async with watched(tmp_path) as here:
        for name in DEVICES * EPISODES:
            here.silence(name)
            before = await here.wait_alert(name, "firing")
            assert await posted(here, f"/api/v1/alerts/{before['id']}/ack", by="on-call") == 200
            await killed_after(here, random.uniform(0, LONGEST_LIFE_SECONDS))
            after = await here.wait_alert(name, "firing")
            assert (after["id"], after["since"]) == (before["id"], before["since"])
            assert after["acknowledged"]["by"] == "on-call"
            here.answer(name)
            await here.wait_over("device_unreachable")
            await killed_after(here, random.uniform(0, LONGEST_LIFE_SECONDS))
        for name in DEVICES:
            await here.wait_told(name, 2 * EPISODES)
        kills = 2 * EPISODES * len(DEVICES)
        assert len(here.receiver.requests) <= 2 * EPISODES * len(DEVICES) + kills, "one may be under way at each kill"
        assert "Traceback" not in here.daemon.process.log()
