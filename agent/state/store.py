"""Asynchronous access to the state, and what is told from memory while it cannot be written.

A full or hanging disk must not silence an alert: messages that could not be committed are held here and delivered all
the same, ends that could not be recorded are remembered, and both are written with the next commit that succeeds. They
are lost if the daemon ends before that: then a message may come twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from agent.contract import (
    Alert,
    AlertState,
    CannotCheck,
    Deed,
    FindingKey,
    Heartbeat,
    Notification,
    Sent,
    Silence,
    Transition,
    Wire,
)
from agent.state.database import NOTHING, Database, StateError
from agent.state.ledger import Ledger

T = TypeVar("T")

POOL = "sqlite"
READ_SECONDS = 2.0  # a read takes a millisecond; a disk that hangs must not hold up what is in memory
STORED_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a message ended, not yet in the file: failed where ``why`` says so, delivered else."""

    at: float
    why: str | None = None


class StateStore:
    """One ``Database`` for the event loop; reads and commits raise StateError where the file cannot be used."""

    def __init__(self, database: Database, wire: Wire) -> None:
        self._database = database
        self._wire = wire
        self._held: dict[str, Notification] = {}  # open, not in the file
        self._instead: dict[str, Notification] = {}  # to fallbacks, not in the file; nobody else commits them
        self._outcomes: dict[str, _Outcome] = {}
        self._retries: dict[str, float] = {}  # when to try again what is in the file
        self._stored: OrderedDict[str, None] = OrderedDict()  # keys that lately were written

    @property
    def unwritten(self) -> bool:
        """Whether something happened that the file does not know."""
        return bool(self._outcomes or self._retries or self._instead)

    async def load_alerts(self) -> dict[FindingKey, Alert]:
        """Return every alert as last committed; from memory."""
        return self._database.load_alerts()

    def told(self) -> Mapping[tuple[str, str], float]:
        """Return, by (alert id, receiver), when a receiver last was told that the alert fires; from memory."""
        firing = (one for one in self._instead.values() if one.alert.state is AlertState.FIRING)
        return {**self._database.told(), **{(one.alert.id, one.receiver): one.not_before for one in firing}}

    def hold(self, notifications: Iterable[Notification]) -> None:
        """Keep what could not be committed, so that it is delivered from memory; what is known is passed over."""
        for one in notifications:
            if one.key not in self._outcomes and one.key not in self._stored:
                self._held.setdefault(one.key, one)

    async def commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: Iterable[Transition] = (),
        notifications: Iterable[Notification] = (),
        done: Ledger = NOTHING,
    ) -> None:
        """Write all of it in one transaction, then what memory knows of the end of notifications."""
        written = (*notifications, *self._instead.values())
        await self._run(lambda: self._database.commit(alerts, transitions, written, done))
        for one in written:
            self._held.pop(one.key, None)
            self._instead.pop(one.key, None)
            self._stored[one.key] = None
        while len(self._stored) > STORED_REMEMBERED:
            self._stored.popitem(last=False)
        await self._write_ends()

    async def pending(self, now: float, receiver: str | None = None) -> tuple[Notification, ...]:
        """Return what is due, oldest first; of one alert and receiver only the first."""
        nothing: tuple[Notification, ...] = ()
        found = await self._read(partial(self._database.pending, now, receiver), nothing)
        due = [one for one in found if one.key not in self._outcomes and self._retries.get(one.key, now) <= now]
        open_for = {(alert, to) for key, alert, to in await self._unfinished() if key not in self._outcomes}
        for one in self._held.values():
            pair = (one.alert.id, one.receiver)
            if receiver in {None, one.receiver} and pair not in open_for:
                open_for.add(pair)
                if one.not_before <= now:
                    due.append(one)
        return tuple(due)

    async def next_due(self, receiver: str) -> float | None:
        """Return when the receiver's next notification may be tried."""
        stored = await self._read(partial(self._database.next_due, receiver), None)
        held = (one.not_before for one in self._held.values() if one.receiver == receiver)
        return min((at for at in (stored, *held) if at is not None), default=None)

    async def backlog(self) -> dict[str, int]:
        """Return the number of undelivered notifications of each receiver."""
        stored = Counter(to for key, _, to in await self._unfinished() if key not in self._outcomes)
        return dict(stored + Counter(one.receiver for one in self._held.values()))

    async def mark_delivered(self, key: str, now: float) -> None:
        """Record that the receiver has it: in memory, where the file cannot be written."""
        await self._end(key, _Outcome(now), lambda: self._database.mark_delivered(key, now))

    async def mark_failed(self, key: str, why: str, now: float, instead: Notification | None = None) -> None:
        """Record that the receiver refuses it for good, and queue ``instead``."""
        if not await self._end(key, _Outcome(now, why), lambda: self._database.mark_failed(key, why, now, instead)):
            self._instead |= {} if instead is None else {instead.key: instead}
            self.hold(() if instead is None else (instead,))

    async def mark_retry(self, key: str, next_try: float, why: str) -> None:
        """Record a failed attempt and when to try again."""
        if (one := self._held.get(key)) is not None:
            self._held[key] = replace(one, not_before=next_try, attempts=one.attempts + 1)
            return
        try:
            await self._run(lambda: self._database.mark_retry(key, next_try, why))
        except StateError:
            self._retries[key] = next_try

    def silences(self) -> Mapping[str, Silence]:
        """Return every silence by id, also those that have ended; from memory."""
        return self._database.silences()

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return what each job last said, by service; from memory."""
        return self._database.heartbeats()

    def is_spent(self, token: str) -> bool:
        """Whether a one-time link was used; from memory."""
        return self._database.is_spent(token)

    async def deeds(self, limit: int) -> tuple[Deed, ...]:
        """Return what was done last, newest first."""
        return await self._run(lambda: self._database.deeds(limit))

    async def sent(self, limit: int) -> tuple[Sent, ...]:
        """Return what waits, then what came to its end, newest first."""
        return await self._run(lambda: self._database.sent(limit))

    async def record_heartbeat(self, heartbeat: Heartbeat) -> None:
        """Keep what a job said."""
        await self._run(lambda: self._database.record_heartbeat(heartbeat))

    async def prune(self, now: float) -> None:
        """Forget what is older than the history that is kept."""
        await self._run(lambda: self._database.prune(now))

    async def close(self) -> None:
        """Close the file."""
        await self._run(self._database.close)

    async def _unfinished(self) -> tuple[tuple[str, str, str], ...]:
        """Key, alert id and receiver of what is open in the file."""
        nothing: tuple[tuple[str, str, str], ...] = ()
        return await self._read(self._database.unfinished, nothing)

    async def _end(self, key: str, outcome: _Outcome, write: Callable[[], None]) -> bool:
        """Record how a message ended; return whether the file knows it."""
        if self._held.pop(key, None) is None:
            try:
                await self._run(write)
            except StateError:
                pass
            else:
                return True
        self._outcomes[key] = outcome
        return False

    async def _write_ends(self) -> None:
        """Record the ends that only memory knows; a message that the file does not have yet keeps its end here."""
        if not (self._outcomes or self._retries):
            return
        unfinished = {key for key, _, _ in await self._run(self._database.unfinished)}
        for key, outcome in tuple(self._outcomes.items()):
            if key not in unfinished and key not in self._stored:
                continue
            if outcome.why is None:
                await self._run(partial(self._database.mark_delivered, key, outcome.at))
            else:
                await self._run(partial(self._database.mark_failed, key, outcome.why, outcome.at))
            del self._outcomes[key]
        for key, next_try in tuple(self._retries.items()):
            await self._run(partial(self._database.mark_retry, key, next_try, "tried while the state was not written"))
            del self._retries[key]

    async def _read(self, call: Callable[[], T], otherwise: T) -> T:
        """Read within ``READ_SECONDS``; where that fails, go on with what is held, if anything is."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await self._run(call)
        except (StateError, TimeoutError) as error:
            if self._held:
                return otherwise
            raise StateError(str(error) or f"state store: no answer within {READ_SECONDS:g} s") from error

    async def _run(self, call: Callable[[], T]) -> T:
        try:
            return await self._wire.blocking(POOL, call)
        except CannotCheck as error:
            raise StateError(f"state store: {error.detail}") from error
