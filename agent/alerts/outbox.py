"""Delivery: what was committed goes out at least once, however long the way is cut, and over a restart.

One task for each way of each receiver, so that a slow or dead one does not hold up another. A message leaves the outbox
when every way of its receiver has taken it; or refuses it, and a fallback is told. What waits is in memory
(``StateStore``); the disk is written, once before the first try of a parcel and once after each, and not read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from agent import families
from agent.alerts.gauges import declare
from agent.alerts.handling import Handling, redirected, stand_ins
from agent.alerts.line import Line, combined
from agent.alerts.outcome import NOBODY_HEARD, after, is_of_use, let_go
from agent.alerts.parcels import Choice, choose, is_due
from agent.contract import (
    Clock,
    Delivered,
    Deliverer,
    Delivery,
    Notification,
    Rejected,
    Retry,
    Sent,
    Telemetry,
)
from agent.state.store import StateStore

SHORTEST_WAIT_SECONDS = 0.01  # where only rounding is between now and then
LOOK_AGAIN_SECONDS = 60.0  # wall clocks step: never sleep longer towards a moment

_log: FilteringBoundLogger = structlog.get_logger("outbox")


class Outbox:
    """Delivers what the store holds. ``receivers``: by name, their ways, by names that stay the same over a restart.

    ``luck``: random numbers from 0 to 1, for the jitter of pauses.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts it joins
        self,
        store: StateStore,
        receivers: Mapping[str, Mapping[str, Deliverer]],
        clock: Clock,
        telemetry: Telemetry,
        handling: Handling,
        luck: Callable[[], float],
    ) -> None:
        self._store = store
        self._clock = clock
        self._telemetry = telemetry
        self._handling = handling
        self._lines = {
            name: tuple(Line(name, way, deliverer, clock, luck) for way, deliverer in ways.items())
            for name, ways in receivers.items()
        }
        self._wakes = {name: tuple(asyncio.Event() for _ in lines) for name, lines in self._lines.items()}
        self._making_up = {name: asyncio.Lock() for name in self._lines}
        self._changed = asyncio.Event()
        self._stopped = asyncio.Event()
        self._progress: dict[Line | None, float] = {}
        self._stood_in: set[str] = set()  # keys of messages of which the fallback was told

    @property
    def progressed_at(self) -> float:
        """When, on the monotonic clock, the part of the outbox that is behind most last completed a round."""
        return min(self._progress.values(), default=self._clock.monotonic())

    async def run(self) -> None:
        """Deliver until ``stop`` or cancellation; a delivery cut short is tried again by the next run."""
        for name, lines in self._lines.items():
            for line in lines:
                line.recall(self._waiting_for(name))
        self._store.troubles = combined(self._all_lines)
        self._progress = dict.fromkeys((None, *self._all_lines), self._clock.monotonic())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._loop(None, self._changed, self._survey), name="outbox")
                for name, lines in self._lines.items():
                    for line, wake in zip(lines, self._wakes[name], strict=True):
                        group.create_task(self._loop(line, wake, self._round(line)), name=name)
        finally:
            for line in self._all_lines:
                await line.cut_short()

    def wake(self) -> None:
        """Something was committed: look at once."""
        self._changed.set()
        self._rouse(self._wakes)

    def stop(self) -> None:
        """Let ``run`` return once the deliveries under way have ended."""
        self._stopped.set()
        self.wake()

    @property
    def _all_lines(self) -> Iterator[Line]:
        return chain.from_iterable(self._lines.values())

    async def _loop(
        self, line: Line | None, wake: asyncio.Event, work: Callable[[], Coroutine[Any, Any, float]]
    ) -> None:
        """Do the work, wait as long as it says or until woken, again."""
        while not self._stopped.is_set():
            wake.clear()
            pause = await work()
            self._progress[line] = self._clock.monotonic()
            await self._wait(wake, min(pause, LOOK_AGAIN_SECONDS))

    async def _wait(self, wake: asyncio.Event, seconds: float) -> None:
        waiters = {asyncio.ensure_future(wake.wait()), asyncio.ensure_future(self._clock.sleep(seconds))}
        try:
            await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()

    def _round(self, line: Line) -> Callable[[], Coroutine[Any, Any, float]]:
        async def deliver_next() -> float:
            if line.rest > 0.0:
                return max(line.rest, SHORTEST_WAIT_SECONDS)
            choice = line.unfinished or await self._choose(line)
            if choice.parcel is None:
                return max(choice.wait, SHORTEST_WAIT_SECONDS)
            outcome = await line.hand_over(choice, choice.parcel)
            await self._settle(line, choice, outcome)
            self._changed.set()
            return line.rest

        return deliver_next

    async def _choose(self, line: Line) -> Choice:
        """Choose what goes next; what is made up is written down before any way of the receiver tries it."""
        name = line.receiver
        async with self._making_up[name]:
            await self._end_what_is_over(name)
            waiting = [one for one in self._waiting_for(name) if line.awaits(one)]
            choice = choose(waiting, self._store.handed(name), self._handling, self._clock.now(), line.past)
            if choice.is_new:
                await self._store.record(choice.entries)
                self._rouse((name,))
            return choice

    def _waiting_for(self, receiver: str) -> tuple[Sent, ...]:
        return tuple(one for one in self._store.waiting() if one.notification.receiver == receiver)

    async def _end_what_is_over(self, receiver: str) -> None:
        lines, waiting = self._lines[receiver], self._waiting_for(receiver)
        let_go(lines, waiting, self._store.heard(), self._clock.now())
        ended = (self._ended(one) for one in waiting)
        await self._record([one for one in ended if one.outcome is not None])
        for line in lines:
            line.forget_all_but(self._waiting_for(receiver))

    async def _settle(self, line: Line, choice: Choice, outcome: Delivery) -> None:
        open_now = (self._store.entry(one.notification.key) for one in choice.entries)  # other ways try them as well
        entries = [one for one in open_now if one is not None]
        next_try = line.note(choice.entries, outcome)
        self._note(line.receiver, outcome)
        added: list[Notification] = []
        if isinstance(outcome, Rejected):
            for one in entries:
                told = tuple(stand_ins(one, line.trouble, self._handling, self._clock.now()))
                told = tuple(instead for instead in told if is_of_use(instead, self._store.heard()))
                added += told
                if not all(self._store.is_over(instead.key) for instead in told):
                    line.give_up((one,))
        tried = (after(one, line.way, outcome, next_try, self._clock.now()) for one in entries)
        await self._record([self._ended(one) for one in tried], added)

    def _ended(self, entry: Sent) -> Sent:
        """Return it at its end, where no way of its receiver is left."""
        lines = self._lines[entry.notification.receiver]
        if any(line.awaits(entry) for line in lines):
            return entry
        why = entry.why if any(line.has_given_up(entry) for line in lines) else ""
        now = self._clock.now()
        if entry.taken_at is None:
            return replace(entry, outcome="failed", finished_at=now, why=entry.why or NOBODY_HEARD)
        return replace(entry, outcome="delivered", finished_at=now, why=why)

    async def _record(self, entries: Sequence[Sent], added: Sequence[Notification] = ()) -> None:
        if entries or added:
            await self._store.record(entries, added)
            self._rouse(one.receiver for one in added)

    def _note(self, receiver: str, outcome: Delivery) -> None:
        before = self._store.troubles.get(receiver)
        self._store.troubles = combined(self._all_lines)
        match outcome:
            case Delivered():
                self._count(receiver, "delivered")
                if before is not None and receiver not in self._store.troubles:
                    _log.info("delivers again", receiver=receiver)
            case Retry(why=why):
                self._count(receiver, "retry")
                if before is None:
                    _log.warning("cannot deliver, trying on", receiver=receiver, why=why)
            case Rejected(why=why):
                self._count(receiver, "rejected")
                if before is None or not before.for_good:
                    _log.error("message refused", receiver=receiver, why=why)

    # --- what concerns all receivers ---------------------------------------------------------------------------------

    async def _survey(self) -> float:
        """Readdress what its receiver cannot get, write what the disk did not take, and say what waits."""
        now = self._clock.now()
        self._store.troubles = combined(self._all_lines)
        waiting = [one for one in self._store.waiting() if is_due(one, now) or one.parcel is not None]
        self._stood_in &= {one.notification.key for one in waiting}
        ended, added = list[Sent](), list[Notification]()
        for entry in waiting:
            if entry.notification.receiver in self._lines:
                added += self._instead(entry, now)
            else:
                told = [one for one in redirected(entry, self._handling, now) if one.receiver in self._lines]
                ended.append(self._gone(entry, told, now))
                added += told
        await self._record(ended, added)
        await self._store.catch_up()
        await self._store.look_aside()
        declare(self._store, self._lines, self._telemetry, now)
        return LOOK_AGAIN_SECONDS

    def _instead(self, entry: Sent, now: float) -> Sequence[Notification]:
        """Return what the fallback is told as well, once, where the receiver has not been reached for long."""
        trouble = self._store.troubles.get(entry.notification.receiver)
        untried = trouble is not None and trouble.for_good and not entry.notification.attempts
        if trouble is None or untried or entry.notification.key in self._stood_in:
            return ()  # what is refused is told at once; before it is tried nobody knows
        added = tuple(stand_ins(entry, trouble, self._handling, now))
        if added:
            self._stood_in.add(entry.notification.key)
        return added

    def _gone(self, entry: Sent, told: Sequence[Notification], now: float) -> Sent:
        """Return it at its end, because the receiver has no way of its own: it stands for others, or is gone."""
        receiver = entry.notification.receiver
        if not told:
            self._count(receiver, "rejected")
            _log.error("message to nobody", receiver=receiver, key=entry.notification.key)
        why = "no such receiver any more" if not told else f"told to {', '.join(one.receiver for one in told)}"
        return replace(entry, outcome="failed", finished_at=now, why=why)

    def _rouse(self, receivers: Iterable[str]) -> None:
        for receiver in receivers:
            for wake in self._wakes.get(receiver, ()):
                wake.set()

    def _count(self, receiver: str, outcome: str) -> None:
        self._telemetry.count(families.NOTIFICATIONS, (("receiver", receiver), ("outcome", outcome)))
