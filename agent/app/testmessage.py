"""``ringwacht alerts test``: a marked message over every way to a receiver, and what became of each."""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import quote

from agent.alerts.line import DELIVERY_BUDGET_SECONDS
from agent.app.loading import StartError
from agent.app.remote import Door, NoAnswerError, NotTakenError, Row, ask_async, rows
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
    Tried,
    Wire,
)
from agent.engine.clock import SystemClock
from agent.wire.attempt import Failure, attempt
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.errors import did_you_mean, printable, shown
from config.loader import Loaded
from config.settings import Settings
from exporters.messages.briefing import Briefing
from exporters.notify import deliverers_of

RULE = "test"
BUDGET_AT_THE_API_SECONDS = 45.0
ANSWER_SECONDS = 60.0  # of the daemon, which has the ways tried together


async def send_test(loaded: Loaded, name: str, by: str, *, as_json: bool) -> int:
    """Have a test sent in the name of a role and write what became of it; return 1 where one way failed.

    The daemon sends it, and puts it into its audit. Where none takes it, it is sent from here, and noted nowhere.
    Raises StartError: also where a daemon does not answer in time, since it may have sent it.
    """
    for one in (name, by):
        _check_known(one, loaded.settings)
    try:
        tried = await _by_daemon(Door.at(loaded.settings), name, by)
    except NotTakenError as error:
        sys.stderr.write(f"{error}; sent without it, and not noted as a test of the alarm path\n")
        tried = await _from_here(loaded, name)
    except NoAnswerError as error:
        raise StartError(f"{error}; it may have sent the test all the same: see its audit") from error
    sys.stdout.write(_as_json(tried) if as_json else "".join(f"{_line(one)}\n" for one in tried))
    return int(not all(isinstance(one.outcome, Delivered) for one in tried))


async def _by_daemon(door: Door, name: str, by: str) -> tuple[Tried, ...]:
    path = f"/api/v1/receivers/{quote(name, safe='')}/tests"
    found = await ask_async(door, "POST", path, {"by": by}, ANSWER_SECONDS)
    return tuple(_read(row) for row in rows(found))


def _read(row: Row) -> Tried:
    """Return what the daemon says of one way. Raises StartError."""
    url, why = row.get("url"), printable(str(row.get("why")))
    if not isinstance(url, int):
        raise StartError("the daemon does not answer as one of this version does")
    outcomes: dict[object, Delivery] = {"delivered": Delivered(), "refused": Rejected(why)}
    return Tried(printable(str(row.get("receiver"))), url, outcomes.get(row.get("outcome"), Retry(0.0, why)))


async def _from_here(loaded: Loaded, name: str) -> tuple[Tried, ...]:
    clock, pools = SystemClock(), Pools()
    wire = LocalWire(clock, MeterBook(), pools)
    try:
        return await try_all(loaded, name, wire, clock)
    finally:
        await wire.close()
        pools.close()


async def try_all(
    loaded: Loaded, name: str, wire: Wire, clock: Clock, budget_seconds: float = DELIVERY_BUDGET_SECONDS
) -> tuple[Tried, ...]:
    """Send a marked test to a receiver, or to whom it stands for; over every URL once, each within the budget.

    Raises StartError where there is no such receiver.
    """
    receivers = loaded.settings.alerting.receivers
    briefing = Briefing.of(loaded.inventory, loaded.settings, None)
    meant = await asyncio.to_thread(_meant, name, loaded.settings, clock.now())
    return tuple(
        await asyncio.gather(
            *(
                _try(deliverer, test_parcel(receiver, clock.now()), number, budget_seconds)
                for receiver in meant
                for number, deliverer in enumerate(
                    deliverers_of(receiver, receivers[receiver].apprise, briefing, wire).values(), 1
                )
            )
        )
    )


def tester(present: Callable[[], Loaded], wire: Wire, clock: Clock) -> Callable[[str], Awaitable[tuple[Tried, ...]]]:
    """Return what sends a test by the configuration that is ``present``, in time for whoever waits at the API."""
    return lambda name: try_all(present(), name, wire, clock, BUDGET_AT_THE_API_SECONDS)


async def _try(deliverer: Deliverer, parcel: Parcel, number: int, budget_seconds: float) -> Tried:
    receiver = parcel.receiver
    outcome = await attempt(lambda: deliverer.deliver(parcel), budget_seconds, receiver)
    if isinstance(outcome, Failure):
        outcome = Retry(0.0, f"URL {number} of {receiver}: {outcome.reason}: {outcome.detail}")
    return Tried(receiver, number, outcome)


def test_parcel(receiver: str, now: float) -> Parcel:
    """Return a parcel that is marked as a test and is about nothing."""
    key = uuid.uuid4().hex
    finding = Finding(RULE, Subject("daemon", "ringwacht"), Severity.INFO, RULE)
    alert = Alert(key, finding, AlertState.FIRING, now, now)
    return Parcel(f"{RULE}/{key}", receiver, (Notification(f"{RULE}/{key}", receiver, alert, now, now),), "test")


def _meant(name: str, settings: Settings, now: float) -> tuple[str, ...]:
    """Return the receivers with ways of their own: of one by duty whoever has it now, by file or last good copy."""
    _check_known(name, settings)
    return offline_roster(settings, now).expand([name], settings, now)


def _check_known(name: str, settings: Settings) -> None:
    receivers = settings.alerting.receivers
    if name not in receivers:
        hint = did_you_mean(name, receivers) or f"there is {', '.join(receivers) or 'none'}"
        raise StartError(f"{shown(name)} is no receiver of the configuration; {hint}")


def _line(tried: Tried) -> str:
    return tried.why or f"URL {tried.url} of {tried.receiver} took the message"


def _as_json(tried: Iterable[Tried]) -> str:
    found = [{"receiver": one.receiver, "url": one.url, "outcome": one.word, "why": one.why} for one in tried]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
