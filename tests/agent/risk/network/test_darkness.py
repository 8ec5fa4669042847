from __future__ import annotations

import pytest

from agent.risk.network.darkness import ANSWER_SECONDS, LONGEST_DOUBT_SECONDS, Seen, darkness, leaders
from config.inventory import Inventory

NOW = 1000.0


def test_a_silent_site_without_a_ring_is_dark_at_once() -> None:
    dim = darkness(Seen(silent={"a": NOW}, tried={"a": NOW}), {}, NOW)
    assert dim.dark == {"a": NOW}


@pytest.mark.parametrize(("tried", "dark"), [(NOW - 1, False), (NOW, True)])
def test_a_ring_has_its_time_and_somebody_is_asked_after_it(tried: float, dark: bool) -> None:
    seen = Seen(silent={"a": NOW - 15}, tried={"a": tried}, patience={"a": 15.0})
    dim = darkness(seen, {}, NOW)
    assert ("a" in dim.dark, "a" in dim.converging) == (dark, not dark)


def test_nobody_is_waited_for_for_ever() -> None:
    seen = Seen(silent={"a": NOW - 15 - LONGEST_DOUBT_SECONDS}, patience={"a": 15.0})
    assert "a" in darkness(seen, {}, NOW).dark


def test_what_is_dark_stays_so_while_it_is_silent_and_since_then() -> None:
    seen = Seen(silent={"a": NOW - 1}, patience={"a": 15.0})
    assert darkness(seen, {"a": 800.0}, NOW).dark == {"a": 800.0}


def test_a_site_cut_off_is_asked_before_it_is_called_dark() -> None:
    cut = Seen(cut={"a": NOW}, polled=frozenset("a"), answered={"a": NOW - 30})
    assert darkness(cut, {}, NOW).asked == {"a"}
    assert darkness(cut, {}, NOW + ANSWER_SECONDS).dark == {"a": NOW + ANSWER_SECONDS}


def test_a_site_at_which_nothing_is_polled_is_not_waited_for() -> None:
    assert darkness(Seen(cut={"a": NOW}), {}, NOW).dark == {"a": NOW}


def test_a_site_that_answers_since_the_cut_is_not_dark_whatever_the_graph_says() -> None:
    dim = darkness(Seen(cut={"a": NOW - 10}, polled=frozenset("a"), answered={"a": NOW - 5}), {}, NOW)
    assert not dim.dark
    assert dim.answering == {"a"}


def test_a_clock_that_stepped_back_makes_nothing_dark_in_the_future() -> None:
    assert darkness(Seen(silent={"a": NOW - 5}, tried={"a": NOW}), {"a": NOW + 3600}, NOW).dark == {"a": NOW}


def links(*pairs: str) -> Inventory:
    sites: dict[str, dict[str, str]] = {site: {} for site in "abcde"}
    named = {pair: {"kind": "fibre", "ends": list(pair)} for pair in pairs}
    return Inventory.model_validate({"sites": sites, "links": named})


def test_who_went_dark_first_speaks_for_the_part() -> None:
    made = links("ab", "bc", "de")
    dark = {"a": 3.0, "b": 2.0, "c": 2.0, "d": 1.0}
    assert leaders(dark, made.links, set(), made.sites) == {"a": "b", "b": "b", "c": "b", "d": "d"}


def test_a_cut_between_dark_sites_makes_two_parts() -> None:
    made = links("ab")
    assert leaders({"a": 1.0, "b": 1.0}, made.links, {"ab"}, made.sites) == {"a": "a", "b": "b"}
