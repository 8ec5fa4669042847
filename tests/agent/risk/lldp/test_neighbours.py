"""What devices show as neighbours against the declared links."""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import ElementState, FindingKey, LinkVerdict, Severity
from agent.risk.catalogue.neighbours import DECLARED_NOT_SEEN, SEEN_NOT_DECLARED, WRONG_PORT
from agent.risk.lldp.neighbours import AT_ONCE, REREAD_SECONDS
from agent.risk.lldp.sightings import INVENTORY_FAILURE, SNMP
from collectors.snmp.identity import dossier
from tests.agent.risk.lldp.town import UP, Town, device, fibre
from tests.agent.risk.scene import NOW, Scene, failed, job, subject_of, unpolled


def town(**more: Any) -> Town:
    return Town({"ab": fibre("sw-a/49", "sw-b/49")}, **more)


def test_a_link_that_is_seen_where_it_is_declared_is_no_finding() -> None:
    made = town().cable("sw-a/49", "sw-b/49")
    assert made.findings() == {}
    assert made.unverified() == set()


def test_without_declared_links_nothing_is_compared() -> None:
    assert Town({}).cable("sw-a/49", "sw-b/49").outcomes() == []


@pytest.mark.parametrize("system", ["SW-B", "sw-b.example.org", "Core.Example.Org", "core"])
def test_a_neighbour_is_known_by_its_id_or_sysname_with_or_without_domain(system: str) -> None:
    made = town().says("sw-b", sys_name="core.example.org").sees("sw-b", "1", "x", "1")
    made.port("sw-a", ifName="49").port("sw-a", ifName="7").sees("sw-a", "7", system, "8")
    assert list(made.findings()) == ["wrong_port link:ab"]


def test_a_neighbour_without_a_name_is_known_by_the_chassis_that_others_show_beside_its_name() -> None:
    made = town().port("sw-a", ifName="49").port("sw-a", ifName="7").sees("sw-b", "1", "x", "1")
    made.sees("sw-a", "7", "00:1B:21:00:00:01", "8", "00:1B:21:00:00:01")
    assert list(made.findings()) == ["declared_not_seen link:ab"]
    made.sees("sw-c", "1", "sw-b", "3", "00:1B:21:00:00:01")
    assert "wrong_port link:ab" in made.findings()


def test_a_neighbour_is_known_by_the_address_that_it_shows() -> None:
    made = town(devices={"sw-x": device("c", address="192.0.2.7")}).cable("sw-a/49", "sw-b/49")
    made.sees("sw-a", "7", "192.0.2.7", "1", "192.0.2.7").sees("sw-x", "1", "y", "1")
    assert list(made.findings()) == ["seen_not_declared device:sw-a"]


def test_a_neighbour_that_is_not_in_the_inventory_is_nobodys_business() -> None:
    made = town().cable("sw-a/49", "sw-b/49").sees("sw-a", "50", "provider-pe7", "1", "00:00:5E:00:53:01")
    assert made.findings() == {}


def test_a_link_that_neither_end_shows() -> None:
    made = town().sees("sw-a", "1", "x", "1").sees("sw-b", "1", "y", "1")
    (found,) = made.findings().values()
    assert (found.rule, str(found.subject), found.severity, found.site) == (
        DECLARED_NOT_SEEN,
        "link:ab",
        Severity.INFO,
        "a",
    )
    assert found.summary == "link ab is not seen: neither sw-a/49 nor sw-b/49 shows the far end by LLDP"


def test_what_is_seen_at_the_declared_port_instead_is_told_with_it_and_once() -> None:
    made = town().cable("sw-a/49", "sw-c/1").sees("sw-b", "1", "y", "1")
    assert made.findings()["declared_not_seen link:ab"].summary.endswith("; seen there instead: sw-a/49 – sw-c/1")
    assert list(made.findings()) == ["declared_not_seen link:ab", "seen_not_declared device:sw-c"]


