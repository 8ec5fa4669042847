"""Counters from 15-minute registers: added once a quarter, never falling, never starting over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.mapping.registers import Registers
from tests.collectors.snmp.mapping.mapping import Mapping

QUARTER = 900.0
START = 1_800_000_000.0
"""A full quarter of an hour."""


def register(kind: str) -> Mapping:
    """Errored seconds by port."""
    entry = (
        f"{{family: ringwacht_radio_errored_seconds_total, oid: $.1, labels: {{port: {{part: 0}}}}, register: {kind}}}"
    )
    return Mapping(f"neutral: [{entry}]")


KEY = "radio_errored_seconds_total"


def test_a_finished_interval_is_added_once_each_quarter() -> None:
    mapping = register("finished")

    def poll(after: float, value: int) -> dict[str, float]:
        return mapping.of({"1.1": value}, START + after)

    assert poll(100, 7) == {f"{KEY} 1": 0}  # counted before the daemon began
    assert poll(QUARTER - 1, 7) == {f"{KEY} 1": 0}
    assert poll(QUARTER + 59, 7) == {f"{KEY} 1": 0}  # the device may not have stored the interval yet
    assert poll(QUARTER + 61, 5) == {f"{KEY} 1": 5}
    assert poll(2 * QUARTER, 5) == {f"{KEY} 1": 5}
    assert poll(2 * QUARTER + 70, 5) == {f"{KEY} 1": 10}
    assert poll(6 * QUARTER + 70, 2) == {f"{KEY} 1": 12}  # what nobody read is not guessed


def test_a_clock_set_back_counts_nothing_twice() -> None:
    mapping = register("finished")
    mapping.of({"1.1": 4}, START)
    assert mapping.of({"1.1": 4}, START + QUARTER) == {f"{KEY} 1": 4}
    assert mapping.of({"1.1": 4}, START - QUARTER) == {f"{KEY} 1": 4}
    assert mapping.of({"1.1": 3}, START) == {f"{KEY} 1": 7}


def test_a_row_that_comes_back_goes_on() -> None:
    mapping = register("finished")
    mapping.of({"1.1": 4, "1.2": 1}, START)
    assert mapping.of({"1.1": 4, "1.2": 1}, START + QUARTER) == {f"{KEY} 1": 4, f"{KEY} 2": 1}
    assert mapping.of({"1.2": 1}, START + 2 * QUARTER) == {f"{KEY} 2": 2}
    assert mapping.of({"1.1": 2, "1.2": b"no signal"}, START + 3 * QUARTER) == {f"{KEY} 1": 6}


def test_a_running_register_adds_its_rises_and_begins_anew() -> None:
    mapping = register("current")
    found = [mapping.of({"1.1": value}, START)[f"{KEY} 1"] for value in (30, 30, 34, 2, 2, 9, 0)]
    assert found == [0, 0, 4, 6, 6, 13, 13]


def test_the_layout_stays_while_counters_grow() -> None:
    mapping = register("finished")
    first = mapping.harvest({"1.1": 4}, START)
    later = mapping.harvest({"1.1": 4}, START + QUARTER)
    assert later.layout is first.layout
    assert later.values == [4]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 900)), max_size=30), st.sampled_from(["finished", "current"]))
def test_no_counter_ever_falls(polls: list[tuple[float, float]], kind: str) -> None:
    registers = Registers()
    last = 0.0
    for now, value in polls:
        registers.now = now
        found = registers.add("finished" if kind == "finished" else "current", ("x", ("1",)), value)
        assert registers.add("finished" if kind == "finished" else "current", ("x", ("1",)), value) == found
        assert found >= last
        last = found
