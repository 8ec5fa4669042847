"""What is walked less often than each poll: when it is walked, that its rows serve meanwhile, and its registers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.contract import CollectorSpec, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from agent.families import SNMP_VALUES
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.mapping.library import load_library
from collectors.snmp.mapping.recognise import Recogniser
from collectors.snmp.oid import SYS_UPTIME
from collectors.snmp.spec import make_spec
from tests.collectors.snmp.lab import Bench, is_walk
from tests.collectors.snmp.replay import SYNTHETIC, neutral
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import Agent, Misbehave, encode, interfaces, read_snmprec, snmp_agent

QUARTER = 900
CERAGON = "1.3.6.1.4.1.2281.10"
PAST, LIVE = "1.3.6.1.4.1.99999.1", "1.3.6.1.4.1.99999.2"
PROFILE = f"""\
profile:
  title: A radio with a long history
  kind: radio
  modules: [if_mib]
  walk: [{{oid: {PAST}, every: 900}}, {LIVE}]
  labels: {{port: {{part: 0}}}}
  neutral:
    - {{family: ringwacht_radio_errored_seconds_total, oid: {PAST}.1, register: finished}}
    - {{family: ringwacht_radio_received_level_dbm, oid: {LIVE}.1}}
"""
TABLE = interfaces(2) | {f"{PAST}.1.1": encode(3), f"{LIVE}.1.1": encode(-40)}
SECONDS, LEVEL = "radio_errored_seconds_total 1", "radio_received_level_dbm 1"


class Clock(FakeWire):
    """A wire whose time can be set; it begins with a quarter of an hour."""

    at = 1_800_000_000.0

    def now(self) -> float:
        return self.at


@pytest.fixture
def clock(bench: Bench) -> Clock:
    bench.wire = clock = Clock(bench.meters)
    return clock


@pytest.fixture
def spec(tmp_path: Path) -> CollectorSpec:
    (tmp_path / "thing.yml").write_text(PROFILE)
    return make_spec([tmp_path / "thing.yml"])


def asked(agent: Agent, root: str) -> int:
    """How many packets asked for a walk of this subtree since the last question."""
    count = sum(is_walk(request, root) for request in agent.requests)
    agent.requests.clear()
    return count


def refusing(root: str) -> Misbehave:
    """An agent that has genErr for all walks of a subtree."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.error(request, 5)] if is_walk(request, root) else None

    return misbehave


def silent(_agent: Agent, request: Request) -> Sequence[bytes] | None:
    """An agent that answers GET only."""
    return () if is_walk(request, "1.3.6.1") else None


async def said(collector: SnmpCollector) -> dict[str, float]:
    return neutral(await collector.collect())


async def test_it_is_walked_once_in_each_period_past_the_settling_time(
    bench: Bench, clock: Clock, spec: CollectorSpec
) -> None:
    async with snmp_agent(Agent(TABLE)) as agent:
        collector = bench.of(agent, spec=spec, profile="thing")
        walked: list[bool] = []
        found: list[dict[str, float]] = []
        for after, register in ((0, 3), (59, 4), (61, 5), (120, 6), (959, 7), (960, 8)):
            clock.at = Clock.at + after
            agent.table |= {f"{PAST}.1.1": encode(register), f"{LIVE}.1.1": encode(-40 - register)}
            found.append(await said(collector))
            walked.append(asked(agent, PAST) > 0)
    assert walked == [True, False, True, False, False, True]
    assert [one[SECONDS] for one in found] == [0, 0, 5, 5, 5, 13]
    assert [one[LEVEL] for one in found] == [-43, -44, -45, -46, -47, -48]


async def test_the_layout_stays_whether_it_is_walked_or_not(bench: Bench, clock: Clock, spec: CollectorSpec) -> None:
    async with snmp_agent(Agent(TABLE)) as agent:
        collector = bench.of(agent, spec=spec, profile="thing")
        first = (await collector.collect()).layout
        read = [bench.meters.counts[SNMP_VALUES.name, ""]]
        for after in (10, 61, 70):
            clock.at = Clock.at + after
            assert (await collector.collect()).layout is first
            read.append(bench.meters.counts[SNMP_VALUES.name, ""] - sum(read))
    assert read == [read[0], read[0] - 1, read[0], read[0] - 1]  # the register is one value of them


