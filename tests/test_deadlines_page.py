"""The examples of docs/deadlines.md, as an operator would paste them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.app.loading import Prepared, prepare
from agent.risk.deadlines import endings
from config.errors import ConfigError
from tests.harness.fakes import FakeView

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise

PAGE = (Path(__file__).parents[1] / "docs/deadlines.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VERGABE_URL", "json://localhost")
    (tmp_path / "ringwacht.yml").write_text("\n".join(blocks("yaml")), encoding="utf-8")
    (tmp_path / "assets.csv").write_text(blocks("csv")[0], encoding="utf-8")
    return tmp_path


def listed(prepared: Prepared) -> list[str]:
    inventory, settings, _ = prepared.loaded
    return [f"{one.kind} {one.name} {one.day}" for one in endings(inventory, settings, FakeView(now=NOW))]


def test_the_examples_load_and_are_listed(folder: Path) -> None:
    prepared = prepare(folder)
    assert prepared.plan.warnings == ("nothing is watched: there is no device, service, link, source or projector",)
    assert listed(prepared) == [
        "deadline APNs-Zertifikat des MDM 2027-01-20",
        "notice citeq 2027-07-04",
        "warranty 1 × iPad 9 2027-08-20",
        "contract citeq 2027-12-31",
        "licence_notice Microsoft 365 A3 2028-04-01",
        "licence_renewal Microsoft 365 A3 2028-06-30",
        'warranty 1 × ProLiant "DL380" 2029-11-15',
        "acceptance deadline_near, deadline:frequenz-sued 2030-12-01",
        "deadline Frequenzzuteilung Ring Süd 2030-12-31",
    ]


def test_check_names_the_lines_that_are_wrong(folder: Path) -> None:
    file = folder / "assets.csv"
    file.write_text(file.read_text().replace("20.08.2027", "irgendwann"))
    assert prepare(folder).plan.warnings[-1] == (
        f"assets: {file}: line 2: warranty_until is no date, e.g. 2027-06-30 or 30.06.2027"
    )


def test_check_refuses_a_file_without_its_columns(folder: Path) -> None:
    (folder / "assets.csv").write_text("Inventarnummer;Nutzer\n1;x\n")
    with pytest.raises(ConfigError, match=r"assets\[0\]: 'assets.csv': line 1: there is no column kind, site"):
        prepare(folder)
