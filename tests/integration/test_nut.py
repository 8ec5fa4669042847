"""The check ``nut`` against Debian's upsd and dummy-ups."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

import config
from agent.contract import BadReply, CollectError, Harvest, Job, Reason, Subject, Target, Unreachable
from agent.engine.clock import SystemClock
from agent.engine.plan import make_plan
from agent.risk.rules import RULE_OPTIONS
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.nut import SPEC
from collectors.nut.params import NutParams
from collectors.registry import make_specs
from config.credentials import Credential, NutCredential
from config.loader import load
from tests.harness.fakes import FakeWire
from tests.harness.nut import PASSWORD, UPS, USER, NutServer, nut_server
from tests.harness.process import wait_until

REFERENCE = Path(config.__file__).parent / "examples" / "reference"

pytestmark = pytest.mark.integration


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[NutServer]:
    async with nut_server(tmp_path / "nut") as running:
        yield running


async def collect(server: NutServer, name: str = UPS, credential: Credential | None = None) -> Harvest:
    pools = Pools()
    wire = LocalWire(SystemClock(), MeterBook(), pools)
    subject = Subject("device", "usv-rathaus")
    target = Target(subject, host=server.host, port=server.port, timeout_seconds=3.0, credential=credential)
    try:
        return await SPEC.build(target, NutParams(name=name), wire).collect()
    finally:
        await wire.close()
        pools.close()


async def measured(server: NutServer) -> dict[str, float]:
    harvest = await collect(server)
    columns = harvest.layout.columns
    return {column.family.name.removeprefix("ringwacht_ups_"): harvest.values[column.start] for column in columns}


async def test_a_ups_on_mains(server: NutServer) -> None:
    harvest = await collect(server)
    found = await measured(server)
    assert harvest.facts == {
        **{"vendor": "APC", "model": "Smart-UPS 3000", "serial": "AS0000000001", "firmware": "UPS 09.3"},
    }
    assert harvest.partial == ()
    assert (found["on_battery"], found["battery_low"], found["battery_replace"], found["self_test_running"]) == (0,) * 4
    assert (found["runtime_seconds"], found["runtime_low_seconds"], found["charge_ratio"]) == (1860, 300, 1)
    assert (found["self_test_passed"], found["self_test_timestamp_seconds"]) == (1, 1_727_740_800)
    assert found["battery_installed_timestamp_seconds"] == 1_682_899_200
    assert found["output_power_watts"] == 1107
    assert found["shutdown_clients"] == 0


async def test_a_power_failure_until_the_battery_is_low(server: NutServer) -> None:
    await server.tells({"ups.status": "OB DISCHRG", "battery.runtime": "1500", "input.voltage": "0.0"})
    found = await measured(server)
    assert (found["on_battery"], found["battery_low"], found["runtime_seconds"]) == (1, 0, 1500)
    await server.tells({"ups.status": "OB DISCHRG LB", "battery.runtime": "290", "battery.charge": "12"})
    found = await measured(server)
    assert (found["on_battery"], found["battery_low"], found["charge_ratio"]) == (1, 1, 0.12)
    await server.tells({"ups.status": "OL CHRG", "battery.charge": "13"})
    assert (await measured(server))["on_battery"] == 0


async def test_a_battery_that_is_to_be_replaced(server: NutServer) -> None:
    await server.tells({"ups.status": "OL RB", "ups.test.result": "Done and error"})
    found = await measured(server)
    assert (found["battery_replace"], found["self_test_passed"], found["on_battery"]) == (1, 0, 0)


async def test_a_shutdown_that_was_ordered_is_a_battery_that_is_low(server: NutServer) -> None:
    await server.tells({"ups.status": "FSD OB DISCHRG", "battery.runtime": "1500"})
    found = await measured(server)
    assert (found["on_battery"], found["battery_low"]) == (1, 1)


async def test_quotes_and_number_signs_arrive(server: NutServer) -> None:
    await server.tells({"device.model": r'x "y\" # z', "ups.firmware": 'ends in "'})
    harvest = await collect(server)
    assert (harvest.facts["model"], harvest.facts["firmware"]) == (r'x "y\" # z', 'ends in "')


async def test_a_self_test_feeds_from_the_battery_and_says_that_it_is_one(server: NutServer) -> None:
    await server.tells({"ups.status": "OB DISCHRG CAL", "ups.test.result": "In progress"})
    found = await measured(server)
    assert (found["on_battery"], found["self_test_running"]) == (1, 1)
    assert "self_test_passed" not in found


async def test_computers_that_are_logged_in_are_counted(server: NutServer) -> None:
    async with AsyncExitStack() as clients:
        await clients.enter_async_context(server.shutdown_client())
        await clients.enter_async_context(server.shutdown_client())
        assert (await measured(server))["shutdown_clients"] == 2

    async def gone() -> bool:
        return (await measured(server))["shutdown_clients"] == 0

    await wait_until(gone, "upsd notices that its clients left")


async def test_a_wrong_name_is_answered_with_the_right_ones(server: NutServer) -> None:
    with pytest.raises(BadReply) as caught:
        await collect(server, "usv2")
    assert caught.value.detail.endswith(f"has no UPS usv2; it has {UPS}")


@pytest.mark.parametrize("password", [PASSWORD, "falsch"])
async def test_upsd_looks_at_no_password_where_somebody_only_reads(server: NutServer, password: str) -> None:
    login = NutCredential(username=USER, password=SecretStr(password))
    harvest = await collect(server, credential=Credential(nut=login))
    assert harvest.values


@pytest.fixture
def reference_job(monkeypatch: pytest.MonkeyPatch) -> Job:
    """The check of the reference configuration."""
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "x")
    specs = {spec.kind: spec for spec in make_specs()}
    loaded = load(REFERENCE, {kind: spec.params for kind, spec in specs.items()}, RULE_OPTIONS)
    plan = make_plan(loaded.inventory, loaded.settings, specs)
    (job,) = (job for job in plan.jobs if str(job.key) == "device:usv-rathaus/nut")
    return job


async def test_the_ups_of_the_reference_configuration(reference_job: Job, server: NutServer) -> None:
    assert reference_job.target.port == 3493
    collector = SPEC.build(replace(reference_job.target, port=server.port), reference_job.params, FakeWire())
    assert "ringwacht_ups_runtime_seconds" in {
        column.family.name for column in (await collector.collect()).layout.columns
    }


async def failing(server: NutServer, words: str) -> CollectError:
    """Wait until the check fails for a reason that has these words."""
    found: list[CollectError] = []

    async def fails() -> bool:
        try:
            await collect(server)
        except CollectError as error:
            found.append(error)
        return bool(found) and words in str(found[-1])

    await wait_until(fails, f"the check fails: {words}")
    return found[-1]


async def recovers(server: NutServer) -> None:
    async def well() -> bool:
        try:
            return (await measured(server))["on_battery"] == 0
        except CollectError:
            return False

    await wait_until(well, "the check succeeds again")


async def test_a_driver_that_falls_silent_and_one_that_dies(server: NutServer) -> None:
    os.kill(server.driver.pid, signal.SIGSTOP)
    assert isinstance(await failing(server, "DATA-STALE"), BadReply)
    os.kill(server.driver.pid, signal.SIGCONT)
    await recovers(server)
    await server.driver.kill()
    assert isinstance(await failing(server, "does not run"), BadReply)
    await server.start_driver()
    await recovers(server)


async def test_a_server_that_dies_and_comes_back(server: NutServer) -> None:
    await server.upsd.kill()
    error = await failing(server, "refused")
    assert isinstance(error, Unreachable)
    assert error.reason is Reason.REFUSED
    await server.start_upsd()
    await recovers(server)
