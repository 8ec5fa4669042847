"""docs/licences.md and docs/collectors/microsoft365.md say what the code does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.estate import Estate, LicenceState
from agent.risk.rules import RULE_OPTIONS, RULES
from agent.tallies import LICENCE_COST, LICENCE_SEATS, LICENCE_USED
from collectors.microsoft365 import parse
from collectors.microsoft365.families import FAMILIES
from config.loader import load
from exporters.web.licences import licences_row
from tests.exporters.fakes import make_snapshot

DOCS = Path(__file__).parents[2] / "docs"
LICENCES = (DOCS / "licences.md").read_text(encoding="utf-8")
TENANT = (DOCS / "collectors" / "microsoft365.md").read_text(encoding="utf-8")
NOW = 1_800_000_000.0


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


@pytest.fixture
def write_with_secret(write: Callable[..., Path]) -> Callable[[str], Path]:
    def made(text: str) -> Path:
        folder = write(text)
        secrets = folder / "secrets"
        secrets.mkdir(exist_ok=True)
        (secrets / "m365").write_text("canary-secret", encoding="utf-8")
        (secrets / "m365").chmod(0o600)
        return folder

    return made


def test_the_examples_load(write_with_secret: Callable[[str], Path]) -> None:
    loaded = load(write_with_secret("\n".join(blocks(LICENCES, "yaml"))), {}, RULE_OPTIONS)
    assert set(loaded.inventory.licences) == {"m365-lehrer", "pdf-editor"}
    (example,) = blocks(TENANT, "yaml")
    assert set(load(write_with_secret(example), {}, RULE_OPTIONS).inventory.sources) == {"m365"}


def test_the_answer_of_the_api_is_as_shown(write_with_secret: Callable[[str], Path]) -> None:
    loaded = load(write_with_secret("\n".join(blocks(LICENCES, "yaml"))), {}, RULE_OPTIONS)
    estate = Estate(NOW, licences={"pdf-editor": LicenceState("pdf-editor", 40, 37, state="fits")})
    row = licences_row(replace(make_snapshot(), at=NOW, estate=estate), loaded.inventory, loaded.settings)
    listed = json.loads(json.dumps(row))
    listed["licences"] = listed["licences"][1:]
    assert listed == json.loads(blocks(LICENCES, "json")[0])


def test_the_metrics_are_those_that_are_declared() -> None:
    table = set(re.findall(r"^\| `(ringwacht_[a-z_]+)\{", TENANT, re.MULTILINE))
    assert table == {family.name for family in FAMILIES}
    named = set(re.findall(r"`(ringwacht_licence_[a-z_]+)`", LICENCES))
    assert named == {family.name for family in (LICENCE_SEATS, LICENCE_USED, LICENCE_COST)}


def test_the_findings_are_rules() -> None:
    named = {*re.findall(r"^\| `([a-z]+_[a-z_]+)` \|", LICENCES, re.MULTILINE)}
    named |= {*re.findall(r"^- `([a-z]+_[a-z_]+)`:", TENANT, re.MULTILINE)}
    assert {"licence_seats_short", "cloud_service_degraded", "source_unreadable"} <= named <= set(RULES)


def test_each_word_of_the_cloud_is_listed_under_its_own() -> None:
    rows = re.findall(r"^\| ([a-z]+) \| ([A-Za-z, ]+) \|$", TENANT, re.MULTILINE)
    listed = {word: state for state, words in rows if state in parse.STATES for word in words.split(", ")}
    told = {word: parse.health([{"service": "x", "status": word}], parse.Oddities(""))["x"] for word in listed}
    assert len(listed) == 17
    assert listed == told
