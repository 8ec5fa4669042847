"""The compatible exchange of SNMPv3: own socket, pysnmp's codec and ciphers, replies read by ours. I/O only.

For contexts, for what gufo-snmp cannot decode, and on demand. There is no SnmpEngine behind it: such an engine keeps
one clock an engine id, so that devices with a cloned id upset each other (F32), believes answers from any address
(F12), and drops a whole answer for one value that is oddly encoded (F19).
"""

from __future__ import annotations

import random
import socket
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter
from typing import NamedTuple

from agent.contract import AuthFailed, BadReply, Reason, Unreachable
from agent.wire.failures import collect_error, describe
from collectors.snmp.oid import SYS_UPTIME
from collectors.snmp.transport import ciphers, datagrams, envelope
from collectors.snmp.transport.budget import Patience
from collectors.snmp.transport.ciphers import Guard
from collectors.snmp.transport.envelope import Envelope, scoped_request, sealed
from collectors.snmp.transport.exchange import Kind, Offload, on_the_spot
from collectors.snmp.transport.reply import Reply
from collectors.snmp.transport.request import Asked
from collectors.snmp.transport.security import Credential, Keys
from collectors.snmp.transport.v3frame import (
    ACCESS,
    AUTHORIZATION_ERROR,
    CANNOT_DECRYPT,
    ENCRYPTED,
    ENGINE_ID,
    REPORTABLE,
    TIME_WINDOW,
    UNSETTLED,
    Report,
    read_frame,
)
from collectors.snmp.transport.v3sieve import Answer, V3Sieve
from config.address import Address

ID_LIMIT = 0x7FFFFFFF


class Clock(NamedTuple):
    """The engine's boots and time in seconds, and when ours said ``read``."""

    boots: int
    seconds: int
    read: float

    def at(self, now: float) -> int:
        """Return the engine's time now."""
        return min(self.seconds + int(now - self.read), ID_LIMIT)


_Question = tuple[Asked, int] | None
"""What was asked at which security level; None is the discovery."""


class _Wait(NamedTuple):
    """How long for each message, and when all of it ends."""

    seconds: float
    until: float


