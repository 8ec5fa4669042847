"""docs/fleets.md and docs/versions.md say what the code does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent import tallies
from agent.risk.fleet.plan import growth, steps
from agent.risk.rules import RULE_OPTIONS, RULES
from config.loader import load
from config.support.reading import COLUMNS, rows_of
from config.units import DURATIONS

DOCS = Path(__file__).parents[3] / "docs"
FLEETS = (DOCS / "fleets.md").read_text(encoding="utf-8")
VERSIONS = (DOCS / "versions.md").read_text(encoding="utf-8")
TABLE = re.findall(r"```csv\n(.*?)```", VERSIONS, re.DOTALL)[0]


def numbers(section: str) -> dict[int, list[int]]:
    """Return the rows of a table that begin with a year."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines()]
    return {int(row[0]): [int(cell) for cell in row[1:] if cell] for row in rows if re.fullmatch("20[0-9]{2}", row[0])}


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", FLEETS + VERSIONS, re.DOTALL))
def test_an_example_loads(
    text: str, write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAMF_TOKEN", "network:key")
    (tmp_path / "own-systems.csv").write_text(TABLE, encoding="utf-8")
    sites = "" if "sites:" in text else "sites: {rathaus: {}}\n"
    assert load(write(sites + text), {}, RULE_OPTIONS).inventory.sites


def test_the_table_of_the_example_is_read() -> None:
    assert len(rows_of(TABLE.encode())) == 3
    assert all(f"| `{column}` |" in VERSIONS for column in COLUMNS)


def test_the_worked_example_is_what_comes_out() -> None:
    stock, bought = FLEETS.partition("Whoever plans growth only")[::2]
    rows = numbers(stock)
    plan = {year: row[4] for year, row in rows.items()}
    assert all(sum(row[:4]) == row[4] for row in rows.values())
    assert {year: row[5] for year, row in rows.items() if len(row) > 5} == growth(plan)
    five, six = ({one.year: one for one in steps(plan, years * DURATIONS["y"], 2026)} for years in (5, 6))
    assert numbers(bought) == {
        year: [five[year].growth, five[year].replaced, five[year].bought, six[year].replaced, six[year].bought]
        for year in range(2020, 2027)
    }


@pytest.mark.parametrize("page", [FLEETS, VERSIONS], ids=["fleets", "versions"])
def test_rules_and_metrics_that_it_names_exist(page: str) -> None:
    declared = {getattr(family, "name", None) for family in vars(tallies).values()}
    named = set(re.findall(r"`(ringwacht_[a-z_]+)", page))
    rules = set(re.findall(r"^\| `([a-z]+_[a-z_]+)` \| [^|]+ \| (?:fleet|site)[a-z, ]* \|$", page, re.MULTILINE))
    assert named
    assert named <= declared
    assert rules
    assert rules <= set(RULES)


def test_every_rule_of_the_field_stands_on_one_of_the_pages() -> None:
    ours = {name for name in RULES if name.startswith(("fleet_", "replacement_", "support_"))}
    assert all(f"`{name}`" in FLEETS + VERSIONS for name in ours)
