from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from agent.contract import Series, Subject
from agent.risk.deadlines import MAX_WARRANTIES, UNPLACED, Ending, Today, endings
from agent.risk.rules import RULE_OPTIONS
from config.assets import Asset, AssetFile, registered
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.harness.fakes import FakeView

BERLIN = ZoneInfo("Europe/Berlin")
EXPIRY = "probe_ssl_earliest_cert_expiry"
LIMITS = (("critical", 7 * 86400.0), ("warning", 30 * 86400.0), ("info", 90 * 86400.0))


def at(local: str) -> float:
    return datetime.fromisoformat(local).replace(tzinfo=BERLIN).timestamp()


def make_settings(**alerting: Any) -> Settings:
    raw = {"municipality": {"language": "en"}, "alerting": alerting}
    return Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))


def make_inventory(raw: Mapping[str, Any]) -> Inventory:
    return Inventory.model_validate({"sites": {"afg": {"name": "Gesamtschule"}, "rathaus": {}}, **raw})


def listed(raw: Mapping[str, Any], now: str, *series: Series, **alerting: Any) -> tuple[Ending, ...]:
    view = FakeView((), [(EXPIRY, one) for one in series], at(now))
    return endings(make_inventory(raw), make_settings(**alerting), view)


def brief(found: tuple[Ending, ...]) -> list[tuple[str, str, int, str]]:
    return [(one.kind, one.day.isoformat(), one.days_left, one.stage) for one in found]


def deadline(day: str) -> dict[str, Any]:
    return {"deadlines": {"x": {"expires": day}}}


# --- days and stages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "days_left", "stage"),
    [
        ("2026-10-22T07:59:59", 90, "later"),
        ("2026-10-22T08:00:00", 90, "info"),
        ("2026-12-21T07:59:59", 30, "info"),
        ("2026-12-21T08:00:00", 30, "warning"),
        ("2027-01-13T07:59:59", 7, "warning"),
        ("2027-01-13T08:00:00", 7, "critical"),
        ("2027-01-20T23:59:59", 0, "critical"),
        ("2027-01-21T00:00:00", -1, "critical"),
        ("2029-01-20T12:00:00", -731, "critical"),
    ],
)
def test_a_stage_begins_at_eight_in_the_morning_of_its_day(now: str, days_left: int, stage: str) -> None:
    assert brief(listed(deadline("2027-01-20"), now)) == [("deadline", "2027-01-20", days_left, stage)]


@pytest.mark.parametrize("change", ["2026-10-25", "2027-03-28"])
def test_a_change_of_the_clocks_moves_no_stage(change: str) -> None:
    """A local day may last 23 or 25 hours; reminders count days, and eight o'clock is eight o'clock."""
    day = date.fromisoformat(change)
    for expires in (day + timedelta(days=days) for days in (7, 8)):
        begin = at(f"{expires - timedelta(days=7)}T08:00")
        for offset, stage in ((-1, "warning"), (0, "critical")):
            today = Today.of(begin + offset, make_settings())
            assert today.stage(expires, LIMITS) == stage  # type: ignore[arg-type]  # the stages are words of the type
            assert today.until(expires) == 7


def test_the_zone_is_the_municipalitys() -> None:
    settings = make_settings()
    now = at("2027-01-21T00:30")  # still the 20th in UTC
    assert Today.of(now, settings).day == date(2027, 1, 21)
    elsewhere = Settings.model_validate({"municipality": {"timezone": "America/New_York"}})
    assert Today.of(now, elsewhere).day == date(2027, 1, 20)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(day: str) -> None:
    raw = {**deadline(day), "contracts": {"c": {"provider": "p", "ends": day, "notice": "1000y"}}}
    assert {one.day for one in listed(raw, "2027-01-01T12:00")} >= {date.fromisoformat(day)}


def test_reminders_as_configured() -> None:
    rules = {"deadline_near": {"info": "60d", "warning": "14d", "critical": 0}}
    (one,) = listed(deadline("2027-03-01"), "2027-01-01T12:00", rules=rules)
    assert (one.days_left, one.stage, one.reminders) == (59, "info", (60, 14, 0))


