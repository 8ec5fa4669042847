"""The one-time links of messages, with the real desk and the real state store."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.contract import Alert, Refused
from agent.engine import settling
from agent.state.database import Database
from agent.wire.seal import VALID_SECONDS, Seal
from config.settings import Settings
from tests.agent.app.office import SEAL, Office, refusal
from tests.harness.clock import settle


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, Database.open(tmp_path))


async def test_a_link_acknowledges_once_as_the_role_it_was_sent_to(office: Office) -> None:
    alert = await office.firing()
    token = SEAL.token(alert.id, "on-call", office.clock.now())
    assert office.on_call.claimed(token).acknowledged is None
    both = [office.on_call.redeem(token) for _ in range(2)]
    first, second = await asyncio.gather(*both, return_exceptions=True)
    assert isinstance(first, Alert)
    assert first.acknowledged is not None
    assert first.acknowledged.by == "on-call"
    assert isinstance(second, Refused)
    assert second.kind == "conflict"
    again = await office.restart()
    assert (await refusal(again.on_call.redeem(token))).kind == "conflict"
    assert len(await again.on_call.deeds()) == 1


async def test_a_link_that_the_disk_refused_can_be_used_again(office: Office) -> None:
    alert = await office.firing()
    token = SEAL.token(alert.id, "on-call", office.clock.now())
    office.fill()
    assert (await refusal(office.on_call.redeem(token))).kind == "unavailable"
    office.empty()
    assert (await office.on_call.redeem(token)).acknowledged is not None


async def test_a_link_whose_use_the_disk_wrote_too_late_can_be_used_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was told "not acknowledged yet" presses again, at once or after the next look."""
    alert = await office.firing()
    token, other = (SEAL.token(alert.id, role, office.clock.now()) for role in ("on-call", "it-team"))
    for used in (token, other):
        office.state.gate.clear()
        with monkeypatch.context() as impatient:
            impatient.setattr(settling, "COMMIT_SECONDS", 0.0)
            assert (await refusal(office.on_call.redeem(used))).kind == "unavailable"
        office.state.gate.set()
        await office.clock.advance(settling.COMMIT_SECONDS)
        while not office.state.is_spent(used):  # the commit that came too late
            await settle()
        assert office.on_call.claimed(used).acknowledged is None
        if used == other:
            assert (await office.on_call.redeem(other)).acknowledged is not None
        await office.look()
        assert office.state.is_spent(used) is (used == other)
    again = await office.restart()
    assert again.alert.acknowledged is not None
    assert again.alert.acknowledged.by == "it-team"
    assert (await refusal(again.on_call.redeem(other))).kind == "conflict"
    assert [(deed.what, deed.who) for deed in reversed(await again.on_call.deeds())] == [
        ("acknowledge", "on-call"),
        ("undone", "daemon"),
        ("acknowledge", "it-team"),
        ("undone", "daemon"),
        ("acknowledge", "it-team"),
    ]
    assert (await again.on_call.redeem(token)).acknowledged is not None


async def test_of_what_the_disk_refused_the_audit_says_nothing(office: Office) -> None:
    alert = await office.firing()
    office.fill()
    await refusal(office.on_call.redeem(SEAL.token(alert.id, "on-call", office.clock.now())))
    office.empty()
    await office.look()
    assert await (await office.restart()).on_call.deeds() == ()


async def test_a_link_of_a_role_that_is_gone_says_so_before_and_when_it_is_pressed(office: Office) -> None:
    alert = await office.firing()
    token = SEAL.token(alert.id, "on-call", office.clock.now())
    alerting = {"receivers": {"it-team": {"apprise": [{"env": "PATH"}]}}, "routes": [{"receivers": ["it-team"]}]}
    office.settings = Settings.model_validate({"alerting": alerting})
    with pytest.raises(Refused) as caught:
        office.on_call.claimed(token)
    assert caught.value.kind == "no_role"
    assert (await refusal(office.on_call.redeem(token))).kind == "no_role"
    assert office.alert.acknowledged is None


async def test_a_link_that_was_used_brings_the_alert_along_as_it_stands(office: Office) -> None:
    alert = await office.firing()
    token = SEAL.token(alert.id, "on-call", office.clock.now())
    done = await office.on_call.redeem(token)
    assert (await refusal(office.on_call.redeem(token))).alert == done
    while office.fires:
        await office.look(answers=True)
    assert (await refusal(office.on_call.redeem(token))).alert is None


async def test_a_link_that_is_not_ours_is_refused(office: Office) -> None:
    alert = await office.firing()
    token = SEAL.token(alert.id, "on-call", office.clock.now())
    forged = Seal(b"x" * 32).token(alert.id, "on-call", office.clock.now())
    for wrong in (token.replace("on-call", "it-team"), token[:-1], f"{token}0", forged, ""):
        assert (await refusal(office.on_call.redeem(wrong))).kind == "forbidden"
    assert office.alert.acknowledged is None


async def test_a_link_of_what_stands_no_more_says_so(office: Office) -> None:
    alert = await office.firing()
    token = SEAL.token(alert.id, "on-call", office.clock.now())
    while office.fires:
        await office.look(answers=True)
    assert (await refusal(office.on_call.redeem(token))).kind == "unknown"
    gone = SEAL.token("a" * 32, "on-call", office.clock.now())
    assert (await refusal(office.on_call.redeem(gone))).kind == "unknown"


async def test_a_link_runs_out_and_says_so(office: Office) -> None:
    alert = await office.firing()
    token = SEAL.token(alert.id, "on-call", office.clock.now())
    office.clock.step(VALID_SECONDS + 1)
    assert (await refusal(office.on_call.redeem(token))).kind == "gone"
