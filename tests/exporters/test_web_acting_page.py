"""The forms by which a person acknowledges and silences on the page, in German and English, and in a real browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.contract import Acknowledgement, AlertState, Flaps, Muted, Refused, Silence
from config.settings import Match
from exporters.web.alertlist import anchor_of
from exporters.web.handling import Reader, make_alert_page, make_link_page
from tests.exporters.county import NOW, PAGES, alert, make_inventory, make_settings, page, snapshot
from tests.exporters.fakes import FakeCommands
from tests.exporters.test_web_html import outline
from tests.exporters.webserver import Client, serve
from tests.harness.devtools import Screen, browser_tab
from tests.harness.process import wait_until

ROLES = {"receivers": {"on-call": {"apprise": [{"env": "PATH"}]}, "it-team": {"apprise": [{"env": "PATH"}]}}}
HOSTILE = "</option><script>x</script>"
ONE = alert("link_down")
LINKS = {"rf-1": {"kind": "radio", "ends": ["rathaus", "schule"]}}
SILENCE = Silence("s1", Match(site="schule"), "it-team", f"Umbau {HOSTILE}", NOW, NOW + 3600)


def commands(language: Any = "de", **more: Any) -> FakeCommands:
    settings = make_settings(language, **{"alerting": ROLES, **more})
    found = FakeCommands(snapshot(alerts=[ONE]), make_inventory(links=LINKS), settings)
    found.on_call.standing["s1"] = SILENCE
    return found


async def send(client: Client, path: str, fields: Mapping[str, str], **headers: str) -> tuple[int, str, str]:
    named = {"Accept-Encoding": "identity", **{name.replace("_", "-"): value for name, value in headers.items()}}
    url = client.url + path
    async with client.session.post(url, data=fields, headers=named, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), (await answer.read()).decode()


async def test_an_alert_has_a_page_with_forms_for_whoever_may_act() -> None:
    async with serve(commands()) as client:
        _, body, headers = await client.get(f"/alerts/{ONE.id}", Accept_Encoding="identity")
        text = body.decode()
        assert f'action="/alerts/{ONE.id}/ack"' in text
        assert f'action="/alerts/{ONE.id}/silence"' in text
        assert f'action="/alerts/{ONE.id}/unack"' not in text
        assert "<option>on-call</option>" in text
        assert "form-action 'self'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"
        assert "http-equiv" not in text  # what somebody fills in is not wiped by a refresh


async def test_who_comes_through_a_proxy_reads_only() -> None:
    async with serve(commands()) as client:
        for path in ("/", f"/alerts/{ONE.id}"):
            _, body, headers = await client.get(path, Accept_Encoding="identity", X_Forwarded_For="192.0.2.7")
            assert b"<form" not in body
            assert "form-action 'none'" in headers["Content-Security-Policy"]
            assert headers["Referrer-Policy"] == "no-referrer"
        assert "SSH-Tunnel" in body.decode()


async def test_what_is_sent_is_done_and_leads_back_to_the_alert() -> None:
    watched = commands()
    async with serve(watched) as client:
        back = f"/#{anchor_of(ONE.id)}"
        fields = {"by": "on-call", "until": "8h", "why": "unterwegs"}
        assert (await send(client, f"/alerts/{ONE.id}/ack", fields))[:2] == (303, back)
        moment = "2027-01-18T06:00:00+00:00"
        assert (await send(client, f"/alerts/{ONE.id}/ack", {"by": "it-team", "until": moment}))[:2] == (303, back)
        assert (await send(client, f"/alerts/{ONE.id}/unack", {"by": "it-team"}))[:2] == (303, back)
        fields = {"by": "it-team", "scope": "site", "for": "4h", "at": "", "why": "Umbau"}
        assert (await send(client, f"/alerts/{ONE.id}/silence", fields))[:2] == (303, back)
        fields = {**fields, "scope": "subject", "at": "2027-01-15T16:00"}
        assert (await send(client, f"/alerts/{ONE.id}/silence", fields))[:2] == (303, back)
        assert (await send(client, "/silences/s1/end", {"by": "it-team"}))[:2] == (303, "/#silences")
    done = [(one.what, one.who, one.until) for one in watched.on_call.done]
    assert done == [
        ("acknowledge", "on-call", NOW + 8 * 3600),
        ("acknowledge", "it-team", 1_800_252_000.0),
        ("unacknowledge", "it-team", None),
        ("silence", "it-team", NOW + 4 * 3600),
        ("silence", "it-team", NOW + 7 * 3600),
        ("unsilence", "it-team", None),
    ]
    assert [one.match.model_dump(exclude_unset=True) for one in watched.on_call.silences()] == [
        {"site": "rathaus"},
        {"subject": "device:sw-1"},
    ]


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}, {"Via": "1.1 proxy"}],
)
async def test_no_page_of_another_site_and_no_proxy_can_send_a_form(headers: dict[str, str]) -> None:
    watched = commands()
    async with serve(watched) as client:
        for path in (f"/alerts/{ONE.id}/ack", f"/alerts/{ONE.id}/silence", "/silences/s1/end"):
            assert (await send(client, path, {"by": "on-call"}, **headers))[0] == 403
        own = {"Origin": client.url, "Sec_Fetch_Site": "same-origin"}
        assert (await send(client, f"/alerts/{ONE.id}/ack", {"by": "on-call"}, **own))[0] == 303
    assert len(watched.on_call.done) == 1


@pytest.mark.parametrize(
    ("path", "fields", "status", "words"),
    [
        (f"/alerts/{ONE.id}/ack", {"by": "on-call", "until": "soon"}, 400, "Angaben stimmen nicht"),
        (f"/alerts/{ONE.id}/ack", {"by": "on-call", "until": "T"}, 400, "Angaben stimmen nicht"),
        (f"/alerts/{ONE.id}/silence", {"by": "on-call", "scope": "all", "for": "4h"}, 400, "Angaben stimmen nicht"),
        (f"/alerts/{ONE.id}/silence", {"by": "on-call", "scope": "site", "at": "x"}, 400, "Angaben stimmen nicht"),
        ("/alerts/none/ack", {"by": "on-call"}, 404, "steht nicht mehr an"),
        ("/alerts/none/silence", {"by": "on-call", "scope": "site"}, 404, "steht nicht mehr an"),
        ("/silences/none/end", {"by": "on-call"}, 404, "steht nicht mehr an"),
    ],
)
async def test_what_is_not_done_is_said_on_the_page(path: str, fields: dict[str, str], status: int, words: str) -> None:
    async with serve(commands()) as client:
        answered, _, text = await send(client, path, fields)
    assert answered == status
    assert words in text
    assert "Nicht getan" in text


async def test_while_the_state_cannot_be_written_the_page_says_that_nothing_has_changed() -> None:
    watched = commands()
    watched.on_call.refusal = Refused("unavailable", "not done: disk full")
    async with serve(watched) as client:
        status, _, text = await send(client, f"/alerts/{ONE.id}/ack", {"by": "on-call"})
    assert (status, "Es ist nichts geändert" in text) == (503, True)


async def test_odd_bodies_are_refused() -> None:
    async with serve(commands()) as client:
        url = f"{client.url}/alerts/{ONE.id}/ack"
        form = {"Content-Type": "application/x-www-form-urlencoded; charset=nonsense"}
        for body, headers, status in (
            (b"by=on-call", {"Content-Type": "application/json"}, 415),
            (b"&".join([b"by=x"] * 50), form, 400),
            (b"by=\xff\xfe&until=%ff", form, 400),
        ):
            async with client.session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                assert answer.status == status


def test_the_page_says_who_works_on_what_and_why_nobody_is_told() -> None:
    more = replace(
        ONE,
        muted=Muted("silence", "Umbau", "15.01.2027 12:00"),
        acknowledged=Acknowledgement("on-call", NOW, NOW + 3600),
        flaps=Flaps(4.0, NOW, 7, damped=True),
        milder_since=NOW - 60,
        work="Mast neu",
    )
    (group,) = page(snapshot(alerts=[more])).alerts.muted.runs
    assert group.shown[0].remark == (
        "still bis 15.01.2027 12:00: Umbau · quittiert von on-call bis 15.01.2027 10:00 · flattert: 7-mal begonnen"
        " · inzwischen weniger schwer, seit 60 s (15.01.2027 08:59) · Arbeiten: Mast neu"
    )


def test_an_acknowledgement_that_has_run_out_is_not_shown() -> None:
    over = replace(ONE, acknowledged=Acknowledgement("on-call", NOW - 100, NOW - 1))
    forever = replace(ONE, acknowledged=Acknowledgement("on-call", NOW - 100))
    shown = [
        page(snapshot(alerts=[one]), settings=make_settings("en")).alerts.firing.alerts[0] for one in (over, forever)
    ]
    assert [one.remark for one in shown] == ["", "acknowledged by on-call until resolved"]


def test_an_acknowledgement_may_last_until_the_next_office_hours() -> None:
    friday = Reader(make_inventory(), make_settings("en", alerting=ROLES), NOW, may_act=True)
    shown = make_alert_page(ONE, friday)
    assert [one.text for one in shown.acknowledgements] == [
        "until resolved",
        "for 1 hour",
        "for 8 hours",
        "until the next office hours (2027-01-18 07:00)",
    ]
    assert shown.acknowledgements[-1].value == "2027-01-18T06:00:00+00:00"


def test_a_flapping_alert_whose_fault_is_gone_says_since_when() -> None:
    calm = replace(ONE, flaps=Flaps(4.0, NOW, 7, damped=True), clear_since=NOW - 300)
    (shown,) = page(snapshot(alerts=[calm])).alerts.firing.alerts
    assert shown.remark == "flattert: 7-mal begonnen · im Augenblick gut, seit 5 min (15.01.2027 08:55)"


def test_only_what_fires_has_forms() -> None:
    reader = Reader(make_inventory(), make_settings(alerting=ROLES), NOW, may_act=True)
    pending = make_alert_page(replace(ONE, state=AlertState.PENDING), reader)
    assert pending.alert is not None
    assert not pending.alert.fires


@given(st.text())
@example(HOSTILE)
@example("\x00\u202e\ud800'\"<&>")
def test_no_text_of_a_device_or_a_person_breaks_the_pages(hostile: str) -> None:
    reader = Reader(make_inventory(), make_settings(alerting=ROLES), NOW, may_act=True)
    more: dict[str, Any] = {"evidence": (hostile,), "norm": hostile, "runbook": hostile}
    one = replace(alert("link_down", summary=hostile, **more), acknowledged=Acknowledgement(hostile, NOW), work=hostile)
    pages = [
        PAGES.alert(make_alert_page(one, reader, "Nicht getan", hostile), gzip=False),
        PAGES.link(make_link_page("open", "critical", reader, one), gzip=False),
        PAGES.render(
            page(snapshot(alerts=[one]), silences=(replace(SILENCE, reason=hostile),), may_act=True), gzip=False
        ),
    ]
    for body in pages:
        shown = outline(body.data.decode())
        assert "script" not in shown.tags
        ids = [value for _, name, value in shown.attributes if name == "id"]
        assert len(ids) == len(set(ids))
        assert all((value or "").startswith(("/alerts/", "/silences/")) for value in shown.values("form", "action"))
        fields = {*shown.values("input", "id"), *shown.values("select", "id")}
        assert set(shown.values("label", "for")) == fields


@pytest.mark.integration
@pytest.mark.parametrize(
    ("language", "path", "form", "what"),
    [
        ("de", f"/alerts/{ONE.id}", f"/alerts/{ONE.id}/ack", "acknowledge"),
        ("en", f"/alerts/{ONE.id}", f"/alerts/{ONE.id}/ack", "acknowledge"),
        ("de", "/", "/silences/s1/end", "unsilence"),
    ],
)
async def test_a_browser_sends_the_form_and_objects_to_nothing(
    tmp_path: Path, language: str, path: str, form: str, what: str
) -> None:
    watched = commands(language)

    async def done() -> bool:
        return bool(watched.on_call.done)

    async with serve(watched) as client, browser_tab(tmp_path) as tab:
        for width in (1280, 360):
            await tab.load(client.url + path, Screen(width))
            assert await tab.value("document.documentElement.scrollWidth") <= width
        assert not tab.complaints
        await tab.value(f"document.querySelector('form[action=\"{form}\"] select').value = 'on-call'")
        await tab.value(f"document.querySelector('form[action=\"{form}\"] button').click()")
        await wait_until(done, "the form")
    assert [(one.what, one.who) for one in watched.on_call.done] == [(what, "on-call")]
