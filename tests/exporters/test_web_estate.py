"""The sections on contracts, services over time, class rooms, fleets, versions, licences and backups."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from agent.contract import Subject
from agent.estate import (
    Account,
    BadDay,
    ClassroomState,
    ConfigBackup,
    ContractState,
    Equipment,
    Estate,
    FleetState,
    LicenceState,
    LineRate,
    Need,
    ServiceState,
    StateChange,
    Version,
)
from config.inventory import Contract, Device, Fleet, Inventory, Licence, Service, Site
from exporters.web.estate.tables import MAX_ROWS, TableView
from tests.exporters.county import NOW, html, make_settings, page
from tests.exporters.fakes import make_snapshot

PORTAL = Subject("service", "portal")
INVENTORY = Inventory(
    sites={"schule": Site(name="Gesamtschule", kind="school")},
    devices={"sw-1": Device(site="schule", name="Switch 1")},
    services={"portal": Service(url="https://portal.example/", name="Serviceportal", contract="citeq")},
    contracts={"citeq": Contract(provider="citeq", availability=0.995, hotline="0251 000000")},
    licences={"office": Licence(product="Office", renews=date(2027, 6, 30))},
    fleets={"tablets": Fleet(site="schule", kind="tablet", name="Tablets")},
)


def sections(language: Literal["de", "en"] = "de", **found: object) -> dict[str, TableView]:
    snapshot = replace(make_snapshot(), at=NOW, estate=Estate(NOW, **found))  # type: ignore[arg-type]
    return {view.title: view for view in page(snapshot, INVENTORY, make_settings(language)).estate}


def account(**more: float | None) -> Account:
    usual = Account(NOW - 86400, NOW, 36000.0, 35900.0, 100.0, 0.0, 0.0, 0.0, 0.99722, 80.0)
    return replace(usual, **more)  # type: ignore[arg-type]


def contract(missed: bool | None = False, **more: float | None) -> ContractState:
    one = account(**more)
    bad = BadDay(date(2027, 1, 13), PORTAL, 100.0, ())
    rate = LineRate("leitung", 100e6, 40e6, 61e6)
    return ContractState("citeq", {PORTAL: one}, {PORTAL: one}, missed, (bad,), (rate,))


def test_nothing_is_shown_of_what_there_is_none_of() -> None:
    assert sections() == {}


def test_a_contract_is_shown_with_month_year_budget_outages_and_line_rate() -> None:
    row = sections(contracts={"citeq": contract()})["contracts"].rows[0]
    assert (row.name, row.mark.tone, row.mark.word) == ("citeq", "ok", "eingehalten")
    assert row.cells == ("99,722 % von 99,50 %", "99,722 % von 99,50 %", "noch 80 s")
    assert row.notes[:2] == ("1 Tag mit Ausfall", "13.01.2027: Dienst Serviceportal, 100 s")
    assert row.notes[2].endswith(": 61 Mbit/s von 100 Mbit/s")
    assert row.notes[3] == "Hotline: 0251 000000"


@pytest.mark.parametrize(
    ("state", "tone", "word"),
    [
        (contract(missed=True, budget_seconds=-300.0), "info", "missed"),
        (contract(budget_seconds=10.0), "info", "kept"),
        (contract(missed=None), "unknown", "no data yet"),
    ],
)
def test_a_contract_stands_as_its_worst(state: ContractState, tone: str, word: str) -> None:
    row = sections("en", contracts={"citeq": state})["contracts"].rows[0]
    assert (row.mark.tone, row.mark.word) == (tone, word)
    if state.missed:
        assert row.cells[2] == "5 min over"


def test_of_several_things_the_worst_is_shown_and_the_least_that_is_left() -> None:
    one, other = account(availability=0.99, budget_seconds=2580.0), account(availability=0.997, budget_seconds=-5.0)
    link = Subject("link", "leitung")
    row = sections(contracts={"citeq": ContractState("citeq", {PORTAL: one, link: other}, {}, missed=True)})[
        "contracts"
    ].rows[0]
    assert (row.mark.word, row.cells[0], row.cells[2]) == ("verfehlt", "99,000 % von 99,50 %", "um 5 s überschritten")


def test_one_thing_that_was_never_seen_keeps_a_contract_from_being_kept() -> None:
    unseen = account(availability=None, budget_seconds=None)
    state = ContractState("citeq", {PORTAL: account(), Subject("link", "leitung"): unseen}, {}, missed=False)
    assert sections(contracts={"citeq": state})["contracts"].rows[0].mark.tone == "unknown"


def test_what_is_just_missed_is_not_rounded_up() -> None:
    state = contract(missed=True, availability=0.9949996)
    assert sections(contracts={"citeq": state})["contracts"].rows[0].cells[0] == "99,499 % von 99,50 %"


def test_a_contract_under_which_nothing_was_seen_claims_no_figure() -> None:
    unseen = ContractState("citeq", {PORTAL: account(availability=None, budget_seconds=None)}, {}, None)
    row = sections(contracts={"citeq": unseen})["contracts"].rows[0]
    assert row.cells == ("–", "–", "–")
    assert row.mark.tone == "unknown"


def test_a_service_tells_what_it_went_through() -> None:
    changes = tuple(StateChange(NOW - 600 * n, PORTAL, "down" if n % 2 else "up", "keine Antwort") for n in range(9))
    row = sections(services={"portal": ServiceState("portal", "down", NOW - 600, "", changes)})["service_history"].rows[
        0
    ]
    assert (row.name, row.mark.tone, row.cells[1], len(row.notes)) == ("Serviceportal", "warning", "citeq", 3)
    assert row.notes[1].endswith("ausgefallen, keine Antwort")


@pytest.mark.parametrize(
    ("states", "tone"),
    [
        (("up", "asleep"), "ok"),
        (("up", "warning"), "info"),
        (("unknown", "up"), "unknown"),
        (("warning", "down"), "warning"),
        (("resting",), "off"),
    ],
)
def test_a_class_room_stands_as_its_worst_equipment(states: tuple[str, ...], tone: str) -> None:
    things = tuple(Equipment(Subject("projector", f"p{n}"), state, "Lampe") for n, state in enumerate(states))  # type: ignore[arg-type]
    room = ClassroomState("r101", "R101", "schule", things, wanted=True)
    row = sections(classrooms=(room,))["classrooms"].rows[0]
    assert (row.mark.tone, row.cells) == (tone, ("Gesamtschule", str(len(states))))
    assert len(row.notes) == len(states)


@pytest.mark.parametrize(
    ("state", "tone", "word"),
    [
        (FleetState("tablets", 470, 468, 500, below_plan=True), "info", "below plan"),
        (FleetState("tablets", 470, None, 500, below_plan=False), "ok", "as planned"),
        (FleetState("tablets", 470, None, 500), "unknown", "unknown"),
        (FleetState("tablets", None, 20, None), "ok", "no plan"),
        (FleetState("tablets", None, None, 500), "unknown", "not read"),
    ],
)
def test_a_fleet_is_held_against_its_plan(state: FleetState, tone: str, word: str) -> None:
    row = sections("en", fleets={"tablets": state})["fleets"].rows[0]
    assert (row.mark.tone, row.mark.word) == (tone, word)


def test_a_fleet_tells_what_must_be_replaced() -> None:
    needs = (Need(2027, 130, 62400.0), Need(2028, 0, 0.0), Need(2029, 5, None))
    row = sections(fleets={"tablets": FleetState("tablets", 470, 468, 470, needs=needs)})["fleets"].rows[0]
    assert row.cells == ("Gesamtschule", "470", "468", "470")
    assert row.notes == ("2027 zu ersetzen: 130, 62.400", "2029 zu ersetzen: 5")


def test_only_versions_without_support_are_shown_the_ended_first() -> None:
    versions = (
        Version("schule", "pc", "Windows", "11", 20, date(2030, 1, 1), support="supported"),
        Version("schule", "pc", "Windows", "10 22H2", 12, date(2028, 3, 1), support="ending"),
        Version(None, "server", "Debian", "10", 1, date(2024, 6, 30), support="ended"),
        Version(None, "server", "Nobody", "1", 1, None),
        Version("schule", "pc", "Windows", "other", 6, support="ending"),
    )
    shown = sections(versions=versions)["versions"]
    assert [row.name for row in shown.rows] == ["Debian 10", "Windows 10 22H2", "Windows (weitere Versionen)"]
    assert [row.cells[1:] for row in shown.rows] == [("1", "30.06.2024"), ("12", "01.03.2028"), ("6", "–")]


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        (LicenceState("office", 100, 95, state="fits"), "ok"),
        (LicenceState("office", 100, 96, state="near"), "info"),
        (LicenceState("office", 100, 101, state="over"), "warning"),
        (LicenceState("office", 100, 50, state="lapsing"), "warning"),
        (LicenceState("office", 0, 50, state="suspended"), "warning"),
        (LicenceState("office", None, 5), "unknown"),
    ],
)
def test_a_licence_stands_by_its_seats(state: LicenceState, tone: str) -> None:
    row = sections(licences={"office": state})["licences"].rows[0]
    assert (row.name, row.mark.tone, row.cells[2]) == ("Office", tone, "30.06.2027")


@pytest.mark.parametrize(
    ("state", "tone", "word"),
    [
        (ConfigBackup("sw-1", NOW - 9e5), "unknown", "never backed up"),
        (ConfigBackup("sw-1", NOW - 9e5, NOW - 60), "warning", "never backed up"),
        (ConfigBackup("sw-1", NOW - 9e5, NOW - 60, NOW - 90000, "timeout", "no answer"), "warning", "failed"),
        (ConfigBackup("sw-1", NOW - 9e5, NOW - 60, NOW - 60, "stored", unsaved=True), "info", "backed up"),
        (ConfigBackup("sw-1", NOW - 9e5, NOW - 60, NOW - 60, "unchanged"), "ok", "backed up"),
    ],
)
def test_a_backup_is_fresh_failed_or_missing(state: ConfigBackup, tone: str, word: str) -> None:
    row = sections("en", backups={"sw-1": state})["config_backups"].rows[0]
    assert (row.name, row.mark.tone, row.mark.word) == ("Switch 1", tone, word)


def test_a_long_table_is_cut_and_says_so() -> None:
    rooms = tuple(ClassroomState(None, f"R{n}", None, (), wanted=True) for n in range(MAX_ROWS + 5))
    shown = sections(classrooms=rooms)["classrooms"]
    assert (len(shown.rows), shown.count, shown.more) == (MAX_ROWS, MAX_ROWS + 5, "und 5 weitere")


def test_what_devices_and_spreadsheets_say_stays_text() -> None:
    hostile = "<script>alert(1)</script>\u202e"
    room = ClassroomState(None, hostile, None, (Equipment(PORTAL, "down", hostile),), wanted=True)
    snapshot = replace(make_snapshot(), at=NOW, estate=Estate(NOW, classrooms=(room,)))
    text = html(page(snapshot, INVENTORY, make_settings("de")))
    assert "<script>" not in text
    assert "\u202e" not in text
    assert 'id="classrooms"' in text
