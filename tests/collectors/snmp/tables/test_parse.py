"""From rows to layout and values: labels, what is dropped, and that nothing is rebuilt without need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Harvest
from collectors.snmp.mapping.library import Profile
from collectors.snmp.modules.module import Metric, Module
from collectors.snmp.oid import Value
from collectors.snmp.parse import Arranger
from tests.collectors.snmp.lab import series

INDEX = {"indexes": [{"labelname": "ifIndex"}]}
NAMES = {
    "lookups": [
        {"labels": ["ifIndex"], "labelname": "ifName", "oid": "1.2.1", "type": "DisplayString"},
    ]
}


@dataclass
class Rows:
    oids: list[str]
    values: list[Value]
    content: int


def module(*metrics: dict[str, Any]) -> Module:
    return Module.model_validate({"metrics": metrics})


def arrange(arranger: Arranger, rows: dict[str, Value]) -> tuple[Harvest, dict[str, int]]:
    arranged = arranger.arrange([Rows(list(rows), list(rows.values()), hash(tuple(rows)))])
    return Harvest(arranged.layout, arranged.values), dict(arranged.dropped)


def only(harvest: Harvest) -> dict[tuple[str, ...], float]:
    """Values by all label values, for harvests of one family."""
    return {tuple(value for _, value in labels): value for (_, labels), value in series(harvest).items()}


def test_the_layout_stays_until_a_label_or_a_row_changes() -> None:
    arranger = Arranger([module({"name": "in", "oid": "1.2.2", **INDEX, **NAMES})], Profile())
    rows: dict[str, Value] = {"1.2.1.1": b"a", "1.2.1.2": b"b", "1.2.2.1": 5, "1.2.2.2": 6}
    first, _ = arrange(arranger, rows)
    again, _ = arrange(arranger, rows | {"1.2.2.1": 7})
    assert again.layout is first.layout
    assert only(again) == {("1", "a"): 7, ("2", "b"): 6}
    renamed, _ = arrange(arranger, rows | {"1.2.1.2": b"c"})
    assert only(renamed) == {("1", "a"): 5, ("2", "c"): 6}
    added, _ = arrange(arranger, rows | {"1.2.2.3": 8})
    assert only(added) == {("1", "a"): 5, ("2", "b"): 6, ("3", ""): 8}


def test_renumbered_interfaces_keep_their_names() -> None:
    """F24."""
    arranger = Arranger([module({"name": "in", "oid": "1.2.2", **INDEX, **NAMES})], Profile())
    arrange(arranger, {"1.2.1.1": b"eth0", "1.2.1.2": b"eth1", "1.2.2.1": 5, "1.2.2.2": 6})
    after, _ = arrange(arranger, {"1.2.1.7": b"eth0", "1.2.1.9": b"eth1", "1.2.2.7": 1, "1.2.2.9": 2})
    assert only(after) == {("7", "eth0"): 1, ("9", "eth1"): 2}


def test_columns_of_one_table_share_their_rows() -> None:
    metrics = [{"name": name, "oid": f"1.2.{number}", **INDEX, **NAMES} for number, name in ((2, "a"), (3, "b"))]
    arranger = Arranger([module(*metrics)], Profile())
    harvest, _ = arrange(arranger, {"1.2.1.1": b"x", "1.2.2.1": 5, "1.2.3.1": 6})
    first, second = harvest.layout.columns
    assert first.rows is second.rows


@pytest.mark.parametrize("bad", [b"text", None, "1.2.3", float("nan"), float("inf")])
def test_what_is_no_number_is_no_sample(bad: Value) -> None:
    arranger = Arranger([module({"name": "in", "oid": "1.2.2", **INDEX})], Profile())
    good, _ = arrange(arranger, {"1.2.2.1": 5, "1.2.2.2": 6})
    harvest, dropped = arrange(arranger, {"1.2.2.1": 5, "1.2.2.2": bad})
    assert only(harvest) == {("1",): 5}
    assert dropped == {"not_numeric": 1}
    recovered, dropped = arrange(arranger, {"1.2.2.1": 5, "1.2.2.2": 6})
    assert only(recovered) == only(good)
    assert not dropped


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ((b"x", b"x", b"y"), ("x~1", "x~2", "y")),
        ((b"", b"", b"y"), ("~1", "~2", "y")),
        ((b"\xca\x00", b"\xcb\x00", b"y"), ("\ufffd\ufffd~1", "\ufffd\ufffd~2", "y")),
    ],
    ids=["duplicates (F26)", "empty (F26)", "alike when cleaned (F25)"],
)
def test_series_that_differ_only_in_a_dropped_index_stay_apart(
    names: tuple[bytes, bytes, bytes], labels: tuple[str, str, str]
) -> None:
    lookups = [*NAMES["lookups"], {"labelname": "ifIndex"}]
    arranger = Arranger([module({"name": "in", "oid": "1.2.2", **INDEX, "lookups": lookups})], Profile())
    rows: dict[str, Value] = {f"1.2.1.{at}": name for at, name in enumerate(names, 1)}
    rows |= {f"1.2.2.{at}": 4 + at for at in (1, 2, 3)}
    arranged = arranger.arrange([Rows(list(rows), list(rows.values()), 1)])
    assert only(Harvest(arranged.layout, arranged.values)) == {(labels[0],): 5, (labels[1],): 6, (labels[2],): 7}
    assert (arranged.alike, dict(arranged.dropped)) == (2, {})


def test_rows_that_nothing_tells_apart_come_once() -> None:
    """F26."""
    arranger = Arranger([module({"name": "in", "oid": "1.2.2"})], Profile())
    harvest, dropped = arrange(arranger, {"1.2.2.1": 5, "1.2.2.2": 6})
    assert only(harvest) == {(): 5}
    assert dropped == {"duplicate": 1}


def test_an_index_that_does_not_fit_costs_its_row() -> None:
    metric = {"name": "in", "oid": "1.2.2", "indexes": [{"labelname": "mac", "type": "PhysAddress48"}]}
    arranger = Arranger([module(metric)], Profile())
    harvest, dropped = arrange(arranger, {"1.2.2.2": 4, "1.2.2.0.1.2.3.4.255": 5, "1.2.2.999.1.2.3.4.5": 6})
    assert only(harvest) == {("00:01:02:03:04:FF",): 5, ("02:00:00:00:00:00",): 4}  # zeros left out at the end
    assert dropped == {"bad_index": 1}


def test_texts_states_and_extracts() -> None:
    arranger = Arranger(
        [
            module(
                {"name": "mac", "oid": "1.2.1", "type": "PhysAddress48", **INDEX},
                {"name": "kind", "oid": "1.2.2", "type": "EnumAsInfo", "enum_values": {"6": "ether"}, **INDEX},
                {"name": "state", "oid": "1.2.3", "type": "EnumAsStateSet", "enum_values": {"1": "up", "2": "down"}},
                {"name": "bits", "oid": "1.2.4", "type": "Bits", "enum_values": {"0": "a", "9": "b"}},
                {"name": "temp", "oid": "1.2.5", "type": "DisplayString",
                 "regex_extracts": {"_celsius": [{"regex": "(.*) C", "value": "$1"}]}},
                {"name": "scaled", "oid": "1.2.6", "type": "gauge", "scale": 0.1, "offset": 1},
            )
        ],
        Profile(),
    )  # fmt: skip
    harvest, _ = arrange(
        arranger,
        {"1.2.1.1": b"\x00\x1f\xaa\x01\x02\x03", "1.2.2.1": 6, "1.2.2.2": 99, "1.2.3.0": 2,
         "1.2.4.0": b"\x00\x40", "1.2.5.0": b"21.5 C", "1.2.6.0": 40},
    )  # fmt: skip
    assert series(harvest) == {
        ("mac", (("ifIndex", "1"), ("mac", "00:1F:AA:01:02:03"))): 1,
        ("kind_info", (("ifIndex", "1"), ("kind", "ether"))): 1,
        ("kind_info", (("ifIndex", "2"), ("kind", "99"))): 1,
        ("state", (("state", "up"),)): 0,
        ("state", (("state", "down"),)): 1,
        ("bits", (("bits", "a"),)): 0,
        ("bits", (("bits", "b"),)): 1,
        ("temp_celsius", ()): 21.5,
        ("scaled", ()): 5,
    }


def test_counters_wrap_where_a_float_would_lose_bits() -> None:
    """As snmp_exporter: a 64-bit counter counts on from 0 at 2^53."""
    arranger = Arranger([module({"name": "in", "oid": "1.2.2", "type": "counter", **INDEX})], Profile())
    first, _ = arrange(arranger, {"1.2.2.1": 5, "1.2.2.2": 2**53 - 1})
    later, _ = arrange(arranger, {"1.2.2.1": 2**64 - 1, "1.2.2.2": 2**53 + 7})
    assert only(first) == {("1",): 5, ("2",): 2**53 - 1}
    assert only(later) == {("1",): 2**53 - 1, ("2",): 7}
    assert later.layout is first.layout


def test_a_float_may_come_where_integers_are_the_rule() -> None:
    """F21: an Opaque float in a column of gauges; each poll gives the numbers anew."""
    arranger = Arranger([module({"name": "t", "oid": "1.2.2", **INDEX})], Profile())
    first, _ = arrange(arranger, {"1.2.2.1": 5, "1.2.2.2": bytes.fromhex("9f780441b80000")})
    later, _ = arrange(arranger, {"1.2.2.1": 6, "1.2.2.2": bytes.fromhex("9f780441bc0000")})
    assert (only(first), only(later)) == ({("1",): 5, ("2",): 23.0}, {("1",): 6, ("2",): 23.5})
    assert later.layout is first.layout


def test_a_state_that_two_numbers_name_holds_for_both() -> None:
    states = {"name": "s", "oid": "1.2.2", "type": "EnumAsStateSet", "enum_values": {"1": "on", "2": "off", "3": "off"}}
    harvest, dropped = arrange(Arranger([module(states)], Profile()), {"1.2.2.0": 3})
    assert only(harvest) == {("on",): 0, ("off",): 1}
    assert dropped == {}


def test_numbers_in_texts_change_without_a_new_layout() -> None:
    metric = {"name": "t", "oid": "1.2.2", "type": "DisplayString", "regex_extracts": {"": [{"regex": "(.*) C"}]}}
    arranger = Arranger([module({**metric, **INDEX})], Profile())
    first, _ = arrange(arranger, {"1.2.2.1": b"21.5 C", "1.2.2.2": b"n/a"})
    later, _ = arrange(arranger, {"1.2.2.1": b"22.5 C", "1.2.2.2": b"n/a"})
    assert (only(first), only(later)) == ({("1",): 21.5}, {("1",): 22.5})
    assert later.layout is first.layout


def test_of_one_module_the_last_metric_of_an_object_counts() -> None:
    """As in snmp_exporter."""
    twice = module({"name": "a", "oid": "1.2.1"}, {"name": "b", "oid": "1.2.1"})
    harvest, _ = arrange(Arranger([twice], Profile()), {"1.2.1.0": 1})
    assert {name for name, _ in series(harvest)} == {"b"}


VALUES = st.one_of(st.none(), st.integers(-(2**63), 2**64), st.binary(max_size=20), st.floats(), st.just("1.3.6"))
INDEXES = st.lists(st.integers(0, 5), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))


@given(st.lists(st.dictionaries(st.tuples(st.sampled_from(["1.2.1", "1.2.2", "1.2.3"]), INDEXES), VALUES), max_size=4))
def test_whatever_comes_every_series_is_there_once(polls: list[dict[tuple[str, str], Value]]) -> None:
    """A second arranger that sees only the last poll agrees with one that saw them all."""
    metrics = module(
        {"name": "in", "oid": "1.2.2", **INDEX, **NAMES},
        {"name": "kind", "oid": "1.2.3", "type": "EnumAsInfo", "enum_values": {"1": "one"}, **INDEX},
        {"name": "name", "oid": "1.2.1", "type": "DisplayString", **INDEX},
    )
    seasoned = Arranger([metrics], Profile())
    for poll in polls:
        rows = {f"{column}.{index}": value for (column, index), value in sorted(poll.items())}
        harvest, dropped = arrange(seasoned, rows)
        fresh, fresh_dropped = arrange(Arranger([metrics], Profile()), rows)
        assert series(harvest) == series(fresh)
        assert dropped == fresh_dropped
        assert all(isinstance(value, (int, float)) for value in harvest.values)


def test_the_first_metric_of_a_name_counts() -> None:
    twice = module({"name": "a", "oid": "1.2.1"}), module({"name": "a", "oid": "1.2.2"})
    harvest, _ = arrange(Arranger(twice, Profile()), {"1.2.1.0": 1, "1.2.2.0": 2})
    assert only(harvest) == {(): 1}
    assert Metric.model_validate({"name": "a", "oid": ".1.2"}).oid == "1.2"
