"""Ring protocols: spanning tree, OSPF, and Ethernet ring protection (G.8032) of four vendors."""

from __future__ import annotations

import pytest

from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.profiles.recorded import before_and_after, one_of, part, replay_part, synthetic
from tests.collectors.snmp.replay import SYNTHETIC, neutral, replay
from tests.harness.snmp_agent import encode

STP = "disabled blocking listening learning forwarding broken"
OSPF = "down attempt init twoWay exchangeStart exchange loading full"
G8032 = "idle protection manual forced pending"
PORT = "blocking forwarding"
MX960 = "network/router/juniper-mx960-13-3r9-13"
BRIDGE, IF_NAME = "1.3.6.1.2.1.17", "1.3.6.1.2.1.31.1.1.1.1"
STATE = "ring_protocol_state"


async def test_spanning_tree_by_the_names_of_its_ports(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, MX960, BRIDGE, IF_NAME)
    assert profile == "juniper+bridge-stp"
    forwarding = ("port 12", "port 15", "ge-1/0/3", "ge-1/1/4")  # 12 and 15 are tied to no interface: ifIndex 0
    blocking = (
        *("ge-0/0/1", "ge-0/0/3", "ge-0/0/4", "ge-1/0/1", "ge-1/0/2", "ge-1/0/4", "ge-1/1/8"),
        *("port 13", "port 14", "port 41", "port 51", "port 53"),
    )
    expected: dict[str, float] = {}
    for port in forwarding:
        expected |= one_of(f"{STATE} {port}", STP, "forwarding")
    for port in blocking:
        expected |= one_of(f"{STATE} {port}", STP, "blocking")
    assert neutral(harvest) == expected


async def test_a_port_that_takes_over(bench: Bench) -> None:
    table = part(MX960, BRIDGE, IF_NAME)
    before, after = await before_and_after(
        bench, table, {f"{BRIDGE}.2.15.1.3.2": encode(5), f"{BRIDGE}.2.15.1.3.44": encode(1)}
    )
    assert before["ring_protocol_state ge-0/0/1 blocking"] == before["ring_protocol_state ge-1/0/3 forwarding"] == 1
    assert after["ring_protocol_state ge-0/0/1 forwarding"] == after["ring_protocol_state ge-1/0/3 disabled"] == 1
    assert after["ring_protocol_state ge-0/0/1 blocking"] == after["ring_protocol_state ge-1/0/3 forwarding"] == 0


async def test_ospf_neighbours(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "ospf_synthetic.snmprec")
    assert profile == "generic+ospf"
    assert neutral(harvest) == {
        **one_of(f"{STATE} 192.0.2.1", OSPF, "full"),
        **one_of(f"{STATE} 192.0.2.5", OSPF, "init"),
        **one_of(f"{STATE} 198.51.100.7 12", OSPF, "full"),  # links without addresses: the interface's number behind
        **one_of(f"{STATE} 198.51.100.7 13", OSPF, "down"),
    }  # the neighbour in a state that no MIB knows has none


async def test_ospf_neighbours_of_a_real_router(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, MX960, "1.3.6.1.2.1.14.10")
    assert profile == "juniper+ospf"
    found = neutral(harvest)
    assert len(found) == 8 * len(OSPF.split())
    assert [name for name, value in found.items() if value] == [name for name in found if name.endswith(" full")]


async def test_an_ospf_neighbour_that_is_lost(bench: Bench) -> None:
    root = "1.3.6.1.2.1.14.10.1.6"
    changes = {f"{root}.192.0.2.1.0": encode(1), f"{root}.192.0.2.5.0": None}
    _, after = await before_and_after(bench, synthetic("ospf"), changes)
    assert after.items() >= one_of(f"{STATE} 192.0.2.1", OSPF, "down").items()
    assert not any("192.0.2.5" in name for name in after)


async def test_huawei_erps(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "huawei_erps_synthetic.snmprec")
    assert profile == "huawei+huawei-erps"
    assert neutral(harvest) == {
        **one_of(f"{STATE} ring 1", G8032, "idle"),
        **one_of(f"{STATE} ring 2", G8032, "pending"),
        **one_of(f"{STATE} ring 1 port 6", PORT, "blocking"),
        **one_of(f"{STATE} ring 1 port 7", PORT, "forwarding"),
        **one_of(f"{STATE} ring 2 port 8", PORT, "forwarding"),
    }


