"""The examples of docs/contracts.md and docs/services.md load, and the worked example is worked out as it says."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.app.loading import prepare
from agent.contract import Subject
from agent.estate import StateChange
from agent.risk.contracts.accounts import DayBook
from agent.risk.contracts.hours import ServiceHours
from agent.risk.contracts.track import STANDINGS, Track

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise

DOCS = Path(__file__).parents[1] / "docs"
BERLIN = ZoneInfo("Europe/Berlin")


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def configured(name: str, folder: Path) -> Path:
    text = "\n".join(re.findall(r"```yaml\n(.*?)```", page(name), re.DOTALL))
    (folder / "ringwacht.yml").write_text(text, encoding="utf-8")
    return folder


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


@pytest.mark.parametrize("name", ["contracts", "services"])
def test_the_examples_load(name: str, tmp_path: Path) -> None:
    prepared = prepare(configured(name, tmp_path))
    assert prepared.plan.warnings == ()
    assert len(prepared.plan.jobs) >= 3


def test_the_worked_example_is_right(tmp_path: Path) -> None:
    inventory, settings, _ = prepare(configured("contracts", tmp_path)).loaded
    contract, subject = inventory.contracts["gkd-fach"], Subject("service", "meldewesen")
    moments = (("2026-06-01", "up"), ("2026-06-08 17:30", "down"), ("2026-06-09 08:15", "up"))
    track = Track(StateChange(at(moment), subject, state) for moment, state in moments)  # type: ignore[arg-type]  # as told
    days = DayBook(track, ServiceHours.of_contract(settings, contract.hours))
    month = days.month(at("2026-07-01") - 1, contract.availability)
    assert (month.service_seconds, month.down_seconds) == (831_600, 6300)
    assert month.budget_seconds == 4158 - 6300
    assert month.availability == pytest.approx(0.9924, abs=5e-5)
    for figure in ("831 600 s", "4158 s", "6300 s", "2142 s", "99.24 %"):
        assert figure in page("contracts")


def test_every_state_is_explained() -> None:
    assert all(f"| `{state}` |" in page("contracts") for state in STANDINGS)
