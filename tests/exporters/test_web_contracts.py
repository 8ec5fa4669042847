"""Services and contracts over the API: what programs are told of state, account, bad days and the past."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from agent.estate import MOST_CHANGES, Account, BadDay, ContractState, Estate, LineRate, ServiceState, StateChange
from agent.subject import Subject
from config.inventory import Inventory
from exporters.prometheus.page import PrometheusPage
from exporters.web.app import make_app
from exporters.web.services import history_row
from tests.exporters.fakes import FakeCommands, make_snapshot

NOW = 1_800_000_000.0  # 2027-01-15T08:00:00Z
PORTAL = Subject("service", "portal")
CHANGE = StateChange(NOW - 90.5, PORTAL, "upstream", "cut off", Subject("link", "line"))
ACCOUNT = Account(NOW - 100, NOW, 100.0, 80.0, 10.0, 0.0, 5.0, 5.0, 80 / 90, -3.0)
INVENTORY = Inventory.model_validate(
    {
        "services": {"portal": {"url": "https://127.0.0.1/", "contract": "gkd"}, "new": {"tcp": "127.0.0.1:80"}},
        "contracts": {
            "gkd": {"provider": "GKD", "availability": "99%", "ends": "2027-12-31", "reaction": "2h"},
            "new": {"provider": "x"},
        },
    }
)
ESTATE = Estate(
    NOW,
    services={"portal": ServiceState("portal", "down", NOW - 90.5, "no answer", (CHANGE,), ACCOUNT, None)},
    contracts={
        "gkd": ContractState(
            "gkd",
            {PORTAL: ACCOUNT},
            {},
            True,
            (BadDay(date(2027, 1, 15), PORTAL, 10.0, (CHANGE,), 1),),
            (LineRate("line", 1e8, 5e7, float("nan"), None, NOW),),
            {PORTAL: ACCOUNT},
        )
    },
)


@pytest.fixture
def daemon() -> FakeCommands:
    return FakeCommands(replace(make_snapshot(), at=NOW, estate=ESTATE), INVENTORY)


@pytest.fixture
async def api(daemon: FakeCommands) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(make_app(daemon, PrometheusPage()))) as client:
        yield client


async def test_services_tell_state_history_and_account(api: TestClient[Any, Any]) -> None:
    answer = await (await api.get("/api/v1/services")).json()
    portal, new = answer["services"]
    assert (answer["at"], portal["state"], portal["since"]) == (
        "2027-01-15T08:00:00Z",
        "down",
        "2027-01-15T07:58:29Z",
    )
    (change,) = portal["history"]
    assert change == {"at": "2027-01-15T07:58:29.500Z", "state": "upstream", "why": "cut off", "cause": "link:line"}
    assert (portal["month"]["availability_ratio"], portal["year"]) == (80 / 90, None)
    assert (new["state"], new["since"], new["history"]) == ("unknown", None, [])


async def test_contracts_tell_terms_accounts_and_evidence(api: TestClient[Any, Any]) -> None:
    gkd, new = (await (await api.get("/api/v1/contracts")).json())["contracts"]
    assert (gkd["agreed_availability_ratio"], gkd["ends"], gkd["reaction_seconds"]) == (0.99, "2027-12-31", 7200)
    (owed,) = gkd["owed"]
    parts = ("up", "down", "planned", "upstream", "blind")
    assert sum(owed["month"][f"{part}_seconds"] for part in parts) == owed["month"]["service_seconds"]
    assert (gkd["missed_this_month"], owed["month"]["budget_remaining_seconds"]) == (True, -3.0)
    assert gkd["bad_days"][0]["changes"][0]["state"] == "upstream"
    assert (gkd["bad_days"][0]["changes_total"], owed["last_month"]["down_seconds"]) == (1, 10.0)
    assert gkd["line_rates"][0]["delivered_down_bits_per_second"] is None, "what is no number is not known"
    assert (new["owed"], new["missed_this_month"]) == ([], None)


async def test_the_past_is_asked_by_local_days_or_times(api: TestClient[Any, Any], daemon: FakeCommands) -> None:
    daemon.past = [CHANGE, replace(CHANGE, at=NOW + 86400)]
    asked = await api.get("/api/v1/services/portal/history?from=2027-01-15&until=2027-01-16")
    answer = await asked.json()
    assert (answer["from"], len(answer["changes"])) == ("2027-01-14T23:00:00Z", 1)
    again = await api.get("/api/v1/services/portal/history?from=2027-01-15T08:00:00Z&until=2027-01-17T08:00:00+01:00")
    assert [one["at"] for one in (await again.json())["changes"]] == ["2027-01-16T08:00:00.000Z"]


async def test_the_past_of_what_is_used_no_longer_is_still_there(
    api: TestClient[Any, Any], daemon: FakeCommands
) -> None:
    daemon.past = [replace(CHANGE, subject=Subject("service", "old"))]
    answer = await (await api.get("/api/v1/services/old/history?from=2027-01-15&until=2027-01-16")).json()
    assert (len(answer["changes"]), answer["truncated"], answer["next"]) == (1, False, None)


def test_an_answer_that_is_cut_says_so_and_from_when_to_ask_again() -> None:
    row = history_row(PORTAL, NOW - 1e6, NOW, [replace(CHANGE, at=NOW - 1e6 + at) for at in range(MOST_CHANGES)])
    assert (row["truncated"], row["next"]) == (True, "2027-01-03T23:46:39.000Z")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/nobody/history?from=2027-01-15&until=2027-01-16", 404),
        ("links/portal/history?from=2027-01-15&until=2027-01-16", 404),
        ("services/portal/history", 400),
        ("services/portal/history?from=2027-01-15&until=2027-01-15", 400),
        ("services/portal/history?from=soon&until=2027-01-15", 400),
        ("services/portal/history?from=0001-01-01&until=9999-12-31", 400),
        ("devices/portal/history?from=2027-01-15&until=2027-01-16", 404),
    ],
)
async def test_what_cannot_be_asked_is_refused(api: TestClient[Any, Any], path: str, status: int) -> None:
    assert (await api.get(f"/api/v1/{path}")).status == status
