from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import Wrong
from config.placeholders import check_placeholders, fill


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Warteschlange staut sich", "Warteschlange staut sich"),
        ("{device}: {value}", "<device>: <value>"),
        ("{{device}} {_a1}", "{device} <_a1>"),
        ("a } b", "a } b"),
    ],
)
def test_labels_are_filled_in(text: str, filled: str) -> None:
    assert fill(check_placeholders(text), lambda name: f"<{name}>") == filled


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{0}", "'{0}' holds no name of a label", "e.g. {device} or {value}; write {{ for the character itself"),
        ("{}", "'{}' holds no name of a label", "e.g. {device} or {value}; write {{ for the character itself"),
        ("{value!r}", "'{value!r}' holds no name of a label", "did you mean value?"),
        ("{a.__class__}", "'{a.__class__}' holds no name of a label",
         "e.g. {device} or {value}; write {{ for the character itself"),
        ("a {device", "has a { that nothing closes", "write {{ for the character itself"),
    ],
)  # fmt: skip
def test_what_is_no_label_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(Wrong) as caught:
        check_placeholders(text)
    assert (str(caught.value), caught.value.hint) == (message, hint)


@given(st.text("{}ab0", max_size=20), st.text("{}ab0", max_size=10))
def test_what_is_filled_in_is_no_template(text: str, value: str) -> None:
    try:
        check_placeholders(text)
    except Wrong:
        return
    marked = fill(text, lambda _: "\0")
    assert fill(text, lambda _: value) == marked.replace("\0", value)
