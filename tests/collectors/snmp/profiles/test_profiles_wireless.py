"""Wireless LAN (counts only, never who) and mobile modems."""

from __future__ import annotations

from agent.demo.ber import Request
from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.profiles.recorded import before_and_after, part, replay_part, synthetic
from tests.collectors.snmp.replay import SYNTHETIC, neutral, replay
from tests.harness.snmp_agent import Agent, dotted, encode, snmp_agent

INSTANT = "1.3.6.1.4.1.14823.2.3.3.1.2"
WLSX = "1.3.6.1.4.1.14823.2.2.1.5.2.1"
ARUBA = "network/wifi/aruba-7210"
UP, CLIENTS, BUSY = "wlan_access_point_up", "wlan_clients", "wlan_channel_utilisation_ratio"


async def test_aruba_instant(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "aruba_instant_synthetic.snmprec")
    assert profile == "aruba-instant"
    assert neutral(harvest) == {
        f"{UP} ap-flur-1": 1,
        f"{UP} ap-aula": 0,
        f"{UP} 02:00:5E:00:53:03": 1,  # an access point without a name
        f"{CLIENTS} ap-flur-1 0": 7,
        f"{CLIENTS} ap-flur-1 1": 19,
        f"{CLIENTS} ap-aula 0": 0,
        f"{BUSY} ap-flur-1 0": 0.35,
        f"{BUSY} ap-aula 0": 0,
    }  # more than 100 percent is no utilisation
    assert (harvest.facts["controller"], harvest.facts["firmware"]) == ("schule-nord", "8.10.0.6")
    changes = {f"{INSTANT}.1.1.11.2.0.94.0.83.1": encode(2), f"{INSTANT}.2.1.21.2.0.94.0.83.1.1": encode(0)}
    _, after = await before_and_after(bench, synthetic("aruba_instant"), changes)
    assert (after[f"{UP} ap-flur-1"], after[f"{CLIENTS} ap-flur-1 1"]) == (0, 0)


async def test_an_aruba_controller(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, ARUBA, WLSX, "1.3.6.1.4.1.14823.2.2.1.1.1.2")
    assert profile == "aruba-controller"
    found = neutral(harvest)
    down = {"AP-93", "18:64:72:c8:32:0e", "Zuo-AP115", "9c:1c:12:cc:55:b4"}
    access_points = {name.removeprefix(f"{UP} "): value for name, value in found.items() if name.startswith(UP)}
    assert len(access_points) == 13
    assert {name for name, value in access_points.items() if value == 0} == down
    clients = {name: value for name, value in found.items() if name.startswith(CLIENTS)}
    assert len(clients) == 16
    assert sum(clients.values()) == 69
    assert (clients[f"{CLIENTS} WRD-WN 1"], found[f"{BUSY} WRD-WN 2"]) == (20, 0.06)
    assert len(found) == 13 + 16 + 16
    assert harvest.facts["model"] == "A7210"


async def test_nobody_is_looked_up(bench: Bench) -> None:
    """The tables that name clients (WLSX-USER-MIB, the station tables) are never asked for."""
    async with snmp_agent(Agent(part(ARUBA, "1.3.6.1.4.1.14823.2.2.1"))) as agent:
        await bench.of(agent, profile="auto").collect()
    assert any(oid.startswith(f"{WLSX}.5.1.7.") for request in agent.requests for oid in asked(request))
    personal = ("1.3.6.1.4.1.14823.2.2.1.4.", "1.3.6.1.4.1.14823.2.2.1.1.2.", f"{WLSX.removesuffix('.1')}.2.")
    assert not [oid for request in agent.requests for oid in asked(request) if oid.startswith(personal)]


def asked(request: Request) -> list[str]:
    return [f"{dotted(oid)}." for oid in request.oids]


async def test_unifi(bench: Bench) -> None:
    """It answers as net-snmp; a radio's clients are those of all its networks."""
    harvest, profile = await replay(bench, SYNTHETIC / "ubiquiti_unifi_synthetic.snmprec")
    assert profile == "generic+ubiquiti-unifi"
    assert neutral(harvest) == {
        f"{CLIENTS}  ng": 7,
        f"{CLIENTS}  na": 11,
        f"{BUSY}  ng": 0.63,
        f"{BUSY}  na": 0.12,
    }
    assert (harvest.facts["model"], harvest.facts["firmware"]) == ("U6-SYN", "6.6.55.15189")


async def test_lancom_access_points(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "lancom_lx_synthetic.snmprec")
    assert profile == "lancom-lx"
    assert neutral(harvest) == {
        f"{BUSY}  WLAN-1": 0.41,
        "hardware_temperature_celsius WLAN-1": 52,
        "memory_size_bytes": 512000 * 1024,
        "memory_available_bytes": 128000 * 1024,
        "processor_load_ratio": 0.17,
    }  # the second radio has no sensor, and a load that is no percentage
    assert harvest.facts["serial"] == "4003000000000001"


async def test_ruckus(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "ruckus_smartzone_synthetic.snmprec")
    assert profile == "ruckus-smartzone"
    assert neutral(harvest) == {f"{CLIENTS}  ": 611}
    name = "network/wifi/ruckus-smartcell-gateway"
    harvest, profile = await replay_part(bench, name, "1.3.6.1.4.1.25053.1.3.1.1.1.15")
    assert profile == "ruckus-smartzone"
    assert neutral(harvest) == {f"{CLIENTS}  ": 13021}


async def test_mobile_modems_of_cisco(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "cisco_cellular_synthetic.snmprec")
    assert profile == "cisco+cisco-cellular"
    assert neutral(harvest) == {
        "mobile_rssi_dbm Modem 0 on Cellular0/2/0": -61,
        "mobile_rsrp_dbm Modem 0 on Cellular0/2/0": -97,
        "mobile_rsrq_db Modem 0 on Cellular0/2/0": -10.5,
        "mobile_sinr_db Modem 0 on Cellular0/2/0": 7.4,
        "mobile_sinr_db modem 14": 5.2,  # the ratio to noise alone
    }  # a modem without network says 0


async def test_teltonika(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "teltonika_synthetic.snmprec")
    assert profile == "teltonika"
    assert neutral(harvest) == {
        "mobile_rssi_dbm Internal modem": -67,
        "mobile_sinr_db Internal modem": 11.5,
        "mobile_rsrp_dbm Internal modem": -98,
        "mobile_rsrq_db Internal modem": -9,
    }  # "N/A" of the second modem
    facts = {name: harvest.facts[name] for name in ("vendor", "model", "serial", "firmware")}
    assert facts == {
        "vendor": "Teltonika",
        "model": "RUTX50000000",
        "serial": "6000000001",
        "firmware": "RUTX_R_00.07.06.10",
    }
    root = "1.3.6.1.4.1.48690.2.2.1"
    changes = {f"{root}.12.1": encode(0), **{f"{root}.{column}.1": encode("N/A") for column in (19, 20, 21)}}
    _, lost = await before_and_after(bench, synthetic("teltonika"), changes)
    assert lost == {}


async def test_sierra(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "sierra_airlink_synthetic.snmprec")
    assert profile == "sierra-airlink"
    assert neutral(harvest) == {"mobile_rssi_dbm ": -73}
    assert (harvest.facts["model"], harvest.facts["firmware"]) == ("RV-SYN", "4.17.0.013")
    _, lost = await before_and_after(bench, synthetic("sierra_airlink"), {"1.3.6.1.4.1.20542.9.1.1.1.261.0": encode(0)})
    assert lost == {}
