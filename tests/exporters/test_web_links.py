"""The one-time links of messages, as a telephone behind a proxy sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.contract import Acknowledgement, Refused
from exporters.web.patience import WRONG_AT_ONCE, Patience
from tests.exporters.county import NOW, alert, make_inventory, make_settings, snapshot
from tests.exporters.fakes import FakeCommands
from tests.exporters.webserver import serve

ONE = alert("link_down", summary="Strecke ausgefallen <script>")
PATH = f"/a/token-{ONE.id}"
PROXY = {"Host": "wacht.example.org", "X_Forwarded_For": "192.0.2.7", "Accept_Encoding": "identity"}


def commands(language: Any = "de") -> FakeCommands:
    settings = make_settings(language, web={"external_url": "https://wacht.example.org/"})
    return FakeCommands(snapshot(alerts=[ONE]), make_inventory(), settings)


async def test_a_preview_changes_nothing_and_the_button_acknowledges() -> None:
    given = commands()
    async with serve(given) as client:
        for method in ("HEAD", "GET", "GET"):
            status, body, headers = await client.get(PATH, method, **PROXY)
            assert status == 200
        assert given.on_call.done == []
        text = body.decode()
        assert "Strecke ausgefallen &lt;script&gt;" in text
        assert "Ich kümmere mich" in text
        assert '<form method="post">' in text
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "form-action 'self'" in headers["Content-Security-Policy"]
        # a browser says this of a form on a page under no-referrer
        status, body, _ = await client.get(PATH, "POST", Origin="null", **PROXY)
        assert (status, "Quittiert" in body.decode(), b"<form" in body) == (200, True, False)
    assert [(one.what, one.who) for one in given.on_call.done] == [("acknowledge", "on-call")]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("forbidden", 403, "ungültig"),
        ("no_role", 403, "Diese Rolle gibt es nicht mehr"),
        ("conflict", 409, "schon benutzt"),
        ("gone", 410, "abgelaufen"),
        ("unknown", 404, "steht nicht mehr an"),
        ("unavailable", 503, "Noch nicht quittiert"),
    ],
)
async def test_why_a_link_does_nothing_is_said_clearly(method: str, kind: Any, status: int, words: str) -> None:
    given = commands()
    given.on_call.refusal = Refused(kind, "so")
    async with serve(given) as client:
        answered, body, _ = await client.get(PATH, method, **PROXY)
    assert (answered, words in body.decode(), b"<form" in body) == (status, True, False)


async def test_a_button_that_is_pressed_twice_shows_who_has_acknowledged() -> None:
    given = commands()
    for until, status, words in ((None, 200, "quittiert von it-team bis zum Ende"), (NOW - 1, 409, "schon benutzt")):
        mark = Acknowledgement("it-team", NOW - 60, until)
        given.on_call.refusal = Refused("conflict", "used", replace(ONE, acknowledged=mark))
        async with serve(given) as client:
            for method in ("GET", "POST"):
                answered, body, _ = await client.get(PATH, method, **PROXY)
                assert (answered, words in body.decode(), b"<form" in body) == (status, True, False)


async def test_a_link_of_a_role_that_is_gone_is_no_wrong_link() -> None:
    given = commands()
    given.on_call.refusal = Refused("no_role", "so")
    async with serve(given) as client:
        answers = {(await client.get(PATH, **PROXY))[0] for _ in range(WRONG_AT_ONCE + 5)}
    assert answers == {403}


async def test_it_speaks_english_where_the_municipality_does() -> None:
    async with serve(commands("en")) as client:
        assert b"I take care of it" in (await client.get(PATH, **PROXY))[1]


async def test_wrong_links_are_soon_refused_at_once_and_good_ones_never() -> None:
    async with serve(commands()) as client:
        answers = [(await client.get(f"/a/wrong-{number}", **PROXY))[0] for number in range(WRONG_AT_ONCE + 5)]
        assert (answers[0], answers[-1]) == (403, 429)
        assert (await client.get(PATH, **PROXY))[0] == 200


def test_patience_comes_back_with_time() -> None:
    patience = Patience(at_once=2, per_second=0.5)
    assert [patience.allows(100.0) for _ in range(3)] == [True, True, False]
    assert [patience.allows(at) for at in (101.0, 102.0, 103.0, 104.0)] == [False, True, False, True]


async def test_the_name_of_the_external_address_is_ours_and_no_other() -> None:
    async with serve(commands()) as client:
        assert (await client.get("/-/healthy", Host="WACHT.example.org:443"))[0] == 200
        assert (await client.get(PATH, Host="evil.example"))[0] == 403
    without = FakeCommands(snapshot(alerts=[ONE]), make_inventory(), make_settings())
    async with serve(without) as client:
        assert (await client.get(PATH, Host="wacht.example.org"))[0] == 403
