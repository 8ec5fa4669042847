"""/api/v1/assets: the register with what was seen, as JSON and CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientConnectionResetError, web

from agent.contract import Snapshot, Subject
from agent.estate import Estate, Managed, RegisterState
from config.assets import Asset, AssetFile
from config.inventory import Inventory
from exporters.web.assetrows import COLUMNS, asset_rows, csv_of
from exporters.web.assets import json_of
from tests.agent.risk.assets.register_scene import INVENTORY, answered, managed, mdm, tablet
from tests.exporters.fakes import FakeCommands, make_snapshot
from tests.exporters.webserver import serve

LAPTOP = Asset(9, "=1+1", "notebook", "L14", "rathaus", serial="-7", cost=845.5)


def inventory(*assets: Asset) -> Inventory:
    return Inventory.model_validate({**INVENTORY, "assets": (AssetFile(Path("a.csv"), assets),)})


def snapshot(*devices: Managed) -> Snapshot:
    return make_snapshot(jobs=[mdm(*devices)])


def test_rows_say_how_register_and_what_was_seen_agree() -> None:
    rows = asset_rows(
        snapshot(managed(1), managed(2, site="rathaus"), managed(7)), inventory(tablet(1), tablet(2), tablet(3), LAPTOP)
    )
    assert [(row["state"], row["source"], row["asset_tag"], row["site"], row["seen_site"]) for row in rows] == [
        ("matched", "both", "T-1", "afg", "afg"),
        ("moved", "both", "T-2", "afg", "rathaus"),
        ("missing", "register", "T-3", "afg", None),
        ("unwatched", "register", "=1+1", "rathaus", None),
        ("unknown", "seen", None, "afg", "afg"),
    ]


def test_what_was_seen_at_sites_of_others_is_not_told() -> None:
    rows = list(asset_rows(snapshot(managed(1, site="elsewhere"), managed(2, site="elsewhere")), inventory(tablet(1))))
    assert [(row["state"], row["seen_site"]) for row in rows] == [("moved", None)]


def test_no_cell_of_the_csv_is_a_formula() -> None:
    header, row = csv_of(asset_rows(snapshot(), inventory(LAPTOP)))
    (cells,) = csv.DictReader(io.StringIO(header + row), delimiter=";")
    assert (cells["asset_tag"], cells["serial"], cells["cost"]) == ("'=1+1", "'-7", "845,50")
    assert tuple(cells) == COLUMNS
    assert next(csv_of([], excel=True)).startswith("\ufeffstate;")


def test_a_list_of_nothing_is_a_list() -> None:
    assert "".join(json_of([])) == "[]"


async def test_it_is_served_as_json_and_csv_some_rows_at_a_time() -> None:
    many = [tablet(number) for number in range(1200)]
    jobs = [mdm(managed(1)), answered(Subject("device", "sw-1"), facts={"serial": "CH-1"})]
    commands = FakeCommands(make_snapshot(jobs=jobs), inventory(*many))
    async with serve(commands) as client:
        rows = await client.json("/api/v1/assets")
        missing = await client.json("/api/v1/assets?state=missing&state=moved&site=afg")
        elsewhere = await client.json("/api/v1/assets?site=rathaus")
        status, body, headers = await client.get("/api/v1/assets?format=csv&excel=1")
        wrong = [(await client.get(f"/api/v1/assets?{query}"))[0] for query in ("format=xml", "state=lost", "excel=2")]
    assert (len(rows), len(missing), elsewhere) == (1200, 1199, [])
    assert (status, body.count(b"\r\n"), headers["Content-Type"]) == (200, 1201, "text/csv; charset=utf-8")
    assert wrong == [400, 400, 400]


async def test_who_has_read_enough_leaves_no_fault_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def leave(_response: object, _data: bytes) -> None:
        raise ClientConnectionResetError

    monkeypatch.setattr(web.StreamResponse, "write", leave)
    async with serve(FakeCommands(make_snapshot(), inventory(LAPTOP))) as client:
        await client.get("/api/v1/assets?format=csv")
    assert [record for record in caplog.records if record.exc_info] == []


def test_what_the_judgement_misses_is_missing_here_too() -> None:
    snapshot_ = replace(snapshot(), estate=Estate(0.0, register=RegisterState(missing=("=1+1",))))
    (row,) = asset_rows(snapshot_, inventory(LAPTOP))
    assert row["state"] == "missing"


@pytest.mark.parametrize("name", ["facts", "parts", "hardware"])
def test_what_a_device_says_of_itself_stands_in_its_row(name: str) -> None:
    raw = {**INVENTORY, "devices": {"sw-1": {"site": "rathaus", "role": "switch"}}}
    jobs = [answered(Subject("device", "sw-1"), facts={"serial": "CH-1"})]
    (row,) = asset_rows(make_snapshot(jobs=jobs), Inventory.model_validate(raw))
    assert name in row
