from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

import pytest

from agent.contract import Subject, UnknownElement
from agent.risk.network.flow_mesh import lone_radios
from agent.risk.topology import Loss, element_of
from config.inventory import Inventory
from tests.agent.risk.county import topology


def lost(*elements: str) -> Loss:
    return topology().loss([element_of(text) for text in elements])


def fed(**devices: list[str]) -> Inventory:
    made = {name: {"site": "a", "powered_by": feeders} for name, feeders in devices.items()}
    return Inventory.model_validate({"sites": {"a": {}, "b": {}}, "devices": made, "links": LINK})


LINK = {"l": {"kind": "fibre", "ends": ["sw", "b"]}}


def test_a_site_needs_what_it_says_or_the_defaults_or_the_core_and_never_itself() -> None:
    assert topology().needs["afg"] == ("kreishaus",)
    assert topology().needs["wadersloh"] == ("kreishaus", "rz")
    assert topology().needs["rz"] == ("kreishaus",)
    assert topology(needs=()).needs["wadersloh"] == ("kreishaus",)
    assert topology(needs=()).needs["kreishaus"] == ()


def test_a_need_behind_another_counts_at_that_one() -> None:
    assert topology().first_needs["wadersloh"] == ("kreishaus",)
    assert topology().first_needs["kreishaus"] == ("rz",)


def test_every_single_element_is_there_once_a_feeder_without_links_as_its_power() -> None:
    elements = [str(element) for element in topology().elements]
    assert len(set(elements)) == len(elements)
    assert [one for one in elements if one.startswith(("group:", "power:", "device:"))] == [
        "device:rr-kh-a",
        "device:rr-kh-b",
        "device:rr-wad",
        "device:rr-sas",
        "device:sw",
        "group:mast",
        "group:provider/Carrier",
        "power:usv",
    ]


def test_a_device_takes_its_links_along() -> None:
    assert lost("device:rr-wad") == Loss(frozenset({"rf-kh-wad", "rf-wad-sas"}), frozenset(), frozenset({"rr-wad"}))


def test_a_site_takes_its_devices_and_all_links_along() -> None:
    assert lost("site:rathaus") == Loss(
        frozenset({"rh-fibre", "rh-lte"}), frozenset({"rathaus"}), frozenset({"sw", "srv"})
    )


def test_a_group_takes_its_members_along_even_if_there_is_one_only() -> None:
    assert lost("group:mast").links == {"rf-kh-wad", "rf-wad-sas"}
    assert lost("group:provider/Carrier").links == {"ev-vdsl", "rh-lte"}
    assert lost("group:duct").links == {"ev-vdsl"}
    assert lost("group:room/r1") == Loss(frozenset({"rh-fibre"}), frozenset(), frozenset({"sw"}))


def test_power_takes_what_it_feeds_along() -> None:
    assert lost("power:usv").links == {"rf-kh-wad", "rf-sas-kh"}
    assert lost("device:usv").links == {"rf-kh-wad", "rf-sas-kh"}


@pytest.mark.parametrize(
    ("failed", "dark"),
    [
        (["a"], frozenset[str]()),
        (["b"], frozenset[str]()),
        (["a", "b"], {"sw"}),
        (["grid"], {"a", "b", "sw"}),
    ],
)
def test_a_device_is_lost_with_the_last_that_feeds_it(failed: list[str], dark: AbstractSet[str]) -> None:
    graph = topology(fed(grid=[], a=["grid"], b=["grid"], sw=["a", "b"]), ())
    assert graph.loss([Subject("power", name) for name in failed]).devices == dark


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("link:rf-kh-wda", "there is no link 'rf-kh-wda' (did you mean rf-kh-wad?)"),
        ("site:wadersloo", "there is no site 'wadersloo' (did you mean wadersloh?)"),
        ("power:sw", "there is no power source 'sw'"),
        ("group:mats", "there is no group 'mats' (did you mean mast?)"),
        ("lnk:x", "'lnk' cannot fail: there is link, device, site, group or power (did you mean link?)"),
        ("rf-kh-wad", "'rf-kh-wad' is not an element: write kind:id, e.g. link:rf-kh-wad"),
        ("link:", "'link:' is not an element: write kind:id, e.g. link:rf-1"),
        ("", "'' is not an element: write kind:id, e.g. link:rf-1"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_near(text: str, message: str) -> None:
    with pytest.raises(UnknownElement) as error:
        lost(text)
    assert str(error.value) == message


def test_a_subject_of_another_kind_cannot_fail() -> None:
    with pytest.raises(UnknownElement, match="'ring' cannot fail"):
        topology().loss([Subject("ring", "sued")])


def radios(*links: list[str]) -> frozenset[str]:
    devices: dict[str, Any] = {name: {"site": "m", "role": "radio"} for name in ("r1", "r2")}
    devices["sw"] = {"site": "m", "role": "switch"}
    made = {f"l{number}": {"kind": "copper", "ends": ends} for number, ends in enumerate(links)}
    sites: dict[str, Any] = {"m": {}, "x": {}}
    return lone_radios(Inventory.model_validate({"sites": sites, "devices": devices, "links": made}))


def test_a_radio_with_a_link_to_its_own_site_hangs_on_that_link() -> None:
    assert radios(["r1/1", "x"]) == frozenset()
    assert radios(["r1/1", "x"], ["r1/2", "sw/1"]) == {"r1"}
    assert radios(["r1/1", "x"], ["r1/2", "m"]) == {"r1"}
    assert radios(["r1/2", "r2/2"], ["r2/3", "sw/1"]) == {"r1", "r2"}


def test_of_radios_that_are_linked_to_each_other_only_the_first_is_where_the_site_is() -> None:
    assert radios(["r1/1", "x"], ["r2/1", "x"], ["r1/2", "r2/2"]) == {"r2"}


def test_the_graph_has_each_link_under_its_id() -> None:
    graph = topology().graph
    assert graph.has_edge(Subject("device", "rr-wad"), Subject("device", "rr-kh-a"), key="rf-kh-wad")
    assert graph.has_edge(Subject("power", "usv"), Subject("device", "rr-kh-a"), key="feeds")
    assert graph.has_edge(Subject("device", "sw"), Subject("site", "rathaus"), key="joined")
