from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.contract import MetricFamily
from agent.layout import Sample
from collectors.host.tables import Arranger, Block, Numbers, Pick, Remembered, Table, block, table

FAMILY = MetricFamily("x", "gauge", "X.", ("name",))


def one_column(found: Table) -> Iterator[Pick]:
    for row, name in enumerate(found.names):
        yield Pick(FAMILY, (name.decode(),), row * found.width + 1, 10)


def test_rows_of_unequal_length_are_no_table() -> None:
    with pytest.raises(ValueError, match="equally long"):
        table(b"a 1\nb 2 3\n")
    assert table(b"") == Table([], [], 1)


def test_what_a_number_is_of_is_worked_out_where_a_name_changed_only() -> None:
    asked: list[list[bytes]] = []

    def counted(found: Table) -> Iterator[Pick]:
        asked.append(found.names)
        return one_column(found)

    numbers = Numbers(counted)
    first, second = numbers.read(table(b"a 10\nb 20\n")), numbers.read(table(b"a 11\nb 21\n"))
    assert first.series is second.series
    assert (first.values, second.values) == ([1, 2], [1.1, 2.1])
    assert numbers.read(table(b"a 10\nc 30\n")).series[1][1] == ("c",)
    assert asked == [[b"a", b"b"], [b"a", b"c"]]


def test_a_word_that_is_no_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="could not convert"):
        Numbers(one_column).read(table(b"a x\n"))


def test_failed_is_not_empty() -> None:
    nothing = table(b"odd 1\n")
    with pytest.raises(ValueError, match="nothing that is known"):
        Numbers(lambda _: ()).read(nothing)
    assert Numbers(lambda _: (), may_be_empty=True).read(nothing) == ((), [])


def test_a_text_is_parsed_again_where_it_changed_only() -> None:
    asked: list[bytes] = []
    kept = Remembered(asked.append)
    for text in (b"", b"", b"a", b"a", b""):
        kept.read(text)
    assert asked == [b"", b"a", b""]


def test_the_layout_stays_for_as_long_as_the_series() -> None:
    arranger, other = Arranger(), MetricFamily("y", "gauge", "Y.")
    blocks = [block([Sample(FAMILY, ("a",), 1), Sample(other, (), 2)]), Block(), block([Sample(FAMILY, ("b",), 3)])]
    layout, values = arranger.arrange(blocks)
    assert values == [1, 3, 2]  # a family's series are side by side
    again, _ = arranger.arrange([block([Sample(FAMILY, ("a",), 9), Sample(other, (), 8)]), Block(), blocks[2]])
    assert again is layout
    less, values = arranger.arrange(blocks[:1])
    assert less is not layout
    assert (less.size, values) == (2, [1, 2])


def test_of_two_values_of_one_series_the_first_is_kept() -> None:
    layout, values = Arranger().arrange([block([Sample(FAMILY, ("a",), 1)]), block([Sample(FAMILY, ("a",), 2)])])
    assert (layout.size, values) == (1, [1])
