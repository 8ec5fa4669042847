"""Asynchronous access to the state, and what is told from memory while it cannot be written.

A full disk must not silence an alert: messages that could not be committed are held here and delivered all the same;
their outcome is written once they have been committed. They are lost if the daemon ends before that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from agent.contract import Alert, CannotCheck, FindingKey, Notification, Transition, Wire
from agent.state.database import Database, StateError

T = TypeVar("T")

POOL = "sqlite"


class StateStore:
    """One ``Database`` for the event loop; every method raises StateError where the file cannot be used."""

    def __init__(self, database: Database, wire: Wire) -> None:
        self._database = database
        self._wire = wire
        self._held: dict[str, Notification] = {}
        self._settled: dict[str, float] = {}  # told from memory, by key: when

    async def load_alerts(self) -> dict[FindingKey, Alert]:
        """Return every alert as last committed; from memory."""
        return self._database.load_alerts()

    def told(self) -> Mapping[tuple[str, str], float]:
        """Return, by (alert id, receiver), when a receiver was last told that the alert fires; from memory."""
        return self._database.told()

    def hold(self, notifications: Iterable[Notification]) -> None:
        """Keep what could not be committed, so that it is delivered from memory."""
        for one in notifications:
            if one.key not in self._settled:
                self._held.setdefault(one.key, one)

    async def commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: Iterable[Transition] = (),
        notifications: Iterable[Notification] = (),
    ) -> None:
        """Write alerts, transitions and notifications in one transaction, then what was told from memory meanwhile."""
        written = tuple(notifications)
        await self._run(lambda: self._database.commit(alerts, transitions, written))
        for one in written:
            self._held.pop(one.key, None)
        for key, at in tuple(self._settled.items()):
            await self._run(partial(self._database.mark_delivered, key, at))
            del self._settled[key]

    async def pending(self, now: float, receiver: str | None = None) -> tuple[Notification, ...]:
        """Return what is due, oldest first; of one alert and receiver only the first."""
        found = await self._run(lambda: self._database.pending(now, receiver))
        due = [one for one in found if one.key not in self._settled]
        open_for = {(one.alert.id, one.receiver) for one in due}
        for one in self._held.values():
            pair = (one.alert.id, one.receiver)
            if receiver in {None, one.receiver} and pair not in open_for:
                open_for.add(pair)
                if one.not_before <= now:
                    due.append(one)
        return tuple(due)

    async def next_due(self, receiver: str) -> float | None:
        """Return when the receiver's next notification may be tried."""
        stored = await self._run(lambda: self._database.next_due(receiver))
        held = (one.not_before for one in self._held.values() if one.receiver == receiver)
        return min((at for at in (stored, *held) if at is not None), default=None)

    async def backlog(self) -> dict[str, int]:
        """Return the number of undelivered notifications of each receiver."""
        stored = await self._run(self._database.backlog)
        return dict(Counter(stored) + Counter(one.receiver for one in self._held.values()))

    async def mark_delivered(self, key: str, now: float) -> None:
        """Record that the receiver has it."""
        if self._held.pop(key, None) is not None:
            self._settled[key] = now
        else:
            await self._run(lambda: self._database.mark_delivered(key, now))

    async def mark_failed(self, key: str, why: str, now: float, instead: Notification | None = None) -> None:
        """Record that the receiver refuses it for good, and queue ``instead``."""
        if self._held.pop(key, None) is not None:
            self._settled[key] = now
            self.hold(() if instead is None else (instead,))
        else:
            await self._run(lambda: self._database.mark_failed(key, why, now, instead))

    async def mark_retry(self, key: str, next_try: float, why: str) -> None:
        """Record a failed attempt and when to try again."""
        if (one := self._held.get(key)) is not None:
            self._held[key] = replace(one, not_before=next_try, attempts=one.attempts + 1)
        else:
            await self._run(lambda: self._database.mark_retry(key, next_try, why))

    async def prune(self, now: float) -> None:
        """Forget what is older than the history that is kept."""
        await self._run(lambda: self._database.prune(now))

    async def close(self) -> None:
        """Close the file."""
        await self._run(self._database.close)

    async def _run(self, call: Callable[[], T]) -> T:
        try:
            return await self._wire.blocking(POOL, call)
        except CannotCheck as error:
            raise StateError(f"state store: {error.detail}") from error
