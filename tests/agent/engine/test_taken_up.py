"""A state that could be neither read nor written at the start goes on as it was, once it can be."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from agent.contract import Acknowledgement, Alert, AlertState, Finding, Severity, Silence, Subject
from agent.engine.judgement import Desk
from agent.engine.windows import WindowBook
from agent.state import files, salvage
from agent.state.database import Database
from agent.state.ledger import Ledger
from agent.state.store import StateStore
from config.settings import Match
from tests.agent.engine.desk import Scene
from tests.harness.fakes import FakeWire, in_thread

SILENCE = Silence("s1", Match(site="wadersloh"), "on-call", "works", 0.0, 9e9)
OTHER = Finding("link_down", Subject("link", "rf-1"), Severity.CRITICAL, "down")


def refuse(*_: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def keep(directory: Path, *alerts: Alert) -> None:
    database = Database.open(directory)
    database.commit({one.finding.key: one for one in alerts}, done=Ledger((SILENCE,)))
    database.close()


async def test_alerts_and_silences_of_the_file_are_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    await scene.look()
    (standing,) = scene.state.alerts.values()
    mark = Acknowledgement("on-call", scene.clock.now())
    before = replace(standing, id="before", acknowledged=mark)
    other = Alert("other", OTHER, AlertState.FIRING, scene.clock.now(), scene.clock.now())
    in_thread(lambda: keep(tmp_path, before, other))
    with monkeypatch.context() as failing:
        failing.setattr(files, "claim", refuse)
        failing.setattr(salvage, "peek", refuse)
        database = in_thread(lambda: Database.open(tmp_path))
        store = StateStore(database, FakeWire(at_once=True))
        scene.desk = Desk(store, WindowBook(()), scene.clock)
        await scene.desk.open()
        await scene.look()
        assert "before" not in {one.id for one in scene.desk.alerts}
    await scene.look()  # takes the file up
    await scene.look()
    found = {one.id: one.acknowledged for one in scene.desk.alerts if one.finding.rule != "state_not_written"}
    assert found == {"before": mark, "other": None}
    assert scene.desk.silences(scene.clock.now()) == (SILENCE,)
    in_thread(database.close)
    again = in_thread(lambda: Database.open(tmp_path))
    assert {one.id for one in again.memory.alerts.values()} >= {"before", "other"}
    assert again.memory.silences == {"s1": SILENCE}
    in_thread(again.close)
