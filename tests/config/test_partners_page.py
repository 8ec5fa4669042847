"""Every example of docs/partners.md loads as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent import figures
from agent.risk.rules import RULE_OPTIONS, WINDOWS
from config.loader import load

PAGE = (Path(__file__).parents[2] / "docs" / "partners.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str, write: Callable[..., Path]) -> None:
    loaded = load(write(text), {}, RULE_OPTIONS)
    assert loaded.inventory.partners or loaded.settings.alerting.rules


def test_the_metrics_that_the_page_names_exist() -> None:
    declared = {getattr(family, "name", None) for family in vars(figures).values()}
    assert set(re.findall(r"`(ringwacht_[a-z_]+)`", PAGE)) <= declared


def test_what_history_costs_is_what_is_kept() -> None:
    (octets, _) = (spec for spec in WINDOWS if spec.family.startswith("ifHC"))
    points = octets.span_seconds / octets.step_seconds
    assert f"{points:,.0f} points of 16 bytes" in PAGE
    assert "50 kB for each counter" in PAGE
    assert round(points * 16 / 1000) == 51
