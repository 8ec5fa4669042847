from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from agent.contract import (
    Alert,
    AlertState,
    Harvest,
    JobState,
    Layout,
    Muted,
    Reading,
    Reason,
    Series,
    Severity,
    Subject,
)
from exporters.web.alertlist import MAX_ALIKE, MAX_STANDING
from exporters.web.page import MAX_DEADLINES, DeadlineRow, Look, Page
from exporters.web.places import MAX_ROWS, Place
from tests.exporters.county import NOW, UP, alert, job, make_inventory, make_settings, page, snapshot

MUTED = Muted("accepted", "Glasfaser bestellt", "2027-06-30")
LINK = {"kind": "radio", "ends": ["sw-1/1", "sw-2/2"], "name": "Rathaus–Schule"}


def place(shown: Page, name: str) -> Place:
    return next(one for one in shown.places if one.name == name)


def test_all_is_well_only_if_nothing_is_open_and_nothing_unknown() -> None:
    shown = page()
    assert (shown.overall.tone, shown.overall.word) == ("ok", "Alles in Ordnung")
    assert [one.mark.word for one in shown.places] == ["in Ordnung", "in Ordnung"]
    assert not any(one.opened for one in shown.places)
    assert page(settings=make_settings("en")).overall.word == "All is well"


@pytest.mark.parametrize(
    ("jobs", "alerts", "tone", "sentence"),
    [
        (UP, [alert(), alert("full", severity=Severity.WARNING)], "critical", "2 Störungen"),
        (UP, [alert("full", severity=Severity.WARNING)], "warning", "1 Störung"),
        (UP, [alert("spof", severity=Severity.INFO)], "info", "1 Hinweis"),
        (UP, [alert(state=AlertState.PENDING)], "info", "1 in Prüfung"),
        (UP, [alert(state=AlertState.RESOLVED)], "ok", "Alles in Ordnung"),
        (UP, [alert(muted=MUTED)], "info", "Keine offene Meldung, 1 stummgeschaltet"),
        ([UP[0]], [], "unknown", "1 unbekannt"),
        ([UP[0]], [alert(severity=Severity.WARNING)], "warning", "1 Störung, 1 unbekannt"),
        ([job("device", "sw-1", up=False), UP[1]], [], "warning", "1 gestört ohne Meldung"),
        ([job("device", "sw-1", up=False), UP[1]], [alert(muted=MUTED)], "info", "Keine offene Meldung, 1 stumm"),
    ],
)
def test_the_sentence_counts_what_is_open_and_what_is_unknown(
    jobs: Sequence[JobState], alerts: Sequence[Alert], tone: str, sentence: str
) -> None:
    shown = page(snapshot(jobs, alerts))
    assert shown.overall.tone == tone
    assert shown.overall.word.startswith(sentence)


@pytest.mark.parametrize(
    ("judged", "word"), [(None, "Noch nicht beurteilt"), (1_799_999_700.0, "Seit 5 min nicht mehr beurteilt")]
)
def test_without_a_fresh_judgement_nothing_is_well(judged: float | None, word: str) -> None:
    shown = page(snapshot(judged=judged))
    assert (shown.overall.tone, shown.overall.word) == ("unknown", word)


def test_a_site_of_which_nothing_is_known_is_unknown() -> None:
    shown = page(inventory=make_inventory(sites={"rathaus": {}, "schule": {}, "mast": {"name": "Mast"}}))
    assert place(shown, "Mast").mark.word == "unbekannt"
    assert place(shown, "Mast").counts == ("hier wird nichts überwacht",)
    assert shown.overall.word == "1 unbekannt"
    assert page(inventory=make_inventory(sites={}, devices={})).overall.tone == "unknown"


def test_devices_by_state_the_bad_first() -> None:
    devices = {name: {"site": "rathaus"} for name in ("a-up", "b-unknown", "c-down", "d-degraded", "e-none")}
    jobs = [
        job("device", "a-up"),
        job("device", "b-unknown", up=None, reason=Reason.CONFIG, detail="ICMP not permitted"),
        job("device", "c-down", up=False),
        job("device", "d-degraded"),
        job("device", "d-degraded", "icmp", up=False, reason=Reason.REFUSED),
    ]
    shown = page(snapshot(jobs), make_inventory(devices=devices))
    there = place(shown, "Rathaus")
    (table,) = there.tables
    assert [(row.name, row.mark.word) for row in table.rows] == [
        ("c-down", "ausgefallen"),
        ("d-degraded", "eingeschränkt"),
        ("b-unknown", "unbekannt"),
        ("e-none", "unbekannt"),
        ("a-up", "in Betrieb"),
    ]
    assert [row.detail for row in table.rows[:4]] == [
        "keine Antwort: snmp: timeout",
        "abgewiesen: ping: refused",
        "nicht prüfbar: ICMP not permitted",
        "wird nicht abgefragt",
    ]
    assert [row.note for row in table.rows] == ["vor 10 min", "vor 5 s", "nie", "nie", "vor 5 s"]
    assert there.counts == ("5 Geräte: 1 ausgefallen, 1 eingeschränkt, 2 unbekannt, 1 in Betrieb",)
    assert (there.mark.word, there.opened) == ("kritisch", True)


