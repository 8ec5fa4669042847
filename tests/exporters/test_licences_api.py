"""Licences for programs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.estate import Estate, LicenceState
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.licences import licences_row
from tests.exporters.fakes import make_snapshot

NOW = 1_800_000_000.0  # 2027-01-15
LICENCE = {
    "product": "Microsoft 365 A3",
    "seats": 480,
    "yearly_cost": 12000,
    "renews": "2027-06-30",
    "notice": "90d",
    "site": "afg",
}


def told(state: LicenceState | None, **keys: Any) -> dict[str, Any]:
    inventory = Inventory.model_validate({"sites": {"afg": {}}, "licences": {"a3": {**LICENCE, **keys}}})
    estate = None if state is None else Estate(NOW, licences={"a3": state})
    snapshot = replace(make_snapshot(), at=NOW, estate=estate)
    found: dict[str, Any] = licences_row(snapshot, inventory, Settings())
    (one,) = found["licences"]
    return {"at": found["at"], **one}


def test_a_licence_is_told_with_seats_costs_and_days() -> None:
    assert told(LicenceState("a3", 480, 400, NOW - 60, state="fits")) == {
        "at": "2027-01-15T08:00:00Z",
        "id": "a3",
        "name": "Microsoft 365 A3",
        "product": "Microsoft 365 A3",
        "site": "afg",
        "contract": None,
        "source": None,
        "sku": None,
        "seats": 480,
        "used": 400,
        "free": 80,
        "in_grace": None,
        "suspended": None,
        "state": "fits",
        "counted_at": "2027-01-15T07:59:00Z",
        "yearly_cost": 12000.0,
        "yearly_cost_per_used_seat": 30.0,
        "renews": "2027-06-30",
        "days_left": 166,
        "notice_by": "2027-04-01",
    }


def test_what_is_not_known_is_null() -> None:
    one = told(LicenceState("a3", 480, 0), renews=None, notice=None)
    assert (one["free"], one["yearly_cost_per_used_seat"], one["counted_at"]) == (480, None, None)
    assert (one["renews"], one["days_left"], one["notice_by"]) == (None, None, None)


def test_before_the_first_look_nothing_is_counted() -> None:
    one = told(None)
    assert (one["at"], one["seats"], one["used"], one["free"]) == (None, None, None, None)
    assert one["days_left"] == 166


def test_more_used_than_held_is_negative() -> None:
    assert told(LicenceState("a3", 60, 61))["free"] == -1
