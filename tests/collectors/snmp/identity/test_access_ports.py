"""Issue 4, result 3: port facts for R5, ``ringwacht_access_ports{site,speed}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pytest

from agent.contract import Harvest
from agent.demo import ber
from agent.demo.ber import Request
from agent.neutral import ACCESS_PORTS
from collectors.snmp.identity.access import AccessPorts
from collectors.snmp.oid import Value
from collectors.snmp.walking.walk import Walked
from config.ports import parse_ports
from tests.collectors.snmp.lab import Bench, is_walk, values_of
from tests.harness.snmp_agent import ERROR_GEN, SYSTEM, Agent, encode, snmp_agent

GIGA, FAST, NONE = "1000000000", "100000000", "0"
ETHERNET, VLAN = 6, 53
Port = tuple[str, bool, int]
"""Its name, whether it is up, and its ifHighSpeed in Mbit/s."""


def columns(ports: Mapping[int, Port], kinds: Mapping[int, int] | None = None) -> dict[str, Value]:
    """Rows of ifTable and ifXTable."""
    rows: dict[str, Value] = {}
    for index, (name, up, mega) in ports.items():
        rows |= {
            f"2.2.1.2.{index}": f"port {name}".encode(),
            f"2.2.1.3.{index}": (kinds or {}).get(index, ETHERNET),
            f"2.2.1.5.{index}": min(mega * 1_000_000, (1 << 32) - 1),
            f"2.2.1.8.{index}": 1 if up else 2,
            f"31.1.1.1.1.{index}": name.encode(),
            f"31.1.1.1.15.{index}": mega,
        }
    return {f"1.3.6.1.2.1.{oid}": value for oid, value in rows.items()}


def walked(rows: Mapping[str, Value]) -> list[Walked]:
    ordered = sorted(rows, key=lambda oid: [int(part) for part in oid.split(".")])
    return [Walked("", hash(tuple(ordered)), (), [ordered], [rows[oid] for oid in ordered])]


def counts(wanted: str, rows: Mapping[str, Value], failed: Iterable[str] = ()) -> dict[str, float]:
    return tally(AccessPorts(parse_ports(wanted).names), rows, failed)


def tally(ports: AccessPorts, rows: Mapping[str, Value], failed: Iterable[str] = ()) -> dict[str, float]:
    return {sample.labels[0]: sample.value for sample in ports.count(walked(rows), failed)}


def switch(prefix: str = "", count: int = 4, first: int = 1) -> dict[int, Port]:
    """Ports at 1 Gbit/s, the second at 100 Mbit/s, the third without link."""
    speeds = {2: 100}
    return {
        first + number - 1: (f"{prefix}{number}", number != 3, speeds.get(number, 1000))
        for number in range(1, count + 1)
    }


UPLINK: dict[int, Port] = {60: ("Te1/1/1", True, 10_000), 61: ("Te1/1/2", True, 10_000)}


@pytest.mark.parametrize(
    ("wanted", "ports", "counted"),
    [
        ("1-4", switch(), {GIGA: 2, FAST: 1, NONE: 1}),
        ("1-2,4", switch(), {GIGA: 2, FAST: 1, NONE: 0}),
        ("3", switch(), {NONE: 1}),
        ("Gi1/0/1-4", switch("Gi1/0/"), {GIGA: 2, FAST: 1, NONE: 1}),
        ("gi1/0/1", switch("Gi1/0/"), {GIGA: 1, NONE: 0}),  # upper and lower case are alike
        ("port Gi1/0/1", switch("Gi1/0/"), {GIGA: 1, NONE: 0}),  # ifDescr
        ("1-4", switch("Gi1/0/") | UPLINK, {GIGA: 2, FAST: 1, NONE: 1}),  # the number at the end; not the uplink's
        ("1-4", switch("Gi1/0/") | switch("Gi2/0/", first=20), {GIGA: 4, FAST: 2, NONE: 2}),  # a stack of two
        ("Te1/1/1", switch("Gi1/0/") | UPLINK, {"10000000000": 1, NONE: 0}),
        ("9", switch(), {}),
        ("4", switch("Gi1/0/", count=3), {}),
    ],
)
def test_ports_are_counted_by_speed(wanted: str, ports: dict[int, Port], counted: dict[str, float]) -> None:
    assert counts(wanted, columns(ports)) == counted


def test_a_number_means_no_virtual_interface() -> None:
    vlans: dict[int, Port] = {index: (f"Vlan{index - 100}", True, 0) for index in range(101, 120)}
    rows = columns(switch("Gi1/0/") | vlans, dict.fromkeys(vlans, VLAN))
    assert counts("1-4", rows) == {GIGA: 2, FAST: 1, NONE: 1}


def test_if_speed_stands_in_for_if_high_speed() -> None:
    old = {oid: value for oid, value in columns(switch()).items() if not oid.startswith("1.3.6.1.2.1.31.1.1.1.15")}
    assert counts("1-4", old) == {GIGA: 2, FAST: 1, NONE: 1}


@pytest.mark.parametrize("speed", [0, (1 << 32) - 1])
def test_a_port_that_is_up_at_no_known_speed_has_a_link(speed: int) -> None:
    rows = columns({1: ("1", True, 0)}) | {"1.3.6.1.2.1.2.2.1.5.1": speed}
    assert counts("1", rows) == {"unknown": 1, NONE: 0}


@pytest.mark.parametrize("failed", ["1.3.6.1.2.1.2", "1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.31.1.1"])
def test_they_are_absent_while_a_table_cannot_be_read(failed: str) -> None:
    assert counts("1-4", columns(switch()), [failed]) == {}
    assert counts("1-4", columns(switch()), ["1.3.6.1.4.1.9"]) != {}


def test_they_are_absent_without_states_or_wish() -> None:
    states = {oid: value for oid, value in columns(switch()).items() if not oid.startswith("1.3.6.1.2.1.2.2.1.8")}
    assert counts("1-4", states) == {}
    assert tally(AccessPorts(()), columns(switch())) == {}


def test_a_speed_once_seen_stays_with_nothing() -> None:
    ports = AccessPorts(parse_ports("1-4").names)
    assert tally(ports, columns(switch())) == {GIGA: 2, FAST: 1, NONE: 1}
    slower = {index: (name, up, 100) for index, (name, up, _) in switch().items()}
    assert tally(ports, columns(slower)) == {GIGA: 0, FAST: 3, NONE: 1}


def test_ports_that_swap_their_numbers_keep_their_names() -> None:
    """F24."""
    ports = AccessPorts(["a"])
    assert tally(ports, columns({1: ("a", True, 1000), 2: ("b", False, 0)})) == {GIGA: 1, NONE: 0}
    assert tally(ports, columns({1: ("b", False, 0), 2: ("a", True, 1000)})) == {GIGA: 1, NONE: 0}
    assert tally(ports, columns({7: ("b", False, 0), 9: ("a", True, 1000)})) == {GIGA: 1, NONE: 0}


# --- over the wire ---------------------------------------------------------------------------------------------------


def agent_of(ports: Mapping[int, Port]) -> Agent:
    rows = {oid: encode(value) for oid, value in columns(ports).items() if isinstance(value, int | bytes)}
    return Agent(SYSTEM | rows)


def shown(harvest: Harvest) -> dict[tuple[str, ...], float]:
    return values_of(harvest, ACCESS_PORTS.name, "speed")


async def test_a_switch_shows_its_access_ports(bench: Bench) -> None:
    async with snmp_agent(agent_of(switch("Gi1/0/"))) as agent:
        collector = bench.of(agent, access_ports=("1", "2", "3"))
        first, second = await collector.collect(), await collector.collect()
        agent.table["1.3.6.1.2.1.2.2.1.8.1"] = encode(2)
        third = await collector.collect()
    assert shown(first) == {(GIGA,): 1, (FAST,): 1, (NONE,): 1}
    assert first.partial == ()
    assert second.layout is first.layout
    assert third.layout is first.layout
    assert shown(third) == {(GIGA,): 0, (FAST,): 1, (NONE,): 2}


async def test_a_port_that_the_device_does_not_have_is_said(bench: Bench) -> None:
    async with snmp_agent(agent_of(switch())) as agent:
        harvest = await bench.of(agent, access_ports=parse_ports("3-12").names).collect()
        none = await bench.of(agent, access_ports=("lan",)).collect()
    assert shown(harvest) == {(GIGA,): 1, (NONE,): 1}
    assert harvest.partial == ("access_ports: it has no port 5, 6, 7, 8, 9 and 3 more",)
    assert shown(none) == {}
    assert none.partial == ("access_ports: it has no port lan",)


async def test_they_are_absent_while_the_states_cannot_be_read(bench: Bench) -> None:
    def fails(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if not is_walk(request) or request.kind == ber.GET:
            return None
        following = agent.after(request.oids[0], request.second if request.kind == ber.GET_BULK else 1)
        bad = any(oid.startswith("1.3.6.1.2.1.2.2.1.8.") for oid, _ in following)
        return [agent.error(request, ERROR_GEN)] if bad else None

    async with snmp_agent(agent_of(switch())) as agent:
        collector = bench.of(agent, access_ports=("1", "2"))
        assert shown(await collector.collect()) == {(GIGA,): 1, (FAST,): 1, (NONE,): 0}
        agent.misbehave = fails
        harvest = await collector.collect()
        agent.misbehave = None
        assert shown(await collector.collect()) == {(GIGA,): 1, (FAST,): 1, (NONE,): 0}
    assert shown(harvest) == {}
    assert harvest.partial
    assert len(values_of(harvest, "ifHighSpeed", "ifName")) == 4


async def test_a_switch_without_the_wish_shows_none(bench: Bench) -> None:
    async with snmp_agent(agent_of(switch())) as agent:
        harvest = await bench.of(agent).collect()
    assert shown(harvest) == {}
