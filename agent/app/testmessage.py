"""``ringwacht alerts test``: a marked message over every way to a receiver, and what became of each."""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from agent.alerts.line import DELIVERY_BUDGET_SECONDS
from agent.app.loading import StartError
from agent.app.rosters import offline_roster
from agent.contract import (
    Alert,
    AlertState,
    Clock,
    Delivered,
    Deliverer,
    Delivery,
    Finding,
    Notification,
    Parcel,
    Rejected,
    Retry,
    Severity,
    Subject,
    Wire,
)
from agent.engine.clock import SystemClock
from agent.wire.attempt import Failure, attempt
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.errors import did_you_mean, shown
from config.loader import Loaded
from config.settings import Settings
from exporters.messages.briefing import Briefing
from exporters.notify import deliverers_of

RULE = "test"


class Tried(NamedTuple):
    """What became of the test over one URL of a receiver; ``url`` counts from 1. The URL itself is never shown."""

    receiver: str
    url: int
    outcome: Delivery

    @property
    def word(self) -> str:
        """The outcome for programs."""
        if isinstance(self.outcome, Delivered):
            return "delivered"
        return "refused" if isinstance(self.outcome, Rejected) else "failed"

    @property
    def why(self) -> str:
        """Why it failed, or empty."""
        return "" if isinstance(self.outcome, Delivered) else self.outcome.why


async def send_test(loaded: Loaded, name: str, *, as_json: bool) -> int:
    """Send a test and write what became of it; return 1 where one way failed. Raises StartError."""
    clock, pools = SystemClock(), Pools()
    wire = LocalWire(clock, MeterBook(), pools)
    try:
        tried = await try_all(loaded, name, wire, clock)
    finally:
        await wire.close()
        pools.close()
    sys.stdout.write(_as_json(tried) if as_json else "".join(f"{_line(one)}\n" for one in tried))
    return int(not all(isinstance(one.outcome, Delivered) for one in tried))


async def try_all(loaded: Loaded, name: str, wire: Wire, clock: Clock) -> tuple[Tried, ...]:
    """Send a marked test to a receiver, or to whom it stands for; over every URL once. Raises StartError: unknown."""
    receivers = loaded.settings.alerting.receivers
    briefing = Briefing.of(loaded.inventory, loaded.settings, None)
    tried: list[Tried] = []
    for receiver in await asyncio.to_thread(_meant, name, loaded.settings, clock.now()):
        parcel = test_parcel(receiver, clock.now())
        deliverers = deliverers_of(receiver, receivers[receiver].apprise, briefing, wire).values()
        for number, deliverer in enumerate(deliverers, 1):
            tried.append(Tried(receiver, number, await _within_budget(deliverer, parcel, number)))
    return tuple(tried)


async def _within_budget(deliverer: Deliverer, parcel: Parcel, number: int) -> Delivery:
    outcome = await attempt(lambda: deliverer.deliver(parcel), DELIVERY_BUDGET_SECONDS, parcel.receiver)
    if isinstance(outcome, Failure):
        return Retry(0.0, f"URL {number} of {parcel.receiver}: {outcome.reason}: {outcome.detail}")
    return outcome


def test_parcel(receiver: str, now: float) -> Parcel:
    """Return a parcel that is marked as a test and is about nothing."""
    key = uuid.uuid4().hex
    finding = Finding(RULE, Subject("daemon", "ringwacht"), Severity.INFO, RULE)
    alert = Alert(key, finding, AlertState.FIRING, now, now)
    return Parcel(f"{RULE}/{key}", receiver, (Notification(f"{RULE}/{key}", receiver, alert, now, now),), "test")


def _meant(name: str, settings: Settings, now: float) -> tuple[str, ...]:
    """Return the receivers with ways of their own: of one by duty whoever has it now, by file or last good copy."""
    receivers = settings.alerting.receivers
    if name not in receivers:
        hint = did_you_mean(name, receivers) or f"there is {', '.join(receivers) or 'none'}"
        raise StartError(f"{shown(name)} is no receiver of the configuration; {hint}")
    return offline_roster(settings, now).expand([name], settings, now)


def _line(tried: Tried) -> str:
    return tried.why or f"URL {tried.url} of {tried.receiver} took the message"


def _as_json(tried: Iterable[Tried]) -> str:
    found = [{"receiver": one.receiver, "url": one.url, "outcome": one.word, "why": one.why} for one in tried]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
