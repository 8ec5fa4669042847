"""What takes both legs along: against each single failure of random networks, and by hand where people would ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.contract import Subject
from agent.risk.function.shared import shared_risks
from agent.risk.network.declared import Declared
from config.inventory import Inventory
from config.settings import Settings

SITES: dict[str, Any] = {"hub": {"core": True}, "hall": {}, "school": {}}


ENDS = (("1", "hall"), ("2", "school"))


def risks(raw: dict[str, Any], *legs: Subject) -> list[tuple[str, str]]:
    inventory = Inventory.model_validate({"sites": SITES, **raw})
    declared = Declared.of(inventory, Settings())
    found = shared_risks(inventory, declared.topology, declared.weaknesses, legs)
    assert all(one.legs == legs for one in found)
    return [(one.kind, one.id) for one in found]


def device(site: str = "hall", **more: Any) -> dict[str, Any]:
    return {"site": site, "address": "192.0.2.1", **more}


def link(*ends: str, kind: str = "fibre", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "ends": list(ends), **more}


def dev(name: str) -> Subject:
    return Subject("device", name)


def line(name: str) -> Subject:
    return Subject("link", name)


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_two_devices_in_one_room_share_the_room_and_the_site() -> None:
    raw = {"rooms": {"r": {"site": "hall"}}, "devices": {"a": device(room="r"), "b": device(room="r")}}
    assert risks(raw, dev("a"), dev("b")) == [("room", "r"), ("site", "hall")]


def test_one_source_feeds_both_through_a_rail() -> None:
    devices = {
        "usv": device(role="ups"),
        "rail": device(role="pdu", powered_by=["usv"]),
        "a": device(powered_by=["rail"]),
        "b": device("school", powered_by=["usv"]),
    }
    assert risks({"devices": devices}, dev("a"), dev("b")) == [("power", "usv"), ("site", "hall")]


def test_a_device_that_is_fed_twice_is_not_lost_with_one_source() -> None:
    devices = {
        "usv-1": device(role="ups"),
        "usv-2": device("school", role="ups"),
        "a": device(powered_by=["usv-1", "usv-2"]),
        "b": device("school", powered_by=["usv-2"]),
    }
    assert risks({"devices": devices}, dev("a"), dev("b")) == []


def test_two_links_share_neither_the_places_that_they_join_nor_a_device_that_is_at_one_only() -> None:
    raw = {
        "devices": {"sw": device()},
        "links": {"one": link("sw/1", "hub"), "two": link("hall", "hub")},
    }
    assert risks(raw, line("one"), line("two")) == []


def test_two_links_at_one_switch_hang_on_it_and_its_power_is_not_told_again() -> None:
    raw = {
        "rooms": {"r": {"site": "hall"}},
        "devices": {"usv": device(role="ups", room="r"), "sw": device(room="r", powered_by=["usv"])},
        "links": {"one": link("sw/1", "hub"), "two": link("sw/2", "hub")},
    }
    assert risks(raw, line("one"), line("two")) == [("device", "sw")]


def test_links_of_one_provider_or_on_one_mast() -> None:
    raw = {
        "contracts": {"c1": {"provider": "Netz"}, "c2": {"provider": "Netz"}},
        "links": {
            "one": link("hall", "hub", kind="leased", contract="c1", shared_risk=["duct"]),
            "two": link("hall", "hub", kind="mobile", contract="c2", shared_risk=["duct"]),
        },
    }
    assert risks(raw, line("one"), line("two")) == [("group", "duct"), ("provider", "Netz")]


def test_a_service_and_a_line_of_one_provider() -> None:
    raw = {
        "contracts": {"c1": {"provider": "Netz"}, "c2": {"provider": "Netz"}},
        "links": {"one": link("hall", "hub", kind="leased", contract="c1")},
        "services": {"cloud": {"tcp": "192.0.2.9:80", "contract": "c2"}},
    }
    assert risks(raw, line("one"), Subject("service", "cloud")) == [("provider", "Netz")]


def test_what_a_standby_needs_is_shared_if_it_is_the_primary_itself() -> None:
    raw = {
        "devices": {"srv": device()},
        "services": {"copy": {"tcp": "192.0.2.9:80", "site": "school", "depends_on": ["srv"]}},
    }
    assert ("device", "srv") in risks(raw, dev("srv"), Subject("service", "copy"))


def test_the_only_way_to_both_places_is_shared() -> None:
    """Told as the link; that it ends at a switch, and that at a site, is not told again."""
    raw = {
        "devices": {"a": device("hall"), "b": device("school"), "sw": device("hall")},
        "links": {"up": link("hub", "sw/1"), "on": link("hall", "school")},
    }
    assert risks(raw, dev("a"), dev("b")) == [("link", "up")]


@pytest.mark.parametrize(
    ("more", "shared"),
    [
        ({"links": {name: link("hub", site, shared_risk=["m"]) for name, site in ENDS}}, "group m"),
        (
            {"devices": {"sw": device("hub")}, "links": {name: link(f"sw/{name}", site) for name, site in ENDS}},
            "device sw",
        ),
        (
            {
                "rooms": {"r": {"site": "hub"}},
                "devices": {"s1": device("hub", room="r"), "s2": device("hub", room="r")},
                "links": {"up": link("s1/1", "hall"), "on": link("s2/1", "school")},
            },
            "room r",
        ),
        (
            {
                "devices": {
                    "usv": device("hub", role="ups"),
                    "s1": device("hub", powered_by=["usv"]),
                    "s2": device("hub", powered_by=["usv"]),
                },
                "links": {"up": link("s1/1", "hall"), "on": link("s2/1", "school")},
            },
            "power usv",
        ),
        (
            {
                "contracts": {"c": {"provider": "Netz"}},
                "links": {
                    "up": link("hub", "hall", kind="leased", contract="c"),
                    "on": link("hub", "school", kind="leased", contract="c"),
                },
            },
            "provider Netz",
        ),
    ],
)
def test_sites_with_one_link_each_share_what_both_links_hang_on(more: dict[str, Any], shared: str) -> None:
    legs = {"a": device("hall"), "b": device("school")}
    raw = {**more, "devices": {**more.get("devices", {}), **legs}}
    assert [" ".join(one) for one in risks(raw, dev("a"), dev("b"))] == [shared]


def test_a_link_that_takes_one_need_of_two_away_takes_no_leg() -> None:
    sites = {**SITES, "cloud": {"external": True}, "hall": {"needs": ["hub", "cloud"]}}
    links = {"one": link("hall", "hub"), "two": link("hall", "hub"), "out": link("hub", "cloud")}
    raw = {"sites": sites, "devices": {"a": device(), "b": device()}, "links": links}
    assert risks(raw, dev("a"), dev("b")) == [("site", "hall")]


def test_one_leg_shares_nothing() -> None:
    assert risks({"devices": {"a": device()}}, dev("a")) == []


def test_a_risk_of_two_of_three_legs_leaves_the_third() -> None:
    raw = {"devices": {"a": device(), "b": device(), "c": device("school")}}
    assert risks(raw, dev("a"), dev("b")) == [("site", "hall")]
    assert risks(raw, dev("a"), dev("b"), dev("c")) == []


# --- any network -----------------------------------------------------------------------------------------------------


@st.composite
def houses(draw: st.DrawFn) -> tuple[dict[str, Any], tuple[Subject, ...]]:
    sites = st.sampled_from(sorted(SITES))
    devices: dict[str, Any] = {}
    for number in range(draw(st.integers(2, 6))):
        fed = draw(st.lists(st.sampled_from(sorted(devices)), max_size=2, unique=True)) if devices else []
        room = draw(st.sampled_from([None, "r1", "r2"]))
        devices[f"d{number}"] = device(draw(sites), powered_by=fed, room=room)
    ends = st.lists(st.sampled_from([*SITES, *devices]), min_size=2, max_size=2, unique=True)
    links = {
        f"l{number}": link(*pair, shared_risk=draw(st.lists(st.sampled_from(["m1", "m2"]), max_size=1)))
        for number, pair in enumerate(draw(st.lists(ends, max_size=5)))
    }
    services = {
        f"s{number}": {
            "tcp": "192.0.2.9:80",
            "site": draw(st.sampled_from([None, *SITES])),
            "depends_on": draw(st.lists(st.sampled_from([*devices, *links]), max_size=2, unique=True)),
        }
        for number in range(draw(st.integers(0, 2)))
    }
    raw = {"rooms": {"r1": {"site": "hall"}, "r2": {"site": "hub"}}, "devices": devices, "links": links}
    known = [*map(dev, devices), *map(line, links), *(Subject("service", name) for name in services)]
    legs = draw(st.lists(st.sampled_from(known), min_size=2, max_size=2, unique=True))
    return {**raw, "services": services}, tuple(legs)


@given(houses())
@settings(deadline=None, max_examples=60)
def test_the_order_of_the_legs_does_not_matter(case: tuple[dict[str, Any], Sequence[Subject]]) -> None:
    raw, (one, other) = case
    assert risks(raw, one, other) == risks(raw, other, one)


@given(houses())
@settings(deadline=None, max_examples=60)
def test_no_device_link_source_or_group_takes_both_that_is_neither_found_nor_follows(
    case: tuple[dict[str, Any], Sequence[Subject]],
) -> None:
    """Only for devices and links as legs: what is lost with each element is told by the topology itself."""
    raw, legs = case
    if any(leg.kind == "service" for leg in legs):
        return
    found = risks(raw, *legs)
    topology = Declared.of(Inventory.model_validate({"sites": SITES, **raw}), Settings()).topology

    def lost(element: Subject) -> set[Subject]:
        loss = topology.loss([element])
        return {*map(line, loss.links), *map(dev, loss.devices)}

    elements = [*map(dev, raw["devices"]), *map(line, raw["links"])]
    elements += [Subject("group", name) for name in topology.members.groups if "/" not in name]
    named = {("link", "link"), ("device", "device"), ("device", "power"), ("group", "group")}
    explained = {(line if kind == "link" else dev)(name) for kind, name in found if kind in {"link", "device"}}
    for element in elements:
        if lost(element) >= set(legs):
            told = any((element.kind, kind) in named and name == element.id for kind, name in found)
            assert told or lost(element) & explained


@given(houses())
@settings(deadline=None, max_examples=100)
def test_each_weakness_that_cuts_off_both_is_found_or_follows(
    case: tuple[dict[str, Any], Sequence[Subject]],
) -> None:
    """Compared with the contingency analysis: what it says that one failure isolates."""
    raw, legs = case
    if any(leg.kind != "device" for leg in legs):
        return
    inventory = Inventory.model_validate({"sites": SITES, **raw})
    declared = Declared.of(inventory, Settings())
    needs = {need for own in declared.topology.needs.values() for need in own}
    sites = {inventory.devices[leg.id].site for leg in legs}
    found = risks(raw, *legs)
    explained = {(line if kind == "link" else dev)(name) for kind, name in found if kind in {"link", "device"}}
    for weakness in declared.weaknesses:
        (element,) = weakness.failed
        if element.id in needs or not sites <= set(weakness.isolated):
            continue
        loss = declared.topology.loss([element])
        follows = {*map(line, loss.links), *map(dev, loss.devices)} & explained
        assert follows or element.id.rpartition("/")[2] in {name for _, name in found}


@given(st.integers(0, 3), st.booleans())
def test_what_has_nothing_in_common_shares_nothing(number: int, meshed: bool) -> None:
    names = [f"l{index}" for index in range(number)] if meshed else []
    raw = {
        "devices": {"a": device("hall"), "b": device("school")},
        "links": {
            **{name: link("hall", "hub") for name in (*names, "x", "y")},
            **{f"s{name}": link("school", "hub") for name in (*names, "x", "y")},
        },
    }
    assert risks(raw, dev("a"), dev("b")) == []