@pytest.mark.parametrize(
    "verdict",
    [
        LinkVerdict("ab", ("a", "b"), ElementState("down", since=NOW - 2 * REREAD_SECONDS)),
        LinkVerdict("ab", ("a", "b"), ElementState("unknown")),
        LinkVerdict("ab", ("a", "b"), ElementState("up", since=NOW - REREAD_SECONDS + 1)),
        LinkVerdict("ab", ("a", "b"), UP, off=True),
        LinkVerdict("ab", ("a", "b"), UP, blocked=True),
    ],
    ids=["down", "unknown", "back only now", "switched off", "blocked"],
)
def test_a_link_that_did_not_carry_while_neighbours_were_read_cannot_be_judged(verdict: LinkVerdict) -> None:
    made = town().sees("sw-a", "1", "x", "1").sees("sw-b", "1", "y", "1")
    made.verdicts["ab"] = verdict
    assert made.findings() == {}
    assert made.unverified() == {"declared_not_seen link:ab"}


def test_whoever_is_not_read_whole_leaves_it_unverified() -> None:
    incomplete = town().sees("sw-a", "1", "x", "1").sees("sw-b", "1", "y", "1")
    incomplete.says("sw-b", **{INVENTORY_FAILURE: "timeout"})
    dark = town().sees("sw-a", "1", "x", "1").jobs(failed("device:sw-b", SNMP))
    new = town().sees("sw-a", "1", "x", "1").jobs(unpolled("device:sw-b", SNMP))
    mute = town().sees("sw-a", "1", "x", "1").jobs(job("device:sw-b", SNMP))
    for made in (incomplete, dark, new, mute):
        assert made.findings() == {}
        assert made.unverified() == {"declared_not_seen link:ab", "wrong_port link:ab", "seen_not_declared device:sw-b"}


def test_the_fact_that_neighbours_are_older_is_called_as_the_collector_calls_it() -> None:
    assert dossier.INVENTORY_FAILURE == INVENTORY_FAILURE


def test_a_device_that_is_only_pinged_is_not_expected_to_show_anything() -> None:
    made = town().sees("sw-a", "1", "x", "1").jobs(job("device:sw-b", "icmp"))
    assert made.outcomes() == [None, None]


@pytest.mark.parametrize("kind", ["leased", "mobile", "vpn", "other"])
def test_what_others_carry_is_not_expected_to_be_seen(kind: str) -> None:
    made = Town({"ab": {"kind": kind, "ends": ["sw-a/49", "sw-b/49"]}})
    made.sees("sw-a", "1", "x", "1").sees("sw-b", "1", "y", "1")
    assert made.findings() == {}


def test_a_link_that_ends_at_a_site_is_not_compared() -> None:
    made = Town({"ab": fibre("sw-a/49", "b")}).sees("sw-a", "1", "x", "1").sees("sw-b", "1", "y", "1")
    assert made.findings() == {}


def test_a_link_that_is_plugged_in_elsewhere() -> None:
    made = town().port("sw-a", ifName="49", ifIndex="49").port("sw-a", ifName="50", ifIndex="50")
    made.port("sw-b", ifName="49", ifIndex="49").cable("sw-a/50", "sw-b/49")
    (found,) = made.findings().values()
    assert (found.rule, str(found.subject), found.severity) == (WRONG_PORT, "link:ab", Severity.WARNING)
    assert found.summary == "link ab is at other ports than declared: sw-a/50 – sw-b/49 instead of sw-a/49 – sw-b/49"
    assert found.evidence == ("neighbour by LLDP: sw-a/50 – sw-b/49", "neighbour by LLDP: sw-b/49 – sw-a/50")


def test_german_says_it_too() -> None:
    made = town(language="de").port("sw-a", ifName="49").port("sw-a", ifName="50").cable("sw-a/50", "sw-b/49")
    assert made.findings()["wrong_port link:ab"].summary.startswith("Strecke ab steckt an anderen Ports als angegeben")
    made = town(language="de").sees("sw-a", "1", "x", "1").sees("sw-b", "1", "y", "1").cable("sw-a/49", "sw-c/1")
    assert "; dort ist zu sehen: sw-a/49" in made.findings()["declared_not_seen link:ab"].summary
    assert "sind verbunden" in made.findings()["seen_not_declared device:sw-c"].summary


