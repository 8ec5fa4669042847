"""Thresholds in PromQL."""

from __future__ import annotations

import math
from typing import Any

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.selectors import parse_selector
from exporters.rules.expression import beside_ours, duration, number, written
from tests.exporters.rules.rulebook import own


def expression(**keys: Any) -> str:
    """Of a rule, without what keeps the labels that every alert has as well apart from those of its series."""
    found: str = own(**keys)["expr"]
    promql_parser.parse(found)
    before, after = beside_ours("|").split("|")
    return found.removeprefix(before).removesuffix(after)


def test_labels_that_every_alert_has_are_kept_beside_them() -> None:
    assert own(select="jobs", above=1)["expr"] == (
        'label_replace(label_replace(label_replace(jobs > 1, "exported_severity", "$1", "severity", "(.+)"), '
        '"exported_municipality", "$1", "municipality", "(.+)"), "exported_alertname", "$1", "alertname", "(.+)")'
    )


def told_apart(series: str) -> str:
    own = f'label_replace({series}, "exported_family", "$1", "family", "(.+)")'
    return f'label_replace({own}, "family", "$1", "__name__", "(.+)")'


def test_a_bound_is_compared_with_the_series_themselves() -> None:
    assert expression(select='jobs{device="srv-1"}', above=200) == 'jobs{device="srv-1"} > 200'
    assert expression(select="free_bytes", below=20e9) == "free_bytes < 20000000000"


def test_a_comment_in_a_selector_does_not_swallow_the_bound() -> None:
    assert expression(select="jobs # those of the printer", above=1) == "jobs > 1"


def test_several_families_stay_apart_because_an_alert_keeps_no_name() -> None:
    several = expression(select='{__name__=~"a_.*|b_.*"}', above=0)
    assert several == told_apart('{__name__=~"a_.*|b_.*"}') + " > 0"


def test_nothing_is_absent_while_its_device_is_silent() -> None:
    assert expression(select='x{device="srv-1"}', absent=True) == (
        'absent(x{device="srv-1"}) and on () (min(ringwacht_up{instance="srv-1"}) == 1)'
    )


@pytest.mark.parametrize("select", ["x", 'x{device="sda"}', 'x{name="srv-1"}'])
def test_nothing_is_absent_while_anybody_is_silent_where_no_device_is_named(select: str) -> None:
    assert expression(select=select, absent=True).endswith("and on () (min(ringwacht_up) == 1)")


def test_what_changed_did_so_in_its_value_or_is_new_beside_others() -> None:
    assert expression(select="version", changed="2h") == (
        "version and (max_over_time(version[2h]) != min_over_time(version[2h])) or "
        "(version unless last_over_time(version[2h] offset 2h)) "
        "and on (instance) (last_over_time(version[2h] offset 2h))"
    )


def test_changes_of_several_families_stay_apart() -> None:
    found = expression(select='{__name__=~"a|b"}', changed="2h")
    now, past = told_apart('{__name__=~"a|b"}'), told_apart('last_over_time({__name__=~"a|b"}[2h] offset 2h)')
    assert found.startswith(f"{now} and (max_over_time({now}[2h:1m]) != min_over_time({now}[2h:1m])) or ")
    assert found.endswith(f"and on (instance) ({past})")


def test_no_span_is_shorter_than_what_shows_a_change() -> None:
    assert "version[1m]" in expression(select="version", changed="10s")
    assert "[1m:15s]" in expression(select='{__name__=~"a|b"}', changed="10s")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_whatever_a_label_must_be_is_written_so_that_it_is_read_again(value: str) -> None:
    quoted = value.translate({ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n"})
    selector = parse_selector(f'a{{b="{quoted}"}}')
    again = parse_selector(written(selector))
    assert (again.families, again.labels) == (selector.families, selector.labels)


@pytest.mark.parametrize("text", ["a", 'a{b="c"}', '{__name__="a",b!="c"}', '{__name__=~"a.*"}', 'a{b=~"c",d!~"e"}'])
def test_a_selector_is_written_anew_with_all_its_matchers(text: str) -> None:
    selector = parse_selector(text)
    again = parse_selector(written(selector))
    assert (again.families, again.labels) == (selector.families, selector.labels)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-5.0, "-5"), (0.05, "0.05"), (20e9, "20000000000"), (1e22, "1e+22"), (math.inf, "Inf")],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0s"), (0.5, "500ms"), (90.0, "1m30s"), (3600.0, "1h"), (864000.0, "10d"), (2.0, "2s")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
