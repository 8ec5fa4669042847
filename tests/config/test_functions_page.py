"""The example of docs/functions.md loads, and its tables name what there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from agent.figures import FUNCTION_LEG_UP, FUNCTION_STATE
from agent.risk.catalogue.functions import TABLE
from agent.risk.function.legs import WORTHLESS_AFTER
from agent.risk.function.shared import Kind
from agent.risk.rules import RULE_OPTIONS
from config.loader import load

PAGE = (Path(__file__).parents[2] / "docs" / "functions.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_the_example_loads(text: str, write: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "ping-token").write_text("hunter22-hunter22")
    assert load(write(text), {}, RULE_OPTIONS).inventory.functions


def names(heading: str) -> list[str]:
    """Return what the first column of the table under the heading names."""
    return re.findall(r"^\| `(\w+)", PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0], re.MULTILINE)


def test_each_alert_kind_and_series_is_named() -> None:
    assert names("What is found") == [rule.name for rule in TABLE]
    assert sorted(names("Shared risks")) == sorted(get_args(Kind))
    assert names("Series") == [FUNCTION_STATE.name, FUNCTION_LEG_UP.name]


def test_the_limits_that_the_page_names_are_in_force() -> None:
    assert f"no older than {WORTHLESS_AFTER} × `every` + `grace`" in PAGE
