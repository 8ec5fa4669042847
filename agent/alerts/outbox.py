"""Delivery: what was committed goes out at least once, however long the way is cut, and over a restart.

One task for each receiver, so that a slow one does not hold up another. A message leaves the outbox only when its
receiver has accepted it or refuses it for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from agent import families
from agent.alerts.routing import message_key
from agent.contract import Clock, Delivered, Deliverer, Delivery, Notification, Parcel, Rejected, Retry, Telemetry
from agent.state.database import StateError
from agent.state.store import StateStore
from agent.wire.attempt import Failure, attempt

FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0
LONGEST_ASKED_SECONDS = 3600.0  # no receiver may ask for more patience than this
LOOK_AGAIN_SECONDS = 60.0  # wall clocks step: never sleep longer towards a moment
STATE_PAUSE_SECONDS = 10.0
DELIVERY_BUDGET_SECONDS = 60.0

_NO_FALLBACKS: Mapping[str, str] = MappingProxyType({})
_log: FilteringBoundLogger = structlog.get_logger("outbox")


def pause_after(attempts: int, asked_seconds: float) -> float:
    """Seconds until the next try after so many failed ones: doubled each time, capped; never less than asked for."""
    backoff = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(attempts, 16))
    return max(backoff, min(asked_seconds, LONGEST_ASKED_SECONDS))


class Outbox:
    """Delivers what the store holds. ``fallbacks``: who is told instead of a receiver that refuses for good."""

    def __init__(
        self,
        store: StateStore,
        deliverers: Mapping[str, Deliverer],
        clock: Clock,
        telemetry: Telemetry,
        fallbacks: Mapping[str, str] = _NO_FALLBACKS,
    ) -> None:
        self._store = store
        self._deliverers = dict(deliverers)
        self._clock = clock
        self._telemetry = telemetry
        self._fallbacks = dict(fallbacks)
        self._wakes = {receiver: asyncio.Event() for receiver in deliverers}
        self._changed = asyncio.Event()
        self._failing: set[str] = set()
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Deliver until ``stop`` or cancellation; a delivery cut short is tried again by the next run."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._loop(self._changed, self._survey), name="outbox")
            for receiver, deliverer in self._deliverers.items():
                group.create_task(self._loop(self._wakes[receiver], self._round(receiver, deliverer)), name=receiver)

    def wake(self) -> None:
        """Something was committed: look at once."""
        for event in (self._changed, *self._wakes.values()):
            event.set()

    def stop(self) -> None:
        """Let ``run`` return once the deliveries under way have ended."""
        self._stopped.set()
        self.wake()

    async def _loop(self, wake: asyncio.Event, work: Callable[[], Coroutine[Any, Any, float]]) -> None:
        """Do the work, wait as long as it says or until woken, again; a broken store is not asked at each wake."""
        while not self._stopped.is_set():
            wake.clear()
            try:
                pause = await work()
                self._recovered("state")
            except StateError as error:
                self._failed("state", str(error))
                await self._wait(self._stopped, STATE_PAUSE_SECONDS)
            else:
                await self._wait(wake, pause)

    async def _wait(self, wake: asyncio.Event, seconds: float) -> None:
        waiters = {asyncio.ensure_future(wake.wait()), asyncio.ensure_future(self._clock.sleep(seconds))}
        try:
            await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()

    def _round(self, receiver: str, deliverer: Deliverer) -> Callable[[], Coroutine[Any, Any, float]]:
        async def deliver_all_due() -> float:
            due = await self._store.pending(self._clock.now(), receiver)
            for notification in due:
                if self._stopped.is_set():
                    break
                await self._deliver(notification, deliverer)
            if due:
                self._changed.set()
                return 0.0
            moment = await self._store.next_due(receiver)
            left = LOOK_AGAIN_SECONDS if moment is None else moment - self._clock.now()
            return min(max(0.0, left), LOOK_AGAIN_SECONDS)

        return deliver_all_due

    async def _deliver(self, notification: Notification, deliverer: Deliverer) -> None:
        parcel = Parcel(notification.key, notification.receiver, (notification,))
        call = partial(deliverer.deliver, parcel)
        tried = await attempt(call, DELIVERY_BUDGET_SECONDS, notification.receiver)
        await self._settle(
            notification, Retry(0, f"{tried.reason}: {tried.detail}") if isinstance(tried, Failure) else tried
        )

    async def _survey(self) -> float:
        """Count what waits, and refuse what is addressed to nobody (a receiver that the configuration dropped)."""
        waiting = await self._store.backlog()
        self._telemetry.set(families.OUTBOX, (), sum(waiting.values()))
        unknown = [receiver for receiver in waiting if receiver not in self._deliverers]
        for receiver in unknown:
            for notification in await self._store.pending(self._clock.now(), receiver):
                await self._settle(notification, Rejected("no such receiver any more"))
        return LOOK_AGAIN_SECONDS

    async def _settle(self, notification: Notification, outcome: Delivery) -> None:
        receiver = notification.receiver
        now = self._clock.now()
        match outcome:
            case Delivered():
                await self._store.mark_delivered(notification.key, now)
                self._count(receiver, "delivered")
                self._recovered(receiver)
            case Retry(after_seconds=asked, why=why):
                pause = pause_after(notification.attempts, asked)
                await self._store.mark_retry(notification.key, now + pause, why)
                self._count(receiver, "retry")
                self._failed(receiver, why)
            case Rejected(why=why):
                await self._reject(notification, why, now)

    async def _reject(self, notification: Notification, why: str, now: float) -> None:
        """Give up on this receiver, and tell its fallback instead."""
        receiver = notification.receiver
        fallback = self._fallbacks.get(receiver)
        instead = None if fallback is None else _readdressed(notification, fallback, now)
        await self._store.mark_failed(notification.key, why, now, instead)
        self._count(receiver, "rejected")
        _log.error("notification refused", receiver=receiver, why=why, fallback=fallback, key=notification.key)
        if fallback in self._wakes:
            self._wakes[fallback].set()

    def _count(self, receiver: str, outcome: str) -> None:
        self._telemetry.count(families.NOTIFICATIONS, (("receiver", receiver), ("outcome", outcome)))

    def _failed(self, what: str, why: str) -> None:
        if what not in self._failing:
            self._failing.add(what)
            _log.warning("cannot deliver, trying on", what=what, why=why)

    def _recovered(self, what: str) -> None:
        if what in self._failing:
            self._failing.discard(what)
            _log.info("delivers again", what=what)


def _readdressed(notification: Notification, receiver: str, now: float) -> Notification:
    """The same message to someone else; its key is the one that routing would have given it."""
    again = notification.key.removeprefix(message_key(notification.alert, notification.receiver))
    return Notification(message_key(notification.alert, receiver) + again, receiver, notification.alert, now, now)
