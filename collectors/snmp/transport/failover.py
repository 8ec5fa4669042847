"""Two engines for one device: the fast one, and where it cannot read an answer the compatible one. I/O only.

The same request is asked again in the same poll, so the values come; a device that needs it in poll after poll stays
with the compatible engine for some hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gufo.snmp._fast import GetIter

from agent.contract import Reason, Unreachable
from collectors.snmp.oid import Value
from collectors.snmp.transport.budget import Budget
from collectors.snmp.transport.client import Page, Session
from collectors.snmp.transport.compat import CompatSession, Position
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.sieve import Undecodable
from collectors.snmp.transport.status import TOO_BIG, ErrorStatus

POLLS_TO_CHANGE = 3
"""Polls in a row in which the fast engine could not read an answer, before it is not asked any more."""
POLLS_TO_RETRY = 1000
"""Polls after which the fast engine is tried again: some 17 hours."""
FALLS_A_POLL = 3
"""So many answers that it could not read: for the rest of the poll it is not asked."""


@dataclass(slots=True)
class Cursor:
    """A walk's position in both engines; ``slow`` is set once the compatible one has taken over."""

    root: str
    repetitions: int
    fast: GetIter
    last: str
    slow: Position | None = None


class Conversation:
    """What a poll and its walks ask of a device; ``begin_poll`` begins one and its budget.

    Without ``fast`` the compatible engine does it all; without ``fallback`` it does nothing. ``retries`` says how often
    a request without answer is sent again.
    """

    def __init__(
        self, fast: Session | None, compatible: CompatSession, budget: Budget, retries: int, *, fallback: bool = True
    ) -> None:
        self.retries = retries
        self._fast = fast
        self._slow = compatible
        self._budget = budget
        self._fallback = fallback
        self._falls = self._streak = self._resting = 0
        self._answered = False

    @property
    def engine(self) -> Engine:
        """The engine that is asked first."""
        return "pysnmp" if self._fast is None or self._resting else "gufo"

    @property
    def octets(self) -> int:
        """Octets of the answers to this poll's requests; of the compatible engine's those of texts."""
        return self._budget.octets

    @property
    def packets(self) -> int:
        """Requests sent since the last ``start``."""
        return self._budget.packets

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self._budget.is_over

    @property
    def engine_id(self) -> str:
        """Of v3, in hexadecimal."""
        return (self._fast.engine_id if self._fast else "") or self._slow.engine_id

    def take_resyncs(self) -> Counter[str]:
        """Return why clock or engine of a v3 device were read anew since the last call, counted."""
        found = self._slow.resyncs + (self._fast.resyncs if self._fast else Counter[str]())
        self._slow.resyncs.clear()
        if self._fast is not None:
            self._fast.resyncs.clear()
        return found

    @property
    def knows_bulk(self) -> bool:
        """Whether the protocol version has GETBULK."""
        return self._slow.knows_bulk

    @property
    def trace(self) -> Callable[[str], None] | None:
        """Told of each exchange."""
        return self._budget.trace

    @trace.setter
    def trace(self, told: Callable[[str], None] | None) -> None:
        self._budget.trace = told

    def take_invalid(self) -> int:
        """Return how many values were none of their type since the last call."""
        invalid, self._slow.invalid = self._slow.invalid, 0
        return invalid

    def begin_poll(self, budget_seconds: float) -> None:
        """Begin a poll, count the last one's failures to decode, and ``start``."""
        self._resting = max(0, self._resting - 1)
        self._streak = self._streak + 1 if self._falls else 0
        if self._streak >= POLLS_TO_CHANGE:
            self._resting, self._streak = POLLS_TO_RETRY, 0
        self._falls = 0
        self.start(budget_seconds)

    def start(self, budget_seconds: float) -> None:
        """Begin what is over in so many seconds whatever the device does (F10); that alone is no poll."""
        self._budget.start(budget_seconds)
        self._slow.start()
        if self._fast is not None:
            self._fast.start()

    def be_patient(self, timeout_seconds: float, retries: int) -> None:
        """Wait at least so long for each answer, and ask at least so often again: what module files say."""
        self.retries = max(self.retries, retries)
        self._budget.timeout_seconds = max(self._budget.timeout_seconds, timeout_seconds)

    def allow(self, seconds: float) -> None:
        """Give so many seconds from now on, however much of the poll's time is used up."""
        self._budget.allow(seconds)

    def shorten(self, seconds: float) -> None:
        """Let the poll be over in so many seconds at the latest."""
        self._budget.shorten(seconds)

    def close(self) -> None:
        """Release the sockets; the next request opens others."""
        self._slow.close()
        if self._fast is not None:
            self._fast.close()

    def cursor(self, root: str, repetitions: int) -> Cursor:
        """Return a position before the first row of a subtree."""
        return Cursor(root, repetitions, GetIter(root, repetitions), root)

    async def get(self, oids: Sequence[str], retries: int | None = None) -> dict[str, Value]:
        """Return the values by OID, None where the device says that it has none; an invalid one is left out.

        Raises ErrorStatus, Unreachable, AuthFailed, BadReply, CannotCheck.
        """
        retries = self.retries if retries is None else retries
        fast = self._usable()
        if fast is None:
            return await self._slow.get(oids, retries)
        curious = self._fallback and not self._answered and retries > 0 and not fast.secure
        try:
            found = await fast.get(oids, 0 if curious else retries)
        except Undecodable:
            retries = self._fall(retries)
        except Unreachable as error:
            if not curious or error.reason is not Reason.TIMEOUT:
                raise
            retries -= 1  # the compatible engine listens to all: it can say who answers in the device's place (F12)
        else:
            self._answered = True
            if found or not fast.secure:
                return found
            if not self._fallback:
                return _untold(oids)
        return await self._slow.get(oids, retries)

    async def bulk(self, cursor: Cursor, what: str, retries: int | None = None) -> Page:
        """Return the next rows of a subtree; a last None says that it ended.

        ``[]`` is an error that could not be told from the end. Raises as ``get``.
        """
        fast, retries = self._usable(), self.retries if retries is None else retries
        if fast is not None and cursor.slow is None:
            try:
                return _passed(cursor, await fast.bulk(cursor.fast, what, retries))
            except Undecodable:
                retries = self._fall(retries)
        return await self._slow.bulk(self._taken_over(cursor), what, retries)

    async def next(self, cursor: Cursor, what: str, retries: int | None = None) -> Page:
        """Return the next row of a subtree, ``[None]`` at its end. Raises as ``get``."""
        fast, retries = self._usable(), self.retries if retries is None else retries
        if fast is not None and cursor.slow is None:
            try:
                return _passed(cursor, await fast.next(cursor.fast, what, retries))
            except Undecodable:
                retries = self._fall(retries)
        return await self._slow.next(self._taken_over(cursor), what, retries)

    def _fall(self, retries: int) -> int:
        """Let the other engine do it, which is one try; called while its failure is handled.

        Returns the tries after it. Raises the failure where there is no other engine.
        """
        if not self._fallback:
            raise
        self._falls += 1
        return max(0, retries - 1)

    def _usable(self) -> Session | None:
        return None if self._resting or self._falls >= FALLS_A_POLL else self._fast

    @staticmethod
    def _taken_over(cursor: Cursor) -> Position:
        """Return the compatible engine's position; from here on this walk is its."""
        if cursor.slow is None:
            cursor.slow = Position(cursor.root, cursor.repetitions, cursor.last)
        return cursor.slow


def _untold(oids: Sequence[str]) -> dict[str, Value]:
    """Return or raise what an encrypted answer without values means most likely; the compatible engine could tell."""
    if len(oids) > 1:
        raise ErrorStatus(TOO_BIG)
    return {oids[0]: None}


def _passed(cursor: Cursor, page: Page) -> Page:
    """Note the last row, for the other engine to go on from."""
    last: Any = page[-1] if page else None
    if last is not None:
        cursor.last = last[0]
    return page
