from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest

from agent.contract import Harvest, Plan, Unreachable
from agent.engine.remarks import PAUSE_SECONDS
from tests.agent.engine.fakes import Bench, FakeCollector, harvest, job

Logs = list[MutableMapping[str, Any]]
STEPS = int(PAUSE_SECONDS // 60)


def lacking(*remarks: str) -> Harvest:
    return replace(harvest(1.0), partial=remarks)


async def play(*steps: BaseException | Harvest) -> None:
    bench = Bench()
    bench.make = lambda _target: FakeCollector(bench.clock, *steps)
    await bench.start(job("a"))
    await bench.clock.advance(60.0 * (len(steps) - 1) + 1)
    assert len(bench.collectors["a"].started) == len(steps)
    await bench.stop()


def said(logs: Logs) -> list[tuple[str, Any]]:
    return [(line["event"], line.get("missing")) for line in logs if line["event"].startswith("reading")]


async def test_what_is_missing_is_logged_once_and_not_at_each_poll(logs: Logs) -> None:
    await play(lacking("raid: gone\x1b[2J"), lacking("raid: gone\x1b[2J"), lacking("raid: gone\x1b[2J"))
    assert said(logs) == [("reading incomplete", "snmp: raid: gone\ufffd[2J")]
    assert logs[0]["job"] == "device:a/snmp"


async def test_a_count_that_moves_is_no_news(logs: Logs) -> None:
    await play(*(lacking(f"max_series 3 reached: {count} series left out") for count in range(680_000, 680_040)))
    assert len(said(logs)) == 1


@pytest.mark.parametrize("other", ["1.3.6.1.2.1.31: none", "filesystem /mnt/2: hangs"])
async def test_another_name_is_news(logs: Logs, other: str) -> None:
    one = other.replace("31", "47").replace("/2", "/1")
    await play(*[lacking(one)] * STEPS, lacking(other), lacking(other))
    assert [missing for _, missing in said(logs)] == [f"snmp: {one}", f"snmp: {other}"]


async def test_what_changes_at_each_poll_is_bounded_and_the_end_is_told(logs: Logs) -> None:
    changing = [lacking(f"failed in the exporter: {'x' * count}") for count in range(3 * STEPS)]
    await play(*changing, *[harvest(1.0)] * (STEPS + 1))
    assert [event for event, _ in said(logs)] == ["reading incomplete"] * 3 + ["reading whole again"]


async def test_a_poll_that_fails_says_nothing_of_what_is_missing(logs: Logs) -> None:
    failed = [Unreachable("no answer")] * 2  # the confirmation fails as well
    bench = Bench()
    bench.make = lambda _target: FakeCollector(bench.clock, lacking("raid: gone"), *failed, lacking("raid: gone"))
    await bench.start(job("a"))
    await bench.clock.advance(PAUSE_SECONDS + 200)
    await bench.stop()
    assert said(logs) == [("reading incomplete", "snmp: raid: gone")]


async def test_who_is_planned_anew_is_logged_anew(logs: Logs) -> None:
    bench = Bench()
    bench.make = lambda _target: FakeCollector(bench.clock, lacking("raid: gone"))
    await bench.start(job("a"))
    await bench.clock.advance(1)
    await bench.engine.apply(Plan((job("a", tag="new"),)))
    await bench.clock.advance(60)
    await bench.stop()
    assert len(said(logs)) == 2
