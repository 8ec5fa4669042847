"""What may be done about alerts over the API, and who may."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Acknowledgement, Flaps, Muted, Notification, Refused, Sent
from config.settings import Settings
from exporters.web.orders import AckOrder, Flawed, SilenceOrder, TakeBackOrder, read_order
from exporters.web.patience import WRONG_AT_ONCE
from tests.exporters.county import NOW, alert, make_inventory, make_settings, snapshot
from tests.exporters.fakes import FakeCommands
from tests.exporters.webserver import Client, serve

ONE = alert("one")
ROLES = {"receivers": {"on-call": {"apprise": [{"env": "PATH"}]}, "it-team": {"apprise": [{"env": "PATH"}]}}}


def commands(settings: Settings | None = None) -> FakeCommands:
    inventory = make_inventory(
        links={"rf-1": {"kind": "radio", "ends": ["rathaus", "schule"], "shared_risk": ["mast"]}}
    )
    return FakeCommands(snapshot(alerts=[ONE]), inventory, settings or make_settings(alerting=ROLES))


async def ask(client: Client, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.session.request(method, client.url + path, json=body, headers=named) as answer:
        text = await answer.text()
        return answer.status, json.loads(text) if answer.content_type == "application/json" else text


def silence(**more: Any) -> dict[str, Any]:
    return {"match": {"link": "rf-1"}, "duration": "2h", "reason": "Umbau", "by": "on-call", **more}


async def test_an_alert_is_acknowledged_and_taken_back() -> None:
    given_commands = commands()
    async with serve(given_commands) as client:
        path = f"/api/v1/alerts/{ONE.id}"
        status, row = await ask(client, "POST", f"{path}/ack", {"by": "on-call", "duration": "2h", "why": "unterwegs"})
        assert (status, row["acknowledged"]["by"]) == (200, "on-call")
        assert row["acknowledged"]["until"] == "2027-01-15T10:00:00Z"
        (listed,) = await client.json("/api/v1/alerts")
        assert listed["acknowledged"] == row["acknowledged"]
        status, row = await ask(client, "POST", f"{path}/unack", {"by": "it-team"})
        assert (status, row["acknowledged"]) == (200, None)
        deeds = await client.json("/api/v1/audit")
        assert [(one["who"], one["what"], one["why"]) for one in deeds] == [
            ("it-team", "unacknowledge", ""),
            ("on-call", "acknowledge", "unterwegs"),
        ]


async def test_a_silence_begins_is_listed_and_ends_in_two_ways() -> None:
    async with serve(commands()) as client:
        until = "2027-01-15T16:00:00+01:00"
        status, made = await ask(client, "POST", "/api/v1/silences", silence(until=until, duration=None, mode="run"))
        assert (status, made["until"], made["mode"]) == (200, "2027-01-15T15:00:00Z", "run")
        _, other = await ask(client, "POST", "/api/v1/silences", silence())
        assert [one["id"] for one in await client.json("/api/v1/silences")] == [made["id"], other["id"]]
        by = {"by": "on-call"}
        assert (await ask(client, "POST", f"/api/v1/silences/{made['id']}/expire", by))[0] == 200
        assert (await ask(client, "DELETE", f"/api/v1/silences/{other['id']}", by))[0] == 200
        assert await client.json("/api/v1/silences") == []
        assert (await ask(client, "DELETE", f"/api/v1/silences/{other['id']}", by))[0] == 404


@pytest.mark.parametrize(
    ("more", "field", "message", "hint"),
    [
        ({"match": {}}, "", "match is empty: it would silence everything", "e.g. link: rf-1, site: town-hall"),
        ({"match": {"link": "rf-2"}}, "match.link", "there is no link 'rf-2'", "did you mean rf-1?"),
        ({"match": {"site": "rathau"}}, "match.site", "there is no site 'rathau'", "did you mean rathaus?"),
        ({"match": {"rule": "link_dwn"}}, "match.rule", "there is no rule 'link_dwn'", "did you mean link_down?"),
        (
            {"match": {"subject": "lnk:rf-1"}},
            "match.subject",
            "there is no kind of subject 'lnk'",
            "did you mean link?",
        ),
        ({"match": {"subject": "group:mst"}}, "match.subject", "there is no group 'mst'", "did you mean mast?"),
        ({"match": {"lnk": "rf-1"}}, "match.lnk", "unknown key", "did you mean link?"),
        ({"reasn": "x"}, "reasn", "unknown key", "did you mean reason?"),
        (
            {"match": {"link": None}},
            "",
            "match is empty: it would silence everything",
            "e.g. link: rf-1, site: town-hall",
        ),
        (
            {"match": {"severity": "critical", "link": None}},
            "",
            "severity alone would silence everything",
            "name the site",
        ),
        ({"match": {"rule": "site_isolated"}}, "", "site_isolated alerts whatever is worked on", "acknowledge it"),
        (
            {"match": {"subject": "receiver:on-cal"}},
            "match.subject",
            "there is no receiver 'on-cal'",
            "did you mean on-",
        ),
        ({"reason": " "}, "", "a silence needs a reason", "what is done there"),
        ({"reason": "..."}, "", "a silence needs a reason", "what is done there"),
        ({"mode": "quiet"}, "mode", "must be one of 'mute', 'skip' or 'run'", None),
        ({"duration": "soon"}, "duration", "'soon' is not a duration", None),
        ({"duration": 7200}, "duration", "must be text", "e.g. 2h"),
        ({"duration": None}, "", "needs until or duration", None),
        ({"until": "2027-01-15T16:00:00"}, "until", "does not say its offset", "e.g. 2027-"),
        ({"until": "2027-01-15T16:00:00Z"}, "", "give until or duration, not both", None),
        ({"by": "a b"}, "by", "may hold only letters", None),
    ],
)
async def test_what_is_wrong_with_a_silence_is_said_with_its_field(
    more: dict[str, Any], field: str, message: str, hint: str | None
) -> None:
    given_commands = commands()
    async with serve(given_commands) as client:
        status, said = await ask(client, "POST", "/api/v1/silences", silence(**more))
    (problem,) = said["problems"]
    assert (status, problem["field"]) == (400, field)
    assert message in problem["message"]
    assert hint is None or (problem["hint"] or "").startswith(hint)
    assert given_commands.on_call.silences() == ()


@pytest.mark.parametrize(
    "match",
    [
        {"subject": "receiver:on-call", "rule": "receiver_failing"},
        {"subject": "rule:link_down"},
        {"subject": "uplink:2001:db8::1"},
        {"link": "rf-1", "site": None},
    ],
)
async def test_what_a_silence_may_name(match: dict[str, Any]) -> None:
    uplink = {"site": "rathaus", "references": ["2001:db8::1"]}
    async with serve(commands(make_settings(alerting=ROLES, uplink=uplink))) as client:
        status, made = await ask(client, "POST", "/api/v1/silences", silence(match=match))
    assert (status, made["match"]) == (200, {key: value for key, value in match.items() if value is not None})


async def test_of_a_site_that_is_cut_off_a_silence_may_only_name_the_work() -> None:
    async with serve(commands()) as client:
        named = silence(match={"rule": "site_isolated"}, mode="run")
        assert (await ask(client, "POST", "/api/v1/silences", named))[0] == 200


async def test_an_acknowledgement_that_has_run_out_is_not_listed_and_what_is_good_by_now_says_so() -> None:
    over = replace(ONE, acknowledged=Acknowledgement("on-call", NOW - 100, NOW - 1), clear_since=NOW - 60)
    async with serve(FakeCommands(snapshot(alerts=[over]), make_inventory(), make_settings())) as client:
        (row,) = await client.json("/api/v1/alerts")
    assert (row["acknowledged"], row["good_since"]) == (None, "2027-01-15T07:59:00Z")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("unknown", 404), ("forbidden", 403), ("no_role", 403), ("conflict", 409), ("gone", 410), ("unavailable", 503)],
)
async def test_why_something_was_not_done_is_a_status_and_a_kind(kind: Any, status: int) -> None:
    given_commands = commands()
    given_commands.on_call.refusal = Refused(kind, "it is so")
    async with serve(given_commands) as client:
        asked = [
            ("POST", f"/api/v1/alerts/{ONE.id}/ack", {"by": "on-call"}),
            ("POST", f"/api/v1/alerts/{ONE.id}/unack", {"by": "on-call"}),
            ("POST", "/api/v1/silences", silence()),
            ("GET", "/api/v1/audit", None),
            ("GET", "/api/v1/notifications", None),
        ]
        for method, path, body in asked:
            assert await ask(client, method, path, body) == (status, {"error": "it is so", "kind": kind})
    assert given_commands.on_call.done == []


@pytest.mark.parametrize("headers", [{"X_Forwarded_For": "192.0.2.7"}, {"Origin": "http://evil.example"}])
async def test_only_this_machine_may_or_who_has_the_token(headers: dict[str, str], tmp_path: Any) -> None:
    (tmp_path / "token").write_text("hunter2")
    secret = {"token": {"file": str(tmp_path / "token")}}
    for settings, expected in ((make_settings(), 403), (make_settings(web=secret), 200)):
        given_commands = commands(settings)
        async with serve(given_commands) as client:
            path, body = f"/api/v1/alerts/{ONE.id}/ack", {"by": "on-call"}
            assert (await ask(client, "POST", path, body, **headers))[0] == 403
            assert (await ask(client, "POST", path, body, Authorization="Bearer hunter", **headers))[0] == 403
            assert (await ask(client, "POST", path, body, Authorization="Basic aHVudGVyMg==", **headers))[0] == 403
            assert given_commands.on_call.done == []
            assert (await ask(client, "POST", path, body, Authorization="bearer hunter2", **headers))[0] == expected
            assert (await ask(client, "POST", path, body))[0] == 200


async def test_who_guesses_the_token_must_wait_and_locks_nobody_out(tmp_path: Any) -> None:
    (tmp_path / "token").write_text("hunter2")
    given_commands = commands(make_settings(web={"token": {"file": str(tmp_path / "token")}}))
    path, body = f"/api/v1/alerts/{ONE.id}/ack", {"by": "on-call"}
    async with serve(given_commands) as client:
        wrong = [client.session.post(client.url + path, headers={"Authorization": "Bearer x"}) for _ in range(30)]
        assert [(await one).status for one in wrong] == [403] * WRONG_AT_ONCE + [429] * (30 - WRONG_AT_ONCE)
        assert (await ask(client, "POST", path, body, Authorization="Bearer hunter2"))[0] == 200


async def test_no_form_of_a_page_can_ask_the_api() -> None:
    given_commands = commands()
    async with serve(given_commands) as client:
        for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
            url = f"{client.url}/api/v1/alerts/{ONE.id}/ack"
            async with client.session.post(url, data=b'{"by":"on-call"}', headers={"Content-Type": kind}) as answer:
                assert answer.status == 400
                assert "JSON" in await answer.text()
    assert given_commands.on_call.done == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"by":1e999}', b"[" * 50_000])
async def test_a_body_that_is_no_order_is_refused(body: bytes) -> None:
    async with serve(commands()) as client:
        url, headers = f"{client.url}/api/v1/silences", {"Content-Type": "application/json; charset=nonsense"}
        async with client.session.post(url, data=body, headers=headers) as answer:
            assert answer.status == 400
            assert (await answer.json())["error"]


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["by", "until", "duration", "why", "match", "reason", "mode", "start", "link", "x"]), inner
    ))
)  # fmt: skip
def test_any_body_is_an_order_or_said_to_be_none(body: object) -> None:
    for model in (AckOrder, TakeBackOrder, SilenceOrder):
        with suppress(Flawed):
            read_order(body, model)


async def test_the_list_says_what_became_of_an_alert() -> None:
    muted = replace(ONE, id="a2", muted=Muted("silence", "Umbau", "2027-01-16 12:00"), flaps=Flaps(3.0, NOW, 4, True))
    given_commands = FakeCommands(snapshot(alerts=[ONE, muted]), make_inventory(), make_settings())
    given_commands.on_call.heard = {(ONE.id, "on-call"): NOW}
    async with serve(given_commands) as client:
        rows = {row["id"]: row for row in await client.json("/api/v1/alerts")}
    assert rows[ONE.id]["told"] == [{"receiver": "on-call", "at": "2027-01-15T08:00:00Z"}]
    assert rows[ONE.id]["untold"] is None
    assert rows["a2"]["untold"] == "silence: Umbau"
    assert rows["a2"]["flaps"] == {"count": 4, "damped": True}


async def test_the_delivery_state_is_listed_and_bounded() -> None:
    message = Notification("k", "on-call", ONE, NOW, NOW, 3, "worse")
    given_commands = commands()
    given_commands.on_call.sent = (Sent(message, None, NOW + 60, None, "timeout"), Sent(message, "delivered", NOW, NOW))
    async with serve(given_commands) as client:
        waiting, done = await client.json("/api/v1/notifications")
        assert (waiting["outcome"], waiting["next_try"], waiting["why"]) == (
            "waiting",
            "2027-01-15T08:01:00Z",
            "timeout",
        )
        assert (done["outcome"], done["next_try"], done["reason"]) == ("delivered", None, "worse")
        assert len(await client.json("/api/v1/notifications?limit=1")) == 1
        for limit in ("0", "1001", "-1", "x", "99999", "²"):
            assert (await client.get(f"/api/v1/notifications?limit={limit}"))[0] == 400
