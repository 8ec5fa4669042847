from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import MetricFamily
from agent.layout import Sample
from agent.risk import watch
from agent.risk.changes import History
from tests.agent.risk.ground import Ground, queue, version

RULE = "geaendert"
HOUR = 3600.0


def ground(select: str = "print_jobs", text: str | None = None) -> Ground:
    rule = {"select": select, "changed": "1h"}
    return Ground({RULE: rule if text is None else {**rule, "text": text}})


def test_a_change_stands_for_the_span() -> None:
    made = ground().reads(queue("hp", 3.0), queue("pdf", 1.0))
    assert made.found(RULE) == {}
    made.wait(60).reads(queue("hp", 5.0), queue("pdf", 1.0)).judge()
    made.wait(120).reads(queue("hp", 5.0), queue("pdf", 1.0))
    (finding,) = made.found(RULE).values()
    assert finding.summary == "geaendert: now 5, changed in the last 60 min"
    assert finding.evidence == ('print_jobs{queue="hp"}: 3 → 5 (2 min ago)',)
    made.wait(HOUR - 120).reads(queue("hp", 5.0), queue("pdf", 1.0))
    assert made.found(RULE)
    made.wait(1).reads(queue("hp", 5.0), queue("pdf", 1.0))
    assert made.found(RULE) == {}
    assert not made.unverified(RULE)


def test_the_same_series_in_a_table_of_other_columns_is_no_new_one() -> None:
    """A page's table has the labels of all its series: one that comes or goes adds or takes a column."""
    wider = MetricFamily("print_jobs", "gauge", "Jobs in a queue.", ("form", "queue"))
    made = ground().reads(queue("hp", 3.0), queue("pdf", 1.0))
    made.judge()
    made.wait(60).reads(Sample(wider, ("", "pdf"), 1.0), Sample(wider, ("", "hp"), 3.0))
    assert made.found(RULE) == {}


def test_time_alone_ends_it_even_without_a_reading() -> None:
    made = ground().reads(queue("hp", 3.0))
    made.judge()
    made.wait(60).reads(queue("hp", 5.0)).judge()
    made.wait(100)
    assert made.found(RULE)
    assert made.wait(HOUR).found(RULE) == {}
    assert made.unverified(RULE)


def test_before_a_whole_span_was_watched_nothing_is_known_to_be_unchanged() -> None:
    made = ground().reads(queue("hp", 3.0))
    assert made.unverified(RULE)
    made.wait(HOUR - 1).reads(queue("hp", 3.0))
    assert made.unverified(RULE)
    made.wait(1).reads(queue("hp", 3.0))
    assert not made.unverified(RULE)
    made.restart()
    assert made.unverified(RULE)


def test_a_reload_keeps_what_is_known_of_a_rule_that_stays_as_it_was() -> None:
    made = ground().reads(queue("hp", 3.0), subject="device:a").reads(queue("hp", 3.0), subject="device:b")
    made.judge()
    made.wait(HOUR).reads(queue("hp", 4.0), subject="device:a").reads(queue("hp", 3.0), subject="device:b")
    assert set(made.found(RULE)) == {"device:a"}
    same = {RULE: {"select": "print_jobs", "changed": "1h", "severity": "critical", "text": "neu"}}
    made.removed("device:b").configure({**same, "mehr": {"select": "print_jobs", "above": 1}})
    assert set(made.found(RULE)) == {"device:a"}
    assert not made.unverified(RULE, "device:a")
    made.configure({RULE: {"select": "print_jobs", "changed": "2h"}})
    assert made.found(RULE) == {}
    assert made.unverified(RULE, "device:a")


def test_nan_and_a_gap_are_no_change_but_another_value_after_a_gap_is() -> None:
    made = ground()
    for value in (3.0, math.nan, 3.0):
        made.wait(60).reads(queue("hp", value)).judge()
    assert made.found(RULE) == {}
    made.fails().wait(300).judge()
    made.reads(queue("hp", 3.0))
    assert made.found(RULE) == {}
    made.fails().wait(300).judge()
    made.reads(queue("hp", 4.0))
    assert set(made.found(RULE)) == {"device:srv-1"}


