"""``ringwacht alerts route``: the question, the calendars as they can be read without the network, the answer."""

from __future__ import annotations

import json

from agent.alerts.rota import Rota
from agent.app.explain import Asked, QuestionError, explain, is_assumed, moment, question
from agent.app.explained import json_of, text_of
from agent.app.loading import StartError
from agent.app.rosters import offline_roster
from agent.engine.clock import SystemClock
from config.loader import Loaded


def answer(loaded: Loaded, asked: Asked, *, as_json: bool) -> str:
    """Return who would be told. Raises StartError where the question cannot be understood."""
    settings, now = loaded.settings, SystemClock().now()
    try:
        rota = Rota.of(settings)
        at = moment(asked, rota, now)
        rota = Rota(settings, rota.calendar, offline_roster(settings, at))
        found = explain(
            question(asked, loaded.inventory, settings),
            at,
            rota,
            loaded.inventory,
            assumed=is_assumed(asked, loaded.inventory, settings),
        )
    except QuestionError as error:
        raise StartError(str(error)) from error
    if as_json:
        return json.dumps(json_of(found, rota), indent=2, ensure_ascii=False)
    return text_of(found, rota)
