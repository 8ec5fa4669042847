"""Controllers that take long for an answer yield all the same; scaled down: 120 s for a poll are 2 s here."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest

from agent.contract import Harvest, Unreachable
from agent.wire.wire import LocalWire
from collectors.redfish.collector import FROM_BEFORE
from collectors.redfish.limits import AT_ONCE
from tests.collectors.probe.servers import local_wire
from tests.collectors.redfish.lab import collector, values
from tests.harness.mockups import ROOT, newer, older
from tests.harness.redfish import Controller, served

SCALE = 2.0 / 120.0


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


async def polls(wire: LocalWire, controller: Controller, seconds: float, count: int) -> list[Harvest]:
    controller.seconds = seconds * SCALE
    found: list[Harvest] = []
    async with served(controller) as port:
        polled = collector(wire, port, budget=2.0, scheme="http")
        for _ in range(count):
            with contextlib.suppress(Unreachable):
                found.append(await polled.collect())
            await polled.close()
    return found


async def test_several_resources_are_read_at_once_and_not_too_many(wire: LocalWire) -> None:
    controller = Controller(newer())
    (found,) = await polls(wire, controller, 2.0, 1)
    assert found.partial == ()
    assert 2 <= controller.busiest <= AT_ONCE


@pytest.mark.parametrize("seconds", [6.0, 25.0])
async def test_a_slow_controller_is_read_in_whole_after_some_polls(wire: LocalWire, seconds: float) -> None:
    controller = Controller(older())
    found = (await polls(wire, controller, seconds, 6))[-1]
    assert found.partial == ()
    assert {"hardware_temperature_celsius CPU1", "hardware_ok SSD (1)"} <= values(found).keys()
    assert controller.open == {}


async def test_what_there_is_no_time_for_is_taken_from_the_polls_before_and_read_first_the_next_time(
    wire: LocalWire,
) -> None:
    controller = Controller(newer())
    found = await polls(wire, controller, 35.0, 8)
    assert "not everything was read: the time for one poll is used up" in found[0].partial
    assert found[-1].partial == ()
    assert int(found[-1].facts[FROM_BEFORE]) > 0


async def test_a_controller_that_answers_nothing_after_the_login_is_not_told_from_memory(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        polled = collector(wire, port, budget=1.0)
        await polled.collect()
        controller.hold = set(controller.tree) - {ROOT}
        with pytest.raises(Unreachable):
            await polled.collect()
