"""The examples and tables of docs/assets.md, as an operator would use them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from agent.app.loading import prepare
from agent.cli_assets import assets as commands
from agent.risk.assets.merge import Match
from agent.risk.rules import RULES
from config.assets import Status
from config.sheetwords import COLUMNS, KINDS, column_of
from exporters.web.assetrows import COLUMNS as ROW_COLUMNS

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise

PAGE = (Path(__file__).parents[1] / "docs/assets.md").read_text(encoding="utf-8")
CSV = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
TABLE = re.findall(
    r"^\| `([a-z_]+)` \| (.*?) \| .*\|$", PAGE.partition("## Columns")[2].partition("## What")[0], re.MULTILINE
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ringwacht.yml").write_text("\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)))
    return tmp_path


def test_the_first_import_makes_the_register(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (command,) = re.findall(r"`ringwacht assets (import Bestand.xlsx .*?) --dry-run`", PAGE)
    Path("Bestand.xlsx").write_text(CSV[1].replace(";afg;", ";Anne-Frank-Gymnasium;"), encoding="cp1252")
    found = CliRunner().invoke(commands, [*command.split(), "--rejected", "mend.csv"])
    assert (found.exit_code, "2 new, 0 changed, 0 same, 0 rejected" in found.output) == (0, True)
    (file,) = prepare(folder).loaded.inventory.assets
    assert ([asset.site for asset in file.assets], file.notes) == (["afg", "afg"], ())


def test_the_examples_load_and_are_imported(folder: Path) -> None:
    (folder / "assets.csv").write_text(CSV[0], encoding="utf-8")
    (folder / "delivery.csv").write_text(CSV[1], encoding="cp1252")
    order = ["import", str(folder / "delivery.csv"), "--into", str(folder / "assets.csv"), "--config", str(folder)]
    found = CliRunner().invoke(commands, order)
    assert (found.exit_code, "2 new, 0 changed, 0 same, 0 rejected" in found.output) == (0, True)
    (file,) = prepare(folder).loaded.inventory.assets
    assert (len(file.assets), file.notes) == (5, ())
    assert "nobody" not in (folder / "assets.csv").read_text()


def test_the_table_of_columns_is_that_of_the_code() -> None:
    assert tuple(name for name, _ in TABLE) == COLUMNS
    for name, headings in TABLE:
        meant = [column_of(heading) for heading in headings.split(", ")]
        assert {found[1] for found in meant if found is not None} == {name}
        assert meant == sorted(meant, key=lambda found: found or (99, ""))


def test_all_kinds_states_and_rules_are_named() -> None:
    for word in (*KINDS, *(status for status in get_args(Status) if status != "unknown")):
        assert re.search(rf"\b{word}\b", PAGE)
    assert all(f"| `{match}` |" in PAGE for match in get_args(Match))
    assert set(re.findall(r"alerts\.md#([a-z_]+)", PAGE)) == {name for name in RULES if name.startswith("assets_")}


def test_the_row_of_the_api_has_its_columns() -> None:
    row = re.findall(r'"([a-z_]+)": ', PAGE.partition("```json")[2])
    assert set(row) <= set(ROW_COLUMNS)
