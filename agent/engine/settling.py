"""What was decided and done, on its way to the disk: one commit after the other, and what could not be written yet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import structlog
from structlog.typing import FilteringBoundLogger

from agent.alerts.hearing import Told
from agent.contract import Alert, FindingKey, Notification, Transition
from agent.state.database import NOTHING, StateError
from agent.state.ledger import Ledger
from agent.state.store import StateStore
from agent.state.tellings import with_messages

_log: FilteringBoundLogger = structlog.get_logger("alerts")

# A commit takes milliseconds; a disk that hangs must not take the look with it.
COMMIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Owed:
    """What was decided and is not known to be committed."""

    transitions: tuple[Transition, ...] = ()
    messages: tuple[Notification, ...] = ()
    done: Ledger = NOTHING

    def __add__(self, other: Owed) -> Owed:
        """Return both, the other one later."""
        transitions, messages = self.transitions + other.transitions, self.messages + other.messages
        return Owed(transitions, messages, self.done + other.done)

    def after(self, written: Owed) -> Owed:
        """Return what was added since ``written``, which this began with."""
        transitions, messages = self.transitions[len(written.transitions) :], self.messages[len(written.messages) :]
        return Owed(transitions, messages, self.done.after(written.done))


class Settling:
    """Writes the alerts, as ``alerts`` returns them at that moment, with all that is owed."""

    def __init__(self, store: StateStore, alerts: Callable[[], Mapping[FindingKey, Alert]]) -> None:
        self._store = store
        self._alerts = alerts
        self._owed = Owed()
        self._due = False
        self._broken = False
        self._writing: asyncio.Future[None] | None = None
        self._turn = asyncio.Lock()

    @property
    def behind(self) -> bool:
        """Whether the file is known not to have all of it."""
        return self._broken or self._store.unwritten

    def owe(self, more: Owed) -> None:
        """Have it written with the next commit."""
        self._owed += more
        self._due = True

    def told(self) -> Told:
        """What each receiver was told of each alert, what is still owed included."""
        owed = (one for one in self._owed.messages if not self._store.is_withdrawn(one.key))
        return with_messages(self._store.tellings(), owed)

    def is_spent(self, token: str) -> bool:
        """Whether a one-time link was used; one whose use is to be taken back was not."""
        return self._store.is_spent(token) and self._owed.done.spent.get(token, 0.0) is not None

    async def write(self, done: Ledger) -> None:
        """Commit the alerts with what somebody did. Raises StateError; then it is not owed any more.

        A commit that is late may write it all the same: what must not stand is owed back by the caller.
        """
        self.owe(Owed(done=done))
        await self._settle()
        if self._broken:
            self._owed = replace(self._owed, done=self._owed.done.without(done))
            raise StateError("the state cannot be written at the moment")

    async def settle(self) -> None:
        """Write what is owed, if anything is; what cannot be written stays owed, as what was added meanwhile."""
        if self._due or self.behind:
            await self._settle()

    async def _settle(self) -> None:
        async with self._turn:
            try:
                written = await self._commit()
            except (StateError, TimeoutError) as error:
                if not self._broken:
                    why = str(error) or f"no answer within {COMMIT_SECONDS:g} s"
                    _log.error("state cannot be written; going on from memory", detail=why)
                self._broken = True
                self._store.hold(self._owed.messages)
                return
            if self._broken:
                _log.info("state is written again")
            self._broken, self._owed = False, self._owed.after(written)
            self._due = self._owed != Owed()

    async def _commit(self) -> Owed:
        """Commit within ``COMMIT_SECONDS``; return what of the owed was written.

        A commit cannot be taken back: a late one goes on, and is waited for first.
        Raises StateError, TimeoutError.
        """
        async with asyncio.timeout(COMMIT_SECONDS):
            if self._writing is not None and not self._writing.done():
                await asyncio.wait((self._writing,))
            owed = self._owed
            commit = self._store.commit(self._alerts(), owed.transitions, owed.messages, owed.done)
            self._writing = asyncio.ensure_future(commit)
            self._writing.add_done_callback(_retrieve)
            await asyncio.wait((self._writing,))
        self._writing.result()
        return owed


def _retrieve(done: asyncio.Future[None]) -> None:
    """Take note of how a commit ended that nobody may wait for any more."""
    if not done.cancelled():
        done.exception()