# --- each kind -------------------------------------------------------------------------------------------------------


def test_deadlines_carry_what_the_entry_says() -> None:
    entry = {"name": "APNs", "expires": "2027-01-20", "site": "afg", "what_to_do": "renew"}
    (one,) = listed({"deadlines": {"apns": entry}}, "2027-01-01T12:00")
    assert one == Ending(
        "deadline",
        "apns",
        Subject("deadline", "apns"),
        "APNs",
        date(2027, 1, 20),
        19,
        "warning",
        (90, 30, 7),
        "afg",
        "renew",
    )


CITEQ = {"contracts": {"citeq": {"provider": "Rechenzentrum", "ends": "2027-12-31", "notice": "180d"}}}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-06-01T12:00", [("notice", "2027-07-04", 33, "info"), ("contract", "2027-12-31", 213, "later")]),
        ("2027-07-05T07:00", [("notice", "2027-07-04", -1, "critical"), ("contract", "2027-12-31", 179, "later")]),
        ("2027-07-05T08:00", [("notice", "2027-07-04", -1, "info"), ("contract", "2027-12-31", 179, "later")]),
        ("2027-12-31T12:00", [("notice", "2027-07-04", -180, "info"), ("contract", "2027-12-31", 0, "critical")]),
        ("2028-01-01T12:00", [("contract", "2027-12-31", -1, "critical")]),
    ],
)
def test_a_contract_ends_twice(now: str, expected: list[tuple[str, str, int, str]]) -> None:
    found = listed(CITEQ, now)
    assert brief(found) == expected
    assert {one.name for one in found} == {"Rechenzentrum (citeq)"}


def test_contracts_without_notice_or_end() -> None:
    raw = {"contracts": {"a": {"provider": "A", "ends": "2027-12-31"}, "b": {"provider": "B", "notice": "30d"}}}
    assert [(one.kind, one.name) for one in listed(raw, "2027-01-01T12:00")] == [("contract", "A")]


def test_part_of_a_day_of_notice_is_a_day() -> None:
    raw = {"contracts": {"a": {"provider": "A", "ends": "2027-12-31", "notice": "36h"}}}
    assert listed(raw, "2027-01-01T12:00")[0].day == date(2027, 12, 29)


def test_warranties_to_come_are_one_for_each_site_and_day() -> None:
    models = ["iPad 9", "iPad 9", "iPad 10", "L14", "L15", "L16"]
    assets = [
        Asset(n, f"T{n}", "x", model, site="afg", warranty_until=date(2027, 8, 20)) for n, model in enumerate(models)
    ]
    past = Asset(100, "old", "x", site="afg", warranty_until=date(2026, 12, 31))
    lost = Asset(101, "lost", "pc", site="?", warranty_until=date(2027, 8, 20))
    files = registered([AssetFile(Path("a"), (*assets, past)), AssetFile(Path("b"), (lost,))], ["afg"])
    unplaced, placed = listed({"assets": files}, "2027-01-01T12:00")
    assert placed.name == "2 × iPad 9, 1 × iPad 10, 1 × L14 (and 2 more)"
    assert (placed.id, placed.subject, placed.reminders) == ("site-afg-2027-08-20", Subject("site", "afg"), (90,))
    assert (unplaced.name, unplaced.subject, unplaced.site) == ("1 × pc", UNPLACED, None)


def test_a_thousand_days_of_warranty_are_bounded() -> None:
    assets = tuple(
        Asset(n, f"T{n}", "x", site="afg", warranty_until=date(2027, 1, 1) + timedelta(days=n)) for n in range(1400)
    )
    found = listed({"assets": registered([AssetFile(Path("a"), assets)], ["afg"])}, "2027-01-01T12:00")
    assert len(found) == MAX_WARRANTIES
    assert found[0].days_left == 0


def certificate(subject: Subject, expires: float) -> Series:
    return Series(subject, "rathaus", {}, expires, 0.0)