def test_what_is_seen_where_it_is_declared_is_not_among_what_is_seen_elsewhere() -> None:
    made = town().port("sw-a", ifName="49").port("sw-a", ifName="50")
    made.sees("sw-a", "50", "sw-b", "49").sees("sw-b", "49", "sw-a", "00:1B:21:00:00:01")
    (found,) = made.findings().values()
    assert found.summary == "link ab is at other ports than declared: sw-a/50 – sw-b/49 instead of sw-a/49 – sw-b/49"
    assert found.evidence == ("neighbour by LLDP: sw-a/50 – sw-b/49",)


@pytest.mark.parametrize("shown", ["uplink", ""])
def test_a_name_that_several_ports_have_or_none_tells_of_no_port(shown: str) -> None:
    made = town()
    for number in ("48", "49", "50"):
        made.port("sw-b", ifName=number, ifAlias=shown)
    assert made.sees("sw-a", "49", "sw-b", shown).sees("sw-b", "49", "sw-a", "49").findings() == {}


def test_a_wrong_port_is_told_by_one_end_where_the_other_shows_no_neighbours() -> None:
    for silent in (job("device:sw-b", SNMP), failed("device:sw-b", SNMP), job("device:sw-b", "icmp")):
        made = town().port("sw-a", ifName="49").port("sw-a", ifName="50").sees("sw-a", "50", "sw-b", "49")
        assert list(made.jobs(silent).findings()) == ["wrong_port link:ab"]


def test_one_end_alone_cannot_say_that_all_is_well() -> None:
    made = town().sees("sw-a", "49", "sw-b", "49").jobs(job("device:sw-b", SNMP))
    assert made.findings() == {}
    assert made.unverified() >= {"declared_not_seen link:ab", "wrong_port link:ab"}


def test_devices_that_share_a_factory_name_are_told_apart_by_what_else_they_show() -> None:
    made = town(devices={"sw-x": device("c", address="192.0.2.7"), "sw-y": device("d", address="192.0.2.8")})
    for name in ("sw-x", "sw-y"):
        made.says(name, sys_name="Switch").sees(name, "1", "x", "1")
    made.cable("sw-a/49", "sw-b/49").sees("sw-a", "7", "Switch", "1", "00:1B:21:00:00:01")
    assert made.findings() == {}
    made.sees("sw-a", "8", "Switch", "1", "192.0.2.7")
    assert made.findings()["seen_not_declared device:sw-a"].evidence == ("neighbour by LLDP: sw-a/8 – sw-x/1",)


@pytest.mark.parametrize("label", ["ifDescr", "ifAlias", "ifIndex"])
def test_a_port_is_the_same_by_any_of_its_names(label: str) -> None:
    made = town().port("sw-a", **{"ifName": "gi49", "ifIndex": "7", label: "49"}).cable("sw-a/gi49", "sw-b/49")
    assert made.findings() == {}


def test_a_port_that_no_interface_is_called_after_cannot_be_told_apart() -> None:
    made = town().port("sw-b", ifName="49", ifIndex="1").cable("sw-a/49", "sw-b/00:1B:21:00:00:01")
    assert made.findings() == {}


def test_a_bundle_is_seen_at_its_members() -> None:
    made = Town({"ab": fibre("sw-a/Trk1", "sw-b/49")})
    made.port("sw-a", ifName="Trk1", ifIndex="290").port("sw-a", ifName="50", ifIndex="50").cable("sw-a/50", "sw-b/49")
    assert list(made.findings()) == ["wrong_port link:ab"]
    made.shows("ifType_info", "sw-a", ifName="Trk1", ifIndex="290", ifType="ieee8023adLag")
    assert made.findings() == {}


def parallel() -> Town:
    made = Town({"one": fibre("sw-a/1", "sw-b/1"), "two": fibre("sw-a/2", "sw-b/2")})
    for name in ("sw-a", "sw-b"):
        made.port(name, ifName="1", ifIndex="1").port(name, ifName="2", ifIndex="2")
    return made


