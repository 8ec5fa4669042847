"""Rings of radios that pass LLDP on as if they were cables are where others break (a switch sees the far switch)."""

from __future__ import annotations

import pytest

from agent.risk.lldp.sightings import SNMP
from tests.agent.risk.lldp.town import Town, device, fibre
from tests.agent.risk.scene import failed


def ring(*, cabled: bool = False) -> Town:
    """Three sites, a switch and two radios at each; the hops join the radios."""
    radios = {f"rr-{site}{number}": device(site, role="radio") for site in "abc" for number in (1, 2)}
    hops = {
        f"rf-{one}{other}": {"kind": "radio", "ring": "sued", "ends": [f"rr-{one}2/1", f"rr-{other}1/1"]}
        for one, other in ("ab", "bc", "ca")
    }
    cables = {
        f"c-{site}{number}": {"kind": "copper", "ends": [f"sw-{site}/{number}", f"rr-{site}{number}/eth1"]}
        for site in "abc"
        for number in (1, 2)
    }
    return Town({**hops, **(cables if cabled else {})}, radios)


def switches_see_each_other(made: Town) -> Town:
    return made.cable("sw-a/2", "sw-b/1").cable("sw-b/2", "sw-c/1").cable("sw-c/2", "sw-a/1")


@pytest.mark.parametrize("cabled", [False, True])
def test_across_a_ring_of_transparent_radios_switches_see_the_next_switches(cabled: bool) -> None:
    made = switches_see_each_other(ring(cabled=cabled))
    assert made.findings() == {}


def test_radios_may_speak_and_pass_on_at_once() -> None:
    made = switches_see_each_other(ring(cabled=True))
    for site in "abc":
        for number in (1, 2):
            made.cable(f"sw-{site}/{number}", f"rr-{site}{number}/eth1")
    assert made.findings() == {}


def test_radios_that_see_the_switches_beyond_the_hop_are_no_finding() -> None:
    made = ring().cable("rr-a2/eth1", "sw-a/2").cable("rr-b1/eth1", "sw-b/1")
    made.sees("rr-a2", "radio", "sw-b", "1").sees("sw-b", "1", "rr-a2", "radio")
    assert made.findings() == {}


def test_a_radio_is_expected_to_show_the_far_one_only_where_radios_show_each_other_through_the_air() -> None:
    made = ring()
    for name in ("rr-a2", "rr-b1", "rr-b2", "rr-c1"):
        made.sees(name, "eth1", "x", "1")
    assert made.findings() == {}


def test_two_radios_that_point_elsewhere_than_declared() -> None:
    made = ring().cable("rr-a2/1", "rr-c1/1").cable("rr-b1/1", "rr-c2/1").sees("rr-a1", "eth1", "x", "1")
    found = made.findings()
    assert "declared_not_seen link:rf-ab" in found


def test_what_a_radio_sees_at_the_interface_of_its_ports_number_is_not_seen_over_the_hop() -> None:
    made = ring().cable("rr-a2/1", "rr-c1/1").sees("rr-b1", "mgmt", "sw-b", "9").sees("rr-a1", "eth1", "x", "1")
    made.port("rr-b1", ifName="mgmt", ifIndex="1").sees("rr-b1", "2", "rr-c2", "1")
    found = made.findings()["declared_not_seen link:rf-ab"]
    assert found.summary.endswith("; seen there instead: rr-a2/1 – rr-c1/1")


def test_what_lies_behind_a_switch_is_not_seen_through_it() -> None:
    """A and C see each other, and the only declared way leads through the switch at B."""
    made = Town({"ab": fibre("sw-a/1", "sw-b/1"), "bc": fibre("sw-b/2", "sw-c/1")})
    made.cable("sw-a/1", "sw-b/1").cable("sw-b/2", "sw-c/1").cable("sw-a/9", "sw-c/9")
    assert list(made.findings()) == ["seen_not_declared device:sw-a"]


def test_a_relay_of_radios_alone_is_seen_through() -> None:
    radios = {name: device(name[3], role="radio") for name in ("rr-a", "rr-b1", "rr-b2", "rr-c")}
    hops = {
        "one": {"kind": "radio", "ends": ["rr-a/1", "rr-b1/1"]},
        "two": {"kind": "radio", "ends": ["rr-b2/1", "rr-c/1"]},
    }
    assert Town(hops, radios).cable("sw-a/1", "sw-c/1").findings() == {}
    with_switch = Town(hops, radios).cable("sw-a/1", "sw-c/1").sees("sw-b", "1", "x", "1")
    assert list(with_switch.findings()) == ["seen_not_declared device:sw-a"]
    patched = {**hops, "patch": {"kind": "copper", "ends": ["rr-b1/2", "rr-b2/2"]}}
    assert Town(patched, radios).cable("sw-a/1", "sw-c/1").sees("sw-b", "1", "x", "1").findings() == {}


def test_whether_lldp_passes_hangs_on_who_is_not_read() -> None:
    made = Town({"ab": fibre("sw-a/1", "sw-b/1"), "bc": fibre("sw-b/2", "sw-c/1")})
    made.cable("sw-a/1", "sw-c/1").jobs(failed("device:sw-b", SNMP))
    assert made.findings() == {}
    assert "seen_not_declared device:sw-a" in made.unverified()


def test_a_fibre_beside_a_radio_hop_is_not_at_the_wrong_port_because_the_hop_passes_lldp_on() -> None:
    hop = {"kind": "radio", "ends": ["rr-a/1", "rr-b/1"]}
    radios = {"rr-a": device("a", role="radio"), "rr-b": device("b", role="radio")}
    made = Town({"ab": fibre("sw-a/49", "sw-b/49"), "hop": hop}, radios)
    for name in ("sw-a", "sw-b"):
        made.port(name, ifName="49").port(name, ifName="1")
    made.cable("sw-a/1", "sw-b/1")
    assert list(made.findings()) == ["declared_not_seen link:ab"]
