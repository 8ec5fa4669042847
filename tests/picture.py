"""The pictures of the status page: ``python -P -m tests.picture docs/images/page.png [--scene cut] [--dark]``.

Plays the demo until the alert of the scene fires, and looks at the page with a real browser (Debian's chromium). The
scenes: ``cut`` (a cut ring, docs/images/page.png) and ``heat`` (the server room warms, docs/images/rooms.png).
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import aiohttp

from tests.harness.devtools import Screen, browser_tab
from tests.harness.process import ServerProcess, answers, wait_until

_SCENE_SECONDS = 120.0
_DEMO = (sys.executable, "-P", "-m", "agent", "demo", "--speed")


class Scene(NamedTuple):
    """What the demo plays, how fast, which rule's alert is waited for, and where on the page one looks."""

    scenario: str
    speed: str
    rule: str
    anchor: str


SCENES = {"cut": Scene("ring", "3", "link_down", ""), "heat": Scene("heat", "1", "room_overheating", "#rooms")}


async def take(scene: Scene, screen: Screen) -> bytes:
    """Return the PNG. Raises AssertionError where the demo or the browser fails."""
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        command = (*_DEMO, scene.speed, "--scenario", scene.scenario, "--directory", str(scratch / "demo-county"))
        demo = ServerProcess(command, scratch / "demo.log")
        try:
            await demo.start(lambda: _listening(demo))
            url = _url(demo)
            await _without_this_machine(scratch / "demo-county", url)
            await wait_until(lambda: _fires(url, scene.rule), scene.rule, _SCENE_SECONDS)
            async with browser_tab(scratch) as tab:
                await tab.load(f"{url}/{scene.anchor}", screen)
                return await tab.picture(whole=False)
        finally:
            await demo.stop()


async def _without_this_machine(county: Path, url: str) -> None:
    """Everything in the demo is simulated but one device: how the machine of the picture does is no part of it."""
    file = county / "inventory" / "network.yml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "checks: [host]" not in line]
    assert len(kept) == len(lines) - 1
    file.write_text("".join(kept), encoding="utf-8")
    async with aiohttp.ClientSession() as session, session.post(f"{url}/-/reload") as answer:
        assert answer.status == 200, await answer.text()


def _url(demo: ServerProcess) -> str:
    found = re.search(r"(http://\S+)/metrics", demo.log())
    return found[1] if found else ""


async def _listening(demo: ServerProcess) -> bool:
    return bool(_url(demo)) and await answers(f"{_url(demo)}/-/ready")


async def _fires(url: str, rule: str) -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/api/v1/alerts") as answer:
        return any((row["rule"], row["state"]) == (rule, "firing") for row in await answer.json())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--scene", choices=SCENES, default="cut")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1280)
    given = parser.parse_args()
    given.path.write_bytes(asyncio.run(take(SCENES[given.scene], Screen(given.width, 860, given.dark))))
