from __future__ import annotations

from agent.contract import Consequence, Subject
from agent.risk.network.speakers import TOGETHER_SECONDS, ranks, speakers
from config.inventory import Inventory

RANK = {site: place for place, site in enumerate("abcde")}
SWITCH = Subject("device", "sw")


def links(*pairs: str) -> Inventory:
    sites: dict[str, dict[str, str]] = {site: {} for site in "abcde"}
    named = {pair: {"kind": "fibre", "ends": list(pair)} for pair in pairs}
    return Inventory.model_validate({"sites": sites, "links": named})


def test_the_one_nearest_to_home_speaks_for_a_part() -> None:
    up = links("ab", "bc", "de").links.values()
    dark = {"a": 3.0, "b": 2.0, "c": 2.0, "d": 1.0}
    assert speakers(dark, up, (), RANK).leader == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_what_goes_dark_later_speaks_for_itself_and_what_was_told_stays_told() -> None:
    up = links("ab", "bc").links.values()
    dark = {"b": 0.0, "c": TOGETHER_SECONDS, "a": 2 * TOGETHER_SECONDS + 1}
    assert speakers(dark, up, (), RANK).leader == {"a": "a", "b": "b", "c": "b"}


def test_a_failed_element_that_explains_several_parts_lets_one_speak_for_all() -> None:
    dark = {"b": 0.0, "c": 1.0, "d": 2.0}
    said = speakers(dark, (), [Consequence((SWITCH,), ("b", "c", "d", "e"))], RANK)
    assert said.leader == {"b": "b", "c": "b", "d": "b"}
    assert said.common == {"b": SWITCH}
    assert said.segment("b") == ("c", "d")
    late = speakers({**dark, "d": 100.0}, (), [Consequence((SWITCH,), ("b", "c", "d"))], RANK)
    assert late.leader == {"b": "b", "c": "c", "d": "d"}


def test_rank_goes_by_links_from_home_then_by_the_file() -> None:
    made = links("ea", "ab", "ec")
    assert ranks("e", made.sites, made.links.values()) == {"e": 0, "a": 1, "c": 2, "b": 3, "d": 4}
    assert ranks(None, made.sites, ()) == {"a": 0, "b": 1, "c": 2, "d": 3, "e": 4}
