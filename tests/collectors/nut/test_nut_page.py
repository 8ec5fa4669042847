"""Every example of docs/collectors/nut.md loads and can be polled; the page names what is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.engine.plan import make_plan
from agent.risk.rules import RULE_OPTIONS
from collectors.nut import SPEC
from collectors.nut.params import NutParams
from collectors.nut.parse import FAMILIES
from config.loader import load

PAGE = (Path(__file__).parents[3] / "docs/collectors/nut.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SITES = "sites: {rathaus: {name: Rathaus}}\nrooms: {serverraum: {site: rathaus}}\n"


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_polled_at_the_usual_port(text: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/nut-password").write_text("geheim")
    (tmp_path / "ringwacht.yml").write_text(SITES + text, encoding="utf-8")
    loaded = load(tmp_path, {"nut": NutParams}, RULE_OPTIONS)
    plan = make_plan(loaded.inventory, loaded.settings, {"nut": SPEC})
    assert [job.target.port for job in plan.jobs] == [3493]
    assert plan.warnings == ()


def test_the_series_that_the_page_names_are_those_that_are_read() -> None:
    table = PAGE.partition("## What it yields")[2]
    cells = re.findall(r"^\| (`ringwacht_[^|]+) \|", table, re.MULTILINE)
    names = re.findall(r"`(\w+)`", " ".join(cells))
    full = {name if name.startswith("ringwacht_") else f"ringwacht_ups{name}" for name in names}
    assert full == {family.name for family in FAMILIES}
