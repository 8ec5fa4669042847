"""The school of the county: what its management and its projectors say."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from agent.demo import jamf, pjlink, school

NOW = 1_800_000_000.0
LOGIN = {"authorization": f"Basic {base64.b64encode(jamf.LOGIN.encode()).decode()}"}


def answered(request: str, headers: dict[str, str] = LOGIN) -> tuple[bytes, dict[str, object]]:
    head, _, body = jamf.answer(request, headers, lambda: school.managed(NOW)).partition(b"\r\n\r\n")
    return head, json.loads(body)


def test_the_register_and_the_management_know_the_same_tablets() -> None:
    rows = [line.split(";") for line in school.register().splitlines()[1:]]
    listed = school.managed(NOW)
    assert len(rows) == len(listed) == school.TABLETS
    assert {(row[0], row[3]) for row in rows} == {(one["assetTag"], one["serialNumber"]) for one in listed}


def test_no_tablet_reports_from_the_future_or_names_a_person() -> None:
    for one in school.managed(NOW):
        seen = datetime.strptime(str(one["lastCheckin"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        assert seen.timestamp() <= NOW
        assert one["name"] == "iPad"


def test_the_management_tells_its_devices_to_who_has_the_key_only() -> None:
    head, content = answered("GET /api/devices HTTP/1.1")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert content["count"] == school.TABLETS
    assert answered("GET /api/devices HTTP/1.1", {})[0].startswith(b"HTTP/1.1 401 ")
    assert answered("GET /api/users HTTP/1.1")[0].startswith(b"HTTP/1.1 404 ")
    assert answered("DELETE /api/devices HTTP/1.1")[0].startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("%1POWR ?", "%1POWR=1"),
        ("%1LAMP ?", "%1LAMP=412 1"),
        ("%1POWR 0", "%1POWR=ERR1"),
        ("%2SNUM ?", "%2SNUM=ERR1"),
        ("", "=ERR1"),
    ],
)
def test_a_projector_answers_queries_and_nothing_else(command: str, said: str) -> None:
    assert pjlink.reply(command, school.BEAMERS[0]) == said


def test_a_projector_that_is_asleep_has_no_input() -> None:
    assert pjlink.reply("%1INPT ?", school.BEAMERS[1]) == "%1INPT=ERR3"
