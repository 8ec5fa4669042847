"""A test of the alarm path goes through the running daemon, and norms are judged from what it knows."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.cli import cli
from tests.harness.daemon import Ringwacht
from tests.harness.sink import sink

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise


async def command(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli, [*arguments])


async def test_a_test_is_noted_by_the_daemon_and_forgotten_by_no_restart(tmp_path: Path) -> None:
    async with sink() as receiver:
        (tmp_path / "url").write_text(f"json://127.0.0.1:{receiver.port}", encoding="utf-8")
        daemon = Ringwacht(
            tmp_path,
            {
                "municipality": {"language": "en"},
                "sites": {"rathaus": {}},
                "rooms": {"serverraum": {"site": "rathaus"}},
                "alerting": {"receivers": {"on-call": {"apprise": [{"file": "url"}]}}},
            },
        )
        alone = await command("norms", str(tmp_path), "--json")
        assert (alone.exit_code, json.loads(alone.stdout)["live"]) == (1, False)
        assert "no daemon answers there" in alone.stderr
        await daemon.start()
        try:
            sent = await command("alerts", "test", str(tmp_path), "--receiver", "on-call", "--as", "on-call")
            assert (sent.exit_code, sent.stdout) == (0, "URL 1 of on-call took the message\n")
            assert sent.stderr == ""
            (deed,) = await daemon.get("/api/v1/audit")
            assert (deed["who"], deed["what"], deed["subject"]) == ("on-call", "test", "receiver:on-call")
            await daemon.process.stop()
            await daemon.start()
            found = await command("norms", str(tmp_path), "--json")
        finally:
            await daemon.process.stop()
    assert found.exit_code == 0
    rows = {row["id"]: row for row in json.loads(found.stdout)["rows"]}
    assert any("last tested on" in said for said in rows["INF.2.A13"]["evidence"])
    assert rows["INF.2.A29"]["state"] in {"gap", "partly"}
