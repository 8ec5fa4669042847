"""The desk tells whoever has duty, and says when nobody has."""

from __future__ import annotations

import pytest

from agent.alerts.roster import Roster
from config.settings import Settings
from tests.agent.alerts.rotas import event, plan
from tests.agent.engine.desk import Scene

ROUTES = [{"match": {"severity": "critical"}, "receivers": ["rota"]}]
RECEIVERS = {
    "anna": {"apprise": [{"env": "PATH"}]},
    "desk": {"apprise": [{"env": "PATH"}]},
    "rota": {"duty": {"file": __file__, "otherwise": ["desk"]}},
}
SETTINGS = Settings.model_validate({"alerting": {"hold": {"critical": 0}, "receivers": RECEIVERS, "routes": ROUTES}})


@pytest.fixture
def scene() -> Scene:
    return Scene()


def calendar_of(scene: Scene, *entries: str) -> Roster:
    now = scene.clock.now()
    return Roster({"rota": plan(*entries, begin=now - 86400, end=now + 90 * 86400)})


def told(scene: Scene) -> list[str]:
    return [one.receiver for one in scene.state.messages.values()]


async def test_whoever_has_duty_is_told_and_who_comes_next(scene: Scene) -> None:
    scene.desk.keep_roster(calendar_of(scene, event("anna", "20270101T000000", "20280101T000000")))
    await scene.look(SETTINGS)
    assert told(scene) == ["anna"]
    scene.desk.keep_roster(calendar_of(scene))
    await scene.look(SETTINGS)
    assert told(scene) == ["anna", "desk"]


async def test_that_nobody_has_duty_is_found(scene: Scene) -> None:
    scene.desk.keep_roster(calendar_of(scene))
    await scene.look(SETTINGS)
    assert "on_call_gap" in {one.finding.rule for one in scene.desk.alerts}
    assert told(scene) == ["desk"]