async def test_a_huawei_ring_that_is_cut(bench: Bench) -> None:
    """The ring protects: the port that blocked forwards, the one at the cut blocks."""
    root = "1.3.6.1.4.1.2011.5.25.256.1"
    changes = {
        f"{root}.3.1.4.1": encode(2),
        f"{root}.5.1.3.1.1.6.0.0.0": encode(2),
        f"{root}.5.1.3.1.1.7.0.0.0": encode(1),
    }
    _, after = await before_and_after(bench, synthetic("huawei_erps"), changes)
    assert after.items() >= one_of(f"{STATE} ring 1", G8032, "protection").items()
    assert after.items() >= one_of(f"{STATE} ring 1 port 6", PORT, "forwarding").items()
    assert after.items() >= one_of(f"{STATE} ring 1 port 7", PORT, "blocking").items()


async def test_alcatel_erp(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "alcatel_erp_synthetic.snmprec")
    assert profile == "generic+alcatel-erp"
    assert neutral(harvest) == {
        **one_of(f"{STATE} ring 1", "idle protection", "idle"),
        **one_of(f"{STATE} ring 7", "idle protection", "protection"),
        **one_of(f"{STATE} ring 1 port 1/1", PORT, "forwarding"),
        **one_of(f"{STATE} ring 1 port 1/2", PORT, "blocking"),
        **one_of(f"{STATE} ring 7 port 1/3", PORT, "forwarding"),
        **one_of(f"{STATE} ring 7 port 1099", PORT, "blocking"),  # a port that IF-MIB does not name
    }


async def test_telco_raps(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "telco_raps_synthetic.snmprec")
    assert profile == "generic+telco-raps"
    assert neutral(harvest) == {
        **one_of(f"{STATE} ring 1", f"init {G8032}", "protection"),
        **one_of(f"{STATE} ring 2", f"init {G8032}", "forced"),
        **one_of(f"{STATE} ring 3", f"init {G8032}", "init"),
        **one_of(f"{STATE} ring 1 port 1/1/1", f"{PORT} failed", "forwarding"),
        **one_of(f"{STATE} ring 1 port 1/1/2", f"{PORT} failed", "failed"),
        **one_of(f"{STATE} ring 2 port 1/1/3", f"{PORT} failed", "blocking"),
    }  # 2.104 is no port of the ring now


@pytest.mark.parametrize("name", ["alcatel_erp", "telco_raps"])
async def test_spanning_tree_does_not_overwrite_a_ring(bench: Bench, name: str) -> None:
    """Both speak of the same interfaces, each under its own names, and each in one state."""
    table = synthetic(name)
    ports = [oid.removeprefix(f"{IF_NAME}.") for oid in table if oid.startswith(f"{IF_NAME}.")]
    for number, interface in enumerate(ports, 1):
        table[f"{BRIDGE}.1.4.1.2.{number}"] = encode(int(interface))
        table[f"{BRIDGE}.2.15.1.3.{number}"] = encode(5)
    ring, _ = await before_and_after(bench, synthetic(name), {})
    both, _ = await before_and_after(bench, table, {})
    assert both.items() >= ring.items()
    assert len(both) == len(ring) + len(ports) * len(STP.split())
    holding = [series.rpartition(" ")[0] for series, value in both.items() if value]
    assert len(holding) == len(set(holding))


async def test_cisco_me1200_erps(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "cisco_me1200_erps_synthetic.snmprec")
    assert profile == "cisco+cisco-me1200-erps"
    assert neutral(harvest) == {
        **one_of(f"{STATE} ring 1", f"none {G8032}", "idle"),
        **one_of(f"{STATE} ring 2", f"none {G8032}", "none"),
        **one_of(f"{STATE} ring 3", f"none {G8032}", "manual"),
        **one_of(f"{STATE} ring 1 port 0", PORT, "blocking"),
        **one_of(f"{STATE} ring 2 port 0", PORT, "forwarding"),
        **one_of(f"{STATE} ring 3 port 0", PORT, "forwarding"),
        **one_of(f"{STATE} ring 1 port 1", PORT, "forwarding"),
        **one_of(f"{STATE} ring 2 port 1", PORT, "forwarding"),
    }  # port 1 of ring 3 says 0, which is no TruthValue