def test_a_service_that_answers_wrongly_or_whose_alert_fires_is_down() -> None:
    services = {
        "portal": {"url": "https://a.example/", "site": "rathaus", "critical": True},
        "dms": {"tcp": "192.0.2.3:80"},
    }
    jobs = [*UP, job("service", "portal", "http"), job("service", "dms", "tcp", site=None)]
    wrong = ("probe_success", Series(Subject("service", "portal"), "rathaus", {}, 0.0, 0.0))
    failing = alert("service_failing", Subject("service", "dms"), Severity.WARNING, site=None)
    shown = page(snapshot(jobs, [failing], [wrong]), make_inventory(services=services))
    (portal,) = place(shown, "Rathaus").tables[1].rows
    assert (portal.state, portal.mark.tone, portal.detail) == ("down", "critical", "Antwort nicht wie erwartet")
    (dms,) = place(shown, "Ohne Standort").tables[0].rows
    assert (dms.state, dms.mark.tone) == ("down", "warning")
    assert shown.overall.word == "1 Störung, 1 gestört ohne Meldung"


def test_while_the_uplink_is_down_silence_is_unknown() -> None:
    # the daemon hands over a view in which nothing is believed
    silent = [job("device", name, up=None) for name in ("sw-1", "sw-2")]
    shown = page(snapshot(silent, alerts=[alert("uplink_down", Subject("daemon", "ringwacht"))]))
    rows = [row for one in shown.places for table in one.tables for row in table.rows]
    assert {(row.state, row.detail) for row in rows} == {("unknown", "eigene Anbindung gestört")}


def test_alerts_in_groups_the_worst_first_then_the_newest() -> None:
    alerts = [
        alert("old", age=900),
        alert("new", age=60),
        alert("mild", severity=Severity.WARNING, age=10),
        alert("soon", state=AlertState.PENDING),
        alert("quiet", muted=MUTED),
        alert("quiet-soon", muted=MUTED, state=AlertState.PENDING),
        alert("over", state=AlertState.RESOLVED),
    ]
    shown = page(snapshot(alerts=alerts)).alerts
    groups = (shown.firing, shown.pending, shown.muted, shown.resolved)
    assert [[one.rule for one in group.alerts] for group in groups] == [
        ["new", "old", "mild"],
        ["soon"],
        ["quiet", "quiet-soon"],
        ["over"],
    ]
    assert shown.muted.alerts[0].remark == "akzeptiert bis 2027-06-30: Glasfaser bestellt"
    assert shown.firing.alerts[1].when.text == "seit 15 min (15.01.2027 08:45)"
    assert shown.firing.alerts[1].when.iso == "2027-01-15T08:45:00+01:00"
    assert shown.resolved.alerts[0].mark.word == "behoben"


def test_an_alert_that_is_told_with_its_cause_says_because_of_what() -> None:
    state = snapshot(alerts=[alert(muted=Muted("cause", "Strecke <b> ausgefallen", ""))])
    german, english = (page(state, settings=settings).alerts for settings in (make_settings("de"), make_settings("en")))
    assert german.firing.count == english.firing.count == 0
    assert [one.remark for one in german.muted.alerts] == ["wegen: Strecke <b> ausgefallen"]
    assert [one.remark for one in english.muted.alerts] == ["because of: Strecke <b> ausgefallen"]


def test_an_alert_in_the_readers_words() -> None:
    given: dict[str, Any] = {"cause": Subject("link", "rf"), "norm": "BSI NET.1.2.A26", "evidence": ("a", "b")}
    state = snapshot(alerts=[alert(**given)])
    inventory = make_inventory(links={"rf": LINK})
    (shown,) = page(state, inventory).alerts.firing.alerts
    assert (shown.subject, shown.site, shown.cause) == ("Gerät Switch Keller", "Rathaus", "Strecke Rathaus–Schule")
    assert (shown.norm, shown.evidence) == ("BSI NET.1.2.A26", ("a", "b"))
    assert (shown.runbook.href, shown.runbook.text) == ("/runbooks/device_unreachable", "")
    (english,) = page(state, inventory, make_settings("en")).alerts.firing.alerts
    assert (english.mark.word, english.subject) == ("critical", "device Switch Keller")
    assert english.when.text == "for 12 min (2027-01-15 08:48)"


