"""A daemon that reads a management keeps nothing of it that names a person: on no page, in no log, in no file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agent.contract import JobKey, Subject
from agent.engine.plan import phase_seconds
from tests.harness.daemon import COMMAND, Ringwacht
from tests.harness.mdm.jamf_mock import TOKEN, jamf_device, jamf_school
from tests.harness.mdm.managements import CANARY, Management
from tests.harness.process import ServerProcess

pytestmark = pytest.mark.integration

INTERVAL = 900.0
PAGES = ("/", "/metrics", "/api/v1/alerts", "/api/v1/devices", "/api/v1/assets", "/api/v1/fleets", "/api/v1/deadlines")


def soon() -> str:
    """The id of a source that is polled within two seconds after the start."""
    names = (f"schulen-{number}" for number in range(10_000))
    return next(name for name in names if phase_seconds(JobKey(Subject("source", name), "mdm"), INTERVAL) < 2)


def configuration(source: str, url: str, token: Path) -> dict[str, Any]:
    return {
        "sites": {"afg": {"name": "Gesamtschule"}},
        "credentials": {"jamf": {"token": {"file": str(token)}}},
        "sources": {
            source: {
                **{"mdm": "jamf_school", "url": url, "credential": "jamf", "interval": INTERVAL},
                **{"site": "afg", "per_device": "asset_tag"},
            }
        },
        "fleets": {"tablets": {"site": "afg", "kind": "tablet", "source": source}},
    }


async def pages(daemon: Ringwacht) -> dict[str, str]:
    found: dict[str, str] = {}
    async with aiohttp.ClientSession() as session:
        for path in PAGES:
            async with session.get(daemon.url + path) as response:
                assert response.status == 200, path
                found[path] = await response.text()
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_no_page_no_log_and_no_file_names_a_person(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    fleet = [jamf_device(number, batteryLevel=[CANARY] if number == 3 else 0.5) for number in range(30)]
    async with jamf_school(Management(fleet)) as url:
        source = soon()
        daemon = Ringwacht(tmp_path / "ringwacht", configuration(source, url, token))
        daemon.process = ServerProcess((*COMMAND, "run", "--debug", str(daemon.directory)), tmp_path / "log")
        await daemon.start()
        try:
            line = await daemon.wait_for_line("ringwacht_mdm_managed_devices")
            assert float(line.rpartition(" ")[2]) == 30
            await daemon.wait_for_line("ringwacht_mdm_device_battery_ratio")
            found = await pages(daemon)
        finally:
            await daemon.process.stop()
    assert "T0007" in found["/metrics"]
    kept = files(tmp_path)
    assert [name for name, text in found.items() if CANARY in text] == []
    assert [name for name, content in kept.items() if CANARY.encode() in content] == []
    assert [name for name, content in kept.items() if b"jamf-key" in content] == [str(token)]
