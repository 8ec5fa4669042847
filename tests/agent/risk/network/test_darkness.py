from __future__ import annotations

from dataclasses import replace

import pytest

from agent.risk.network.darkness import (
    ANSWER_SECONDS,
    COMPANIONS_SECONDS,
    LONGEST_DOUBT_SECONDS,
    Darkness,
    Seen,
    darkness,
)

NOW = 1000.0
LIGHT = Darkness()


def test_a_silent_site_without_a_ring_is_dark_at_once() -> None:
    assert darkness(Seen(silent={"a": NOW}, tried={"a": NOW}), LIGHT, NOW).dark == {"a": NOW}


@pytest.mark.parametrize(("tried", "dark"), [(NOW - 1, False), (NOW, True)])
def test_a_ring_has_its_time_and_somebody_is_asked_after_it(tried: float, dark: bool) -> None:
    seen = Seen(silent={"a": NOW - 15}, tried={"a": tried}, patience={"a": 15.0})
    dim = darkness(seen, LIGHT, NOW)
    assert ("a" in dim.dark, "a" in dim.converging) == (dark, not dark)


def test_nobody_is_waited_for_for_ever() -> None:
    seen = Seen(silent={"a": NOW - 15 - LONGEST_DOUBT_SECONDS}, patience={"a": 15.0})
    assert "a" in darkness(seen, LIGHT, NOW).dark


def test_a_silent_site_waits_until_its_companions_have_shown_themselves() -> None:
    seen = Seen(silent={"a": NOW}, tried={"a": NOW}, polled={"a", "b"}, companions={"a": {"b"}})
    assert darkness(seen, LIGHT, NOW).converging == {"a"}
    assert darkness(replace(seen, answered={"b": NOW}), LIGHT, NOW).dark == {"a": NOW}
    assert "a" in darkness(seen, LIGHT, NOW + COMPANIONS_SECONDS).dark
    both = {"a": NOW, "b": NOW}
    assert set(darkness(replace(seen, silent=both, tried=both), LIGHT, NOW).dark) == {"a", "b"}


def test_what_is_dark_stays_so_while_it_is_silent_and_since_then() -> None:
    seen = Seen(silent={"a": NOW - 1}, patience={"a": 15.0})
    assert darkness(seen, Darkness({"a": 800.0}), NOW).dark == {"a": 800.0}


def test_what_is_dark_and_of_which_nothing_is_known_stays_dark_in_doubt() -> None:
    dim = darkness(Seen(polled={"a"}), Darkness({"a": 800.0, "b": 900.0}), NOW)
    assert dim.dark == {"a": 800.0, "b": 900.0}
    assert dim.doubted == {"a", "b"}


def test_what_was_dark_is_back_when_something_answers_or_a_way_that_carries_leads_there() -> None:
    seen = Seen(polled={"a", "c"}, answered={"a": NOW}, reached={"b", "c"})
    assert set(darkness(seen, Darkness({"a": 1.0, "b": 1.0, "c": 1.0}), NOW).dark) == {"c"}  # c has not answered


def test_a_site_cut_off_is_asked_before_it_is_called_dark() -> None:
    cut = Seen(cut={"a": NOW}, polled=frozenset("a"), answered={"a": NOW - 30})
    assert darkness(cut, LIGHT, NOW).asked == {"a"}
    assert darkness(cut, LIGHT, NOW + ANSWER_SECONDS).dark == {"a": NOW + ANSWER_SECONDS}


def test_a_site_at_which_nothing_is_polled_is_not_waited_for() -> None:
    assert darkness(Seen(cut={"a": NOW}), LIGHT, NOW).dark == {"a": NOW}


def test_a_site_that_answers_since_the_cut_is_not_dark_whatever_the_graph_says() -> None:
    seen = Seen(cut={"a": NOW - 10}, polled=frozenset("a"), answered={"a": NOW - 5}, sound={"a": NOW - 5})
    dim = darkness(seen, LIGHT, NOW)
    assert not dim.dark
    assert dim.answering == {"a": NOW}
    assert darkness(seen, dim, NOW + 9).answering == {"a": NOW}


def test_a_site_cut_off_that_answers_ping_and_nothing_else_is_dark() -> None:
    seen = Seen(cut={"a": NOW - 10}, polled=frozenset("a"), answered={"a": NOW - 5})
    assert darkness(seen, LIGHT, NOW).dark == {"a": NOW}


def test_a_clock_that_stepped_back_makes_nothing_dark_in_the_future() -> None:
    seen = Seen(silent={"a": NOW - 5}, tried={"a": NOW})
    assert darkness(seen, Darkness({"a": NOW + 3600}), NOW).dark == {"a": NOW}