@pytest.mark.parametrize(
    ("runbook", "linked"),
    [
        ("https://wiki.example/ring", True),
        ("http://wiki.example:8080/ring?a=b", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:///nowhere", False),
        ("//wiki.example/", False),
        ("https://[broken", False),
        ("Leitwarte anrufen", False),
        ("https://wiki.example/" + "x" * 400, False),
    ],
)
def test_only_a_web_address_becomes_a_link(runbook: str, linked: bool) -> None:
    (shown,) = page(snapshot(alerts=[alert(runbook=runbook)])).alerts.firing.alerts
    assert shown.runbook.href == (runbook if linked else "/runbooks/device_unreachable")
    assert bool(shown.runbook.text) is not linked


def test_lists_are_bounded_and_say_what_is_left_out() -> None:
    count = max(MAX_STANDING, MAX_ROWS) + 7
    devices = {f"d-{index}": {"site": "rathaus"} for index in range(count)}
    alerts = [alert(f"rule-{index}") for index in range(MAX_STANDING + 7)]
    rows = [DeadlineRow(f"f-{index}", "Frist", date(2027, 1, 20), 5, "critical") for index in range(MAX_DEADLINES + 1)]
    shown = page(snapshot(alerts=alerts), make_inventory(devices=devices), deadlines=tuple(rows))
    assert (len(shown.alerts.firing.alerts), shown.alerts.firing.more) == (MAX_STANDING, "und 7 weitere")
    (table,) = place(shown, "Rathaus").tables
    assert (len(table.rows), table.more) == (MAX_ROWS, f"und {count - MAX_ROWS} weitere")
    assert place(shown, "Rathaus").more_alerts == f"und {MAX_STANDING - 10} weitere"
    assert (len(shown.near.rows), shown.near.more) == (MAX_DEADLINES, "und 1 weiterer")


def test_of_many_alerts_alike_the_first_are_shown_and_the_rest_is_folded() -> None:
    storm = [alert(subject=Subject("device", f"d-{index}"), age=index) for index in range(MAX_ALIKE + 3)]
    shown = page(
        snapshot(alerts=[*storm, alert("flood", age=500), alert("flood", severity=Severity.INFO)])
    ).alerts.firing
    first, rest = shown.runs
    assert [one.anchor for one in first.shown] == [
        f"alert-device_unreachable-d-{age}-{age}" for age in range(MAX_ALIKE)
    ]
    assert (len(first.folded), first.heading) == (3, "3 weitere Meldungen: device_unreachable")
    assert ([one.rule for one in rest.shown], rest.folded) == (["flood", "flood"], ())
    assert (len(shown.alerts), shown.count, shown.more) == (MAX_ALIKE + 5, MAX_ALIKE + 5, "")
    flood = [alert(subject=Subject("device", f"d-{index}"), age=index) for index in range(MAX_STANDING)]
    full = page(snapshot(alerts=[*flood, alert("flood", severity=Severity.INFO)])).alerts.firing
    assert [len(run.folded) for run in full.runs] == [MAX_STANDING - MAX_ALIKE - 1, 0]
    assert ([one.rule for one in full.runs[-1].shown], full.more) == (["flood"], "und 1 weiterer")
    few = page(snapshot(alerts=storm[:MAX_ALIKE])).alerts.firing
    assert [len(run.folded) for run in few.runs] == [0]


def test_what_is_wrong_with_an_answer_stands_where_the_device_does() -> None:
    told = "larger than max_bytes (16777216)"
    bad = replace(job("device", "sw-1", "scrape", up=False, reason=Reason.BAD_REPLY, detail=told), last_success=None)
    (row,) = place(page(snapshot([bad, UP[1]])), "Rathaus").tables[0].rows
    assert (row.detail, row.note) == (f"unbrauchbare Antwort: scrape: {told}", "noch keine brauchbare")
    (row,) = place(page(snapshot([replace(bad, detail="x" * 900), UP[1]])), "Rathaus").tables[0].rows
    assert len(row.detail.split(": ", 2)[2]) == 160


def test_a_device_that_answers_in_part_is_up_and_says_what_is_missing() -> None:
    reading = Reading(UP[0].key, UP[0].target, NOW, 0.1, Harvest(Layout(), (), partial=("ifTable: \u202ecut",)))
    several = replace(reading, harvest=Harvest(Layout(), (), partial=tuple("abcd")))
    for read, told in ((reading, "snmp: ifTable: \ufffdcut"), (several, "snmp: a; snmp: b; snmp: c; …")):
        shown = page(snapshot([replace(UP[0], reading=read), UP[1]]))
        (row,) = place(shown, "Rathaus").tables[0].rows
        assert (row.state, row.detail, row.incomplete) == ("up", "", f"unvollständig: {told}")


def test_deadlines_near_and_later() -> None:
    rows = (
        DeadlineRow("APNs", "Frist", date(2027, 1, 20), 5, "critical", "mit derselben Apple-ID erneuern"),
        DeadlineRow("Frequenz", "Frist", date(2030, 12, 31), 1446, "later"),
    )
    shown = page(deadlines=rows)
    assert [(row.name, row.due.tone, row.due.word, row.date.text) for row in shown.near.rows] == [
        ("APNs", "critical", "in 5 Tagen", "20.01.2027")
    ]
    assert [(row.name, row.due.tone) for row in shown.later.rows] == [("Frequenz", "off")]


def test_the_address_keeps_how_the_reader_looks_at_it() -> None:
    assert [Look(*pair).href for pair in ((False, True), (True, True), (False, False), (True, False))] == [
        "/",
        "/?open=all",
        "/?refresh=off",
        "/?open=all&refresh=off",
    ]
