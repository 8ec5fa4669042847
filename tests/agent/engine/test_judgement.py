"""The desk against a state store that refuses, hangs, or writes what nobody waited for."""

from __future__ import annotations

import asyncio

import pytest

from agent.contract import (
    AlertState,
    Muted,
)
from agent.engine import settling
from agent.risk.calendar import Calendar
from agent.risk.catalogue.daemon import STATE_NOT_WRITTEN
from config.settings import Settings
from tests.agent.engine.desk import ALERTING, SETTINGS, Scene
from tests.harness.clock import settle


async def test_what_is_handed_on_is_committed() -> None:
    scene = Scene()
    (change,) = await scene.look()
    assert scene.state.alerts == {change.alert.finding.key: change.alert}
    assert [one.alert.id for one in scene.state.messages.values()] == [change.alert.id]
    assert await scene.look() == ()
    assert scene.state.commits == 1


async def test_a_look_cut_short_amid_its_commit_has_decided_all_the_same() -> None:
    scene = Scene()
    scene.state.gate.clear()
    cut = asyncio.create_task(scene.look())
    await settle()
    cut.cancel()
    await asyncio.wait((cut,))
    (alert,) = scene.desk.alerts
    scene.state.gate.set()
    await settle()
    assert await scene.look() == ()
    assert [one.id for one in scene.desk.alerts] == [alert.id]
    assert [one.id for one in scene.state.alerts.values()] == [alert.id]
    assert [one.alert.id for one in scene.state.messages.values()] == [alert.id]
    assert len(scene.state.transitions) == 1


async def test_a_commit_that_hangs_holds_up_no_look_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    scene.state.gate.clear()
    with monkeypatch.context() as impatient:
        impatient.setattr(settling, "COMMIT_SECONDS", 0.0)
        (change,) = await scene.look()
        assert await scene.look() == ()
    assert scene.state.commits == 1  # one hangs; no second is queued behind it
    scene.state.gate.set()
    assert await scene.look() == ()
    assert [one.alert.id for one in scene.state.messages.values()] == [change.alert.id]
    assert await scene.look() == ()  # the finding about the state itself goes
    assert {one.id for one in scene.state.alerts.values()} == {change.alert.id}
    commits = scene.state.commits
    await scene.look()
    assert scene.state.commits == commits


async def test_what_a_full_disk_refused_is_written_as_soon_as_it_can() -> None:
    scene = Scene()
    scene.state.broken = True
    (change,) = await scene.look()
    assert [one.alert.id for one in scene.state.held] == [change.alert.id]  # so that it is delivered from memory
    assert await scene.look() == ()
    assert STATE_NOT_WRITTEN in {one.finding.rule for one in scene.desk.alerts}
    assert scene.state.messages == {}
    scene.state.broken = False
    await scene.look()
    await scene.look()
    assert STATE_NOT_WRITTEN not in {one.finding.rule for one in scene.desk.alerts}
    assert [one.alert.id for one in scene.state.messages.values()] == [change.alert.id]
    assert {one.id for one in scene.state.alerts.values()} == {change.alert.id}


async def test_the_calendar_is_made_once_for_each_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Settings] = []
    original = Calendar.of

    def counting(settings: Settings) -> Calendar:
        made.append(settings)
        return original(settings)

    monkeypatch.setattr(Calendar, "of", counting)
    scene = Scene()
    other = SETTINGS.model_copy()
    for settings in (SETTINGS, SETTINGS, other, other):
        await scene.look(settings)
    assert len(made) == 2
    assert made[1] is other


async def test_an_accepted_alert_says_so_and_nobody_is_told() -> None:
    scene = Scene()
    match = {"match": {"rule": "device_unreachable"}, "until": "2099-01-01", "reason": "replaced in spring"}
    accepting = Settings.model_validate({"alerting": {**ALERTING, "accept": [match]}})
    await scene.look(accepting)
    (alert,) = scene.desk.alerts
    assert alert.state is AlertState.FIRING
    assert alert.muted == Muted("accepted", "replaced in spring", "2099-01-01")
    assert scene.state.messages == {}
    await scene.look()
    (alert,) = scene.desk.alerts
    assert alert.muted is None
    assert [one.alert.id for one in scene.state.messages.values()] == [alert.id]
