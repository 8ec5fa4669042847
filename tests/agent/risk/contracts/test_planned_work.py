"""What work explains for the account is what it explains for the alert."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.contract import Finding, Severity, Silence, SilenceMode, Subject
from agent.risk.work import Work, in_force
from config.settings import Match, Settings
from tests.agent.risk.contracts.test_book import START, Story, ill, well

MODES = [("mute", "planned"), ("skip", "planned"), ("run", "down")]


def window(mode: SilenceMode = "mute", **match: str) -> dict[str, Any]:
    return {
        "name": "Update",
        "from": "2026-06-08T09:00",
        "until": "2026-06-08T10:00",
        "match": match,
        "mode": mode,
    }


@pytest.mark.parametrize(("mode", "state"), MODES)
@pytest.mark.parametrize("match", [{"service": "portal"}, {"contract": "gkd"}])
def test_announced_work_that_is_only_named_is_not_planned(mode: SilenceMode, state: str, match: dict[str, str]) -> None:
    story = Story({"alerting": {"maintenance": [window(mode, **match)]}})
    story.look(10, well())
    story.look(110, ill(since=70))
    assert story.told() == [(0, "up"), (70, state)]


@pytest.mark.parametrize(("mode", "state"), MODES)
def test_a_silence_that_only_names_the_work_is_not_planned(mode: SilenceMode, state: str) -> None:
    story = Story()
    story.look(10, well())
    works = Silence("s", Match(service="portal"), "it", "works", START + 5, START + 9e4, mode)
    story.look(110, ill(since=70), silences=[works])
    assert story.told() == [(0, "up"), (70, state)]


def test_work_is_on_what_is_about_several_things_if_it_is_on_each() -> None:
    about = (Subject("device", "a"), Subject("device", "b"))
    finding = Finding("classroom_equipment", Subject("room", "r"), Severity.WARNING, "", about=about)
    work = Work("silence", "works", START, START + 60, "mute", Match(device="a"))
    assert not work.explains(finding, ())
    assert work.explains(replace(finding, about=about[:1]), ())


def test_work_goes_on_from_its_beginning_to_before_its_end_in_local_time() -> None:
    settings, zone = Settings.model_validate({"alerting": {"maintenance": [window(service="portal")]}}), "Europe/Berlin"
    ad_hoc = Silence("s", Match(service="portal"), "it", "works", START + 60, START + 120)
    moments = (-1, 0, 60, 120, 3600)
    names = [[one.name for one in in_force(settings, [ad_hoc], ZoneInfo(zone), START + at)] for at in moments]
    assert names == [[], ["Update"], ["Update", "works"], ["Update"], []]
