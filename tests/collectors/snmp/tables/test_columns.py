"""Columns that several walks bring, names that several objects have, look-ups along a chain, and what is not redone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from agent.contract import Harvest
from agent.families import JUDGED
from agent.risk.ports import ADMIN_STATUS, OPER_STATUS
from collectors.snmp.mapping.library import Profile
from collectors.snmp.modules.merging import metrics_of
from collectors.snmp.modules.module import Module
from collectors.snmp.oid import Value
from collectors.snmp.parse import Arranged, Arranger
from collectors.snmp.tables import pieces
from tests.collectors.snmp.lab import series
from tests.collectors.snmp.tables.test_parse import INDEX, NAMES, Rows, module, only

STATES = {"enum_values": {"1": "up", "2": "down", "3": "testing"}}


def walked(*walks: Mapping[str, Value]) -> list[Rows]:
    return [Rows(list(rows), list(rows.values()), hash(tuple(rows))) for rows in walks]


def arranger(*metrics: dict[str, Any], cap: int = 100) -> Arranger:
    return Arranger([module(*metrics)], Profile(), max_series=cap)


def shown(arranged: Arranged) -> dict[tuple[str, ...], float]:
    return only(Harvest(arranged.layout, arranged.values))


def families(arranged: Arranged) -> list[str]:
    return [column.family.name for column in arranged.layout.columns]


def test_a_column_in_two_walks_is_one() -> None:
    made = arranger({"name": "x", "oid": "1.2.2", **INDEX, **NAMES})
    names: dict[str, Value] = {"1.2.1.1": b"a", "1.2.1.3": b"c"}
    first = made.arrange(walked({"1.2.2.1": 5}, {"1.2.2.3": 6, "1.2.2.1": 99}, names))
    later = made.arrange(walked({"1.2.2.1": 7}, {"1.2.2.3": 8, "1.2.2.1": 99}, names))
    renamed = made.arrange(walked({"1.2.2.1": 7}, {"1.2.2.3": 8, "1.2.2.1": 99}, names | {"1.2.1.3": b"d"}))
    assert shown(first) == {("1", "a"): 5, ("3", "c"): 6}
    assert shown(later) == {("1", "a"): 7, ("3", "c"): 8}
    assert shown(renamed) == {("1", "a"): 7, ("3", "d"): 8}
    assert later.layout is first.layout


def test_labels_may_come_in_two_walks() -> None:
    made = arranger({"name": "x", "oid": "1.2.2", **INDEX, **NAMES})
    rows: dict[str, Value] = {"1.2.2.1": 5, "1.2.2.2": 6}
    first = made.arrange(walked({"1.2.1.1": b"a"}, rows, {"1.2.1.2": b"b"}))
    renamed = made.arrange(walked({"1.2.1.1": b"a"}, rows, {"1.2.1.2": b"c"}))
    assert shown(first) == {("1", "a"): 5, ("2", "b"): 6}
    assert shown(renamed) == {("1", "a"): 5, ("2", "c"): 6}


def test_one_name_may_stand_for_two_objects() -> None:
    made = arranger({"name": "x", "oid": "1.2.2", **INDEX}, {"name": "x", "oid": "1.2.3", **INDEX})
    assert shown(made.arrange(walked({"1.2.2.1": 1, "1.2.3.1": 9, "1.2.3.2": 2}))) == {("1",): 1, ("2",): 2}
    assert shown(made.arrange(walked({"1.2.3.2": 2}))) == {("2",): 2}


def test_of_one_name_with_two_types_the_first_counts_and_that_is_told() -> None:
    first, second = module({"name": "x", "oid": "1.2.2"}), module({"name": "x", "oid": "1.2.3", "type": "counter"})
    arranged = Arranger([first, second], Profile()).arrange(walked({"1.2.2.0": 1, "1.2.3.0": 2}))
    assert shown(arranged) == {(): 1}
    assert arranged.remarks == ("x: both gauge and counter",)


def test_two_names_of_one_object_are_two_families() -> None:
    metrics, told = metrics_of([module({"name": "x", "oid": "1.2.2"}), module({"name": "y", "oid": "1.2.2"})])
    assert ([metric.name for metric in metrics], told) == (["x", "y"], ())


def test_what_is_judged_is_kept_where_a_device_has_too_much() -> None:
    metrics = [{"name": name, "oid": f"1.2.{at}", **INDEX} for at, name in enumerate(("ifMtu", *JUDGED), 2)]
    rows: dict[str, Value] = {f"1.2.{at}.{row}": row for at in range(2, 3 + len(JUDGED)) for row in (1, 2)}
    all_of_it, cut = (arranger(*metrics, cap=cap).arrange(walked(rows)) for cap in (100, 5))
    assert families(all_of_it) == ["ifMtu", *JUDGED]
    assert families(cut) == [*JUDGED[:3]]
    assert (cut.layout.size, cut.beyond) == (5, len(rows) - 5)
    assert {OPER_STATUS, ADMIN_STATUS} <= set(JUDGED)


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        ({"1.2.1.7": b"name", "1.2.3.7": b"alias", "1.2.3.0": b"zero"}, ("7", "name", "zero")),
        ({"1.2.1.7": 3, "1.2.3.7": b"alias", "1.2.3.3": b"three"}, ("7", "3", "three")),
        ({"1.2.1.7": -3, "1.2.3.7": b"alias"}, ("7", "-3", "")),
        ({"1.2.3.7": b"alias"}, ("7", "", "")),
    ],
    ids=["a text leads to 0", "a number leads on", "no such row", "nothing leads on"],
)
def test_look_ups_along_a_chain(rows: dict[str, Value], labels: tuple[str, ...]) -> None:
    """As snmp_exporter: from a text, which is no index, the row 0 is looked up."""
    lookups = [
        {"labels": ["ifIndex"], "labelname": "p", "oid": "1.2.1", "type": "DisplayString"},
        {"labels": ["p"], "labelname": "n", "oid": "1.2.3", "type": "DisplayString"},
    ]
    arranged = arranger({"name": "x", "oid": "1.2.2", **INDEX, "lookups": lookups}).arrange(
        walked({"1.2.2.7": 1} | rows)
    )
    assert shown(arranged) == {labels: 1}


def test_a_look_up_by_a_label_that_is_not_there_finds_nothing() -> None:
    lookups = [{"labels": ["nope", "ifIndex"], "labelname": "n", "oid": "1.2.1", "type": "DisplayString"}]
    arranged = arranger({"name": "x", "oid": "1.2.2", **INDEX, "lookups": lookups}).arrange(
        walked({"1.2.2.7": 1, "1.2.1.7": b"a"})
    )
    assert shown(arranged) == {("7", ""): 1}


def test_a_look_up_shows_names_of_numbers() -> None:
    """snmp_exporter 0.31 (#1624)."""
    lookup = {"labels": ["ifIndex"], "labelname": "kind", "oid": "1.2.1", "type": "EnumAsInfo", **STATES}
    arranged = arranger({"name": "x", "oid": "1.2.2", **INDEX, "lookups": [lookup]}).arrange(
        walked({"1.2.1.1": 2, "1.2.1.2": 9, "1.2.2.1": 5, "1.2.2.2": 6, "1.2.2.3": 7})
    )
    assert shown(arranged) == {("1", "down"): 5, ("2", "9"): 6, ("3", ""): 7}


def test_numbers_in_texts_whose_type_the_object_before_tells() -> None:
    metric = {"name": "p", "oid": "1.2.2", "type": "LldpPortId", "regex_extracts": {"": [{"regex": "(?:eth|0x)(.*)"}]}}
    made = arranger({**metric, **INDEX})
    rows: dict[str, Value] = {"1.2.1.1": 5, "1.2.1.2": 4, "1.2.1.3": 5}
    rows |= {"1.2.2.1": b"eth7", "1.2.2.2": b"\x12", "1.2.2.3": b"eth9"}
    assert shown(made.arrange(walked(rows))) == {("1",): 7, ("2",): 12, ("3",): 9}
    other_type = made.arrange(walked(rows | {"1.2.1.1": 4}))
    assert shown(other_type) == {("1",): 65746837, ("2",): 12, ("3",): 9}


def test_a_state_set_keeps_its_layout_whichever_state_holds() -> None:
    made = arranger({"name": "s", "oid": "1.2.2", "type": "EnumAsStateSet", **STATES, **INDEX})
    up, down = made.arrange(walked({"1.2.2.1": 1})), made.arrange(walked({"1.2.2.1": 2}))
    assert shown(up) == {("1", "up"): 1, ("1", "down"): 0, ("1", "testing"): 0}
    assert shown(down) == {("1", "up"): 0, ("1", "down"): 1, ("1", "testing"): 0}
    assert down.layout is up.layout
    assert list(shown(made.arrange(walked({"1.2.2.1": 7}))).values()) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("metric", "bad"),
    [
        ({"type": "gauge", "scale": 0.1}, b"N/A"),
        ({"type": "Float"}, b"N/A"),
        ({"type": "DateAndTime"}, b"zz"),
        ({"type": "EnumAsInfo", **STATES}, b"up"),
        ({"type": "EnumAsStateSet", **STATES}, b"up"),
        ({"type": "Bits", **STATES}, 3),
        ({"type": "DisplayString"}, None),
    ],
    ids=["scaled", "Float", "DateAndTime", "EnumAsInfo", "EnumAsStateSet", "Bits", "NULL"],
)
def test_every_value_that_is_dropped_is_counted(metric: dict[str, Any], bad: Value) -> None:
    arranged = arranger({"name": "x", "oid": "1.2.2", **metric, **INDEX}).arrange(walked({"1.2.2.1": bad}))
    assert (arranged.layout.size, dict(arranged.dropped)) == (0, {"not_numeric": 1})