def test_certificates_as_probes_see_them() -> None:
    service, device = Subject("service", "portal"), Subject("device", "sw-1")
    raw = {"services": {"portal": {"name": "Serviceportal", "url": "https://h/"}}}
    seen = [
        certificate(service, at("2027-01-23T00:30")),
        certificate(service, at("2027-01-22T23:30")),
        certificate(device, at("2027-06-01T12:00")),
        certificate(Subject("device", "no-end"), 253402300799.0),
        certificate(Subject("device", "nonsense"), float("inf")),
    ]
    found = listed(raw, "2027-01-02T12:00", *seen)
    assert brief(found) == [("certificate", "2027-01-22", 20, "warning"), ("certificate", "2027-06-01", 150, "later")]
    assert [(one.id, one.name, one.site) for one in found] == [
        ("service-portal", "Serviceportal", "rathaus"),
        ("device-sw-1", "sw-1", "rathaus"),
    ]


@pytest.mark.parametrize(
    ("match", "subject"),
    [
        ({"rule": "single_point_of_failure", "subject": "line"}, Subject("link", "line")),
        ({"subject": "deadline:x"}, Subject("deadline", "x")),
        ({"rule": "deadline_near", "subject": "x"}, Subject("deadline", "x")),
        ({"subject": "daemon:assets"}, UNPLACED),
        ({"rule": "leak", "site": "afg"}, Subject("site", "afg")),
        ({"rule": "leak", "severity": "critical"}, Subject("rule", "leak")),
        ({"severity": "info"}, Subject("rule", "")),
    ],
)
def test_the_end_of_an_acceptance(match: dict[str, str], subject: Subject) -> None:
    raw = {
        "links": {"line": {"kind": "fibre", "ends": ["afg", "rathaus"]}},
        **deadline("2030-01-01"),
    }
    accept = [{"match": match, "until": "2027-01-20", "reason": "ordered"}]
    one = listed(raw, "2027-01-01T12:00", accept=accept)[0]
    assert (one.kind, one.subject, one.stage) == ("acceptance", subject, "warning")
    assert (one.name, one.what_to_do) == (", ".join(match.values()), "decide anew: ordered")


def test_ids_tell_all_endings_of_a_kind_apart() -> None:
    match = {"rule": "leak"}
    accept = [{"match": match, "until": day, "reason": "x"} for day in ("2027-01-20", "2027-01-21")]
    found = listed(CITEQ, "2027-01-01T12:00", accept=accept)
    assert len({(one.kind, one.id) for one in found}) == len(found) == 4
    assert [one.id for one in found] == [one.id for one in listed(CITEQ, "2027-05-01T12:00", accept=accept)]


def test_restores_and_switch_overs_to_be_tested_are_listed() -> None:
    terms = {"every": "24h", "token": SecretStr("0123456789abcdef")}
    raw = {
        "services": {
            "backup": {"heartbeat": {**terms, "restore_tested": "2026-09-30", "restore_every": "180d"}, "site": "afg"},
            "never": {"heartbeat": {**terms, "restore_every": "180d"}},
        },
        "functions": {
            "fach": {"primary": "backup", "failover_tested": "2026-03-14", "test_every": "365d", "name": "Fach"},
            "never": {"primary": "backup", "test_every": "365d"},
        },
    }
    found = listed(raw, "2027-03-15T12:00")
    assert brief(found) == [("failover", "2027-03-14", -1, "warning"), ("restore", "2027-03-29", 14, "info")]
    assert [(str(one.subject), one.name, one.site, one.reminders) for one in found] == [
        ("function:fach", "Fach", None, (30,)),
        ("service:backup", "backup", "afg", (30,)),
    ]
    assert [one.what_to_do for one in found] == ["switch to the standby and work on it", "test a restore"]


def test_a_test_on_a_day_to_come_is_none_and_nothing_is_due_by_it() -> None:
    terms = {"every": "24h", "token": SecretStr("0123456789abcdef"), "restore_tested": "2031-01-01"}
    raw = {
        "services": {"backup": {"heartbeat": {**terms, "restore_every": "180d"}}},
        "functions": {"fach": {"primary": "backup", "failover_tested": "2031-01-01", "test_every": "365d"}},
    }
    assert listed(raw, "2027-03-15T12:00") == ()
