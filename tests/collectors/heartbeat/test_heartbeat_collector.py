from __future__ import annotations

import pytest

from agent.contract import CannotCheck, Harvest, Heartbeat, Reason, Subject, Target
from agent.families import HEARTBEAT_SIZES
from collectors.heartbeat import SPEC
from collectors.heartbeat.collector import HeartbeatCollector
from collectors.heartbeat.parse import FAMILIES
from tests.harness.fakes import FakeWire

PREFIX = "ringwacht_heartbeat_"


def made(*known: Heartbeat) -> HeartbeatCollector:
    wire = FakeWire()
    wire.reported = {one.service: one for one in known}
    return HeartbeatCollector("backup", wire)


def values(harvest: Harvest) -> dict[str, float]:
    columns = harvest.layout.columns
    return {column.family.name.removeprefix(PREFIX): harvest.values[column.start] for column in columns}


async def test_of_what_never_was_there_is_no_series() -> None:
    harvest = await made(Heartbeat("backup", 100.0)).collect()
    assert values(harvest) == {"awaited_since_timestamp_seconds": 100.0, "running": 0.0}


async def test_all_that_was_said_is_a_series() -> None:
    sizes = ((200.0, 7.0), (300.0, 9.0))
    known = Heartbeat("backup", 100.0, 500.0, 400.0, 300.0, 3, 60.0, 450.0, sizes=sizes)
    harvest = await made(known).collect()
    assert values(harvest) == {
        "awaited_since_timestamp_seconds": 100.0,
        "last_success_timestamp_seconds": 300.0,
        "last_end_timestamp_seconds": 400.0,
        "succeeded": 0.0,
        "last_exit_code": 3.0,
        "last_duration_seconds": 60.0,
        "running": 1.0,
        "running_since_timestamp_seconds": 500.0,
        "listening_since_timestamp_seconds": 450.0,
        "last_size_bytes": 9.0,
    }
    assert harvest.facts == {HEARTBEAT_SIZES: "[[200.0, 7.0], [300.0, 9.0]]"}
    assert {column.family for column in harvest.layout.columns} == set(FAMILIES)


async def test_a_failure_without_a_code_shows_none() -> None:
    shown = values(await made(Heartbeat("backup", 100.0, None, 400.0, 300.0, None)).collect())
    assert shown["succeeded"] == 0.0
    assert "last_exit_code" not in shown


async def test_without_the_state_nothing_is_known_of_the_job() -> None:
    with pytest.raises(CannotCheck) as failure:
        await made(Heartbeat("another", 100.0)).collect()
    assert failure.value.reason is Reason.CONFIG


async def test_the_layout_stays_while_the_series_do() -> None:
    collector = made(Heartbeat("backup", 100.0))
    assert (await collector.collect()).layout is (await collector.collect()).layout


def test_it_is_built_for_the_service_of_the_target() -> None:
    built = SPEC.build(Target(Subject("service", "backup")), None, FakeWire())
    assert isinstance(built, HeartbeatCollector)
