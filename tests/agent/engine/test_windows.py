from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Harvest, MetricFamily, Subject, WindowSpec
from agent.engine.windows import Window, WindowBook
from agent.layout import LayoutCache, Sample
from tests.agent.engine.fakes import OCTETS, SPEED, job, reading

HOUR = WindowSpec(SPEED.name, 3600.0, 60.0)
COUNTER = WindowSpec(OCTETS.name, 600.0, 60.0)
A = job("a")
TRAFFIC = MetricFamily("ifHCInOctets", "counter", "Octets.", ("ifIndex", "ifName", "ifAlias"))
ENDS = WindowSpec(TRAFFIC.name, 600.0, 60.0, ends_only=True)


def book(*specs: WindowSpec) -> WindowBook:
    return WindowBook(specs)


def record(kept: WindowBook, cache: LayoutCache, at: float, *samples: Sample) -> None:
    layout, values = cache.arrange(samples)
    kept.record(reading(A, Harvest(layout, values), at=at))


def slope(kept: WindowBook, family: str = SPEED.name, **labels: str) -> float | None:
    return kept.slope_per_second(family, A.key.subject, labels)


def test_a_slope_is_known_once_half_of_the_span_is_covered() -> None:
    kept, cache = book(HOUR), LayoutCache()
    for minute in range(31):
        assert slope(kept, fan="0") is None
        record(kept, cache, minute * 60.0, Sample(SPEED, ("0",), 100.0 - minute))
    assert slope(kept, fan="0") == pytest.approx(-1 / 60)
    assert slope(kept, fan="1") is None
    assert slope(kept, OCTETS.name, port="0") is None


def test_only_declared_families_are_kept() -> None:
    kept, cache = book(HOUR), LayoutCache()
    record(kept, cache, 0.0, Sample(SPEED, ("0",), 1.0), Sample(OCTETS, ("1",), 1.0))
    assert len(kept) == 1


def test_a_counter_that_is_reset_goes_on_rising() -> None:
    kept, cache = book(COUNTER), LayoutCache()
    for minute in range(11):
        value = 6000.0 * minute if minute < 5 else 6000.0 * (minute - 4)  # the device rebooted after minute 4
        record(kept, cache, minute * 60.0, Sample(OCTETS, ("1",), value))
    assert slope(kept, OCTETS.name, port="1") == pytest.approx(100.0)


def test_a_gauge_that_falls_falls() -> None:
    kept, cache = book(HOUR), LayoutCache()
    for minute in range(61):
        record(kept, cache, minute * 60.0, Sample(SPEED, ("0",), float(minute % 2)))
    found = slope(kept, fan="0")
    assert found is not None
    assert abs(found) < 1e-4


def test_a_clock_that_steps_back_begins_the_window_anew() -> None:
    window = Window(HOUR, counter=False)
    for minute in range(61):
        window.add(minute * 60.0, 1.0)
    window.add(0.0, 1.0)
    assert len(window) == 1


def test_a_series_that_is_away_for_one_poll_keeps_its_history() -> None:
    kept, cache = book(HOUR), LayoutCache()
    for minute in range(61):
        samples = [Sample(SPEED, ("0",), 1.0)] if minute == 30 else [Sample(SPEED, (fan,), 2.0) for fan in "01"]
        record(kept, cache, minute * 60.0, *samples)
    assert slope(kept, fan="1") == pytest.approx(0.0)
    for minute in range(61, 200):
        record(kept, cache, minute * 60.0, Sample(SPEED, ("0",), 1.0), Sample(SPEED, (str(minute),), 1.0))
    assert len(kept) < 70


def test_failed_readings_leave_a_gap_and_a_forgotten_job_nothing() -> None:
    kept, cache = book(HOUR), LayoutCache()
    record(kept, cache, 0.0, Sample(SPEED, ("0",), 1.0))
    kept.record(reading(A, None))
    assert len(kept) == 1
    kept.forget(A.key)
    assert len(kept) == 0
    kept.forget(A.key)


@given(st.lists(st.tuples(st.floats(0.01, 5000), st.floats(allow_nan=True)), max_size=200), st.booleans())
def test_a_window_is_bounded_whatever_comes(points: list[tuple[float, float]], counter: bool) -> None:
    window = Window(HOUR, counter=counter)
    at = 0.0
    for step, value in points:
        at += step
        window.add(at, value)
        assert len(window) <= HOUR.span_seconds / HOUR.step_seconds + 1
    found = window.slope_per_second()
    assert found is None or not math.isnan(found) or counter or any(abs(value) > 1e150 for _, value in points)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.lists(st.floats(60.0, 600.0), min_size=40, max_size=60))
def test_the_slope_of_a_line_is_its_own(slope: float, base: float, steps: list[float]) -> None:
    window = Window(HOUR, counter=False)
    at = 1.8e9
    for step in steps:
        at += step
        window.add(at, base + slope * (at - 1.8e9))
    assert window.slope_per_second() == pytest.approx(slope, rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.integers(1, 39))
def test_resets_never_make_a_counter_fall(rises: list[float], reset_each: int) -> None:
    window = Window(WindowSpec("c", 1e9, 1.0), counter=True)
    raw = total = 0.0
    for number, rise in enumerate(rises):
        raw = rise if number % reset_each == 0 else raw + rise
        window.add(float(number), raw)
        total += rise
    found = window.slope_per_second()
    assert found is None or found >= 0


