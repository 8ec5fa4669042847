"""A register, and what managements and devices say, to be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.contract import (
    Finding,
    FindingKey,
    Harvest,
    JobKey,
    JobState,
    Layout,
    Measure,
    Part,
    Reading,
    Subject,
    Target,
)
from agent.estate import Managed, RegisterState
from agent.risk.assets.book import AssetBook
from agent.risk.register import RegisterBook
from agent.risk.sight import Outcome, Sight
from config.assets import Asset, AssetFile
from tests.agent.risk.scene import NOW, Scene, Windows
from tests.harness.fakes import FakeView

JAMF = {"mdm": "jamf_school", "url": "https://mdm.example", "credential": "mdm", "site": "afg"}
INVENTORY: Mapping[str, Any] = {
    "sites": {"rathaus": {"name": "Rathaus"}, "afg": {"name": "Anne-Frank-Gymnasium", "kind": "school"}},
    "sources": {"tablets": JAMF},
    "fleets": {"afg-tablets": {"site": "afg", "kind": "tablet", "source": "tablets"}},
}


def tablet(number: int, *, site: str = "afg", serial: str | None = None, asset_tag: str = "", **more: Any) -> Asset:
    said = f"SN-{number:04}" if serial is None else serial
    return Asset(number, asset_tag or f"T-{number}", "tablet", "iPad 9", site, serial=said, **more)


def managed(number: int, *, site: str | None = "afg", asset_tag: str = "", kind: str = "tablet") -> Managed:
    return Managed(kind, site, f"sn {number:04}", asset_tag)


def answered(
    subject: Subject,
    *,
    devices: Sequence[Managed] = (),
    facts: Mapping[str, str] | None = None,
    parts: tuple[Part, ...] = (),
    partial: tuple[str, ...] = (),
) -> JobState:
    key = JobKey(subject, "read")
    target = Target(subject, "rathaus")
    harvest = Harvest(Layout(), (), facts or {}, partial=partial, parts=parts, managed=tuple(devices))
    return JobState(key, target, True, reading=Reading(key, target, NOW, 0.1, harvest))


def mdm(*devices: Managed, partial: tuple[str, ...] = ()) -> JobState:
    return answered(Subject("source", "tablets"), devices=devices, partial=partial)


def silent(subject: Subject) -> JobState:
    return JobState(JobKey(subject, "read"), Target(subject, "rathaus"), up=False)


def sight(
    assets: Sequence[Asset],
    *jobs: JobState,
    inventory: Mapping[str, Any] = INVENTORY,
    settings: Mapping[str, Any] | None = None,
    now: float = NOW,
    language: str = "en",
) -> Sight:
    files = (AssetFile(Path("a.csv"), tuple(assets)),)
    scene = Scene({**inventory, "assets": files}, settings, language)
    return Sight.of(scene.inventory, scene.settings, FakeView(jobs, (), now), Windows({}))


def outcomes(seen: Sight, book: RegisterBook | None = None) -> list[Outcome]:
    return [one for one in (book or RegisterBook(AssetBook())).look(seen) if one is not None]


def findings(seen: Sight, book: RegisterBook | None = None) -> dict[tuple[str, str], Finding]:
    return {(one.rule, str(one.subject)): one for one in outcomes(seen, book) if isinstance(one, Finding)}


def keys(seen: Sight, book: RegisterBook | None = None) -> set[tuple[str, str]]:
    return {(one.rule, str(one.subject)) for one in outcomes(seen, book) if isinstance(one, FindingKey)}


def state(seen: Sight) -> RegisterState:
    (one,) = (one for one in outcomes(seen) if isinstance(one, RegisterState))
    return one


def figures(seen: Sight, family: str) -> dict[tuple[str, ...], float]:
    return {one.labels: one.value for one in outcomes(seen) if isinstance(one, Measure) and one.family.name == family}