def test_a_counter_that_is_reset_has_changed() -> None:
    made = ground().reads(queue("hp", 9.0))
    made.judge()
    made.wait(60).reads(queue("hp", 0.0))
    assert made.found(RULE)["device:srv-1"].evidence == ('print_jobs{queue="hp"}: 9 → 0 (0 s ago)',)


def test_a_version_in_a_label_is_seen() -> None:
    made = ground("firmware_info", "{device} läuft mit {version}").reads(version("1.0"))
    assert made.found(RULE) == {}
    made.wait(60).reads(version("1.1"))
    (finding,) = made.found(RULE).values()
    assert finding.summary == "srv-1 läuft mit 1.1"
    assert finding.evidence == ('firmware_info{version="1.1"}: new since 0 s',)
    made.wait(HOUR + 1).reads(version("1.1"))
    assert made.found(RULE) == {}


def test_the_first_series_and_what_an_incomplete_reading_left_out_are_no_change() -> None:
    made = ground().reads()
    made.judge()
    made.wait(60).reads(queue("hp", 1.0))
    assert made.found(RULE) == {}
    made.wait(60).reads(queue("hp", 1.0), partial=("rest: timeout",)).judge()
    made.wait(60).reads(queue("hp", 1.0), queue("pdf", 1.0))
    assert made.found(RULE) == {}


def test_a_series_that_is_away_for_one_poll_is_no_new_one_but_after_a_span_it_is() -> None:
    made = ground().reads(queue("hp", 1.0), queue("pdf", 1.0))
    made.judge()
    made.wait(60).reads(queue("hp", 1.0)).judge()
    made.wait(60).reads(queue("hp", 1.0), queue("pdf", 1.0))
    assert made.found(RULE) == {}
    made.reads(queue("hp", 1.0)).judge()
    made.wait(HOUR + 1).reads(queue("hp", 1.0), queue("x", 1.0)).judge()
    made.wait(HOUR + 1).reads(queue("hp", 1.0), queue("x", 1.0), queue("pdf", 1.0))
    assert made.found(RULE)["device:srv-1"].evidence == ('print_jobs{queue="pdf"}: new since 0 s',)


def test_a_device_that_renames_its_series_at_each_poll_takes_no_more_room() -> None:
    made = ground()
    for number in range(50):
        made.wait(10).reads(*(queue(f"{number}-{part}", 1.0) for part in range(10))).judge()
    assert made.book is not None
    (history,) = made.book.watches[-1].histories.values()
    assert history.size <= 20


def test_a_clock_that_steps_back_does_not_make_a_change_stand_for_a_year() -> None:
    made = ground().reads(queue("hp", 1.0))
    made.judge()
    made.wait(365 * 86400.0).reads(queue("hp", 2.0))
    assert made.found(RULE)
    made.at -= 365 * 86400.0
    made.reads(queue("hp", 2.0)).judge()
    assert made.wait(HOUR + 1).reads(queue("hp", 2.0)).found(RULE) == {}


def test_too_many_series_to_remember_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MAX_CHANGING_SERIES", 3)
    made = ground().reads(*(queue(str(number), 1.0) for number in range(5)))
    assert made.found("rule_too_broad")["rule:geaendert"].summary == (
        "rule geaendert selects 5 series; 3 of them are looked at"
    )


@given(st.lists(st.sampled_from([1.0, 2.0, math.nan]), min_size=1, max_size=20))
def test_the_last_change_is_where_two_numbers_in_a_row_differ(values: list[float]) -> None:
    made = ground()
    expected, last = -1, math.nan
    for number, value in enumerate(values):
        made.wait(1).reads(queue("hp", value)).judge()
        if not math.isnan(value):
            expected = number if not math.isnan(last) and value != last else expected
            last = value
    assert made.book is not None
    history: History = made.book.watches[-1].histories[made.job().key]
    assert (history.latest == -math.inf) is (expected == -1)
    assert bool(made.found(RULE)) is (expected >= 0)
