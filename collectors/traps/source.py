"""The socket that traps come in by, for as long as it is configured. I/O only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Clock, Event, Wire
from agent.families import TRAPS_DROPPED
from agent.wire.failures import describe
from collectors.traps.gate import Gate, plain_address
from collectors.traps.names import calls_for_a_poll, name_of
from config.credentials import SnmpCredential
from config.settings import Traps

RETRY_SECONDS = 30.0
"""A port that is taken (another trap daemon) is tried again: polling does not wait for it."""
_log: FilteringBoundLogger = structlog.get_logger("traps")
Emit = Callable[[Event], None]


class TrapSource:
    """Takes notifications and says which device has something to tell; satisfies contract.Source."""

    def __init__(self, settings: Traps, credentials: Sequence[SnmpCredential], wire: Wire, clock: Clock) -> None:
        self._settings = settings
        self._credentials = credentials
        self._wire = wire
        self._clock = clock

    async def run(self, emit: Emit) -> None:
        """Listen until cancelled."""
        said = ""
        while True:
            try:
                transport = await self._open(emit)
            except OSError as error:
                problem = describe(error)
                if problem != said:
                    _log.error("no traps are taken", listen=str(self._settings.listen), detail=problem)
                said = problem
                await self._clock.sleep(RETRY_SECONDS)
                continue
            said = ""
            _log.info("traps are taken", listen=str(self._settings.listen))
            await _closed(transport)

    async def _open(self, emit: Emit) -> asyncio.DatagramTransport:
        """Return the open socket. Raises OSError."""
        listen = self._settings.listen
        protocol = _Protocol(self._wire, self._clock, Gate(self._settings.allow, self._clock.monotonic()), emit)
        await protocol.prepare(self._credentials)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: protocol, (listen.host, listen.port or 0))
        return transport


class _Protocol(asyncio.DatagramProtocol):
    """One datagram at a time: gate, decoder, event."""

    def __init__(self, wire: Wire, clock: Clock, gate: Gate, emit: Emit) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wire = wire
        self._clock = clock
        self._gate = gate
        self._emit = emit
        self._transport: asyncio.DatagramTransport | None = None
        self._read: Callable[[bytes, tuple[Any, ...], float], list[str]] | None = None

    async def prepare(self, credentials: Sequence[SnmpCredential]) -> None:
        """Build the decoder, off the loop: pysnmp reads files and hashes passwords."""
        from collectors.traps.receiver import Receiver

        receiver = await self._wire.blocking("default", lambda: Receiver(credentials, self._send))
        self._read = receiver.read

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back: informs are answered."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let whoever listens open another socket."""
        if not self.closed.done():
            self.closed.set_result(None)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Tell of what may be believed, count the rest."""
        why: str | None = self._gate.turned_away(str(addr[0]), self._clock.monotonic())
        if why is None and self._read is not None:
            try:
                oids = self._read(data, addr, self._clock.now())
            except Exception:  # noqa: BLE001 - whatever a hostile datagram makes of the decoder costs only itself
                oids, why = [], "malformed"
            else:
                why = None if oids else "refused"
            for oid in oids:
                self._tell(oid, str(addr[0]))
        if why is not None:
            self._wire.telemetry.count(TRAPS_DROPPED, (("why", why),))

    def _tell(self, oid: str, source: str) -> None:
        name = name_of(oid)
        at = self._clock.now()
        self._emit(Event(at, str(plain_address(source)), oid, name, calls_for_a_poll(name)))

    def _send(self, message: bytes, address: tuple[Any, ...]) -> None:
        if self._transport is not None:
            self._transport.sendto(message, address)


async def _closed(transport: asyncio.DatagramTransport) -> None:
    """Wait until the socket is closed; close it when cancelled."""
    protocol = cast("_Protocol", transport.get_protocol())
    try:
        await protocol.closed
    finally:
        transport.close()
