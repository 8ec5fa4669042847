"""F24: ports keep their name while their number changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.contract import CollectorSpec, Finding, Job, JobKey, Reading, Subject, Target, WindowSpec
from agent.demo import ber
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.neutral import RADIO_ERRORED_SECONDS
from agent.risk.catalogue.links import LINK_DOWN, LINK_END_MISSING
from collectors.snmp.params import SnmpParams
from collectors.snmp.spec import make_spec
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import judge
from tests.collectors.snmp.lab import Bench, values_of
from tests.harness.snmp_agent import SYSTEM, Agent, counter64, encode, snmp_agent

# --- F24 -------------------------------------------------------------------------------------------------------------

DEVICE = Subject("device", "dut")
KEY, TARGET = JobKey(DEVICE, "snmp"), Target(DEVICE, "rathaus")
SECONDS = "1.3.6.1.4.1.99999.7.1"
PROFILE = f"""
profile:
  title: A radio whose rows are numbered as its interfaces
  kind: radio
  modules: [if_mib]
  walk: [{SECONDS}]
  match: {{probe: {SECONDS}}}
  neutral:
    - family: ringwacht_radio_errored_seconds_total
      oid: {SECONDS}
      register: current
      labels: {{port: {{column: 1.3.6.1.2.1.31.1.1.1.1}}}}
