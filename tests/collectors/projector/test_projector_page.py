"""Every example of docs/collectors/projector.md loads and can be polled; the page names what is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.engine.plan import make_plan
from agent.risk.rules import RULE_OPTIONS
from collectors.projector.parse import FACTS_OF_CLASS_2, FAMILIES, PARTS
from collectors.projector.spec import make_spec
from config.loader import load

PAGE = (Path(__file__).parents[3] / "docs/collectors/projector.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
BASE = "sites: {gesamtschule: {kind: school}}\nrooms: {r101: {site: gesamtschule, kind: classroom}}\n"


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_polled_at_the_usual_port(text: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/pjlink").write_text("geheim")
    (tmp_path / "ringwacht.yml").write_text(BASE + text, encoding="utf-8")
    loaded = load(tmp_path, {}, RULE_OPTIONS)
    plan = make_plan(loaded.inventory, loaded.settings, {"projector": make_spec()})
    assert [(job.target.port, job.interval_seconds) for job in plan.jobs] == [(4352, 300.0)]
    assert plan.warnings == ()


def test_the_series_and_facts_that_the_page_names_are_those_that_are_read() -> None:
    table = PAGE.partition("## What it yields")[2]
    assert set(re.findall(r"`(ringwacht_\w+)", table)) == {family.name for family in FAMILIES}
    assert all(f"`{fact}`" in table for fact in FACTS_OF_CLASS_2.values())
    assert ", ".join(PARTS) in table
