"""What messages say of an acknowledgement, with the real desk and the real state store."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.contract import Parcel
from agent.state.database import Database
from config.settings import Settings
from exporters.messages.briefing import Briefing
from exporters.messages.compose import compose
from tests.agent.app.office import ALERTING, HOUR, SEAL, Office
from tests.agent.engine.desk import INVENTORY

ROUTE = {"receivers": ["on-call"], "escalate": [{"after": "15m", "to": ["it-team"]}], "repeat": "10m"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path, Database.open(tmp_path))
    web = {"external_url": "https://wacht.example.org"}
    made.settings = Settings.model_validate({"alerting": {**ALERTING, "routes": [ROUTE]}, "web": web})
    return made


def said(office: Office) -> dict[tuple[str, str], str]:
    """By receiver and reason, what the last message says."""
    briefing = Briefing.of(INVENTORY, office.settings, SEAL)
    messages = (entry.notification for entry in office.state.waiting())
    return {(one.receiver, one.reason): compose(Parcel("k", one.receiver, (one,)), briefing).body() for one in messages}


async def test_once_an_acknowledgement_has_run_out_messages_do_not_say_it_and_can_be_acknowledged(
    office: Office,
) -> None:
    alert = await office.firing()
    await office.on_call.acknowledge(alert.id, "it-team", office.clock.now() + HOUR)
    office.clock.step(HOUR / 2)
    await office.look()
    assert set(said(office)) == {("on-call", "new")}
    office.clock.step(HOUR)
    await office.look()
    await office.look()
    for which in (("on-call", "repeated"), ("it-team", "escalated")):
        body = said(office)[which]
        assert "hat quittiert" not in body
        assert f"https://wacht.example.org/a/{alert.id[:12]}~{which[0]}~" in body
