"""A date that has passed, from the file to alert, list and calendar, and back by a reload."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from icalendar import Calendar

from tests.harness.daemon import ringwacht

pytestmark = pytest.mark.integration

CSV = "asset_tag;kind;model;site;warranty_until\n" + "".join(
    f"T-{number};tablet;iPad 9;afg;30.06.2099\n" for number in range(1400)
)


def config(expires: str) -> dict[str, Any]:
    return {
        "sites": {"afg": {"name": "Gesamtschule"}},
        "deadlines": {"apns": {"name": "APNs", "expires": expires, "site": "afg"}},
        "assets": ["assets.csv"],
        "alerting": {"hold": {"critical": 0}, "clear": 0},
    }


async def calendar(url: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/deadlines.ics") as response:
        assert response.content_type == "text/calendar"
        return Calendar.from_ical(await response.text())


async def test_a_deadline_from_the_file_to_the_calendar(tmp_path: Path) -> None:
    (tmp_path / "assets.csv").write_text(CSV)
    async with ringwacht(tmp_path, config("2020-01-01")) as daemon:
        alert = await daemon.wait_for_alert("deadline_near", "deadline:apns", "firing")
        assert alert["severity"] == "critical"
        assert alert["summary"].startswith("APNs ist seit ")
        apns, warranty = await daemon.get("/api/v1/deadlines")
        assert (apns["subject"], apns["stage"], apns["days_left"] < -2000) == ("deadline:apns", "critical", True)
        assert (warranty["name"], warranty["day"], warranty["stage"]) == ("1400 × iPad 9", "2099-06-30", "later")
        uids = [event["UID"] for event in (await calendar(daemon.url)).events]
        assert uids == ["deadline-apns@ringwacht", "warranty-site-afg-2099-06-30@ringwacht"]
        daemon.write(config("2099-12-31"))
        assert (await daemon.reload())[0] == 200
        await daemon.wait_for_line("ringwacht_config_last_reload_success 1")
        assert [one["day"] for one in await daemon.get("/api/v1/deadlines")] == ["2099-06-30", "2099-12-31"]
