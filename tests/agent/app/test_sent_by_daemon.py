"""``ringwacht alerts test`` has the daemon send; where none takes it, it sends by itself, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from typer.testing import CliRunner, Result

from agent.app import remote, testmessage
from agent.cli import cli
from tests.harness.sink import sink

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(handler: Handler) -> AsyncGenerator[int]:
    """Whoever listens where the daemon should; yields the port."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def run_command(folder: Path, handler: Handler, name: str = "anna") -> tuple[Result, int]:
    """Return what the command says, and how many messages it sent by itself."""
    async with sink() as here, answering(handler) as port:
        (folder / "url").write_text(f"json://127.0.0.1:{here.port}", encoding="utf-8")
        text = (
            f'alerting: {{receivers: {{"{name}": {{apprise: [{{file: url}}]}}}}}}\nweb: {{listen: 127.0.0.1:{port}}}\n'
        )
        (folder / "ringwacht.yml").write_text(text, encoding="utf-8")
        arguments = ["alerts", "test", str(folder), "--receiver", name, "--as", name]
        found = await asyncio.to_thread(CliRunner().invoke, cli, arguments)
        return found, len(here.requests)


def row(outcome: str, why: str = "") -> dict[str, object]:
    return {"receiver": "anna", "url": 1, "outcome": outcome, "why": why}


async def test_the_daemon_is_asked_in_the_name_of_a_role_and_nothing_is_sent_from_here(tmp_path: Path) -> None:
    asked: list[tuple[str, str, object]] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append((request.method, request.raw_path, await request.json()))
        return web.json_response([row("delivered"), row("refused", "URL 1 of anna: \x1b[2Jno")])

    found, sent = await run_command(tmp_path, handler, "an.na_1")
    assert asked == [("POST", "/api/v1/receivers/an.na_1/tests", {"by": "an.na_1"})]
    assert (found.exit_code, sent) == (1, 0)
    assert found.stdout.startswith("URL 1 of anna took the message\nURL 1 of anna: ")
    assert "\x1b" not in found.stdout


@pytest.mark.parametrize("outcome", ["delivered", "failed"])
async def test_the_exit_code_is_that_of_the_ways(outcome: str, tmp_path: Path) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response([row(outcome, "x")])

    found, _ = await run_command(tmp_path, handler)
    assert found.exit_code == (0 if outcome == "delivered" else 1)


async def test_what_is_no_answer_of_a_daemon_is_an_error(tmp_path: Path) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response([{"url": "1"}])

    found, sent = await run_command(tmp_path, handler)
    assert (found.exit_code, sent) == (2, 0)
    assert "does not answer as one of this version does" in found.output


@pytest.mark.parametrize("status", [403, 404, 405])
async def test_where_the_daemon_does_not_take_it_it_is_sent_from_here_and_why_is_said(
    status: int, tmp_path: Path
) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=status, text="Only from the machine that the daemon runs on.\n")

    found, sent = await run_command(tmp_path, handler)
    assert (found.exit_code, sent) == (0, 1)
    assert "sent without it, and not noted as a test of the alarm path" in found.stderr
    assert ("Only from the machine" in found.stderr) is (status == 403)


async def test_where_whoever_listens_hangs_up_it_is_sent_from_here(tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    found, sent = await run_command(tmp_path, handler)
    assert (found.exit_code, sent) == (0, 1)
    assert "whoever listens there hung up; sent without it" in found.stderr


@pytest.mark.parametrize("status", [409, 429, 503])
async def test_what_the_daemon_refuses_is_not_sent_behind_its_back(status: int, tmp_path: Path) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"error": "another test is under way"}, status=status)

    found, sent = await run_command(tmp_path, handler)
    assert (found.exit_code, sent) == (2, 0)
    assert "another test is under way" in found.output


async def test_what_may_have_been_sent_is_not_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def late(*_: object) -> object:
        raise remote.NoAnswerError("http://127.0.0.1:9595: no answer within 60 s")

    async def handler(_: web.Request) -> web.Response:
        return web.json_response([])

    monkeypatch.setattr(testmessage, "ask_async", late)
    found, sent = await run_command(tmp_path, handler)
    assert (found.exit_code, sent) == (2, 0)
    assert "no answer within 60 s; it may have sent the test all the same" in found.output
