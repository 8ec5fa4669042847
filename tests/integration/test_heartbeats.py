"""Jobs that report by themselves, over a real daemon; and the dead man's switch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.harness.daemon import Ringwacht, ringwacht
from tests.harness.process import wait_until
from tests.harness.sink import sink

TOKEN = "hunter2-hunter2"
PREFIX = "ringwacht_heartbeat_"


def config(directory: Path, **alerting: Any) -> Mapping[str, Any]:
    (directory / "token").write_text(f"{TOKEN}\n")
    terms = {"every": "1h", "grace": "1m", "token": {"file": "token"}}
    return {
        "sites": {"rathaus": {"name": "Rathaus"}},
        "services": {
            "backup": {"heartbeat": terms, "site": "rathaus", "interval": "1s", "critical": True},
            "hasty": {"heartbeat": {**terms, "every": "1s", "grace": "0s"}, "interval": "1s"},
        },
        "alerting": alerting,
    }


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Ringwacht]:
    async with ringwacht(tmp_path, config(tmp_path)) as running:
        yield running


async def ping(daemon: Ringwacht, path: str, token: str = TOKEN) -> int:
    """Call as `curl -H` would; return the status."""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.get(f"{daemon.url}/ping/{path}", headers=headers) as answer:
        return answer.status


async def test_a_failure_is_an_alert_until_the_next_success(daemon: Ringwacht) -> None:
    assert await ping(daemon, "backup/start") == 200
    assert await ping(daemon, "backup/3") == 200
    alert = await daemon.wait_for_alert("heartbeat_failed", "service:backup", "firing")
    assert alert["severity"] == "critical"
    assert "Exit-Code 3" in alert["summary"]
    assert await ping(daemon, f"backup?token={TOKEN}") == 200

    async def mended() -> bool:
        alerts: list[dict[str, Any]] = await daemon.get("/api/v1/alerts?state=all")
        return any((one["id"], one["state"]) == (alert["id"], "resolved") for one in alerts)

    await wait_until(mended, "alert resolved")


async def test_who_does_not_report_is_missed(daemon: Ringwacht) -> None:
    alert = await daemon.wait_for_alert("heartbeat_missing", "service:hasty", "firing")
    assert "noch nie einen Erfolg" in alert["summary"]
    assert await ping(daemon, "backup", "wrong") == 403
    assert await ping(daemon, "nobody") == 403


async def test_what_was_answered_survives_kill_9(daemon: Ringwacht) -> None:
    assert await ping(daemon, "backup/start") == 200
    assert await ping(daemon, "backup/7") == 200
    await daemon.process.kill()
    await daemon.start()
    labels = '{service="backup",instance="backup",site="rathaus"}'
    await daemon.wait_for_line(f"{PREFIX}last_exit_code{labels} 7")
    await daemon.wait_for_alert("heartbeat_failed", "service:backup", "firing")


async def test_the_dead_man_s_switch_is_called(tmp_path: Path) -> None:
    async with sink() as here:
        switch = {"url": f"{here.url}/ping/ringwacht", "every": "1s", "token": {"file": "token"}}
        async with ringwacht(tmp_path, config(tmp_path, heartbeat=switch)):
            first, second, *_ = await here.wait(2)
    assert (first.method, second.path) == ("GET", "/ping/ringwacht")
    assert second.headers["Authorization"] == f"Bearer {TOKEN}"
