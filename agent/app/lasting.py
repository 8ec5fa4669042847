"""What is kept for years: how things stood, and that this daemon ran to see it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Clock, Refused, Subject
from agent.estate import StateChange
from agent.state.database import StateError
from agent.state.store import StateStore

# One row in a commit of its own, in the thread of the state store: half a millisecond a minute.
ALIVE_EVERY_SECONDS = 60.0

_log: FilteringBoundLogger = structlog.get_logger("state")


class Lasting:
    """Notes each minute, and at the end, when was last looked; ``looked_at``: seconds since the epoch, None: never.

    After a start what happened since that moment is not known. A daemon that runs and does not judge sees nothing.
    """

    def __init__(self, store: StateStore, clock: Clock, looked_at: Callable[[], float | None]) -> None:
        self._store = store
        self._clock = clock
        self._looked_at = looked_at
        self._noted: float | None = None
        self._behind = False

    async def run(self) -> None:
        """Note it until cancelled."""
        while True:
            await self.note()
            await self._clock.sleep(ALIVE_EVERY_SECONDS)

    async def note(self) -> None:
        """Note it now; never raises: that the state cannot be written is told already, and found by the next commit."""
        at = self._looked_at()
        if at is None or at == self._noted or self._is_behind(at):
            return
        with contextlib.suppress(StateError):
            await self._store.record_alive(at)
            self._noted = at

    def _is_behind(self, at: float) -> bool:
        """Whether an earlier daemon ran later than this one by its clock: then nothing is noted until it is right."""
        behind = at < self._store.kept_until()
        if behind and not self._behind:
            _log.error("clock is behind the time of the state; states are not recorded until it is right")
        self._behind = behind
        return behind

    async def history(self, subject: Subject, start: float, end: float) -> Sequence[StateChange]:
        """Return the changes of a subject in a period (seconds since the epoch), and the last one before it.

        Raises Refused where the state store cannot be read.
        """
        try:
            return await self._store.history(subject, start, end)
        except StateError as error:
            raise Refused("unavailable", str(error)) from error