# --- points, and ports that are ends of links ------------------------------------------------------------------------


def ports(*rows: tuple[str, str, str], octets: float = 0.0) -> list[Sample]:
    return [Sample(TRAFFIC, row, octets) for row in rows]


def watching(*names: str) -> WindowBook:
    kept = book(ENDS)
    kept.watch({A.key.subject: frozenset(names)})
    return kept


def kept_of(kept: WindowBook, **labels: str) -> list[tuple[float, float]]:
    return list(kept.points(TRAFFIC.name, A.key.subject, labels))


def test_the_points_of_a_counter_are_its_rise_over_resets() -> None:
    kept, cache = book(COUNTER), LayoutCache()
    for minute, value in enumerate((100.0, 160.0, 20.0, 50.0)):
        record(kept, cache, minute * 60.0, Sample(OCTETS, ("1",), value))
    points = kept.points(OCTETS.name, A.key.subject, {"port": "1"})
    rises = [value - points[0][1] for _, value in points]
    assert ([at for at, _ in points], rises) == ([0.0, 60.0, 120.0, 180.0], [0.0, 60.0, 80.0, 110.0])
    assert points[-1][0] == 180.0
    assert list(points[-2:]) == list(points)[-2:]


def test_points_do_not_change_when_more_come() -> None:
    kept, cache = book(COUNTER), LayoutCache()
    record(kept, cache, 0.0, Sample(OCTETS, ("1",), 1.0))
    points = kept.points(OCTETS.name, A.key.subject, {"port": "1"})
    record(kept, cache, 60.0, Sample(OCTETS, ("1",), 2.0))
    assert len(points) == 1


def test_what_is_not_kept_has_no_points() -> None:
    assert not book(COUNTER).points(OCTETS.name, Subject("device", "x"), {"port": "1"})


@pytest.mark.parametrize("name", ["ge-1", "uplink", "7"])
def test_only_ports_at_which_a_link_ends_are_kept_by_whatever_name(name: str) -> None:
    kept = watching(name)
    record(kept, LayoutCache(), 0.0, *ports(("7", "ge-1", "uplink"), ("8", "ge-2", "desk")))
    assert len(kept) == 1
    assert kept_of(kept, ifName="ge-1")


def test_a_port_is_told_by_its_name_before_its_index() -> None:
    kept = watching("7")
    record(kept, LayoutCache(), 0.0, *ports(("7", "ge-1", ""), ("8", "7", "")))
    assert len(kept) == 1
    assert kept_of(kept, ifName="7")
    assert not kept_of(kept, ifName="ge-1")


def test_a_name_that_several_ports_have_is_that_of_no_end() -> None:
    kept = watching("uplink")
    record(kept, LayoutCache(), 0.0, *ports(("7", "ge-1", "uplink"), ("8", "ge-2", "uplink")))
    assert len(kept) == 0


def test_nothing_is_kept_of_a_device_without_an_end() -> None:
    kept = book(ENDS)
    record(kept, LayoutCache(), 0.0, *ports(("7", "ge-1", "")))
    assert len(kept) == 0


def test_ends_that_come_with_a_reload_are_kept_from_the_next_reading_on() -> None:
    kept, cache = watching("ge-1"), LayoutCache()
    rows = (("7", "ge-1", ""), ("8", "ge-2", ""))
    record(kept, cache, 0.0, *ports(*rows))
    kept.watch({A.key.subject: frozenset({"ge-1", "ge-2"})})
    record(kept, cache, 60.0, *ports(*rows))
    assert [len(kept_of(kept, ifName=name)) for name in ("ge-1", "ge-2")] == [2, 1]


def test_ends_that_are_gone_with_a_reload_are_dropped_and_other_families_stay() -> None:
    kept, cache = book(ENDS, HOUR), LayoutCache()
    kept.watch({A.key.subject: frozenset({"ge-1"})})
    record(kept, cache, 0.0, *ports(("7", "ge-1", "")), Sample(SPEED, ("0",), 1.0))
    kept.watch({})
    assert len(kept) == 1
    record(kept, cache, 60.0, *ports(("7", "ge-1", "")), Sample(SPEED, ("0",), 1.0))
    assert len(kept) == 1
    assert len(kept.points(SPEED.name, A.key.subject, {"fan": "0"})) == 2


def test_of_a_port_that_was_renamed_the_series_that_is_read_counts() -> None:
    kept, cache = watching("ge-1"), LayoutCache()
    record(kept, cache, 0.0, *ports(("7", "ge-1", "old")))
    record(kept, cache, 60.0, *ports(("7", "ge-1", "new")))
    record(kept, cache, 120.0, *ports(("7", "ge-1", "new")))
    assert [at for at, _ in kept_of(kept, ifName="ge-1")] == [60.0, 120.0]


def test_of_two_checks_the_one_that_was_read_last_counts() -> None:
    kept = book(WindowSpec(SPEED.name, 600.0, 10.0))
    dead, alive = job("a", check="snmp"), job("a", check="nut")
    for at, who, value in ((0.0, dead, 1.0), (60.0, alive, 2.0), (120.0, alive, 3.0)):
        layout, values = LayoutCache().arrange((Sample(SPEED, ("1",), value),))
        kept.record(reading(who, Harvest(layout, values), at=at))
    subject = dead.key.subject
    assert alive.key.subject == subject
    assert [value for _, value in kept.points(SPEED.name, subject, {"fan": "1"})] == [2.0, 3.0]
