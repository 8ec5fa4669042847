"""One conversation with one device: retries, SNMPv3 discovery, and what each kind of failure means. I/O only.

Over gufo-snmp's lower layer (``gufo.snmp._fast``), whose Rust core decodes a value in about a microsecond. One request
is under way at a time: the engine's session is not concurrent (facts, failures section 0.5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import TypeVar, cast

from gufo.snmp._fast import GetIter, SnmpV1ClientSocket, SnmpV2cClientSocket, SnmpV3ClientSocket
from gufo.snmp.user import User

from agent.contract import AuthFailed, BadReply, CollectError, Reason, Unreachable
from agent.wire.failures import collect_error, describe
from collectors.snmp.channel import Channel, Refused, Socket
from collectors.snmp.oid import SYS_UPTIME, Value
from collectors.snmp.security import Credential, Keys

T = TypeVar("T")
Page = list[tuple[str, Value] | None]

TIME_WINDOW_SECONDS = 100.0
"""Silence after which the device's clock is read anew; RFC 3414 section 3.2 step 7 allows it 150 s of drift."""


class Session:
    """What a poll and its walks ask of a device; ``start`` begins a poll and its budget.

    ``packets`` counts requests sent since ``start``; ``trace`` is told of each exchange.
    """

    def __init__(self, address: str, credential: Credential, keys: Keys, timeout_seconds: float) -> None:
        self.trace: Callable[[str], None] | None = None
        self.packets = 0
        self.engine_id = ""
        self._address = address
        self._credential = credential
        self._secure = credential.version == "3"
        self._keys = keys
        self._timeout = timeout_seconds
        self._deadline = perf_counter() + timeout_seconds
        self._channel: Channel | None = None
        self._answered = 0.0
        self._proven = False

    @property
    def knows_bulk(self) -> bool:
        """Whether the protocol version has GETBULK."""
        return self._credential.version != "1"

    def cursor(self, root: str, repetitions: int) -> GetIter:
        """Return a position before the first row of a subtree."""
        return GetIter(root, repetitions)

    def start(self, budget_seconds: float) -> None:
        """Begin a poll that is over in so many seconds whatever the device does (F10)."""
        now = perf_counter()
        self.packets = 0
        self._deadline = now + budget_seconds
        if self._secure and now - self._answered > TIME_WINDOW_SECONDS:
            self.close()

    def close(self) -> None:
        """Release the socket; the next request opens another."""
        if self._channel is not None:
            self._channel.close()
        self._channel = None
        self._proven = False

    async def get(self, oids: Sequence[str], retries: int = 1) -> dict[str, Value]:
        """Return the values of the instances that the device has; ``{}`` may also mean tooBig, or v1's noSuchName.

        Raises Unreachable, AuthFailed, BadReply, CannotCheck.
        """
        wanted = list(oids)
        what = f"get {wanted[0]} and {len(wanted) - 1} more"
        return await self._request(lambda s: s.send_get_many(wanted), lambda s: s.recv_get_many(), what, retries)

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
            if not (silent and await self._engine_changed()):
                raise self._explained(error) from error
        return await self._attempts(send, receive, what, 0)

    async def _attempts(
        self, send: Callable[[Socket], None], receive: Callable[[Socket], T], what: str, retries: int
    ) -> T:
        restarted = False
        while True:
            try:
                channel = self._channel or await self._open()
                answer = await self._exchange(
                    channel, partial(send, channel.socket), partial(receive, channel.socket), what
                )
            except Refused as error:
                self.close()
                if restarted:
                    raise AuthFailed("the device refuses the user, its password or its security level") from error
                restarted = True  # it may only have restarted: read its clock and boot count anew, then try once more
            except (Unreachable, BadReply) as error:
                broken = self._channel is not None and self._channel.broken
                if broken:
                    self.close()
                if retries <= 0 or not (broken or error.reason is Reason.TIMEOUT):
                    raise
                retries -= 1
            else:
                self._proven = True
                return answer

    async def _exchange(self, channel: Channel, send: Callable[[], None], receive: Callable[[], T], what: str) -> T:
        began = perf_counter()
        patience = min(self._timeout, self._deadline - began)
        if patience <= 0:
            raise Unreachable("the time for this device is used up")
        self.packets += 1
        try:
            answer = await channel.exchange(send, receive, patience)
        except (CollectError, Refused) as error:
            if self.trace is not None:
                self.trace(f"{what}: {error}, {(perf_counter() - began) * 1e3:.1f} ms")
            raise
        self._answered = perf_counter()
        if self.trace is not None:
            rows = len(answer) if isinstance(answer, Sized) else 0
            self.trace(f"{what}: {rows} rows, {(self._answered - began) * 1e3:.1f} ms")
        return answer

    async def _open(self) -> Channel:
        """Open a socket; under v3 also discover the engine and its clock (RFC 3414 section 4)."""
        channel = self._new_channel()
        if isinstance(channel.socket, SnmpV3ClientSocket):
            try:
                await self._log_in(channel, channel.socket, self._keys.user(self._credential))
            except BaseException:
                channel.close()
                raise
        self._channel = channel
        return channel

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

    async def _log_in(self, channel: Channel, socket: SnmpV3ClientSocket, user: User) -> None:
        await self._exchange(channel, socket.send_refresh, socket.recv_refresh, "discovery")
        self.engine_id = socket.get_engine_id().hex()
        _use(socket, user)
        if user.require_auth():
            await self._exchange(channel, socket.send_refresh, socket.recv_refresh, "engine time")
            self._proven = True  # whoever cannot decrypt us does not answer at all

    async def _engine_changed(self) -> bool:
        """After silence under v3: whether another engine answers now (F31), so that another try makes sense.

        Raises AuthFailed where the device answers one security level lower: what it cannot decrypt, it drops.
        """
        known, proven = self.engine_id, self._proven
        self.close()
        if not known:
            return False
        channel = self._new_channel()
        socket = cast("SnmpV3ClientSocket", channel.socket)
        try:
            await self._exchange(channel, socket.send_refresh, socket.recv_refresh, "probe of the engine")
            if socket.get_engine_id().hex() != known:
                return True
            if not proven and self._credential.priv_protocol and await self._answers_in_clear(channel, socket):
                raise AuthFailed("the device cannot decrypt our requests: wrong privacy password or protocol")
        except (Unreachable, BadReply):
            return False
        finally:
            channel.close()
        return False

    async def _answers_in_clear(self, channel: Channel, socket: SnmpV3ClientSocket) -> bool:
        _use(socket, self._keys.user(self._credential, privacy=False))
        with suppress(Refused):  # a report is an answer too
            await self._exchange(
                channel, partial(socket.send_get_many, [SYS_UPTIME]), socket.recv_get_many, "probe without privacy"
            )
        return True

    def _explained(self, error: Unreachable) -> Unreachable:
        if error.reason is not Reason.TIMEOUT or self._secure or self._proven:
            return error
        return Unreachable(f"{error.detail} (SNMPv{self._credential.version}: a wrong community looks the same)")


def _use(socket: SnmpV3ClientSocket, user: User) -> None:
    socket.set_keys(user.name, user.get_auth_alg(), user.get_auth_key(), user.get_priv_alg(), user.get_priv_key())
