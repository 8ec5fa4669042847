"""One conversation with one device: retries, and what each kind of failure means (of v3: login.py). I/O only.

Over gufo-snmp's lower layer (``gufo.snmp._fast``), whose Rust core decodes a value in about a microsecond. One request
is under way at a time: the engine's session is not concurrent (facts, failures section 0.5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Sized
from functools import partial
from time import perf_counter
from typing import TypeVar

from gufo.snmp._fast import GetIter, SnmpV1ClientSocket, SnmpV2cClientSocket, SnmpV3ClientSocket

from agent.contract import BadReply, CollectError, Reason, Unreachable
from agent.wire.failures import collect_error, describe
from collectors.snmp.oid import Value
from collectors.snmp.transport.budget import Budget, explained
from collectors.snmp.transport.channel import Channel, Refused, Socket
from collectors.snmp.transport.login import Login
from collectors.snmp.transport.security import Credential, Keys
from collectors.snmp.transport.sieve import Undecodable
from collectors.snmp.transport.status import named_absent

T = TypeVar("T")
Page = list[tuple[str, Value] | None]

TIME_WINDOW_SECONDS = 100.0
"""Silence after which the device's clock is read anew; RFC 3414 section 3.2 step 7 allows it 150 s of drift."""


class Session:
    """What a poll and its walks ask of a device within its budget.

    ``alone``: no other engine reads what this one cannot, so that it is asked for again.
    """

    def __init__(
        self, address: str, credential: Credential, keys: Keys, budget: Budget, *, alone: bool = False
    ) -> None:
        self._budget = budget
        self._alone = alone
        self._address = address
        self._credential = credential
        self._secure = credential.version == "3"
        self._login = Login(credential, keys, self._exchange, perf_counter)
        self._channel: Channel | None = None
        self._unanswered: Channel | None = None
        self._answered = 0.0
        self._heard = self._stale = False

    @property
    def engine_id(self) -> str:
        """The engine id of a v3 device in hexadecimal; empty before it is known."""
        return self._login.engine_id

    @property
    def resyncs(self) -> Counter[str]:
        """Why clock or engine of a v3 device were read anew, counted; whoever reads may clear it."""
        return self._login.resyncs

    @property
    def secure(self) -> bool:
        """Whether answers may be encrypted (v3)."""
        return self._secure

    @property
    def knows_bulk(self) -> bool:
        """Whether the protocol version has GETBULK."""
        return self._credential.version != "1"

    def cursor(self, root: str, repetitions: int) -> GetIter:
        """Return a position before the first row of a subtree."""
        return GetIter(root, repetitions)

    def start(self) -> None:
        """Begin a poll; of a v3 device that was silent for long the clock is read anew, with the keys that it has."""
        self._login.begin_poll()
        self._stale = self._secure and perf_counter() - self._answered > TIME_WINDOW_SECONDS

    def close(self) -> None:
        """Release the socket; the next request opens another."""
        for channel in (self._channel, self._unanswered):
            if channel is not None:
                channel.close()
        self._channel = self._unanswered = None
        self._heard = False
        self._login.forget()

    async def get(self, oids: Sequence[str], retries: int = 1) -> dict[str, Value]:
        """Return the values by OID, None where the device says that it has none; under v3 ``{}`` may mean an error.

        Raises ErrorStatus (v1, v2c), Undecodable, Unreachable, AuthFailed, BadReply, CannotCheck.
        """
        wanted = list(oids)
        what = f"get {wanted[0]} and {len(wanted) - 1} more"
        found: dict[str, Value] = await self._request(
            lambda s: s.send_get_many(wanted), lambda s: s.recv_get_many(), what, retries
        )
        return self._with_absent(found, wanted) if len(found) < len(wanted) else found

    def _with_absent(self, found: dict[str, Value], wanted: Sequence[str]) -> dict[str, Value]:
        """Add what the answer names without a value (the engine leaves it out); encrypted, whatever is missing."""
        if self._secure:
            return dict.fromkeys(wanted) | found if found else found
        return named_absent(self._channel.datagram) | found if self._channel is not None else found

    async def bulk(self, cursor: GetIter, what: str, retries: int) -> Page:
        """Return the next rows of a subtree; a last None says that it ended, ``[]`` that the device sent an error.

        Raises Unreachable, AuthFailed, BadReply, CannotCheck.
        """
        page = await self._request(lambda s: s.send_get_bulk(cursor), lambda s: s.recv_get_bulk(cursor), what, retries)
        if page or not self._secure:
            return page
        # Encrypted: an error and the end of the MIB look alike. If one row more comes singly, it was an error.
        return [] if (await self.next(cursor, f"{what}, one", retries))[0] else [None]

    async def next(self, cursor: GetIter, what: str, retries: int) -> Page:
        """Return the next row of a subtree, ``[None]`` at its end, ``[]`` on an error, by GETNEXT. Raises as ``bulk``.

        Under v3 an error cannot be told from the end.
        """
        page: Page = await self._request(
            lambda s: s.send_get_next(cursor), lambda s: [s.recv_get_next(cursor)], what, retries
        )
        return page or ([None] if self._secure else [])

    async def _request(
        self, send: Callable[[Socket], None], receive: Callable[[Socket], T], what: str, retries: int
    ) -> T:
        try:
            return await self._attempts(send, receive, what, retries)
        except Unreachable as error:
            silent = self._secure and error.reason is Reason.TIMEOUT
            if not (silent and await self._another_engine()):
                raise explained(error, self._credential.version, heard=self._heard) from error
        return await self._attempts(send, receive, what, 0)

    async def _attempts(
        self, send: Callable[[Socket], None], receive: Callable[[Socket], T], what: str, retries: int
    ) -> T:
        while True:
            try:
                channel = await self._ready()
                answer = await self._exchange(
                    channel, partial(send, channel.socket), partial(receive, channel.socket), what
                )
            except Refused as error:
                self.close()
                self._login.refused(error)
            except (Unreachable, BadReply) as error:
                broken = self._channel is not None and self._channel.broken
                if broken:
                    self.close()
                garbled = self._alone and isinstance(error, Undecodable)
                if retries <= 0 or not (broken or garbled or error.reason is Reason.TIMEOUT):
                    raise
                retries -= 1
            else:
                self._heard = True
                return answer

    async def _exchange(self, channel: Channel, send: Callable[[], None], receive: Callable[[], T], what: str) -> T:
        began, patience = perf_counter(), self._budget.spend()
        try:
            answer = await channel.exchange(send, receive, patience)
        except (CollectError, Refused) as error:
            self._budget.tell(f"{what}: {error}", began)
            raise
        self._answered = perf_counter()
        self._budget.octets += len(channel.datagram)
        if self._budget.trace is not None:
            self._budget.tell(f"{what}: {len(answer) if isinstance(answer, Sized) else 0} rows", began)
        return answer

    async def _ready(self) -> Channel:
        """Return the channel, opened, logged in and with a fresh clock."""
        channel = self._channel or await self._open()
        if self._stale:
            await self._login.refresh(channel)
            self._stale = False
        return channel

    async def _open(self) -> Channel:
        """Open a socket; under v3 also log in."""
        channel, self._unanswered = self._unanswered or self._new_channel(), None
        if self._secure:
            try:
                await self._login.enter(channel)
            except BaseException as error:
                if isinstance(error, Unreachable) and self._login.is_stranger(channel):
                    self._unanswered = channel  # so that a late answer to the discovery is heard (F13)
                else:
                    channel.close()
                raise
        self._channel, self._stale = channel, False
        return channel

    async def _another_engine(self) -> bool:
        """After silence under v3: whether another engine answers now. Raises AuthFailed where it cannot decrypt us."""
        if self._unanswered is not None:
            return False  # it was asked just now
        known, proven = self.engine_id, self._login.proven
        self.close()
        channel = self._new_channel()
        try:
            return await self._login.another_engine(channel, known, proven)
        finally:
            channel.close()

    def _new_channel(self) -> Channel:
        """Open a socket. Raises CannotCheck where this machine has none left, Unreachable where no way leads there."""
        try:
            return Channel(self._socket())
        except OSError as error:
            raise collect_error(error, f"no socket to {self._address}: {describe(error)}") from error

    def _socket(self) -> Socket:
        if self._secure:
            return SnmpV3ClientSocket(self._address, b"", "", 0, b"", 0, b"", 0, 0, 0, 0)
        community = self._credential.community
        secret = community.get_secret_value() if community is not None else ""
        kind = SnmpV1ClientSocket if self._credential.version == "1" else SnmpV2cClientSocket
        return kind(self._address, secret, 0, 0, 0, 0)
