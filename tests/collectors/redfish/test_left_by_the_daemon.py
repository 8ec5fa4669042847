"""No session stays behind when the daemon ends or loads another configuration in the middle of a poll."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.contract import JobKey, Plan, Subject
from agent.engine.clock import SystemClock
from agent.engine.engine import Engine
from agent.engine.plan import make_plan
from agent.engine.runner import patience
from agent.engine.windows import WindowBook
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.redfish.params import RedfishParams
from collectors.redfish.spec import make_spec
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.collectors.probe.servers import local_wire
from tests.collectors.redfish.lab import login
from tests.harness.mockups import ROOT, older
from tests.harness.process import wait_until
from tests.harness.redfish import Controller, served

SPECS = {"redfish": make_spec()}


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


def planned(port: int) -> Plan:
    """The reference's controller: no key `redfish:`, a port, the default interval."""
    device = {"site": "rathaus", "address": f"127.0.0.1:{port}", "checks": ["redfish"], "credential": "bmc"}
    context = Kinds.of({"redfish": RedfishParams}, {})
    inventory = Inventory.model_validate({"sites": {"rathaus": {}}, "devices": {"bmc": device}}, context=context)
    settings = Settings().model_copy(update={"credentials": {"bmc": login()}})
    plan = make_plan(inventory, settings, SPECS)
    assert plan.warnings == ()
    return plan


def engine(wire: LocalWire) -> Engine:
    return Engine(SystemClock(), SPECS, wire, MeterBook(), WindowBook(()))


async def begun(made: Engine, plan: Plan) -> asyncio.Task[None]:
    await made.apply(plan)
    running = asyncio.create_task(made.run())
    made.poll_now([JobKey(Subject("device", "bmc"), "redfish")])
    return running


def test_closing_may_take_as_long_as_a_poll_and_is_over_before_the_next() -> None:
    (job,) = planned(443).jobs
    assert job.target.budget_seconds < patience(job) < job.least_interval_seconds


async def test_the_daemon_ends_in_the_middle_of_a_poll(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.hold = {f"{ROOT}/Systems"}
    async with served(controller) as port:
        made = engine(wire)
        running = await begun(made, planned(port))
        await controller.holding.wait()
        assert len(controller.open) == 1
        await made.stop()
        await running
        assert (controller.open, controller.ended) == ({}, 1)


async def test_another_configuration_is_loaded_in_the_middle_of_a_login(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.hold_login = True
    async with served(controller) as port:
        made = engine(wire)
        running = await begun(made, planned(port))
        await controller.holding.wait()
        await made.apply(Plan(()))
        controller.released.set()

        async def ended() -> bool:
            return controller.ended == 1

        await wait_until(ended, "the farewell")
        assert controller.open == {}
        await made.stop()
        await running


async def test_a_whole_poll_ends_its_session(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        made = engine(wire)
        running = await begun(made, planned(port))

        async def read() -> bool:
            return bool(made.tables()) and any(job.up for job in made.view().jobs())

        await wait_until(read, "a reading")
        assert (controller.open, controller.ended) == ({}, 1)
        await made.stop()
        await running