class Secure:
    """An Exchange with one v3 device; its host is an IP literal, ``offload`` loads codec and ciphers.

    ``resyncs`` counts why clock or engine were read anew, as Login's does.
    """

    def __init__(self, address: Address, credential: Credential, keys: Keys, offload: Offload = on_the_spot) -> None:
        self._offload = offload
        self.engine_id = ""
        self.resyncs: Counter[str] = Counter()
        self._peer = (address.host, address.port or 161)
        self._credential = credential
        self._keys = keys
        self._context = (credential.context or "").encode()
        self._user = (credential.username or "").encode()
        self._guard: Guard | None = None
        self._clock = Clock(0, 0, 0.0)
        self._proven = self._loaded = self._slow = False
        self._silences = 0
        self._unanswered: dict[_Question, dict[int, int]] = {}
        self._socket: socket.socket | None = None

    async def ask(self, kind: Kind, oids: Sequence[str], repetitions: int, patience: Patience) -> Reply:
        """Send once, and once more where the device's clock or engine changed.

        Raises Unreachable, AuthFailed, BadReply, CannotCheck.
        """
        if not self._loaded:
            await self._offload(_load)  # the first time some tenths of a second, which are not the device's
            self._loaded = True
        asked, wait = Asked(kind, tuple(oids), repetitions), _Wait(patience.seconds, perf_counter() + patience[1])
        try:
            return await self._settled(asked, wait)
        except OSError as error:
            raise collect_error(error, describe(error)) from error
        except Unreachable as error:
            if error.reason is Reason.TIMEOUT:
                await self._after_silence(wait)
            raise

    def begin_poll(self) -> None:
        """Take no answer to what an earlier poll asked, but its engine id; after silence read that anew (F31)."""
        self._unanswered = {None: self._unanswered.get(None, {})}
        if self._silences:
            self._guard = None

    def close(self) -> None:
        """Release the socket; the next request opens another and reads the engine anew."""
        if self._socket is not None:
            self._socket.close()
        self._socket = self._guard = None
        self._proven = False
        self._unanswered.clear()

    async def _settled(self, asked: Asked, wait: _Wait) -> Reply:
        resynced = False
        while True:
            guard = self._guard or await self._enter(wait)
            answer = await self._send(asked, guard, wait)
            if isinstance(answer.content, Reply):
                self._keep_time(answer)
                self._proven = True
                if answer.content.error_status == AUTHORIZATION_ERROR:
                    raise AuthFailed(ACCESS)
                return answer.content
            if resynced or answer.content.kind not in UNSETTLED:
                raise AuthFailed(answer.content.text)
            resynced = True
            self._resync(answer, answer.content)

    async def _enter(self, wait: _Wait) -> Guard:
        """Ask nothing, as nobody: the report tells the engine's id, and its clock as a first guess."""
        nobody = V3Sieve(_new_id(), _new_id(), b"", b"", None)
        scoped = scoped_request(Asked("get", (), 0), nobody.request_id, b"", b"")
        out = sealed(Envelope(nobody.message_id, REPORTABLE), scoped, encrypted=False)
        found = (await self._exchange(None, out, nobody, wait)).frame
        if not found.engine_id:
            raise BadReply("the device does not tell its engine id")
        if self.engine_id not in {"", found.engine_id.hex()}:
            self.resyncs["engine_id_changed"] += 1
        self.engine_id = found.engine_id.hex()
        self._clock = Clock(found.boots, found.seconds, perf_counter())
        self._guard = Guard(self._credential, self._keys, found.engine_id)
        return self._guard

    async def _send(self, asked: Asked, guard: Guard, wait: _Wait) -> Answer:
        engine_id, clock = bytes.fromhex(self.engine_id), self._clock
        sieve = V3Sieve(_new_id(), _new_id(), engine_id, self._user, guard)
        seconds, salt = clock.at(perf_counter()), b""
        scoped = scoped_request(asked, sieve.request_id, engine_id, self._context)
        encrypted = bool(guard.flags & ENCRYPTED)
        if encrypted:
            scoped, salt = guard.encrypted(scoped, clock.boots, seconds)
        flags, digest = guard.flags | REPORTABLE, guard.digest_octets
        envelope = Envelope(sieve.message_id, flags, engine_id, clock.boots, seconds, self._user, digest, salt)
        out = sealed(envelope, scoped, encrypted=encrypted)
        return await self._exchange((asked, guard.flags), guard.signed(out, read_frame(out).digest_at), sieve, wait)

    async def _exchange(self, question: _Question, out: bytes, sieve: V3Sieve, wait: _Wait) -> Answer:
        """Take also the answer to the last try at the same question: the device is but slow."""
        if self._socket is None:
            self._socket = datagrams.connected(*self._peer)
        began, sieve.earlier = perf_counter(), self._unanswered.pop(question, {})
        patience = min(wait.seconds * (1 + self._slow), wait.until - began)
        try:
            answer = await datagrams.exchange(self._socket, out, sieve.take, patience)
        except TimeoutError:
            self._unanswered[question] = {sieve.message_id: sieve.request_id}
            raise sieve.failure() from None
        self._slow = sieve.late or perf_counter() - began > wait.seconds
        self._silences = 0
        return answer

    def _keep_time(self, answer: Answer) -> None:
        """Take the clock from every authentic answer: a device's may stand still or run slowly (F30)."""
        if answer.authentic:
            self._clock = Clock(answer.frame.boots, answer.frame.seconds, perf_counter())

    def _resync(self, answer: Answer, report: Report) -> None:
        if self._proven:
            self.resyncs["time_window" if report.kind == TIME_WINDOW else "unknown_engine"] += 1
        if report.kind == ENGINE_ID or not answer.authentic:
            self._guard = None
        else:
            self._keep_time(answer)

    async def _after_silence(self, wait: _Wait) -> None:
        """Read the engine anew after the second one. Raises AuthFailed where the device answers one level lower."""
        guard = self._guard
        self._silences += 1
        if self._silences > 1:
            self._guard = None
        if guard is None or self._proven or not guard.flags & ENCRYPTED:
            return
        in_clear = Guard(self._credential, self._keys, bytes.fromhex(self.engine_id), privacy=False)
        with suppress(Unreachable, BadReply, OSError):
            await self._send(Asked("get", (SYS_UPTIME,), 0), in_clear, wait)
            self._guard = None  # should it be another engine, the next poll finds out
            raise AuthFailed(CANNOT_DECRYPT)


def _load() -> None:
    ciphers.load()
    envelope.load()


def _new_id() -> int:
    """Return an id that cannot be foreseen well enough to be worth a forgery; what is believed is signed."""
    return random.randint(1, ID_LIMIT)  # noqa: S311 - see above
