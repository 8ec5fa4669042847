"""``ringwacht alerts list, ack, silence …`` against a web server with something to show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console, RenderableType
from typer.testing import CliRunner

from agent.app.loading import StartError
from agent.app.remote import DEFAULT_URL, Door, alert_table, match_of, silence_table
from agent.cli import cli
from agent.contract import Acknowledgement, Refused
from exporters.web.api import alert_rows
from tests.exporters.county import NOW, alert, make_inventory, make_settings, snapshot
from tests.exporters.fakes import FakeCommands
from tests.exporters.webserver import serve
from tests.harness.process import free_port, write_yaml

HOSTILE = "Strecke \x1b[2J weg [red]"
ONE = replace(alert("link_down", summary=HOSTILE), id="aaaa1111")
TWO = replace(alert("leak"), id="aaaa2222")


class Said(NamedTuple):
    """What a command wrote, and how it ended."""

    code: int
    out: str
    err: str


async def ringwacht(*arguments: str) -> Said:
    """Run a command of ``ringwacht alerts`` in a thread: it has a loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, cli, ["alerts", *arguments])
    return Said(result.exit_code, result.stdout, result.stderr)


@asynccontextmanager
async def watched() -> AsyncGenerator[tuple[FakeCommands, str]]:
    inventory = make_inventory(links={"rf-1": {"kind": "radio", "ends": ["rathaus", "schule"]}})
    given = FakeCommands(snapshot(alerts=[ONE, TWO]), inventory, make_settings())
    async with serve(given) as client:
        yield given, client.url


async def test_the_list_is_for_people_and_fit_for_a_terminal() -> None:
    async with watched() as (_, url):
        said = await ringwacht("list", "--url", url)
        assert said.code == 0
        assert "\x1b" not in said.out
        assert "[red]" in said.out
        assert "aaaa1111" in said.out
        for_programs = await ringwacht("list", "--url", url, "--json")
        assert [row["id"] for row in json.loads(for_programs.out)] == ["aaaa1111", "aaaa2222"]
        assert "\x1b" not in for_programs.out


def printed(lines: RenderableType, width: int) -> list[str]:
    """What a terminal of so many columns shows."""
    console = Console(width=width, file=StringIO(), highlight=False)
    with console.capture() as captured:
        console.print(lines, markup=False)
    return captured.get().splitlines()


async def test_the_list_is_read_on_a_terminal_of_80_columns() -> None:
    mark = Acknowledgement("on-call", NOW, NOW + 3600)
    long = replace(alert("link_down", summary="Strecke Wadersloh–Kreishaus ist ausgefallen " * 2), acknowledged=mark)
    rows = alert_rows(snapshot(alerts=[long, TWO]), {}, make_settings(), resolved=False)
    narrow = printed(alert_table(rows), 80)
    assert narrow[0] == f"{long.id[:8]}  critical  firing  2027-01-15T07:48:00Z"
    assert narrow[1] == "  subject: device:sw-1"
    assert any(line.startswith("  remark: acknowledged by on-call until 2027-01-15T09:00:00Z") for line in narrow)
    assert max(map(len, narrow)) <= 80
    assert printed(alert_table(rows), 200)[0].split() == [
        *("id", "severity", "state", "since", "subject", "summary", "remark")
    ]
    match = {
        "id": "s1",
        "match": {"link": "rf-1"},
        "start": "a",
        "until": "b",
        "mode": "mute",
        "by": "c",
        "reason": "d",
    }
    assert printed(silence_table([match]), 80)[:2] == ["s1  link=rf-1", "  start: a"]


async def test_an_alert_is_acknowledged_by_the_beginning_of_its_id_and_taken_back() -> None:
    async with watched() as (given, url):
        said = await ringwacht("ack", "aaaa1", "--as", "on-call", "--until", "2h", "--why", "unterwegs", "--url", url)
        assert (said.code, said.err) == (0, "")
        assert "acknowledged by on-call until" in said.out
        until = ["--until", "2027-01-15T16:00:00Z"]
        assert (await ringwacht("ack", "aaaa1111", "--as", "on-call", *until, "--url", url)).code == 0
        assert (await ringwacht("unack", "aaaa1", "--as", "it-team", "--url", url)).code == 0
    assert [(one.what, one.who, one.why) for one in given.on_call.done] == [
        ("acknowledge", "on-call", "unterwegs"),
        ("acknowledge", "on-call", ""),
        ("unacknowledge", "it-team", ""),
    ]


@pytest.mark.parametrize(
    ("beginning", "why"),
    [
        ("aaaa", "'aaaa' is the beginning of 2 ids"),
        ("b\x1b", "there is no alert whose id begins with"),
        ("", "no alert"),
    ],
)
async def test_a_beginning_that_means_nothing_or_several_is_refused(beginning: str, why: str) -> None:
    async with watched() as (given, url):
        said = await ringwacht("ack", beginning, "--as", "on-call", "--url", url)
    assert (said.code, given.on_call.done) == (1, [])
    assert why in said.err
    assert "\x1b" not in said.err


async def test_a_silence_begins_is_listed_and_ends() -> None:
    async with watched() as (given, url):
        more = ["--reason", "Umbau", "--as", "on-call", "--url", url]
        said = await ringwacht("silence", "--match", "link=rf-1", "--match", "rule=link_down", "--for", "4h", *more)
        assert (said.code, said.err) == (0, "")
        assert "rule=link_down link=rf-1" in said.out
        assert "Umbau" in (await ringwacht("silences", "--url", url)).out
        assert (await ringwacht("unsilence", "s1", "--as", "on-call", "--url", url)).code == 0
        assert "No silences." in (await ringwacht("silences", "--url", url)).out
        wrong = await ringwacht("silence", "--match", "link=rf-9", "--for", "4h", *more)
        assert (wrong.code, wrong.err) == (1, "match.link: there is no link 'rf-9' (did you mean rf-1?)\n")
        assert "write key=value" in (await ringwacht("silence", "--match", "rf-1", "--for", "4h", *more)).err
    assert len(given.on_call.done) == 2


async def test_what_the_daemon_objects_to_is_one_line() -> None:
    async with watched() as (given, url):
        given.on_call.refusal = Refused("unavailable", "not done: disk full")
        said = await ringwacht("ack", "aaaa1", "--as", "on-call", "--url", url)
    assert said == Said(1, "", "not done: disk full\n")


async def test_what_is_no_daemon_is_said_in_one_line() -> None:
    said = await ringwacht("list", "--url", f"http://127.0.0.1:{free_port()}")
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "http:// is missing" in (await ringwacht("list", "--url", "127.0.0.1")).err


async def test_the_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WACHT", "hunter2")
    assert Door.of(None, None, "WACHT") == Door(DEFAULT_URL, "hunter2")
    with pytest.raises(StartError, match="'NONE' is not set"):
        Door.of(None, None, "NONE")
    for listen, url in (("0.0.0.0:9000", "http://127.0.0.1:9000"), ("[::1]:9001", "http://[::1]:9001")):
        write_yaml(tmp_path / "ringwacht.yml", {"web": {"listen": listen}})
        assert await asyncio.to_thread(Door.of, None, tmp_path, None) == Door(url)


def test_each_key_of_a_match_is_given_once() -> None:
    assert match_of(["subject=group:mast=west", "rule=x"]) == {"subject": "group:mast=west", "rule": "x"}
    with pytest.raises(StartError, match="twice"):
        match_of(["rule=x", "rule=y"])
