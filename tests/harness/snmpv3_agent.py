"""A scripted SNMPv3 agent on loopback (USM with SHA-256 and AES-128), and a hook for every way to misbehave.

Its cryptography is its own (hashlib, cryptography), so that it checks both engines. What it is asked is answered from
a v2c ``Agent``, one a context; ``seconds`` is its engine time and stands still unless a test moves it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import cast

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from agent.demo import ber
from collectors.snmp.transport.ber import element
from collectors.snmp.transport.v3frame import AUTHENTICATED, ENCRYPTED, REPORTABLE, Frame, read_frame, scoped_pdu
from tests.harness.snmp_agent import SYSTEM, Agent

AUTH, PRIV = b"authpass123", b"privpass123"
USER = b"ringwacht"
ENGINE = bytes.fromhex("80001f880472696e67")
USM_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)
WINDOW_SECONDS = 150
DIGEST_OCTETS = 24
REPORT_PDU = 0xA8

Misbehave = Callable[["V3Agent", Frame], Sequence[bytes] | None]
"""Returns the datagrams to send instead of the right answer (``()`` for silence), or None for the right answer."""


def localised(password: bytes, engine_id: bytes) -> bytes:
    """The key of a password for one engine (RFC 3414 section 2.6, RFC 7860)."""
    master = hashlib.sha256((password * (1048576 // len(password) + 1))[:1048576]).digest()
    return hashlib.sha256(master + engine_id + master).digest()


class V3Agent(asyncio.DatagramProtocol):
    """Answers as RFC 3414 section 3.2 says.

    ``requests`` holds the frames it was sent, ``reported`` the kinds of reports it made.
    """

    def __init__(
        self,
        misbehave: Misbehave | None = None,
        *,
        table: Mapping[str, bytes] = SYSTEM,
        engine_id: bytes = ENGINE,
        boots: int = 3,
        port: int = 0,
    ) -> None:
        self.contexts = {b"": Agent(table)}
        self.misbehave = misbehave
        self.boots, self.seconds = boots, 1000
        self.level = AUTHENTICATED | ENCRYPTED
        self.requests: list[Frame] = []
        self.reported: list[int] = []
        self.host, self.port = "127.0.0.1", port
        self.be(engine_id)
        self._transport: asyncio.DatagramTransport | None = None

    def be(self, engine_id: bytes) -> None:
        """Be this engine from now on."""
        self.engine_id = engine_id
        self._auth, self._priv = localised(AUTH, engine_id), localised(PRIV, engine_id)[:16]

    @property
    def discoveries(self) -> int:
        """How often its engine id was asked for."""
        return sum(not frame.engine_id for frame in self.requests)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.port = cast("tuple[str, int]", transport.get_extra_info("sockname"))[1]

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        try:
            frame = read_frame(data)
        except ValueError:
            return
        self.requests.append(frame)
        replies = self.misbehave(self, frame) if self.misbehave else None
        for reply in [self.answer(frame, data)] if replies is None else replies:
            cast("asyncio.DatagramTransport", self._transport).sendto(reply, addr)

    def answer(self, frame: Frame, datagram: bytes) -> bytes:
        """The right answer."""
        problem = self._problem(frame, datagram)
        if problem:
            return self.report(frame, problem)
        scoped = self._readable(frame)
        try:
            context, at = scoped_pdu(scoped)
            request = ber.parse_request(ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.octets(b"") + scoped[at:]))
        except (ValueError, IndexError):
            return self.report(frame, 6)
        return self.respond(frame, self.contexts.get(context, Agent({})).answer(request))

    def respond(self, frame: Frame, response: bytes) -> bytes:
        """The PDU of a v2c response as the asker may read it."""
        message = element(response, 0)[1]
        version_end = element(message, 0)[2]
        return self.message(frame, message[element(message, version_end)[2] :])

    def _problem(self, frame: Frame, datagram: bytes) -> int:
        if frame.engine_id != self.engine_id:
            return 4
        if frame.user != USER:
            return 3
        if frame.flags & (AUTHENTICATED | ENCRYPTED) != self.level:
            return 1 if frame.flags & AUTHENTICATED else 3
        blank = datagram.replace(frame.digest, bytes(len(frame.digest)))
        if frame.flags & AUTHENTICATED and self._digest(blank) != frame.digest:
            return 5
        late = abs(self.seconds - frame.seconds) > WINDOW_SECONDS
        return 2 if frame.flags & AUTHENTICATED and (frame.boots != self.boots or late) else 0

    def report(self, frame: Frame, kind: int, *, misfit: int = 0, user: bytes | None = None) -> bytes:
        """A Report-PDU with one usmStats counter; ``misfit`` is added to msgID, ``user`` stands in for the asker's."""
        self.reported.append(kind)
        value = ber.tlv(ber.SEQUENCE, ber.oid((*USM_STATS, kind, 0)) + ber.integer(1, ber.COUNTER32))
        pdu = ber.tlv(REPORT_PDU, ber.integer(0) * 3 + ber.tlv(ber.SEQUENCE, value))
        flags = AUTHENTICATED if kind == 2 and frame.flags & AUTHENTICATED else 0
        return self.message(frame, pdu, flags, misfit=misfit, user=user)

    def message(
        self, frame: Frame, pdu: bytes, flags: int | None = None, *, misfit: int = 0, user: bytes | None = None
    ) -> bytes:
        """A PDU as the asker may read it."""
        level = frame.flags & ~REPORTABLE if flags is None else flags
        scoped = ber.tlv(ber.SEQUENCE, ber.octets(self.engine_id) + ber.octets(b"") + pdu)
        salt = b""
        if level & ENCRYPTED:
            salt = len(self.requests).to_bytes(8, "big")
            scoped = ber.octets(self._cipher(self.boots, self.seconds, salt).encryptor().update(scoped))
        header = (ber.integer(frame.message_id + misfit), ber.integer(65507), ber.octets(bytes((level,))))
        digest = bytes(DIGEST_OCTETS) if level & AUTHENTICATED else b""
        name = frame.user if user is None else user
        clock = ber.integer(self.boots) + ber.integer(self.seconds)
        security = ber.octets(self.engine_id) + clock + b"".join(map(ber.octets, (name, digest, salt)))
        head = ber.integer(3) + ber.tlv(ber.SEQUENCE, b"".join(header) + ber.integer(3))
        whole = ber.tlv(ber.SEQUENCE, head + ber.octets(ber.tlv(ber.SEQUENCE, security)) + scoped)
        return whole.replace(digest, self._digest(whole), 1) if digest else whole

    def _readable(self, frame: Frame) -> bytes:
        if not frame.encrypted:
            return frame.data
        plain = self._cipher(frame.boots, frame.seconds, frame.salt).decryptor().update(frame.data)
        try:
            return element(plain, 0)[1]
        except (ValueError, IndexError):
            return b""

    def _cipher(self, boots: int, seconds: int, salt: bytes) -> Cipher[CFB]:
        return Cipher(AES(self._priv), CFB(boots.to_bytes(4, "big") + seconds.to_bytes(4, "big") + salt))

    def _digest(self, blank: bytes) -> bytes:
        return hmac.digest(self._auth, blank, "sha256")[:DIGEST_OCTETS]


@asynccontextmanager
async def v3_agent(agent: V3Agent) -> AsyncGenerator[V3Agent]:
    """The agent, answering on a free port of 127.0.0.1 (or on ``agent.port`` if it is set)."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: agent, local_addr=(agent.host, agent.port))
    try:
        yield agent
    finally:
        transport.close()
