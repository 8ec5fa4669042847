from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import collectors.mdm.pages
from collectors.mdm.pages import ArrayReader, PageError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(places)]


def read(
    data: bytes, cuts: Iterable[int] = (), beside: Iterable[str] = ("count", "next")
) -> tuple[list[object], ArrayReader]:
    reader = ArrayReader("devices", beside)
    elements = [one for piece in pieces(data, cuts) for one in reader.feed(piece)]
    elements += reader.feed(b"", final=True)
    return elements, reader


@given(
    st.lists(JSON, max_size=5),
    st.dictionaries(st.text(), JSON, max_size=4),
    st.lists(st.integers(0, 10**4), max_size=8),
    st.sampled_from([None, 2]),
    st.booleans(),
)
def test_however_an_answer_is_cut_its_elements_come_whole_and_once(
    devices: list[object], others: dict[str, object], cuts: list[int], indent: int | None, ascii_only: bool
) -> None:
    others.pop("devices", None)
    answer = {**others, "devices": devices, "count": 12, "next": "x"}
    data = json.dumps(answer, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    elements, reader = read(data, cuts)
    assert elements == json.loads(data)["devices"]
    assert reader.found
    assert reader.beside == {"count": 12, "next": "x"}


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=3))
def test_bytes_of_any_kind_are_no_answer_or_one(data: bytes, cuts: list[int]) -> None:
    with contextlib.suppress(PageError):
        read(data, cuts)


def test_a_byte_order_mark_and_bytes_that_are_no_text_do_no_harm() -> None:
    elements, _ = read(b'\xef\xbb\xbf{"devices": ["a\xffb", 1e999, NaN, 123456789012345678901234567890]}')
    assert elements == ["a\ufffdb", float("inf"), None, 1.2345678901234568e29]


def test_only_scalars_that_were_wanted_are_kept() -> None:
    _, reader = read(b'{"count": {"a": 1}, "next": null, "owner": "x", "devices": []}')
    assert reader.beside == {}
    assert reader.found


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"devices": [1, 2', "ends early"),
        (b'{"devices": [1}', "ends early"),
        (b"[]", "no JSON object"),
        (b"{1: 2}", "no JSON object"),
        (b'{"devices": [' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_said_without_a_quote(data: bytes, why: str) -> None:
    with pytest.raises(PageError, match=why) as caught:
        read(data)
    assert caught.value.__context__ is None


def test_one_value_without_an_end_takes_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collectors.mdm.pages, "MAX_ELEMENT_CHARS", 1000)
    reader = ArrayReader("devices")
    assert reader.feed(b'{"devices": ["') == []
    assert reader.feed(b"x" * 900) == []
    with pytest.raises(PageError, match="larger than 1000"):
        reader.feed(b"x" * 500)


def test_a_number_that_is_cut_within_is_read_as_a_whole() -> None:
    data = b'{"count": 12, "devices": [1.5e16, -20, 3e+2]}'
    for cut in range(len(data)):
        assert read(data, [cut])[0] == [1.5e16, -20, 300.0]


def test_an_array_of_that_name_deeper_down_is_not_meant() -> None:
    elements, reader = read(b'{"data": {"devices": [1]}, "devices": 7}')
    assert elements == []
    assert not reader.found
