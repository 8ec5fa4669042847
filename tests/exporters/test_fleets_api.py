"""Fleets and versions for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from agent.estate import Estate, FleetState, Need, Version
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.fleets import fleets_row
from tests.exporters.county import NOW
from tests.exporters.fakes import FakeCommands, make_snapshot
from tests.exporters.webserver import serve

INVENTORY = Inventory.model_validate(
    {
        "sites": {"afg": {"kind": "school"}, "rathaus": {}},
        "fleets": {
            "tablets": {"site": "afg", "kind": "tablet", "plan": {2021: 450, 2022: 500}, "lifetime": "5y"},
            "pcs": {"site": "afg", "kind": "pc", "name": "Rechner"},
        },
    }
)
NEEDS = (Need(2027, 30, 14_400.0), Need(2028, 20, None))
TABLETS = FleetState("tablets", 200, 210, 500, {0: 10, 2024: 120, 2026: 70}, NEEDS, None, {0: 70, 2: 130})
VERSIONS = (
    Version("afg", "notebook", "Windows", "10 22H2", 12, date(2025, 10, 14), support="ended"),
    Version(None, "tablet", "iPadOS", "18.1", 9),
)
SNAPSHOT = replace(make_snapshot(), estate=Estate(NOW, fleets={"tablets": TABLETS}, versions=VERSIONS))


def row() -> dict[str, Any]:
    found: dict[str, Any] = fleets_row(SNAPSHOT, INVENTORY, Settings())
    return found


def test_a_fleet_is_told_with_stock_plan_ages_and_need() -> None:
    found, pcs = row()["fleets"]
    assert (found["registered"], found["managed"], found["planned"], found["late"]) == (200, 210, 500, None)
    assert found["plan"] == [
        {"year": 2021, "devices": 450, "growth": None},
        {"year": 2022, "devices": 500, "growth": 50},
    ]
    assert found["purchases"][1] == {"year": 2022, "planned": 500, "growth": 50, "replaced": 0, "bought": 50}
    assert found["ages"] == [{"years": 0, "devices": 70}, {"years": 2, "devices": 130}]
    assert found["bought"][0] == {"year": None, "devices": 10}
    assert found["stock"] == [
        {"year": 2024, "devices": 130},
        {"year": 2025, "devices": 130},
        {"year": 2026, "devices": 200},
        {"year": 2027, "devices": 200},
    ]
    assert found["needs"][1] == {"year": 2028, "devices": 20, "cost": None}
    assert (pcs["name"], pcs["registered"], pcs["stock"], pcs["purchases"]) == ("Rechner", None, [], [])


def test_the_need_of_each_site_and_what_runs_there() -> None:
    assert row()["needs"][0] == {"site": "afg", "year": 2027, "devices": 30, "cost": 14_400.0}
    assert [(one["site"], one["supported_until"], one["support"]) for one in row()["versions"]] == [
        ("afg", "2025-10-14", "ended"),
        (None, None, "unknown"),
    ]


def test_before_the_first_look_nothing_is_known() -> None:
    found = fleets_row(make_snapshot(), INVENTORY, Settings())
    assert (found["at"], found["versions"], found["needs"]) == (None, [], [])


async def test_the_page_is_served() -> None:
    async with serve(FakeCommands(SNAPSHOT, INVENTORY)) as client:
        assert await client.json("/api/v1/fleets") == json.loads(json.dumps(row()))
