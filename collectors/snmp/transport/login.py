"""Being let in by an SNMPv3 device: whose engine it is, what its clock says, what a report means (RFC 3414). I/O only.

A report ends at most one poll: a clock or an engine that changed is read anew once, every other report says in words
what is wrong with the credential, and the device is not asked again until the next poll, so that no account is locked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from gufo.snmp._fast import SnmpV3ClientSocket
from gufo.snmp.user import User

from agent.contract import AuthFailed, BadReply, Unreachable
from collectors.snmp.oid import SYS_UPTIME
from collectors.snmp.transport.channel import Channel, Refused
from collectors.snmp.transport.security import Credential, Keys
from collectors.snmp.transport.v3frame import (
    ACCESS,
    CANNOT_DECRYPT,
    ENGINE_ID,
    TIME_WINDOW,
    UNSETTLED,
    Report,
    read_report,
)

HEED_EVERY_SECONDS = 60.0
"""How often a report that does not fit the request may make us read the engine anew (F35)."""


class Ask(Protocol):
    """One exchange over a channel within the poll's time."""

    def __call__(
        self, channel: Channel, send: Callable[[], None], receive: Callable[[], object], what: str
    ) -> Awaitable[object]:
        """Raise Unreachable, Refused, BadReply, CannotCheck."""
        ...


class Login:
    """What is known of one device's engine.

    ``engine_id`` is the authoritative engine's, in hexadecimal; ``proven`` says that it took our credential since it
    was read; ``resyncs`` counts why clock or engine were read anew: ``time_window``, ``unknown_engine``, ``unreadable``
    (an answer that is not authentic), and ``engine_id_changed`` where another engine was found.
    """

    def __init__(self, credential: Credential, keys: Keys, ask: Ask, clock: Callable[[], float]) -> None:
        self.engine_id = ""
        self.proven = False
        self.resyncs: Counter[str] = Counter()
        self._credential = credential
        self._keys = keys
        self._ask = ask
        self._clock = clock
        self._resynced = False
        self._trusted = False
        self._heeded = -HEED_EVERY_SECONDS

    def begin_poll(self) -> None:
        """Allow one more reading of clock and engine because of a report."""
        self._resynced = False

    def forget(self) -> None:
        """Nothing is proven of the next channel."""
        self.proven = False

    async def enter(self, channel: Channel) -> None:
        """Read the engine's id and clock over a fresh channel and show our user (RFC 3414 section 4).

        Raises as an exchange does.
        """
        socket = _v3(channel)
        await self._discover(channel)
        engine_id = socket.get_engine_id().hex()
        if self.engine_id not in {"", engine_id}:
            self.resyncs["engine_id_changed"] += 1
            self._trusted = False
        self.engine_id = engine_id
        user = self._keys.user(self._credential)
        _use(socket, user)
        channel.heeds = self._heeds
        await self.refresh(channel)

    async def refresh(self, channel: Channel) -> None:
        """Read the clock of the engine that the channel knows, with its keys; nothing where none are needed.

        Raises as an exchange does.
        """
        if not self._credential.auth_protocol:
            return
        socket = _v3(channel)
        await self._ask(channel, socket.send_refresh, socket.recv_refresh, "engine time")
        report = read_report(channel.datagram)
        if report is not None and report.kind != TIME_WINDOW:
            raise Refused(report)  # the engine takes any report for the clock
        self.proven = self._trusted = True

    @staticmethod
    def is_stranger(channel: Channel) -> bool:
        """Whether nobody answered the discovery over this channel yet."""
        return isinstance(channel.socket, SnmpV3ClientSocket) and not channel.socket.get_engine_id()

    def refused(self, error: Refused) -> None:
        """Return where a second try makes sense, over a fresh channel. Raises AuthFailed otherwise, in words."""
        report = error.report
        if report is not None and report.kind not in UNSETTLED:
            raise AuthFailed(report.text) from error
        if self._resynced:
            raise AuthFailed(ACCESS if report is None else report.text) from error
        self._resynced = True  # it may only have restarted, or be another one
        self.resyncs[_why(report)] += 1

    async def another_engine(self, channel: Channel, known: str, proven: bool) -> bool:
        """After silence: whether another engine answers now (F31), so that another try makes sense.

        Raises AuthFailed where the device answers one security level lower: what it cannot decrypt, it drops.
        """
        if not known:
            return False
        socket = _v3(channel)
        try:
            await self._discover(channel)
            if socket.get_engine_id().hex() != known:
                return True
            if not proven and self._credential.priv_protocol and await self._answers_in_clear(channel, socket):
                raise AuthFailed(CANNOT_DECRYPT)
        except (Unreachable, BadReply, Refused):
            return False
        return False

    async def _discover(self, channel: Channel) -> None:
        """Ask nothing, as nobody: the one request that every engine answers (F34)."""
        socket = _v3(channel)
        await self._ask(channel, socket.send_refresh, socket.recv_refresh, "discovery")

    async def _answers_in_clear(self, channel: Channel, socket: SnmpV3ClientSocket) -> bool:
        _use(socket, self._keys.user(self._credential, privacy=False))
        with suppress(Refused):  # a report is an answer too
            await self._ask(
                channel, partial(socket.send_get_many, [SYS_UPTIME]), socket.recv_get_many, "probe without privacy"
            )
        return True

    def _heeds(self, report: Report) -> bool:
        """Whether to act on a report that the engine did not take for an answer to us.

        It may be forged: of an engine that took our credential before, it can make us look again, once a minute, and
        nothing else.
        """
        if not self._trusted:
            return bool(report.kind)
        now = self._clock()
        if report.kind not in UNSETTLED or now - self._heeded < HEED_EVERY_SECONDS:
            return False
        self._heeded = now
        return True


def _why(report: Report | None) -> str:
    if report is None:
        return "unreadable"
    return {TIME_WINDOW: "time_window", ENGINE_ID: "unknown_engine"}[report.kind]


def _v3(channel: Channel) -> SnmpV3ClientSocket:
    if not isinstance(channel.socket, SnmpV3ClientSocket):
        raise TypeError("no v3 socket")
    return channel.socket


def _use(socket: SnmpV3ClientSocket, user: User) -> None:
    socket.set_keys(user.name, user.get_auth_alg(), user.get_auth_key(), user.get_priv_alg(), user.get_priv_key())
