"""Asynchronous access to all that is kept but alerts and messages; what is in memory is read from there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from agent.contract import AlarmTest, CannotCheck, Deed, Heartbeat, Silence, Subject, Wire
from agent.estate import ConfigBackup, StateChange
from agent.state.database import Database, StateError
from agent.state.memory import Memory

T = TypeVar("T")

POOL = "sqlite"


class Kept:
    """What no message waits for: coroutines go to the file and raise StateError, all else is answered from memory."""

    def __init__(self, database: Database, wire: Wire) -> None:
        self._database = database
        self._wire = wire

    @property
    def damaged(self) -> tuple[Path, ...]:
        """Damaged files of the state that were put aside."""
        return self._database.damaged

    def silences(self) -> Mapping[str, Silence]:
        """Return every silence by id, also those that have ended; from memory."""
        return self._database.memory.silences

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return what each job last said, by service; from memory."""
        return self._database.memory.heartbeats

    def alarm_tests(self) -> Mapping[str, AlarmTest]:
        """Return, by receiver, since when tests of its ways are awaited and when the last one arrived; from memory."""
        return self._database.memory.alarm_tests

    def state_changes(self) -> Sequence[StateChange]:
        """Return, once, the changes of states of the last two years, oldest first: who goes on from them keeps them."""
        return self._database.take_states()

    async def history(self, subject: Subject, start: float, end: float) -> Sequence[StateChange]:
        """Return the changes of a subject in a period (seconds since the epoch), and the last one before it."""
        return await self._run(lambda: self._database.history(str(subject), start, end))

    async def record_alive(self, at: float) -> None:
        """Say that this daemon ran at ``at``, in seconds since the epoch."""
        await self._run(lambda: self._database.record_alive(at))

    def alive_at(self) -> float | None:
        """Return when a daemon had last run on this state as it was read, seconds since the epoch; None: never."""
        return self._database.memory.alive_at

    def kept_until(self) -> float:
        """Return up to when an earlier daemon is known to have written states, seconds since the epoch; from memory."""
        return self._database.memory.kept_until

    def config_backups(self) -> Mapping[str, ConfigBackup]:
        """Return what is known of each device's configuration backup; from memory."""
        return self._database.memory.config_backups

    def is_spent(self, token: str) -> bool:
        """Whether a one-time link was used; from memory."""
        return token in self._database.memory.spent

    def read_late(self) -> Memory | None:
        """Return, once, what lay in a file that could not be read at the start and was taken up since."""
        return self._database.read_late()

    async def deeds(self, limit: int) -> tuple[Deed, ...]:
        """Return what was done last, newest first."""
        return await self._run(lambda: self._database.deeds(limit))

    async def record_heartbeat(self, heartbeat: Heartbeat) -> None:
        """Keep what a job said."""
        await self._run(lambda: self._database.record_heartbeat(heartbeat))

    async def record_config_backups(self, kept: Iterable[ConfigBackup], gone: Iterable[str] = ()) -> None:
        """Keep what is known of configuration backups, and forget those of devices that are ``gone``."""
        await self._run(lambda: self._database.record_config_backups(kept, gone))

    async def prune(self, now: float) -> None:
        """Forget what is older than the history that is kept."""
        await self._run(lambda: self._database.prune(now))

    async def look_aside(self) -> None:
        """Look whether damaged files still lie there, if there were any."""
        if self.damaged:
            await self._run(self._database.look_aside)

    async def close(self) -> None:
        """Close the file."""
        await self._run(self._database.close)

    async def _run(self, call: Callable[[], T]) -> T:
        try:
            return await self._wire.blocking(POOL, call)
        except CannotCheck as error:
            raise StateError(f"state store: {error.detail}") from error