def test_parallel_links_that_are_seen_are_no_finding() -> None:
    assert parallel().cable("sw-a/1", "sw-b/1").cable("sw-a/2", "sw-b/2").findings() == {}


def test_parallel_links_that_are_swapped_at_one_end() -> None:
    made = parallel().cable("sw-a/1", "sw-b/2").cable("sw-a/2", "sw-b/1")
    assert list(made.findings()) == ["wrong_port link:one", "wrong_port link:two"]


def test_one_of_two_parallel_links_that_is_not_there() -> None:
    assert list(parallel().cable("sw-a/1", "sw-b/1").findings()) == ["declared_not_seen link:two"]


def test_two_devices_of_a_site_are_compared_at_their_ports_as_well() -> None:
    made = Town({"rack": fibre("sw-a/1", "sw-a2/1")}, {"sw-a2": device("a")})
    made.port("sw-a", ifName="1").port("sw-a", ifName="2").cable("sw-a/2", "sw-a2/1")
    assert list(made.findings()) == ["wrong_port link:rack"]


def test_a_cable_within_a_site_need_not_be_declared() -> None:
    made = town(devices={"sw-a2": device("a")}).cable("sw-a/49", "sw-b/49").cable("sw-a/1", "sw-a2/1")
    assert made.findings() == {}


def test_a_way_between_sites_that_nobody_declared_is_told_once_by_the_first_in_the_file() -> None:
    made = town().cable("sw-a/49", "sw-b/49").cable("sw-a/50", "sw-c/5").cable("sw-d/5", "sw-a/51")
    (found,) = made.findings().values()
    assert (found.rule, str(found.subject), found.severity) == (SEEN_NOT_DECLARED, "device:sw-a", Severity.INFO)
    assert found.summary == (
        "sw-a (A) and sw-c (C) are connected, and no declared link explains it: sw-a/50 – sw-c/5 (and 1 more)"
    )
    assert found.evidence == ("neighbour by LLDP: sw-a/50 – sw-c/5", "neighbour by LLDP: sw-a/51 – sw-d/5")


def test_a_second_way_beside_a_declared_one() -> None:
    made = parallel().cable("sw-a/1", "sw-b/1").cable("sw-a/2", "sw-b/2")
    made.port("sw-a", ifName="3").port("sw-b", ifName="3").cable("sw-a/3", "sw-b/3")
    assert list(made.findings()) == ["seen_not_declared device:sw-a"]


def test_who_was_not_read_keeps_its_undeclared_neighbour_in_doubt() -> None:
    made = town().sees("sw-c", "5", "sw-a", "50").jobs(failed("device:sw-a", SNMP))
    assert made.findings() == {}
    assert {"seen_not_declared device:sw-a", "seen_not_declared device:sw-c"} <= made.unverified()


def test_a_link_with_site_ends_explains_what_is_seen_between_the_sites() -> None:
    assert Town({"ab": fibre("a", "b")}).cable("sw-a/49", "sw-b/49").findings() == {}
    made = Town({"ab": fibre("sw-a/49", "b")}).port("sw-a", ifName="49").port("sw-a", ifName="50")
    assert made.cable("sw-a/49", "sw-b/3").findings() == {}
    made.cable("sw-a/50", "sw-b/4")
    assert made.findings()["seen_not_declared device:sw-a"].evidence == ("neighbour by LLDP: sw-a/50 – sw-b/4",)


def test_many_links_are_compared_some_at_a_time() -> None:
    made = Town({f"l{number}": fibre(f"sw-a/{number}", f"sw-b/{number}") for number in range(2 * AT_ONCE)})
    assert made.outcomes().count(None) == 2 + 2


def test_the_rules_are_judged_with_all_others() -> None:
    made = Scene({"devices": {"sw-1": device("rathaus")}, "links": {"l": fibre("sw-1/1", "kreishaus")}})
    made.jobs(failed("device:sw-1", SNMP))
    assert FindingKey(SEEN_NOT_DECLARED, subject_of("device:sw-1")) in made.judge().unverified
