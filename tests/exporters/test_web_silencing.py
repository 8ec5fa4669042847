"""What the page of an alert offers: until when it may be acknowledged, and what may be silenced."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast, get_args
from zoneinfo import ZoneInfo

import pytest

from agent.contract import Subject, SubjectKind
from exporters.web.handling import MAX_SILENCES, Reader, make_alert_page, match_of
from tests.exporters.county import NOW, alert, html, make_inventory, make_settings, page, snapshot
from tests.exporters.fakes import FakeCommands
from tests.exporters.test_web_acting_page import ONE, ROLES, SILENCE, send
from tests.exporters.webserver import serve


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-01-14T10:00", "2027-01-15T07:00"),  # at work: tomorrow
        ("2027-01-14T23:30", "2027-01-15T07:00"),
        ("2027-01-15T02:00", "2027-01-15T07:00"),  # after midnight: today
        ("2027-01-15T06:59", "2027-01-15T07:00"),
        ("2027-01-15T17:00", "2027-01-18T07:00"),
        ("2027-01-17T00:10", "2027-01-18T07:00"),
    ],
)
def test_the_next_office_hours_are_those_that_come_next(now: str, until: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    moment = datetime.fromisoformat(now).replace(tzinfo=berlin).timestamp()
    reader = Reader(make_inventory(), make_settings(alerting=ROLES), moment, may_act=True)
    *_, office = make_alert_page(ONE, reader).acknowledgements
    assert datetime.fromisoformat(office.value) == datetime.fromisoformat(until).replace(tzinfo=berlin)


def scopes(subject: Subject, rule: str = "link_down") -> dict[str, dict[str, str]]:
    uplink = {"site": "rathaus", "references": ["192.0.2.1"]}
    reader = Reader(make_inventory(), make_settings(alerting=ROLES, uplink=uplink), NOW, may_act=True)
    one = alert(rule, subject)
    offered = [choice.value for choice in make_alert_page(one, reader).scopes]
    found = {name: match_of(name, one.finding, reader) for name in offered}
    return {name: dict(match.named) for name, match in found.items() if match is not None}


@pytest.mark.parametrize("name", ["receiver:on-call", "rule:link_down", "uplink:192.0.2.1", "daemon:ringwacht"])
def test_this_alert_only_is_no_other_alert_of_its_rule(name: str) -> None:
    kind, _, own = name.partition(":")
    offered = scopes(Subject(cast("SubjectKind", kind), own))
    assert offered["alert"] == {"rule": "link_down", "subject": name}
    assert offered["subject"] == {"subject": name}


def test_what_the_configuration_cannot_name_is_silenced_by_rule_and_says_so() -> None:
    offered = scopes(Subject("link", "gone"))
    assert offered == {"rule": {"rule": "link_down", "site": "rathaus"}, "site": {"site": "rathaus"}}
    reader = Reader(make_inventory(), make_settings(alerting=ROLES), NOW, may_act=True)
    shown = make_alert_page(alert("link_down", Subject("link", "gone")), reader).scopes
    assert shown[0].text == "alle Meldungen der Regel link_down am Standort Rathaus"


async def test_what_no_work_explains_is_not_offered_to_be_silenced() -> None:
    assert scopes(Subject("site", "schule"), "site_isolated") == {}
    cut = alert("site_isolated", Subject("site", "schule"))
    watched = FakeCommands(snapshot(alerts=[cut]), make_inventory(), make_settings(alerting=ROLES))
    async with serve(watched) as client:
        text = (await client.get(f"/alerts/{cut.id}", Accept_Encoding="identity"))[1].decode()
        assert (f"{cut.id}/silence" in text, "meldet sich immer" in text, f"{cut.id}/ack" in text) == (
            False,
            True,
            True,
        )
        fields = {"by": "on-call", "scope": "site", "for": "4h", "why": "Umbau"}
        assert (await send(client, f"/alerts/{cut.id}/silence", fields))[0] == 400
    assert watched.on_call.done == []


def test_of_too_many_silences_the_page_says_how_many_more_there_are() -> None:
    many = tuple(replace(SILENCE, id=f"s{number}") for number in range(MAX_SILENCES + 2))
    shown = html(page(silences=many))
    assert 'und 2 weitere: <a href="/api/v1/silences">' in shown
    assert f'<span class="number">{MAX_SILENCES + 2}</span>' in shown
    assert "/api/v1/silences" not in html(page(silences=many[:MAX_SILENCES]))


def test_an_alert_about_whatever_there_is_can_be_shown() -> None:
    about = [alert("own", Subject(kind, "x")) for kind in get_args(SubjectKind)]
    shown = page(snapshot(alerts=about)).alerts.firing
    assert shown.count == len(about)
    assert all(one.subject for one in shown.alerts)
