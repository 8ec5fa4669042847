"""The section about sensors and limits of docs/server-room.md says what the code does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent import families, figures, neutral
from agent.risk.rules import RULE_OPTIONS, RULES
from config.loader import load

PAGE = (Path(__file__).parents[2] / "docs" / "server-room.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## Sensors and limits\n")[2].partition("\n## ")[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str, write: Callable[..., Path]) -> None:
    assert load(write(text), {}, RULE_OPTIONS).inventory.rooms


def test_the_metrics_that_it_names_exist() -> None:
    declared = {
        getattr(family, "name", None) for module in (families, figures, neutral) for family in vars(module).values()
    }
    named = set(re.findall(r"`(ringwacht_[a-z_]+)", SECTION))
    assert named
    assert named <= declared


def test_the_findings_that_it_names_are_rules() -> None:
    named = {word for word in re.findall(r"`([a-z]+_[a-z_]+)`", SECTION) if not word.startswith("ringwacht_")}
    kinds = {"server_room", "cooling_fault", "cooling_running", "cooling_units", "powered_by"}
    assert named - kinds <= set(RULES)
