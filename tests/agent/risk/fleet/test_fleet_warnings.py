"""What `check` says of fleets that can hardly be judged."""

from __future__ import annotations

from typing import Any

import pytest

from agent.risk.fleet.warnings import fleet_warnings
from config.inventory import Inventory
from config.settings import Settings

TABLETS = {"site": "afg", "kind": "tablet", "source": "jamf"}
SOURCES = {"jamf": {"mdm": "jamf_school", "url": "http://127.0.0.1/api", "credential": "jamf", "site": "afg"}}
KNOWN = {"municipality": {"school_holidays": "DE-NW"}}


def said(fleets: dict[str, Any], settings: dict[str, Any], kind: str = "school") -> list[str]:
    inventory = Inventory.model_validate({"sites": {"afg": {"kind": kind}}, "sources": SOURCES, "fleets": fleets})
    return list(fleet_warnings(inventory, Settings.model_validate(settings)))


def test_fleets_that_nothing_tells_apart() -> None:
    (one,) = said({"pupils": TABLETS, "teachers": TABLETS}, KNOWN)
    assert one == "fleets: pupils, teachers are all of kind tablet at afg: their devices cannot be told apart"


@pytest.mark.parametrize(
    ("fleet", "settings", "kind", "count"),
    [
        (TABLETS, {}, "school", 1),
        (TABLETS, KNOWN, "school", 0),
        (TABLETS, {}, "office", 0),
        ({"site": "afg", "kind": "tablet"}, {}, "school", 0),
    ],
    ids=["unknown", "known", "no school", "no management"],
)
def test_schools_whose_holidays_nobody_knows(
    fleet: dict[str, Any], settings: dict[str, Any], kind: str, count: int
) -> None:
    found = said({"tablets": fleet}, settings, kind)
    assert len(found) == count
    assert all("school_holidays" in one for one in found)
