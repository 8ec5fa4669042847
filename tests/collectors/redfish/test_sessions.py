"""A session that is made is ended, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from agent.contract import AuthFailed, BadReply
from agent.wire.wire import LocalWire
from tests.collectors.probe.servers import local_wire
from tests.collectors.redfish.lab import collector, values
from tests.harness.mockups import ROOT, newer, older
from tests.harness.redfish import Controller, served

CHASSIS = f"{ROOT}/Chassis/1"


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


async def test_after_success(wire: LocalWire) -> None:
    controller = Controller(newer())
    async with served(controller) as port:
        polled = collector(wire, port)
        for polls in (1, 2):
            found = await polled.collect()
            assert values(found)["hardware_ok Fan A"] == 1
            assert (controller.open, controller.ended) == ({}, polls)
        assert found.partial == ()
        await polled.close()


async def test_after_a_resource_that_fails_of_which_the_poll_tells(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.raw = {f"{CHASSIS}/Thermal": (500, b""), f"{CHASSIS}/Power": (200, b"{" * 9000)}
    async with served(controller) as port:
        found = await collector(wire, port).collect()
    assert found.partial == (f"{CHASSIS}/Thermal: status 500", f"{CHASSIS}/Power: is no JSON")
    assert "hardware_ok memory" in values(found)
    assert (controller.open, controller.ended) == ({}, 1)


async def test_after_a_poll_of_which_nothing_could_be_read(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.raw = {f"{ROOT}/Chassis": (500, b""), f"{ROOT}/Systems": (503, b"")}
    async with served(controller) as port:
        with pytest.raises(BadReply, match="Chassis: status 500"):
            await collector(wire, port).collect()
    assert (controller.open, controller.ended) == ({}, 1)


async def test_after_the_time_is_up_with_what_was_read_until_then(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.hold = {f"{ROOT}/Systems"}
    async with served(controller) as port:
        found = await collector(wire, port, budget=1.5).collect()
        assert found.partial[0] == f"{ROOT}/Systems: 127.0.0.1:{port}: no answer in time"
        assert values(found)["hardware_ok FAN1"] == 1
        assert (controller.open, controller.ended) == ({}, 1)


@pytest.mark.parametrize("where", ["login", f"{ROOT}/Systems"])
async def test_after_a_poll_that_was_cancelled_even_while_it_logged_in(wire: LocalWire, where: str) -> None:
    """As a reload and the end of the daemon do it: the poll ends at once, ``close`` waits for the farewell."""
    controller = Controller(older())
    controller.hold, controller.hold_login = {where}, where == "login"
    async with served(controller) as port:
        polled = collector(wire, port)
        poll = asyncio.create_task(polled.collect())
        await controller.holding.wait()
        poll.cancel()
        await asyncio.wait([poll])
        assert poll.cancelled()
        controller.released.set()
        await polled.close()
    assert (controller.open, controller.ended) == ({}, 1)


async def test_a_farewell_goes_on_when_nobody_waits_for_it_any_more_and_the_next_poll_comes_after_it(
    wire: LocalWire,
) -> None:
    controller = Controller(older(), most_sessions=1)
    controller.hold_login = True
    async with served(controller) as port:
        polled = collector(wire, port)
        poll = asyncio.create_task(polled.collect())
        await controller.holding.wait()
        poll.cancel()
        await asyncio.wait([poll])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(polled.close(), 0.01)
        controller.released.set()
        await polled.collect()
    assert (controller.open, controller.ended) == ({}, 2)


async def test_a_session_whose_answer_was_garbage_is_used_and_ended(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        controller.login = controller.new_session(b"\x00<html>{{{")
        await collector(wire, port).collect()
    assert (controller.open, controller.ended) == ({}, 1)


async def test_a_session_that_names_another_host_is_ended_here_and_nowhere_else(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        answer = controller.new_session(b"")
        answer.headers["Location"] = "https://elsewhere.example" + answer.headers["Location"]
        controller.login = answer
        await collector(wire, port).collect()
    assert (controller.open, controller.ended) == ({}, 1)


async def test_a_controller_without_sessions_gets_the_login_with_each_request(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.sessions = False
    async with served(controller) as port:
        found = await collector(wire, port).collect()
        assert found.partial == ()
        controller.login = web.Response(status=204)
        await collector(wire, port).collect()
    assert not [one for one in controller.asked if one.startswith("DELETE")]


async def test_a_full_table_of_sessions_is_told(wire: LocalWire) -> None:
    controller = Controller(older(), most_sessions=0)
    async with served(controller) as port:
        with pytest.raises(BadReply, match="no session is left on the controller"):
            await collector(wire, port).collect()
        controller.login = web.Response(status=400, text='{"error": {"code": "Base.1.0.GeneralError"}}')
        with pytest.raises(BadReply, match="the login fails with status 400"):
            await collector(wire, port).collect()


async def test_a_wrong_password_is_told_and_tried_once(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        with pytest.raises(AuthFailed):
            await collector(wire, port, password="wrong").collect()
    assert controller.passwords_seen == 1


async def test_what_is_refused_on_the_way_is_told_and_the_rest_is_kept(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.raw = {f"{ROOT}/Systems": (401, b"")}
    async with served(controller) as port:
        found = await collector(wire, port).collect()
    assert found.partial == (f"{ROOT}/Systems: status 401",)
    assert values(found)["hardware_ok FAN1"] == 1
    assert controller.open == {}
