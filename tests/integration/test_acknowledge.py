"""Acknowledge and silence against a real daemon that is killed the moment it has said yes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.harness.daemon import Ringwacht
from tests.harness.process import free_port, wait_until
from tests.harness.sink import sink

pytestmark = pytest.mark.integration


def configuration() -> dict[str, Any]:
    """A service that nobody offers, and somebody who is told of it."""
    return {
        "municipality": {"language": "en"},
        "sites": {"rathaus": {}},
        "services": {"portal": {"site": "rathaus", "tcp": f"127.0.0.1:{free_port()}", "interval": "200ms"}},
        "alerting": {
            "hold": {"critical": 0, "warning": 0, "info": 0},
            "receivers": {name: {"apprise": [{"file": "apprise"}]} for name in ("on-call", "it-team")},
            "routes": [{"receivers": ["on-call"]}],
        },
    }


async def post(daemon: Ringwacht, path: str, body: Any) -> Any:
    async with aiohttp.ClientSession() as session, session.post(daemon.url + path, json=body) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def firing(daemon: Ringwacht) -> dict[str, Any]:
    found: list[dict[str, Any]] = []

    async def there() -> bool:
        found[:] = [one for one in await daemon.get("/api/v1/alerts") if one["state"] == "firing"]
        return bool(found)

    await wait_until(there, "a firing alert")
    return found[0]


async def test_what_was_answered_with_200_survives_kill_9(tmp_path: Path) -> None:
    async with sink() as receiver:
        (tmp_path / "apprise").write_text(f"json://127.0.0.1:{receiver.port}/")
        daemon = Ringwacht(tmp_path, configuration())
        await daemon.start()
        try:
            alert = await firing(daemon)
            acknowledged = await post(daemon, f"/api/v1/alerts/{alert['id']}/ack", {"by": "on-call", "why": "at once"})
            await daemon.process.kill()
            await daemon.start()
            (after,) = [one for one in await daemon.get("/api/v1/alerts") if one["id"] == alert["id"]]
            assert after["acknowledged"] == acknowledged["acknowledged"]

            order = {"match": {"service": "portal"}, "duration": "2h", "reason": "moved", "by": "it-team"}
            silence = await post(daemon, "/api/v1/silences", order)
            await daemon.process.kill()
            await daemon.start()
            assert await daemon.get("/api/v1/silences") == [silence]

            await post(daemon, f"/api/v1/silences/{silence['id']}/expire", {"by": "it-team"})
            await daemon.process.kill()
            await daemon.start()
            assert await daemon.get("/api/v1/silences") == []
            assert (await daemon.reload())[0] == 200
            deeds = [(one["who"], one["what"]) for one in await daemon.get("/api/v1/audit")]
            assert deeds == [
                ("daemon", "reload"),
                ("it-team", "unsilence"),
                ("it-team", "silence"),
                ("on-call", "acknowledge"),
            ]
        finally:
            await daemon.process.stop()


async def test_the_link_of_a_message_acknowledges_once_also_after_kill_9(tmp_path: Path) -> None:
    async with sink() as receiver:
        (tmp_path / "apprise").write_text(f"json://127.0.0.1:{receiver.port}/")
        daemon = Ringwacht(tmp_path, configuration())
        external = "https://wacht.example.org"
        web = {"listen": f"127.0.0.1:{daemon.port}", "external_url": external}
        daemon.write({**configuration(), "web": web})
        await daemon.start()
        try:
            alert = await firing(daemon)

            async def told() -> bool:
                return bool(receiver.requests)

            await wait_until(told, "a message")
            text = receiver.requests[0].json()["message"]
            found = re.search(rf"{external}(/a/[A-Za-z0-9~_.-]+)", text)
            assert found is not None, text
            seen = [await _use(daemon, found[1], method) for method in ("GET", "GET", "POST")]
            assert seen == [200, 200, 200]
            await daemon.process.kill()
            await daemon.start()
            assert await _use(daemon, found[1], "POST") == 200  # says by whom it is acknowledged, and does nothing
            (after,) = [one for one in await daemon.get("/api/v1/alerts") if one["id"] == alert["id"]]
            assert after["acknowledged"]["by"] == "on-call"
            deeds = await daemon.get("/api/v1/audit")
            assert [one["what"] for one in deeds].count("acknowledge") == 1
        finally:
            await daemon.process.stop()


async def _use(daemon: Ringwacht, path: str, method: str) -> int:
    headers = {"Host": "wacht.example.org", "X-Forwarded-For": "192.0.2.7"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, daemon.url + path, headers=headers) as answer,
    ):
        return answer.status
