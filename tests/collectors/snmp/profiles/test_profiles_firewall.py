"""Firewalls: roles and peers of clusters, tunnels, sessions."""

from __future__ import annotations

from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.profiles.recorded import before_and_after, one_of, replay_part, synthetic
from tests.collectors.snmp.replay import SYNTHETIC, neutral, replay
from tests.harness.snmp_agent import encode

FORTIGATE = "1.3.6.1.4.1.12356.101"
SFOS = "1.3.6.1.4.1.2604.5.1"
PAN = "1.3.6.1.4.1.25461.2.1.2"
ASA = "1.3.6.1.4.1.9.9.147.1.2.1.1.1"


async def test_fortinet(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "fortinet_synthetic.snmprec")
    assert profile == "fortinet"
    assert neutral(harvest) == {
        **one_of("ha_state self", "active standby alone", "standby"),
        "ha_peer_up peer": 1,
        "vpn_tunnel_up zum-rathaus p2-rathaus": 1,
        "vpn_tunnel_up zum-bauhof p2-daten": 0,
        "vpn_tunnel_up zum-bauhof p2-telefon": 1,
        "vpn_tunnels_up": 2,
        "vpn_tunnels_expected": 3,
        "firewall_sessions": 1234,
        "hardware_ok FAN 1": 1,
        "hardware_ok PSU 1": 1,
        "hardware_ok PSU 2": 0,
    }
    facts = {name: harvest.facts[name] for name in ("vendor", "model", "serial", "firmware")}
    assert facts == {
        "vendor": "Fortinet",
        "model": "FGT_SYN",
        "serial": "FGSYN00000000001",
        "firmware": "v7.4.5,build2702,240829 (GA.M)",
    }


async def test_a_real_fortigate(bench: Bench) -> None:
    harvest, profile = await replay_part(
        bench, "network/firewall/fortinet-xcu", *(f"{FORTIGATE}.{at}" for at in ("3.2", "4.1", "12", "13"))
    )
    assert profile == "fortinet"
    assert neutral(harvest) == {
        **one_of("ha_state self", "active standby alone", "active"),
        "ha_peer_up peer": 1,
        "firewall_sessions": 683825,
    }


async def test_a_fortigate_loses_a_tunnel_and_then_its_peer(bench: Bench) -> None:
    sync, tunnel = f"{FORTIGATE}.13.2.1.1.12.2", f"{FORTIGATE}.12.2.2.1.20.1"
    _, apart = await before_and_after(bench, synthetic("fortinet"), {sync: encode(0), tunnel: encode(1)})
    assert (apart["ha_peer_up peer"], apart["vpn_tunnel_up zum-rathaus p2-rathaus"], apart["vpn_tunnels_up"]) == (
        0,
        0,
        1,
    )
    gone = {sync: None, f"{FORTIGATE}.13.2.1.1.2.2": None, f"{FORTIGATE}.3.2.1.1.4.1": encode(1)}
    _, alone = await before_and_after(bench, synthetic("fortinet"), gone)
    assert alone["ha_peer_up peer"] == 0, "the row of a lost member goes, the cluster is configured still"
    assert alone["ha_state self active"] == 1


async def test_a_fortigate_without_cluster_has_no_peer(bench: Bench) -> None:
    changes = {f"{FORTIGATE}.13.1.1.0": encode(1), f"{FORTIGATE}.13.2.1.1.12.2": None}
    _, alone = await before_and_after(bench, synthetic("fortinet"), {**changes, f"{FORTIGATE}.3.2.1.1.4.1": encode(3)})
    assert "ha_peer_up peer" not in alone
    assert alone.items() >= one_of("ha_state self", "active standby alone", "alone").items()


async def test_sophos(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "sophos_sfos_synthetic.snmprec")
    assert profile == "sophos-sfos"
    assert neutral(harvest) == {
        **one_of("ha_state self", "standby alone active failed", "active"),
        "ha_peer_up peer": 1,
        "vpn_tunnel_up rathaus": 1,
        "vpn_tunnel_up bauhof": 0,  # partially active
        "vpn_tunnels_up": 1,
        "vpn_tunnels_expected": 2,  # "alt" is not activated
    }
    assert (harvest.facts["model"], harvest.facts["serial"]) == ("XGS-SYN", "SYN0001")


