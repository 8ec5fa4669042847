"""No text of the configuration becomes a template of Prometheus."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.rules.template import because, filled, literal

ACTIONS = re.compile(r'\{\{ (?:"\{"|\$labels\.[a-zA-Z_][a-zA-Z0-9_]*|printf "%\.6g" \$value) \}\}')


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain", "plain"),
        ("{value} on {device}", '{{ printf "%.6g" $value }} on {{ $labels.device }}'),
        ("{{ $labels.x }}", '{{ "{" }} $labels.x }'),
        ("{{{device}", '{{ "{" }}{{ $labels.device }}'),
        ("100 %", "100 %"),
    ],
)
def test_only_placeholders_become_actions(text: str, wanted: str) -> None:
    assert filled(text) == wanted


@given(st.text())
def test_a_literal_holds_no_action_but_our_brace(text: str) -> None:
    written = literal(text)
    assert written.replace('{{ "{" }}', "\0").replace("\0", "{") == text.replace("\0", "{")
    assert "{" not in written.replace('{{ "{" }}', "")


@given(st.text())
def test_what_is_filled_in_holds_only_our_actions(text: str) -> None:
    written = filled(text.replace("{", "{{"))
    assert "{" not in ACTIONS.sub("", written)


def test_a_cause_is_named_where_there_is_another_one() -> None:
    assert because("wegen") == ("{{ if ne $labels.subject $labels.cause }}, wegen {{ $labels.cause }}{{ end }}")
