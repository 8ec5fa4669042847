"""No session stays open, however the controller answers login and logout."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from agent.contract import BadReply, Unreachable
from agent.wire.wire import LocalWire
from collectors.redfish import session
from collectors.redfish.collector import LOGOUT
from tests.collectors.probe.servers import local_wire
from tests.collectors.redfish.lab import collector, values
from tests.harness.mockups import ROOT, older
from tests.harness.redfish import Controller, served

SESSIONS = f"{ROOT}/SessionService/Sessions"


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(session, "FAREWELL_SECONDS", 0.5)


@pytest.mark.parametrize("how", ["cut", "endless", "too large"])
async def test_a_login_whose_body_is_bad_is_ended(wire: LocalWire, how: str) -> None:
    controller = Controller(older())
    controller.cut_login = "cut" if how == "cut" else "endless" if how == "endless" else None
    async with served(controller) as port:
        controller.login = controller.new_session(b" " * 3_000_000 if how == "too large" else b"")
        polled = collector(wire, port, budget=1.0)
        with pytest.raises(Unreachable if how == "endless" else BadReply):
            await polled.collect()
        await polled.close()
        assert (controller.open, controller.ended) == ({}, 1)


@pytest.mark.parametrize("status", [302, 500, 403])
async def test_a_login_with_a_token_is_one_whatever_its_status(wire: LocalWire, status: int) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        controller.login = controller.new_session(b"{}")
        controller.login.set_status(status)
        assert values(await collector(wire, port).collect())["hardware_ok FAN1"] == 1
    assert (controller.open, controller.ended) == ({}, 1)


@pytest.mark.parametrize("name", ["a%3D%3D", "a%2Fb", "a+b", "x%7C", "a%252F", "%41"])
async def test_a_session_is_ended_where_the_controller_says_letter_by_letter(wire: LocalWire, name: str) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        controller.login = controller.new_session(b"{}")
        controller.open = {f"{SESSIONS}/{name}": "token-1"}
        controller.login.headers["Location"] = f"{SESSIONS}/{name}"
        await collector(wire, port).collect()
    assert controller.open == {}


async def test_a_relative_place_is_beside_the_collection(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        controller.login = controller.new_session(b"{}")
        controller.login.headers["Location"] = "Sessions/1"
        await collector(wire, port).collect()
    assert controller.open == {}


@pytest.mark.parametrize("told", [None, SESSIONS, f"{SESSIONS}/"])
async def test_a_session_without_a_place_is_told_and_no_second_one_is_made(wire: LocalWire, told: str | None) -> None:
    controller = Controller(older())
    controller.basic = True
    async with served(controller) as port:
        controller.login = controller.new_session(b"{}")
        del controller.login.headers["Location"]
        if told is not None:
            controller.login.headers["Location"] = told
        polled = collector(wire, port)
        with capture_logs() as logs:
            for _ in range(3):
                found = await polled.collect()
                assert found.facts[LOGOUT] == session.NO_PLACE
                assert values(found)["hardware_ok FAN1"] == 1
    assert [one["detail"] for one in logs] == [session.NO_PLACE]
    assert len([one for one in controller.asked if one.startswith("POST")]) == 1


async def test_the_place_may_stand_in_the_body(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        controller.login = controller.new_session(f'{{"@odata.id": "{SESSIONS}/1"}}'.encode())
        del controller.login.headers["Location"]
        await collector(wire, port).collect()
    assert controller.open == {}


@pytest.mark.usefixtures("hasty")
async def test_a_busy_controller_is_asked_again_for_the_logout(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.logouts = [503, 500]
    async with served(controller) as port:
        found = await collector(wire, port).collect()
    assert LOGOUT not in found.facts
    assert (controller.open, controller.ended) == ({}, 1)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("statuses", "why"), [([503] * 99, "status 503"), ([405], "status 405")])
async def test_a_logout_that_fails_is_told_and_logged_and_the_next_poll_makes_no_session(
    wire: LocalWire, statuses: list[int], why: str
) -> None:
    controller = Controller(older())
    controller.logouts, controller.basic = statuses, True
    async with served(controller) as port:
        polled = collector(wire, port)
        with capture_logs() as logs:
            found = await polled.collect()
        assert found.facts[LOGOUT] == f"the logout failed: {why}"
        assert [one["device"] for one in logs] == ["srv-bmc"]
        await polled.collect()
    assert len(controller.open) == 1


async def test_a_login_that_takes_longer_than_a_farewell_is_waited_for(
    wire: LocalWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "FAREWELL_SECONDS", 0.3)
    controller = Controller(older())
    controller.hold_login = True
    async with served(controller) as port:
        polled = collector(wire, port, budget=20.0)
        poll = asyncio.create_task(polled.collect())
        await controller.holding.wait()
        poll.cancel()
        await asyncio.wait([poll])
        closing = asyncio.create_task(polled.close())
        await asyncio.wait([closing], timeout=0.6)
        assert not closing.done()
        controller.released.set()
        await closing
    assert (controller.open, controller.ended) == ({}, 1)


async def test_what_was_read_does_not_wait_for_a_controller_that_hangs_at_the_farewell(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.hold = {f"{ROOT}/Managers"}
    async with served(controller) as port:
        controller.hold_logout = True
        polled = collector(wire, port, budget=1.5)
        async with asyncio.timeout(1.5):
            found = await polled.collect()
        assert values(found)["hardware_ok FAN1"] == 1
        assert len(controller.open) == 1
        controller.released.set()
        await polled.close()
    assert controller.open == {}
