from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.traps.gate import ALL, BURST_SECONDS, MAX_SOURCES, PER_SOURCE, Gate
from collectors.traps.names import calls_for_a_poll, name_of

BURST = int(PER_SOURCE * BURST_SECONDS)


@pytest.mark.parametrize(
    ("source", "turned"),
    [
        ("192.0.2.7", None),
        ("::ffff:192.0.2.7", None),  # over a socket that takes both families
        ("2001:db8::1", None),
        ("fe80::1%eth0", "not_allowed"),
        ("198.51.100.7", "not_allowed"),
        ("no address", "not_allowed"),
    ],
)
def test_only_networks_that_are_named_may_send(source: str, turned: str | None) -> None:
    gate = Gate([ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")], now=0)
    assert gate.turned_away(source, 0) == turned


def test_nothing_is_allowed_where_nothing_is_named() -> None:
    assert Gate([], now=0).turned_away("127.0.0.1", 0) == "not_allowed"


def test_a_source_has_a_burst_and_then_its_rate() -> None:
    gate = Gate([ip_network("192.0.2.0/24")], now=0)
    assert [gate.turned_away("192.0.2.1", 0) for _ in range(BURST + 2)] == [None] * BURST + ["source_limit"] * 2
    assert gate.turned_away("192.0.2.2", 0) is None
    assert [gate.turned_away("192.0.2.1", 1) for _ in range(int(PER_SOURCE) + 1)] == [None] * int(PER_SOURCE) + [
        "source_limit"
    ]


def test_all_sources_together_have_a_limit() -> None:
    gate = Gate([ip_network("10.0.0.0/8")], now=0)
    answers = [gate.turned_away(f"10.0.{number // 250}.{number % 250}", 0) for number in range(300)]
    assert answers.count(None) == int(ALL * BURST_SECONDS)
    assert set(answers[int(ALL * BURST_SECONDS) :]) == {"limit"}


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(0, 5)), max_size=300))
def test_no_source_ever_gets_more_than_its_rate(steps: list[tuple[float, int]]) -> None:
    gate, now, taken = Gate([ip_network("10.0.0.0/8")], now=0), 0.0, 0
    for pause, source in steps:
        now += pause
        taken += source == 0 and gate.turned_away(f"10.0.0.{source}", now) is None
    assert taken <= PER_SOURCE * (BURST_SECONDS + now)


def test_a_flood_of_invented_sources_is_not_remembered() -> None:
    gate = Gate([ip_network("10.0.0.0/8")], now=0)
    for number in range(MAX_SOURCES + 10):
        gate.turned_away(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0)
    assert len(gate) == MAX_SOURCES


@pytest.mark.parametrize(
    ("oid", "name", "polls"),
    [
        ("1.3.6.1.6.3.1.1.5.3", "linkDown", True),
        ("1.3.6.1.6.3.1.1.5.5", "authenticationFailure", False),  # says nothing of the device, and is easily provoked
        ("1.3.6.1.4.1.318.0.5", "upsOnBattery", True),
        ("1.3.6.1.4.1.2606.7.9.0.1", "rittal trap", True),
        ("1.3.6.1.4.1.99999.1", "", False),
        ("1.3.6.1.4.1", "", False),
        ("1.3.6.1.2.1.99999", "", False),
    ],
)
def test_what_is_known_calls_for_a_poll(oid: str, name: str, polls: bool) -> None:
    assert name_of(oid) == name
    assert calls_for_a_poll(name) is polls
