from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from agent.contract import Snapshot
from agent.risk.deadlines import endings
from agent.risk.texts import Words
from config.assets import Asset, AssetFile, registered
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.calendar import make_calendar, page_rows
from tests.exporters.fakes import FakeCommands
from tests.exporters.webserver import serve
from tests.harness.fakes import FakeView

NOW = datetime(2027, 1, 1, 12, tzinfo=UTC).timestamp()
RAW: dict[str, Any] = {
    "sites": {"afg": {"name": "Gesamtschule"}},
    "deadlines": {"apns": {"name": "APNs", "expires": "2027-01-20", "site": "afg", "what_to_do": "selbe Apple-ID"}},
    "contracts": {"citeq": {"provider": "citeq", "ends": "2027-12-31", "notice": "180d"}},
}


def make(language: str = "de", **raw: Any) -> tuple[Inventory, Settings]:
    town = {"id": "musterland", "name": "Kreis Musterland", "language": language}
    accept = [{"match": {"rule": "leak"}, "until": "2027-06-30", "reason": "bestellt"}]
    settings = Settings.model_validate({"municipality": town, "alerting": {"accept": accept}})
    return Inventory.model_validate({**RAW, **raw}), settings


def written(inventory: Inventory, settings: Settings) -> bytes:
    return make_calendar(endings(inventory, settings, FakeView(now=NOW)), NOW, inventory, settings)


def parsed(raw: bytes) -> Any:
    """The library's properties are of 25 types; what is read here is compared as a whole."""
    return Calendar.from_ical(raw.decode())


def events(raw: bytes) -> list[Any]:
    return list(parsed(raw).events)


def triggers(event: Any) -> list[timedelta]:
    return [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]


def days(*before: int) -> list[timedelta]:
    return [timedelta(days=-one) for one in before]


def test_every_ending_is_an_all_day_event() -> None:
    apns, leak, notice, end = events(written(*make()))
    assert apns["UID"] == "deadline-apns@musterland"
    assert (apns["DTSTART"].dt, apns["DTSTART"].params["VALUE"]) == (date(2027, 1, 20), "DATE")
    assert apns["DTSTAMP"].dt == datetime(2027, 1, 1, 12, tzinfo=UTC)
    assert [str(apns[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "TRANSP")] == [
        "Frist: APNs",
        "selbe Apple-ID",
        "Gesamtschule",
        "TRANSPARENT",
    ]
    assert apns.categories == ["Frist"]
    assert (notice["UID"], notice["DTSTART"].dt) == ("notice-citeq@musterland", date(2027, 7, 4))
    assert (str(end["SUMMARY"]), end["DTSTART"].dt) == ("Vertragsende: citeq", date(2027, 12, 31))
    assert str(leak["SUMMARY"]) == "Angenommener Befund: leak"
    assert [triggers(event) for event in (apns, leak, notice)] == [days(90, 30, 7), days(90, 30), days(90, 30, 7)]


def test_the_calendar_says_what_it_is_and_when_to_ask_again() -> None:
    raw = written(*make("en"))
    calendar = parsed(raw)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == "Kreis Musterland: deadlines"
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n" in raw
    assert str(events(raw)[0]["SUMMARY"]) == "Deadline: APNs"
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


def test_uids_stay_and_are_each_its_own() -> None:
    first, second = (sorted(event["UID"] for event in events(written(*make(language)))) for language in ("de", "en"))
    assert first == second
    assert len(set(first)) == len(first) == 4


def test_an_empty_list_is_a_calendar() -> None:
    inventory, settings = Inventory(), Settings()
    assert events(written(inventory, settings)) == []


def test_1400_warranties_are_an_event_for_each_site_and_day() -> None:
    assets = tuple(
        Asset(n, f"T{n}", "tablet", f"iPad {n % 2}", site="afg", warranty_until=date(2027, 8, 20 + n % 3))
        for n in range(1400)
    )
    inventory, settings = make(assets=registered([AssetFile(Path("a"), assets)], ["afg"]))
    found = [event for event in events(written(inventory, settings)) if event["UID"].startswith("warranty-")]
    assert [event["UID"] for event in found] == [f"warranty-site-afg-2027-08-{day}@musterland" for day in (20, 21, 22)]
    assert str(found[0]["SUMMARY"]) == "Garantie: 234 × iPad 0, 233 × iPad 1"
    assert triggers(found[0]) == days(90)


HOSTILE = 'x\r\nEND:VEVENT\r\nBEGIN:VALARM\nTRIGGER:PT0S\u2028;,\\n\x1b[2J\u202e"' + "ü" * 300


@given(st.text(min_size=1, max_size=300) | st.just(HOSTILE))
def test_a_name_injects_no_line(name: str) -> None:
    entry = {"name": name, "expires": "2027-01-20", "what_to_do": name}
    sites = {"afg": {"name": name.strip() or "x"}}
    inventory, settings = make(deadlines={"x": {**entry, "site": "afg"}}, contracts={}, sites=sites)
    raw = written(inventory, settings)
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    assert sum(line == "BEGIN:VEVENT" for line in lines) == 2
    assert sum(line == "BEGIN:VALARM" for line in lines) == 5
    assert all(re.match(r"[A-Z-]+[:;]", line) for line in lines[:-1])
    assert [event["DTSTART"].dt for event in events(raw)] == [date(2027, 1, 20), date(2027, 6, 30)]


def test_the_page_is_told_in_words() -> None:
    inventory, settings = make()
    found = endings(inventory, settings, FakeView(now=NOW))
    first = page_rows(found, Words("de"))[0]
    assert first == ("APNs", "Frist", date(2027, 1, 20), 19, "warning", "selbe Apple-ID")


# --- over HTTP -------------------------------------------------------------------------------------------------------


@pytest.fixture
def commands() -> FakeCommands:
    inventory, settings = make()
    return FakeCommands(Snapshot(NOW, FakeView(now=NOW), (), (), ()), inventory, settings)


async def test_the_api_lists_what_runs_out(commands: FakeCommands) -> None:
    async with serve(commands) as client:
        first, *others = await client.json("/api/v1/deadlines")
    assert first == {
        "kind": "deadline",
        "subject": "deadline:apns",
        "name": "APNs",
        "site": "afg",
        "day": "2027-01-20",
        "days_left": 19,
        "stage": "warning",
        "what_to_do": "selbe Apple-ID",
    }
    assert [one["kind"] for one in others] == ["acceptance", "notice", "contract"]


async def test_the_calendar_can_be_subscribed_to(commands: FakeCommands) -> None:
    async with serve(commands) as client:
        status, body, headers = await client.get("/deadlines.ics")
        assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert len(events(body)) == 4
        assert (await client.get("/deadlines.ics", "HEAD"))[0] == 200
        assert (await client.get("/deadlines.ics", Host="calendar.example"))[0] == 403
        assert (await client.get("/deadlines.ics", "POST"))[0] == 405
