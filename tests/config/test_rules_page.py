"""Every example of docs/rules.md loads as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.risk.rules import RULE_OPTIONS
from config.loader import load
from config.selectors import parse_selector

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SELECTORS = [line for block in re.findall(r"\n\n```\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str, write: Callable[..., Path]) -> None:
    assert load(write(text), {}, RULE_OPTIONS).inventory.rules


def test_there_are_examples_of_everything() -> None:
    rules = "".join(EXAMPLES)
    for key in ("above", "below", "absent", "changed", "hold", "severity", "text", "runbook"):
        assert f"    {key}: " in rules
    assert [parse_selector(line).text for line in SELECTORS] == SELECTORS
    assert SELECTORS