def test_a_text_that_no_expression_matches_is_no_fault() -> None:
    metric = {"name": "t", "oid": "1.2.2", "type": "DisplayString", "regex_extracts": {"": [{"regex": "(.*) C"}]}}
    arranged = arranger(metric).arrange(walked({"1.2.2.0": b"n/a"}))
    assert (arranged.layout.size, dict(arranged.dropped)) == (0, {})


def test_values_between_labels_do_not_disturb_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instances that are got row by row: only the labels themselves are compared."""
    made = arranger({"name": "x", "oid": "1.2.2", **INDEX, **NAMES})
    first = made.arrange(walked({"1.2.1.1": b"a", "1.2.2.1": 1, "1.2.1.2": b"b", "1.2.2.2": 2}))
    monkeypatch.setattr(Arranger, "_build", None)
    later = made.arrange(walked({"1.2.1.1": b"a", "1.2.2.1": 3, "1.2.1.2": b"b", "1.2.2.2": 4}))
    assert (first.values, later.values) == ([1, 2], [3, 4])


def test_what_stays_as_it_was_is_not_converted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = {"name": "t", "oid": "1.2.2", "type": "DisplayString", "regex_extracts": {"": [{"regex": "(.*) C"}]}}
    made = arranger({**metric, **INDEX})
    warm, cold = walked({"1.2.2.1": b"21.5 C"}), walked({"1.2.2.1": b"1.5 C"})
    made.arrange(warm)
    reads: list[pieces.Piece] = []
    whole = pieces.Piece.read

    def counted(piece: pieces.Piece, walks: Sequence[pieces.Values]) -> list[float | None]:
        reads.append(piece)
        return whole(piece, walks)

    monkeypatch.setattr(pieces.Piece, "read", counted)
    values = [made.arrange(rows).values for rows in (warm, warm, cold, cold, warm)]
    assert values == [[21.5], [21.5], [1.5], [1.5], [21.5]]
    assert len(reads) == 2


def test_a_module_has_its_own_series_names() -> None:
    """Of one name with other labels both are shown: neither is a double of the other."""
    lookup = {"labels": ["ifIndex"], "labelname": "ifName", "oid": "1.2.1", "type": "DisplayString"}
    renamed: dict[str, Any] = {
        "name": "x",
        "oid": "1.2.3",
        **INDEX,
        "lookups": [lookup, {"labels": [], "labelname": "ifIndex"}],
    }
    made = Arranger([module({"name": "x", "oid": "1.2.2", **INDEX}), module(renamed)], Profile())
    arranged = made.arrange(walked({"1.2.1.4": b"1", "1.2.2.1": 5, "1.2.3.4": 6}))
    found = series(Harvest(arranged.layout, arranged.values))
    assert found == {("x", (("ifIndex", "1"),)): 5, ("x", (("ifName", "1"),)): 6}
    assert Module.model_validate({"walk": "", "metrics": None}).walk == ()
