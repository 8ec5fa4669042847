"""The compatible engine's conversation with one device: as client.Session, but over an Exchange. I/O only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from agent.contract import BadReply, CollectError, Reason, Unreachable
from collectors.snmp.oid import Value, is_under, not_increasing, parts
from collectors.snmp.transport.budget import Budget, explained
from collectors.snmp.transport.client import Page
from collectors.snmp.transport.exchange import Exchange, Kind
from collectors.snmp.transport.reply import ABSENT, Mark, Reply
from collectors.snmp.transport.sieve import Undecodable
from collectors.snmp.transport.status import check, ends_walk

_ENGINE = " (pysnmp)"


@dataclass(slots=True)
class Position:
    """Where the walk of one subtree is: ``last`` is the OID that was read last, at first the root."""

    root: str
    repetitions: int
    last: str


class CompatSession:
    """What a poll and its walks ask of a device within its budget.

    ``invalid`` counts the values that were none of their type (F20, F28) since it was last set to 0.
    """

    engine = "pysnmp"

    def __init__(self, exchange: Exchange, version: str, budget: Budget) -> None:
        self.invalid = 0
        self._exchange = exchange
        self._version = version
        self._budget = budget
        self._proven = False

    @property
    def knows_bulk(self) -> bool:
        """Whether the protocol version has GETBULK."""
        return self._version != "1"

    @property
    def engine_id(self) -> str:
        """Of v3, in hexadecimal."""
        return self._exchange.engine_id

    @property
    def resyncs(self) -> Counter[str]:
        """Why clock or engine of a v3 device were read anew; whoever reads may clear it."""
        return self._exchange.resyncs

    def cursor(self, root: str, repetitions: int) -> Position:
        """Return a position before the first row of a subtree."""
        return Position(root, repetitions, root)

    def start(self) -> None:
        """Begin a poll."""
        self._exchange.begin_poll()

    def close(self) -> None:
        """Release the socket; the next request opens another."""
        self._exchange.close()

    async def get(self, oids: Sequence[str], retries: int = 1) -> dict[str, Value]:
        """Return the values by OID, None where the device says that it has none; an invalid one is left out.

        Raises ErrorStatus, Unreachable, AuthFailed, BadReply, CannotCheck.
        """
        what = f"get {oids[0]} and {len(oids) - 1} more"
        reply = await self._ask("get", oids, 0, what, retries)
        check(reply)
        found: dict[str, Value] = {}
        for oid, value in reply.rows:
            if not isinstance(value, Mark):
                found[oid] = value
            elif value in ABSENT:
                found[oid] = None
            else:
                self.invalid += 1
        return found

    async def bulk(self, cursor: Position, what: str, retries: int) -> Page:
        """Return the next rows of a subtree; a last None says that it ended. Raises as ``get``."""
        return await self._rows("bulk", cursor, what, retries)

    async def next(self, cursor: Position, what: str, retries: int) -> Page:
        """Return the next row of a subtree, ``[None]`` at its end. Raises as ``get``."""
        return await self._rows("next", cursor, what, retries)

    async def _rows(self, kind: Kind, cursor: Position, what: str, retries: int) -> Page:
        """Ask on while an answer holds nothing but invalid values; they must increase, the caller does not see them."""
        while True:
            before = cursor.last
            reply = await self._ask(kind, [before], cursor.repetitions, what, retries)
            if not ends_walk(reply):
                check(reply)
                return []
            if reply.error_status:
                return [None]
            page = self._page(cursor, reply)
            if page:
                return page
            if parts(cursor.last) <= parts(before):
                raise BadReply(not_increasing(cursor.root, cursor.last, before))

    def _page(self, cursor: Position, reply: Reply) -> Page:
        page: Page = []
        for oid, value in reply.rows:
            if not oid:
                break
            if not is_under(oid, cursor.root) or value in ABSENT:
                return [*page, None]
            cursor.last = oid
            if isinstance(value, Mark):
                self.invalid += 1
            elif value is not None:
                page.append((oid, value))
        return page

    async def _ask(self, kind: Kind, oids: Sequence[str], repetitions: int, what: str, retries: int) -> Reply:
        while True:
            try:
                reply = await self._once(kind, oids, repetitions, what)
            except Unreachable as error:
                if retries <= 0 or error.reason is not Reason.TIMEOUT:
                    raise explained(error, self._version, heard=self._proven) from error
                retries -= 1
            except Undecodable:
                if retries <= 0:
                    raise
                retries -= 1
            else:
                self._proven = True
                return reply

    async def _once(self, kind: Kind, oids: Sequence[str], repetitions: int, what: str) -> Reply:
        began, patience = perf_counter(), self._budget.spend()
        try:
            reply = await self._exchange.ask(kind, oids, repetitions, patience)
        except CollectError as error:
            self._budget.tell(f"{what}: {error}", began, _ENGINE)
            raise
        texts = [value for _, value in reply.rows if isinstance(value, (bytes, str))]
        self._budget.octets += sum(map(len, texts))
        self._budget.tell(f"{what}: {len(reply.rows)} rows", began, _ENGINE)
        return reply
