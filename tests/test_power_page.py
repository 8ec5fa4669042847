"""What docs/server-room.md says of power is what is judged, and its examples load."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from agent import figures, neutral
from agent.risk.catalogue.power import TABLE
from agent.risk.rules import RULE_OPTIONS
from agent.risk.ups import history, loading, readings, windows
from agent.risk.ups.feeding import Feeds
from agent.risk.ups.needs import needs_of
from collectors.nut.params import NutParams
from config.inventory import Inventory
from config.loader import load

_PAGE = (Path(__file__).parents[1] / "docs/server-room.md").read_text(encoding="utf-8")
PAGE = re.split(r"^## ", _PAGE.partition("\n## Power\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
PARAMS: Mapping[str, type[BaseModel]] = {"nut": NutParams}


def loaded(text: str, where: Path) -> Inventory:
    (where / "ringwacht.yml").write_text(text, encoding="utf-8")
    return load(where, PARAMS, RULE_OPTIONS).inventory


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str, tmp_path: Path) -> None:
    assert yaml.safe_load(text)
    assert loaded(text, tmp_path).devices["usv-a"].role == readings.ROLE


def test_the_sum_of_the_example_is_right(tmp_path: Path) -> None:
    inventory = loaded(EXAMPLES[0], tmp_path)
    needs = needs_of(inventory, Feeds.of(inventory), "usv-a")
    assert needs.required == 29 * 60
    assert "here 29 min" in PAGE


def test_every_rule_about_power_is_named_and_no_other() -> None:
    of_a_ups = r"`(ups_\w+|shutdown_clients_missing|feeds_share_ups)`"
    assert set(re.findall(of_a_ups, PAGE)) == {rule.name for rule in TABLE}


def test_the_figures_of_the_page_exist_and_its_numbers_are_those_of_the_code() -> None:
    families = [*vars(figures).values(), *neutral.NEUTRAL]
    declared = {getattr(family, "name", None) for family in families}
    assert set(re.findall(r"`(ringwacht_[a-z_]+)[`{]", PAGE)) <= declared
    assert f"{windows.DISCHARGE_SECONDS / 60:.0f} minutes, without the first minute" in PAGE
    assert history.SAG_SECONDS == 60
    assert f"from {history.LEAST_POINTS} points and {history.LEAST_FALL * 100:.0f} % on" in PAGE
    assert f"over {history.LEAST_SECONDS / 60:.0f} minutes at least" in PAGE
    assert f"not before {loading.CHARGED * 100:.0f} % are charged" in PAGE