async def test_a_failed_walk_is_tried_again_and_its_interval_still_counts_once(
    bench: Bench, clock: Clock, spec: CollectorSpec
) -> None:
    async with snmp_agent(Agent(TABLE)) as agent:
        collector = bench.of(agent, spec=spec, profile="thing")
        await collector.collect()
        agent.table[f"{PAST}.1.1"] = encode(5)
        clock.at += QUARTER + 60
        agent.misbehave = refusing(PAST)
        failed = await collector.collect()
        assert SECONDS not in neutral(failed)  # the rows of the interval before are not this one's
        assert neutral(failed)[LEVEL] == -40
        assert any(PAST in text for text in failed.partial)
        agent.misbehave = None
        found = [await said(collector), await said(collector)]
    assert [one[SECONDS] for one in found] == [5, 5]


async def test_earlier_rows_are_no_answer_of_a_device(bench: Bench, clock: Clock, spec: CollectorSpec) -> None:
    """It answers scalars and nothing else: that is a failure, though rows of before are at hand."""
    async with snmp_agent(Agent(TABLE)) as agent:
        collector = bench.of(agent, spec=spec, profile="thing", timeout_seconds=0.05)
        await collector.collect()
        agent.misbehave = silent
        with pytest.raises(Unreachable):
            await collector.collect()


async def test_a_restarted_device_is_walked_anew(bench: Bench, clock: Clock, spec: CollectorSpec) -> None:
    async with snmp_agent(Agent(TABLE)) as agent:
        collector = bench.of(agent, spec=spec, profile="thing")
        agent.table[SYS_UPTIME] = ber.integer(400_000, ber.TIMETICKS)
        await collector.collect()
        asked(agent, PAST)
        agent.table[SYS_UPTIME] = ber.integer(100, ber.TIMETICKS)
        clock.at += 5
        await collector.collect()
        assert asked(agent, PAST) > 0


def root_of(tmp_path: Path, walk: str) -> dict[str, int | None]:
    """How often each subtree is walked, by the profile's ``walk``."""
    path = tmp_path / "thing.yml"
    path.write_text(f"profile:\n  title: A thing\n  kind: radio\n  walk: {walk}\n")
    device = Recogniser(load_library([path], shipped=False), "thing", (), "").fixed()
    assert device is not None
    return {root.oid: root.every for root in device.roots}


@pytest.mark.parametrize(
    ("walk", "roots"),
    [
        ("[1.3.1, {oid: 1.3.2, every: 300}]", {"1.3.1": None, "1.3.2": 300}),
        ("{oid: 1.3.2, every: 300}", {"1.3.2": 300}),
        ("[{oid: 1.3.2, every: 300}, 1.3.2.1]", {"1.3.2": None}),
        ("[1.3.2, {oid: 1.3.2.1, every: 300}]", {"1.3.2": None}),
        ("[{oid: 1.3.2, every: 600}, {oid: 1.3.2.1, every: 900}]", {"1.3.2": 300}),
    ],
)
def test_a_subtree_is_walked_as_often_as_any_of_it_is_needed(
    tmp_path: Path, walk: str, roots: dict[str, int | None]
) -> None:
    assert root_of(tmp_path, walk) == roots


async def test_ceragons_quarters_add_up_once_each_and_only_where_the_radio_vouches_for_them(
    bench: Bench, clock: Clock
) -> None:
    history = f"{CERAGON}.6.3.3.1.1"
    rows = [f"{history}.{column}.2.4302.1" for column in (3, 4, 5, 6)]
    walked: list[bool] = []
    async with snmp_agent(Agent(read_snmprec(SYNTHETIC / "ceragon_synthetic.snmprec"))) as agent:
        collector = bench.of(agent, profile="ceragon")
        found = [await said(collector)]
        for register in (7, 11):
            clock.at += QUARTER
            agent.table |= dict.fromkeys(rows, encode(register))
            for _ in range(2):
                asked(agent, history)
                found.append(await said(collector))
                walked.append(asked(agent, history) > 0)
        agent.table[f"{history}.7.2.4302.1"] = encode(1)
        clock.at += QUARTER
        doubtful = await said(collector)
        agent.table[f"{history}.7.2.4302.1"] = encode(0)
        clock.at += QUARTER
        agent.table |= dict.fromkeys(rows, encode(2))
        found.append(await said(collector))
    assert walked == [True, False, True, False]
    for family in ("errored_seconds", "severely_errored_seconds", "unavailable_seconds", "background_block_errors"):
        assert [one[f"radio_{family}_total 1"] for one in found] == [0, 7, 7, 18, 18, 20]
        assert f"radio_{family}_total 1" not in doubtful
