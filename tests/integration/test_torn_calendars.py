"""A calendar that is torn stops no watch: ``check`` fails, the daemon starts and reloads with what it knows."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.agent.alerts.rotas import calendar, event
from tests.harness.daemon import COMMAND, Ringwacht
from tests.harness.process import free_port, wait_until

GOOD = calendar(event("a", "20200101", None, "RRULE:FREQ=DAILY"))
HOLIDAY = calendar(event("Ferien", "20261201"))
TORN = {
    "torn": GOOD[:100],
    "html": b"<html>login</html>",
    "gone": None,
    "strangers": calendar(event("Erika", "20200101", None, "RRULE:FREQ=DAILY")),
}


pytestmark = pytest.mark.integration


def configuration(folder: Path) -> dict[str, Any]:
    receivers: dict[str, Any] = {name: {"apprise": [{"file": "apprise"}]} for name in ("a", "b")}
    receivers["rota"] = {"duty": {"file": "duty.ics", "otherwise": ["b"]}}
    return {
        "state": {"directory": str(folder / "state")},
        "municipality": {"language": "en", "school_calendar": "school.ics"},
        "sites": {"school": {}},
        "services": {
            "portal": {"site": "school", "tcp": f"127.0.0.1:{free_port()}", "when": "school_hours", "interval": "200ms"}
        },
        "alerting": {
            "hold": {"critical": 0, "warning": 0, "info": 0},
            "rules": {"on_call_calendar": {"hold": 0}},
            "receivers": receivers,
            "routes": [{"receivers": ["rota"]}],
        },
    }


def write(folder: Path, duty: bytes | None, school: bytes | None) -> None:
    (folder / "apprise").write_text(f"json://127.0.0.1:{free_port()}/")
    for path, content in ((folder / "duty.ics", duty), (folder / "school.ics", school)):
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, "check", str(folder)], capture_output=True, text=True, timeout=60, check=False)


def test_check_says_what_is_wrong_with_a_calendar(tmp_path: Path) -> None:
    Ringwacht(tmp_path, configuration(tmp_path))
    write(tmp_path, GOOD, HOLIDAY)
    assert check(tmp_path).returncode == 0
    write(tmp_path, None, GOOD[:100])
    result = check(tmp_path)
    assert result.returncode == 1
    assert "the file is not there" in result.stderr
    assert "municipality.school_calendar" in result.stderr


async def test_the_daemon_starts_and_reloads_whatever_the_calendars_are(tmp_path: Path) -> None:
    daemon = Ringwacht(tmp_path, configuration(tmp_path))
    copy = tmp_path / "state/calendars/rota.ics"

    async def kept() -> bool:
        return copy.exists()

    write(tmp_path, b"<html>login</html>", None)
    await daemon.start()
    try:
        alert = await daemon.wait_for_alert("on_call_calendar", "receiver:rota", "firing")
        assert "no calendar" in alert["summary"]
        write(tmp_path, GOOD, HOLIDAY)
        assert (await daemon.reload())[0] == 200
        await wait_until(kept, "the last good copy")
        for torn in TORN.values():
            write(tmp_path, torn, torn)
            status, said = await daemon.reload()
            assert (status, copy.read_bytes()) == (200, GOOD), said
        await daemon.process.kill()
        await daemon.start()
        assert copy.read_bytes() == GOOD
    finally:
        await daemon.process.stop()
