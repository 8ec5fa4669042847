from __future__ import annotations

import pytest

from agent.contract import JobState, Severity
from agent.risk.catalogue.devices import READING_INCOMPLETE
from agent.risk.reachability import MAX_REMARKS, remarks
from tests.agent.risk.scene import Scene, failed, job, the, unpolled

SERVER, SERVICE = "device:srv", "service:portal"
INVENTORY = {"services": {"portal": {"name": "Portal", "site": "rathaus", "url": "http://portal.example/"}}}


def test_a_check_that_brings_a_part_is_named_with_what_is_missing() -> None:
    left_out = "max_series 20000 reached: 680000 series left out"
    found = the(Scene().jobs(job(SERVER), job(SERVER, "scrape", partial=(left_out,))).finding(READING_INCOMPLETE))
    assert (str(found.subject), found.severity, found.site) == (SERVER, Severity.INFO, "rathaus")
    assert found.summary == f"srv is read only in part: scrape: {left_out}"
    assert found.evidence == (f"scrape: {left_out}",)


def test_a_service_is_called_by_its_name_and_in_german() -> None:
    scene = Scene(INVENTORY, language="de").jobs(job(SERVICE, "plugin", partial=("eins", "zwei")))
    found = the(scene.finding(READING_INCOMPLETE))
    assert found.summary == "Portal wird nur teilweise gelesen: plugin: eins (und 1 weitere)"
    assert found.evidence == ("plugin: eins", "plugin: zwei")


def test_what_is_quoted_is_clean_and_bounded() -> None:
    many = tuple(f"\x1b{number}{'é' * 900}" for number in range(MAX_REMARKS + 5))
    found = the(Scene().jobs(job(SERVER, "host", partial=many)).finding(READING_INCOMPLETE))
    assert len(found.evidence) == MAX_REMARKS + 1
    assert found.evidence[-1] == "and 5 more"
    assert found.summary.endswith("(and 14 more)")
    assert all(text.isprintable() and len(text.encode()) <= 400 for text in (found.summary, *found.evidence))


def test_whole_is_healthy() -> None:
    scene = Scene().jobs(job(SERVER), job(SERVER, "host"))
    assert scene.finding(READING_INCOMPLETE) is None
    assert not scene.unverified(READING_INCOMPLETE, SERVER)


@pytest.mark.parametrize(
    "silent", [unpolled(SERVER, "host"), failed(SERVER, "host"), failed(SERVER, "host", failures=1)]
)
def test_who_was_not_read_is_unverified(silent: JobState) -> None:
    scene = Scene().jobs(job(SERVER), job(SERVER, "snmp"), silent)
    assert scene.finding(READING_INCOMPLETE) is None
    assert scene.unverified(READING_INCOMPLETE, SERVER)


def test_one_check_that_fails_hides_nothing_of_another() -> None:
    scene = Scene().jobs(failed(SERVER, "host"), job(SERVER, "scrape", partial=("one",)))
    assert the(scene.finding(READING_INCOMPLETE)).evidence == ("scrape: one",)


def test_the_remarks_of_readings_that_are_withheld_are_not_told() -> None:
    assert remarks([unpolled(SERVER, "host"), failed(SERVER, "snmp"), job(SERVER, partial=("one",))]) == ("ping: one",)
