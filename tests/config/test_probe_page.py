"""docs/collectors/probe.md says what the code does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from agent.risk.rules import RULE_OPTIONS
from collectors.probe.specs import make_specs
from config.loader import load
from config.network import Throughput
from config.webpage import Expect

PAGE = (Path(__file__).parents[2] / "docs" / "collectors" / "probe.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SPECS = {spec.kind: spec for spec in make_specs()}
AROUND = "sites: {rathaus: {}, kreishaus: {}, bauhof: {}}\n"


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str, write: Callable[..., Path]) -> None:
    path = write(AROUND + text)
    (path / "password.txt").write_text("secret")
    assert load(path, {kind: spec.params for kind, spec in SPECS.items()}, RULE_OPTIONS).inventory.sites


def section(kind: str) -> str:
    return PAGE.partition(f"\n## `{kind}`\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("kind", SPECS)
def test_every_key_is_told(kind: str) -> None:
    told = set(re.findall(r"`([a-z_0-9.]+)`", section(kind)))
    model: type[BaseModel] = SPECS[kind].params
    assert set(model.model_fields) - told <= ({"expect"} if kind == "http" else set())


def test_every_key_of_what_is_expected_is_told() -> None:
    told = set(re.findall(r"`expect\.([a-z_]+)`", section("http")))
    assert told == set(Expect.model_fields)
    assert Throughput.model_fields.keys() <= set(re.findall(r"`([a-z]+)`", section("throughput")))


def test_every_metric_that_it_names_is_declared() -> None:
    declared = {family.name for spec in SPECS.values() for family in spec.families}
    named = set(re.findall(r"`(probe_[a-z_]+|ringwacht_(?:probe|line)_[a-z_]+)[`{ ]", PAGE))
    assert named - {"probe_failing", "probe_failure"} <= declared
