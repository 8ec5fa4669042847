from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from agent.demo.cast import NUT_UPS
from agent.demo.scenario import Scenario, What, story
from agent.demo.upsd import reply, serve, variables
from agent.demo.world import World

PLOT = story(Scenario.POWER)
WORLD = World(PLOT)


def said(what: What, plus: float = 0.0, speed: float = 1.0) -> Mapping[str, str]:
    return variables(WORLD.at(next(event.at for event in PLOT.events if event.what is what) + plus), speed)


@pytest.mark.parametrize(
    ("what", "plus", "status"),
    [
        (What.STARTED, 0, "OL"),
        (What.SELF_TEST, 1, "OB DISCHRG CAL"),
        (What.MAINS_LOST, 1, "OB DISCHRG"),
        (What.MAINS_BACK, 1, "OL CHRG"),
        (What.RECOVERED, 0, "OL"),
    ],
)
def test_its_status_is_that_of_the_story(what: What, plus: float, status: str) -> None:
    assert said(what, plus)["ups.status"] == status


def test_seconds_are_those_of_the_watching_daemon_however_fast_the_story_is_told() -> None:
    assert float(said(What.STARTED, speed=4)["battery.runtime"]) == float(said(What.STARTED)["battery.runtime"]) / 4


@pytest.mark.parametrize(
    ("command", "first"),
    [
        ("LIST UPS", "BEGIN LIST UPS"),
        (f"LIST VAR {NUT_UPS}", f"BEGIN LIST VAR {NUT_UPS}"),
        (f"GET VAR {NUT_UPS} ups.status", f'VAR {NUT_UPS} ups.status "OL"'),
        (f"GET VAR {NUT_UPS} ups.mood", "ERR VAR-NOT-SUPPORTED"),
        (f"GET NUMLOGINS {NUT_UPS}", f"NUMLOGINS {NUT_UPS} 1"),
        ("LIST VAR other", "ERR UNKNOWN-UPS"),
        ("LOGOUT", "OK Goodbye"),
        ("MAKE COFFEE", "ERR UNKNOWN-COMMAND"),
    ],
)
def test_it_answers_as_the_protocol_says(command: str, first: str) -> None:
    assert next(reply(command.split(), lambda: said(What.STARTED))) == first


@pytest.mark.parametrize("nonsense", [b"", b"LIST VAR", b"\xff\xfe\n\n", b"x" * 100_000])
async def test_a_client_that_talks_nonsense_is_left_alone(nonsense: bytes) -> None:
    async with await asyncio.start_server(lambda r, w: serve(lambda: WORLD.at(0), 1, r, w), "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(nonsense)
        writer.write_eof()
        while await reader.readline():
            pass
        writer.close()
