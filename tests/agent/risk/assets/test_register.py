"""The register against what was seen: what is told, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.contract import Part, Severity, Subject
from agent.estate import Managed
from agent.risk.assets.book import AssetBook
from agent.risk.assets.seen import Sightings
from agent.risk.portions import drained
from agent.risk.register import RegisterBook
from tests.agent.risk.assets.register_scene import (
    INVENTORY,
    answered,
    figures,
    findings,
    keys,
    managed,
    mdm,
    outcomes,
    sight,
    silent,
    state,
    tablet,
)
from tests.agent.risk.scene import NOW, the

SOURCE = Subject("source", "tablets")
SWITCH = Subject("device", "sw-1")


def polled(role: str | None = "switch", **more: Any) -> dict[str, Any]:
    return {**INVENTORY, "devices": {"sw-1": {"site": "rathaus", "role": role, **more}}}


def test_what_is_registered_and_seen_is_matched_whatever_the_spelling() -> None:
    found = sight([tablet(1), tablet(2, serial="")], mdm(managed(1), managed(2, asset_tag=" t-2")))
    assert (state(found).matched, findings(found)) == (2, {})
    assert figures(found, "ringwacht_assets") == {("afg", "tablet"): 2.0}
    assert set(figures(found, "ringwacht_assets_unmatched").values()) == {0.0}


def test_what_a_management_should_list_and_does_not_is_missing() -> None:
    found = sight([tablet(number) for number in range(1, 9)], mdm(managed(1)))
    one = the(findings(found)["assets_missing", "site:afg"])
    assert one.severity is Severity.INFO
    assert one.summary == "Anne-Frank-Gymnasium: in the register, but not seen: 7"
    assert one.evidence == ("By kind: 7 × tablet", "For example: T-2, T-3, T-4, T-5, T-6, 2 more")
    assert state(found).missing == tuple(f"T-{number}" for number in range(2, 9))


@pytest.mark.parametrize("answer", [silent(SOURCE), mdm(partial=("page 2",))])
def test_while_a_management_is_silent_nothing_is_missing(answer: Any) -> None:
    found = sight([tablet(1), tablet(2)], answer)
    assert findings(found) == {}
    assert {("assets_missing", "site:afg"), ("assets_unknown", "site:afg")} <= keys(found)
    assert ("afg", "missing") not in figures(found, "ringwacht_assets_unmatched")
    assert figures(found, "ringwacht_assets_unmatched")["rathaus", "missing"] == 0.0


def test_what_nothing_lists_is_not_missing() -> None:
    notebook = tablet(3, site="rathaus")
    stored, retired = tablet(4, status="stock"), tablet(5, status="retired")
    assert findings(sight([tablet(1), notebook, stored, retired], mdm(managed(1)))) == {}


def test_what_is_seen_and_not_registered_is_unknown_of_kinds_that_are_registered() -> None:
    found = sight([tablet(1)], mdm(managed(1), managed(2), managed(3, kind="notebook")))
    one = the(findings(found)["assets_unknown", "site:afg"])
    assert one.summary == "Anne-Frank-Gymnasium: seen, but not in the register: 1"
    assert one.evidence == ("By kind: 1 × tablet",)  # no serial number of anybody's tablet


def test_what_is_seen_elsewhere_has_moved() -> None:
    found = sight([tablet(1)], mdm(managed(1, site="rathaus")), language="de")
    said = "Anne-Frank-Gymnasium: hier im Bestand, aber an einem anderen Standort gefunden: 1"
    assert the(findings(found)["assets_moved", "site:afg"]).summary == said
    assert state(found).moved == (("T-1", "afg", "rathaus"),)


@pytest.mark.parametrize(
    "assets",
    [[tablet(1), tablet(2, serial="SN 0001")], [tablet(1)]],
)
def test_one_serial_number_under_two_tags_or_listed_twice_is_a_duplicate(assets: list[Any]) -> None:
    seen = [managed(1)] * (1 if len(assets) > 1 else 2)
    found = sight(assets, mdm(*seen))
    assert ("assets_duplicate", "site:afg") in findings(found)
    assert state(found).duplicates == tuple(asset.asset_tag for asset in assets)


def test_placeholders_are_no_serial_numbers() -> None:
    assets = [
        tablet(1, serial="To be filled by O.E.M."),
        tablet(2, serial="to be filled by OEM"),
        tablet(3, serial="0"),
    ]
    assert ("assets_duplicate", "site:afg") not in findings(sight(assets, mdm()))


def test_a_row_that_is_retired_has_no_part_in_a_duplicate() -> None:
    found = sight([tablet(1, status="retired"), tablet(2, serial="SN0001")], mdm(managed(1)))
    assert findings(found) == {}
    assert state(found).matched == 1


def test_devices_and_their_pieces_are_found_by_their_serial_numbers() -> None:
    switch = tablet(1, site="rathaus", serial="CH-1")
    module = tablet(2, site="rathaus", serial="MOD-7")
    job = answered(
        SWITCH, facts={"serial": "CH1"}, parts=(Part("module", "1", serial="MOD7"), Part("fan", "1", serial="F-1"))
    )
    found = sight([switch, module], job, mdm(), inventory=polled())
    assert state(found).matched == 2
    assert findings(found) == {}  # the fan is nobody's asset


@pytest.mark.parametrize(("role", "told"), [("switch", False), (None, False), ("ups", True)])
def test_where_a_device_never_says_what_it_is_nothing_of_its_kind_is_missing(role: str | None, told: bool) -> None:
    other = {"sw-1": {"site": "rathaus", "role": "switch"}, "mute": {"site": "rathaus", "role": role}}
    assets = [replaced(1, "A-100"), replaced(2, "A-200"), replaced(3, "A-300")]
    jobs = (answered(SWITCH, facts={"serial": "A100"}), answered(Subject("device", "mute")), mdm())
    book, inventory = RegisterBook(AssetBook()), {**INVENTORY, "devices": other}
    outcomes(sight(assets, answered(SWITCH, facts={"serial": "A200"}), *jobs[1:], inventory=inventory), book)
    found = findings(sight(assets, *jobs, inventory=inventory), book)
    assert (("assets_missing", "site:rathaus") in found) is told
    if told:
        assert "A-200" not in str(found)
        assert found["assets_missing", "site:rathaus"].evidence[1] == "For example: T-2"  # nobody ever saw T-3


def test_a_managed_device_that_says_nothing_of_itself_may_be_any_row() -> None:
    silent_ones = (Managed("tablet", "afg"), Managed("tablet", None, "k.A.", "-"))
    found = findings(sight([tablet(number) for number in range(1, 6)], mdm(managed(1), *silent_ones)))
    assert set(found) == {("assets_missing", "site:afg")}
    assert found["assets_missing", "site:afg"].evidence[1] == "For example: T-4, T-5"


def test_what_has_not_checked_in_for_years_is_not_seen_and_what_is_retired_and_seen_is_told() -> None:
    old = Managed("tablet", "afg", "SN-0001", checked_in_at=NOW - 3 * 365 * 86400)
    stranger = Managed("tablet", "afg", "SN-0009", checked_in_at=NOW - 3 * 365 * 86400)
    found = findings(sight([tablet(1), tablet(2, status="retired")], mdm(old, stranger, managed(2))))
    assert set(found) == {("assets_missing", "site:afg"), ("assets_unknown", "site:afg")}
    assert found["assets_unknown", "site:afg"].evidence[1] == "For example: T-2"


def test_marks_tell_asset_tags_apart() -> None:
    assets = [
        tablet(1, serial="", asset_tag="AFG-1-12"),
        tablet(2, serial="siehe Aufkleber", asset_tag="AFG-11-2"),
        tablet(3, serial="siehe Aufkleber"),
    ]
    listed = (Managed("tablet", "afg", "", "afg–1–12"), Managed("tablet", "afg", "", "AFG-11-2"), managed(3))
    found = sight(assets[:2], mdm(*listed[:2]))
    assert (state(found).matched, findings(found)) == (2, {})
    assert ("assets_duplicate", "site:afg") not in findings(sight(assets, mdm(*listed)))


def test_a_device_that_is_silent_holds_only_what_was_told_of_its_kind() -> None:
    printer = Subject("device", "prn-1")
    inventory = {**INVENTORY, "devices": {"prn-1": {"site": "afg", "role": "printer"}}}
    book, assets = RegisterBook(AssetBook()), [tablet(1), tablet(2)]
    outcomes(sight(assets, mdm(managed(1)), silent(printer), inventory=inventory), book)
    found = sight(assets, mdm(managed(1), managed(2)), silent(printer), inventory=inventory)
    assert ("assets_missing", "site:afg") not in keys(found, book)
    assets.append(replace(tablet(3), kind="printer"))
    answer = answered(printer, facts={"serial": "PR-9"})
    assert ("assets_unknown", "site:afg") in findings(sight(assets, mdm(), answer, inventory=inventory), book)
    later = sight(assets, mdm(managed(1)), silent(printer), inventory=inventory)
    assert ("assets_unknown", "site:afg") in keys(later, book)


def test_many_devices_are_read_some_at_a_time_and_those_that_say_the_same_once() -> None:
    devices = {f"sw-{number}": {"site": "rathaus", "role": "switch"} for number in range(100)}
    jobs = [answered(Subject("device", name), facts={"serial": f"X{name}"}) for name in devices]
    seen = sight([tablet(1)], *jobs, inventory={**INVENTORY, "devices": devices})
    book = Sightings()
    assert len(list(book.look(seen.inventory, seen.jobs))) == 4
    first, again = (drained(book.look(seen.inventory, seen.jobs)) for _ in range(2))
    assert all(one is other for one, other in zip(first.polled, again.polled, strict=True))
    assert first.same(again)


def replaced(number: int, serial: str) -> Any:
    return replace(tablet(number, site="rathaus", serial=serial), kind="switch")


@pytest.mark.parametrize(
    ("local", "resting"),
    [
        ("2027-07-02T12:00", set[str]()),
        ("2027-07-02T16:30", {"site:afg"}),  # the office is open for half an hour more
        ("2027-07-02T23:00", {"site:afg", "site:rathaus"}),
        ("2027-07-04T12:00", {"site:afg", "site:rathaus"}),  # a Sunday
        ("2027-07-19T12:00", {"site:afg"}),  # in the summer holidays
    ],
)
def test_sites_are_left_alone_outside_their_hours(local: str, resting: set[str]) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    town = {"municipality": {"language": "en", "holidays": "DE-NW", "school_holidays": "DE-NW"}}
    found = sight([tablet(1), tablet(2)], mdm(managed(1)), settings=town, now=now)
    assert {site for rule, site in keys(found) if rule == "assets_missing"} == resting
    assert (("assets_missing", "site:afg") in findings(found)) == ("site:afg" not in resting)


def test_without_a_register_nothing_is_said() -> None:
    assert outcomes(sight([], mdm(managed(1)))) == []


def test_nothing_is_compared_again_until_something_is_new() -> None:
    book, job = RegisterBook(AssetBook()), mdm(managed(1))
    first = sight([tablet(number) for number in range(2000)], job)
    assert list(book.look(first)).count(None) > 8
    assert list(book.look(first)).count(None) == 0  # no polled devices, no pause
    assert list(book.look(sight([tablet(1)], job))).count(None) > 0
