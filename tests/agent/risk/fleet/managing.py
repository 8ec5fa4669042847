"""A school with tablets, what its management says, and the hours that count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agent.contract import Harvest, JobKey, JobState, Layout, Reading, Subject, Target
from agent.estate import Managed
from agent.risk.sight import Sight
from config.assets import Asset, AssetFile
from config.units import DAY
from tests.agent.risk.scene import NOW, Scene

SITES = {"afg": {"name": "Anne-Frank-Gesamtschule", "kind": "school"}, "rathaus": {"name": "Rathaus"}}
SOURCES = {
    "jamf": {"mdm": "jamf_school", "url": "http://127.0.0.1/api", "credential": "jamf", "site": "afg"},
}
TABLETS: dict[str, Any] = {"site": "afg", "source": "jamf", "kind": "tablet", "lifetime": "5y", "unit_cost": 480}
FRIDAY = NOW  # 15 January 2027, 09:00 in Germany: school
SATURDAY = NOW + DAY


def local(text: str) -> float:
    """Return a moment of local time in seconds since the epoch."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


def tablets(count: int, **said: Any) -> list[Managed]:
    """Return so many alike, of which each checked in just now."""
    one = Managed("tablet", site="afg", model="A", os="iPadOS", os_version="18.1", checked_in_at=NOW - 60)
    return [replace(one, serial=f"S{number}", **said) for number in range(count)]


def says(devices: Sequence[Managed], source: str = "jamf") -> JobState:
    """Return the job of a management that said this just now."""
    key = JobKey(Subject("source", source), "mdm")
    target = Target(key.subject, site="afg")
    reading = Reading(key, target, NOW, 0.1, Harvest(Layout(), (), managed=tuple(devices)))
    return JobState(key, target, up=True, reading=reading, last_attempt=NOW, last_success=NOW)


def register(count: int, bought: date | None = None, **said: Any) -> AssetFile:
    """Return a register with so many tablets."""
    row = replace(Asset(1, "", "tablet", site="afg", bought=bought), **said)
    rows = tuple(replace(row, asset_tag=f"{bought}{said}{number}") for number in range(count))
    return AssetFile(Path("assets.csv"), rows)


def school(fleets: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None, **more: Any) -> Scene:
    """Return a scene with a school whose tablets are managed."""
    inventory = {"sites": SITES, "sources": SOURCES, "fleets": fleets or {"tablets": TABLETS}, **more}
    return Scene(inventory, {"municipality": {"language": "de", "school_holidays": "DE-NW"}, **(settings or {})})


def sight_of(scene: Scene, now: float = FRIDAY) -> Sight:
    """Return what the rules of one look see."""
    return Sight.of(scene.inventory, scene.settings, scene.view(now), scene.windows())