async def test_a_sophos_peer_that_fails_and_a_firewall_without_cluster(bench: Bench) -> None:
    _, faulty = await before_and_after(bench, synthetic("sophos_sfos"), {f"{SFOS}.4.5.0": encode(4)})
    assert faulty["ha_peer_up peer"] == 0
    _, alone = await before_and_after(bench, synthetic("sophos_sfos"), {f"{SFOS}.4.1.0": encode(0)})
    assert not any(name.startswith("ha_") for name in alone)


async def test_packet_filters(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "pf_synthetic.snmprec")
    assert profile == "generic+pf"
    assert neutral(harvest) == {"firewall_sessions": 812, "firewall_sessions_limit": 403000}


async def test_openbsd_with_carp(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "openbsd_synthetic.snmprec")
    assert profile == "generic+openbsd"
    assert neutral(harvest) == {
        "firewall_sessions": 77,
        **one_of("ha_state carp0", "failed standby active", "active"),
        **one_of("ha_state carp1", "failed standby active", "standby"),
        **one_of("ha_state carp2", "failed standby active", "failed"),
    }


async def test_palo_alto(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "paloalto_synthetic.snmprec")
    assert profile == "paloalto"
    assert neutral(harvest) == {
        **one_of("ha_state self", "active standby failed alone", "standby"),
        "ha_peer_up peer": 1,
        "firewall_sessions": 310,
        "firewall_sessions_limit": 64000,
    }
    _, after = await before_and_after(
        bench, synthetic("paloalto"), {f"{PAN}.1.11.0": encode("active"), f"{PAN}.1.12.0": encode("unknown")}
    )
    assert (after["ha_state self active"], after["ha_peer_up peer"]) == (1, 0)


async def test_a_real_palo_alto_without_cluster(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, "network/firewall/paloalto-pa-5000", PAN)
    assert profile == "paloalto"
    assert neutral(harvest) == {
        **one_of("ha_state self", "active standby failed alone", "alone"),
        "firewall_sessions": 81258,
        "firewall_sessions_limit": 2000000,
    }
    assert (harvest.facts["firmware"], harvest.facts["serial"]) == ("8.0.1", "0009C100761")


async def test_cisco_asa(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "cisco_firewall_synthetic.snmprec")
    assert profile == "cisco+cisco-firewall"
    assert neutral(harvest) == {
        **one_of("ha_state primary", "failed active standby", "active"),
        **one_of("ha_state secondary", "failed active standby", "standby"),
        "ha_peer_up peer": 1,
        "firewall_sessions": 88,
    }


async def test_a_cisco_asa_whose_other_unit_fails(bench: Bench) -> None:
    _, after = await before_and_after(bench, synthetic("cisco_firewall"), {f"{ASA}.3.7": encode(4)})
    assert after.items() >= one_of("ha_state secondary", "failed active standby", "failed").items()
    assert after["ha_peer_up peer"] == 0


async def test_a_cisco_asa_without_failover_has_not_failed(bench: Bench) -> None:
    changes = {f"{ASA}.{column}.{unit}": value for unit in (6, 7) for column, value in ((3, encode(3)), (4, OFF))}
    _, after = await before_and_after(bench, synthetic("cisco_firewall"), changes)
    assert after == {"ha_state primary alone": 1, "firewall_sessions": 88}


OFF = encode("Failover Off")


async def test_cisco_ipsec(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "cisco_ipsec_synthetic.snmprec")
    assert profile == "cisco+cisco-ipsec"
    assert neutral(harvest) == {"vpn_tunnels_up": 4}
    _, after = await before_and_after(bench, synthetic("cisco_ipsec"), {"1.3.6.1.4.1.9.9.171.1.3.1.1.0": encode(0)})
    assert after == {"vpn_tunnels_up": 0}
