"""The table of norms over the API and as a command, and tests of alarm paths that are asked for over the API."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import aiohttp
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from agent.app.norms import ask_daemon, show
from agent.app.remote import Door
from agent.cli import cli
from agent.contract import House, Refused
from agent.risk.norms.answer import NormTable, judge_norms
from agent.risk.norms.case import Case
from tests.exporters.fakes import FakeCommands
from tests.exporters.webserver import make_commands, serve


@pytest.fixture
def commands() -> FakeCommands:
    return make_commands()


async def invoked(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli, ["norms", *arguments])


async def test_the_api_answers_with_every_requirement(commands: FakeCommands) -> None:
    async with serve(commands) as client:
        found = await client.json("/api/v1/norms")
    assert found["live"] is True
    assert {"NET.1.2.A10", "OPS.1.1.1.A9"} <= {row["id"] for row in found["rows"]}
    (watched,) = (row for row in found["rows"] if row["id"] == "OPS.1.1.1.A9")
    assert watched["state"] == "partly" or watched["gaps"]


async def test_the_command_asks_the_daemon_and_ends_well_whatever_the_gaps(commands: FakeCommands) -> None:
    async with serve(commands) as client:
        found = await invoked("--url", client.url)
        as_json = await invoked("--url", client.url, "--json")
    assert (found.exit_code, as_json.exit_code) == (0, 0)
    assert "Gemessen am 01.01.1970 01:00." in found.stdout
    assert "NET.1.2.A30 E" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 120
    assert json.loads(as_json.stdout)["live"] is True


async def test_hostile_words_of_a_daemon_are_inert(commands: FakeCommands) -> None:
    async with serve(commands) as client:
        found = await ask_daemon(Door(client.url))
    console = Console(width=120, record=True, file=None, force_terminal=False)
    first, *others = found.rows
    hostile = type(first)("\x1b[2J[red]A1", "B", "", "\x1b]0;x", None, "gap", ("[bold]x",), ("\x1b[31m",))
    with console.capture() as caught:
        show(type(found)(found.live, found.at, "\x1b[1m", "en", {}, (hostile, *others)), console)
    assert "\x1b" not in caught.get()
    assert "[red]A1" in caught.get()


async def test_a_test_of_an_alarm_path_is_asked_for_over_the_api(commands: FakeCommands) -> None:
    async with (
        serve(commands) as client,
        client.session.post(f"{client.url}/api/v1/receivers/on-call/tests", json={"by": "it"}) as reply,
    ):
        assert reply.status == 200
        assert await reply.json() == [
            {"receiver": "on-call", "url": 1, "outcome": "delivered", "why": ""},
            {"receiver": "on-call", "url": 2, "outcome": "refused", "why": "refused"},
        ]
    assert [(one.who, one.what, one.subject) for one in commands.on_call.done] == [("it", "test", "receiver:on-call")]


async def test_who_tests_too_often_is_told_when_again(commands: FakeCommands) -> None:
    commands.on_call.refusal = Refused("too_soon", "less than 60 s ago", seconds=12.3)
    async with (
        serve(commands) as client,
        client.session.post(f"{client.url}/api/v1/receivers/x/tests", json={"by": "it"}) as reply,
    ):
        assert (reply.status, reply.headers["Retry-After"]) == (429, "13")


@pytest.mark.parametrize(
    ("body", "status"),
    [({"by": "it", "x": 1}, 400), ([], 400), ({}, 400), ({"by": "it"}, 404)],
    ids=["a key", "no object", "nobody asks", "unknown"],
)
async def test_what_cannot_be_tested_is_refused(commands: FakeCommands, body: object, status: int) -> None:
    if status == 404:
        commands.on_call.refusal = Refused("unknown", "no such receiver")
    async with (
        serve(commands) as client,
        client.session.post(f"{client.url}/api/v1/receivers/x/tests", json=body) as reply,
    ):
        assert reply.status == status
    assert commands.on_call.done == []


async def test_a_page_of_another_site_cannot_have_a_test_sent(commands: FakeCommands) -> None:
    async with (
        serve(commands) as client,
        client.session.post(
            f"{client.url}/api/v1/receivers/x/tests", json={"by": "it"}, headers={"Origin": "https://evil.example"}
        ) as reply,
    ):
        assert isinstance(reply, aiohttp.ClientResponse)
        assert reply.status == 403
    assert commands.on_call.done == []


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """What was judged, in the order of judging."""
    made: list[Case] = []

    def judge(case: Case, at: str) -> NormTable:
        made.append(case)
        return judge_norms(case, at)

    monkeypatch.setattr("exporters.web.norms.judge_norms", judge)
    return made


async def test_it_is_made_once_for_each_look(commands: FakeCommands, judged: list[Case]) -> None:
    looked = replace(await commands.snapshot(), house=House(0.0))
    async with serve(FakeCommands(looked, commands.inventory(), commands.settings())) as client:
        found = [await client.json("/api/v1/norms") for _ in range(3)]
    assert len(judged) == 1
    assert found[0] == found[2]


async def test_who_has_no_right_is_not_told_which_devices_are_open(commands: FakeCommands, judged: list[Case]) -> None:
    async with serve(commands) as client:
        await client.json("/api/v1/norms")
        headers = {"X-Forwarded-For": "192.0.2.7"}
        async with client.session.get(f"{client.url}/api/v1/norms", headers=headers) as reply:
            assert reply.status == 200
    assert [one.names_weak for one in judged] == [True, False]