"""


def ports(named: Mapping[int, tuple[str, bool, int]]) -> dict[str, bytes]:
    """A table of ports by ifIndex: name, whether it is up, and a counter."""
    table = dict(SYSTEM) | {"1.3.6.1.2.1.2.1.0": encode(len(named))}
    for index, (name, up, count) in named.items():
        columns = {
            "2.2.1.1": encode(index),
            "2.2.1.2": encode(f"port {name}"),
            "2.2.1.7": encode(1),
            "2.2.1.8": encode(1 if up else 2),
            "31.1.1.1.1": encode(name),
            "31.1.1.1.6": counter64(count),
            "31.1.1.1.18": encode(f"to {name}"),
        }
        table |= {f"1.3.6.1.2.1.{column}.{index}": value for column, value in columns.items()}
        table[f"{SECONDS}.{index}"] = ber.integer(count, ber.COUNTER32)
    return table


@pytest.fixture
def spec(tmp_path: Path) -> CollectorSpec:
    """The shipped profiles, and this one."""
    file = tmp_path / "numbered.yml"
    file.write_text(PROFILE)
    return make_spec([file])


class Watched:
    """A device from its agent to what is judged, with one link at each of its ports."""

    def __init__(self, bench: Bench, agent: Agent, spec: CollectorSpec) -> None:
        self._agent = agent
        self._collector = bench.of(agent, spec=spec, profile="numbered")
        self._windows = [WindowSpec(name, 120.0, 0.0) for name in (RADIO_ERRORED_SECONDS.name, "ifHCInOctets")]
        self.book = WindowBook(self._windows)
        self._store = Store()
        self._store.add(Job(KEY, "snmp", TARGET, SnmpParams(), 60.0, 0.0, 180.0))
        self._at = 0.0
        ends = {"a": "dut/eth0", "b": "dut/port eth1", "c": "dut/to eth1"}
        self._inventory = Inventory.model_validate(
            {
                "sites": {"rathaus": {}, "mast": {}},
                "devices": {"dut": {"site": "rathaus", "address": "192.0.2.7"}},
                "links": {name: {"kind": "radio", "ends": [end, "mast"]} for name, end in ends.items()},
            }
        )

    async def poll(self, named: Mapping[int, tuple[str, bool, int]]) -> Any:
        self._agent.table = ports(named)
        for number in range(int(self._at / 60)):  # it sorts anew when there is another number of objects
            self._agent.table[f"1.3.6.1.4.1.99999.99.{number}"] = encode(number)
        harvest = await self._collector.collect()
        reading = Reading(KEY, TARGET, self._at, 0.1, harvest)
        self._store.record(reading, self._at)
        self.book.record(reading)
        self._at += 60.0
        return harvest

    def found(self) -> set[tuple[str, str]]:
        """Findings about links: rule and link."""
        judgement = judge(self._inventory, Settings(), self._store.view(self._at), self.book)
        return {link(one) for one in judgement.findings if one.rule in {LINK_DOWN, LINK_END_MISSING}}


def link(found: Finding) -> tuple[str, str]:
    return found.rule, found.subject.id


@pytest.mark.parametrize("numbers", [(7, 9), (2, 1), (2, 3)], ids=["others", "swapped", "one reused"])
async def test_f24_series_and_alerts_follow_the_name_of_a_port(
    bench: Bench, spec: CollectorSpec, numbers: tuple[int, int]
) -> None:
    first, second = numbers
    async with snmp_agent(Agent({})) as agent:
        watched = Watched(bench, agent, spec)
        before = await watched.poll({1: ("eth0", True, 1000), 2: ("eth1", False, 5_000_000)})
        assert watched.found() == {(LINK_DOWN, "b"), (LINK_DOWN, "c")}
        await watched.poll({1: ("eth0", True, 1060), 2: ("eth1", False, 5_000_120)})
        after = await watched.poll({first: ("eth0", True, 1120), second: ("eth1", False, 5_000_240)})
        assert watched.found() == {(LINK_DOWN, "b"), (LINK_DOWN, "c")}
        swapped = await watched.poll({first: ("eth0", False, 1180), second: ("eth1", True, 5_000_360)})
        assert watched.found() == {(LINK_DOWN, "a")}
    family = RADIO_ERRORED_SECONDS.name
    assert values_of(before, family, "port") == {("eth0",): 0, ("eth1",): 0}
    assert values_of(after, family, "port") == {("eth0",): 120, ("eth1",): 240}
    assert values_of(swapped, family, "port") == {("eth0",): 180, ("eth1",): 360}
    assert watched.book.slope_per_second(family, DEVICE, {"port": "eth0"}) == pytest.approx(1.0)
    assert watched.book.slope_per_second(family, DEVICE, {"port": "eth1"}) == pytest.approx(2.0)


async def test_f24_a_raw_counter_under_a_new_index_is_a_new_series(bench: Bench, spec: CollectorSpec) -> None:
    """Their labels are the peer's, with ifIndex: what was counted under another number is not spliced to it."""
    async with snmp_agent(Agent({})) as agent:
        watched = Watched(bench, agent, spec)
        before = await watched.poll({1: ("eth0", True, 1000), 2: ("eth1", True, 5_000_000)})
        after = await watched.poll({2: ("eth0", True, 1060), 1: ("eth1", True, 5_000_060)})
    wanted = ("ifIndex", "ifName")
    assert values_of(before, "ifHCInOctets", *wanted) == {("1", "eth0"): 1000, ("2", "eth1"): 5_000_000}
    assert values_of(after, "ifHCInOctets", *wanted) == {("2", "eth0"): 1060, ("1", "eth1"): 5_000_060}
    for index, name in (("1", "eth0"), ("2", "eth1"), ("2", "eth0"), ("1", "eth1")):
        labels = {"ifIndex": index, "ifName": name, "ifDescr": f"port {name}", "ifAlias": f"to {name}"}
        assert watched.book.slope_per_second("ifHCInOctets", DEVICE, labels) is None


async def test_f24_a_port_that_is_gone_is_missed_and_its_number_means_nothing(
    bench: Bench, spec: CollectorSpec
) -> None:
    async with snmp_agent(Agent({})) as agent:
        watched = Watched(bench, agent, spec)
        await watched.poll({1: ("eth0", True, 1), 2: ("eth1", True, 1)})
        assert watched.found() == set()
        await watched.poll({1: ("eth9", False, 1), 2: ("eth1", True, 1)})
        assert watched.found() == {(LINK_END_MISSING, "a")}
