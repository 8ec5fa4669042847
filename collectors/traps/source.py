"""The socket that traps come in by, for as long as it is configured. I/O only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

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

    def __eq__(self, other: object) -> bool:
        """Whether another source would hear the same: then this one may go on."""
        if not isinstance(other, TrapSource):
            return NotImplemented
        return (self._settings, self._credentials) == (other._settings, other._credentials)

    __hash__ = None  # type: ignore[assignment]

    async def run(self, emit: Emit) -> None:
        """Listen until cancelled. What keeps it from listening is said once and tried again: polling does not wait."""
        said = ""
        protocol: _Protocol | None = None
        while True:
            try:
                protocol = protocol or await self._prepared(emit)
                transport = await self._bound(protocol)
            except Exception as error:  # noqa: BLE001 - no trap port is no reason to end the daemon
                problem = describe(error) if isinstance(error, OSError) else str(error) or type(error).__name__
                if problem != said:
                    _log.error("no traps are taken", listen=str(self._settings.listen), detail=problem)
                said = problem
                await self._clock.sleep(RETRY_SECONDS)
                continue
            said = ""
            _log.info("traps are taken", listen=str(self._settings.listen))
            await _closed(transport)

    async def _prepared(self, emit: Emit) -> _Protocol:
        """Build the decoder, off the loop: pysnmp reads files and hashes passwords. Raises what that raises."""
        from collectors.traps.receiver import Receiver

        gate = Gate(self._settings.allow, self._clock.monotonic())
        protocol = _Protocol(self._wire, self._clock, gate, emit)
        protocol.reader = await self._wire.blocking("default", lambda: Receiver(self._credentials, protocol.send))
        return protocol

    async def _bound(self, protocol: _Protocol) -> asyncio.DatagramTransport:
        """Return the open socket. Raises OSError."""
        listen = self._settings.listen
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: protocol, (listen.host, listen.port or 0))
        return transport


class _Reader(Protocol):
    """What turns a datagram into the OIDs of notifications."""

    def read(self, datagram: bytes, source: tuple[Any, ...], now: float) -> list[str]:
        """Return them; raises anything."""
        ...


class _Protocol(asyncio.DatagramProtocol):
    """One datagram at a time: gate, decoder, event."""

    def __init__(self, wire: Wire, clock: Clock, gate: Gate, emit: Emit) -> None:
        self.closed = asyncio.Event()
        self._wire = wire
        self._clock = clock
        self._gate = gate
        self._emit = emit
        self._transport: asyncio.DatagramTransport | None = None
        self.reader: _Reader | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back: informs are answered."""
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.closed.clear()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let whoever listens open another socket."""
        self.closed.set()

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Tell of what may be believed, count the rest."""
        why: str | None = self._gate.turned_away(str(addr[0]), self._clock.monotonic())
        if why is None and self.reader is not None:
            try:
                oids = self.reader.read(data, addr, self._clock.now())
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

    def send(self, message: bytes, address: tuple[Any, ...]) -> None:
        """Send what the reader answers: to informs, to who asks for our engine."""
        if self._transport is not None:
            self._transport.sendto(message, address)


async def _closed(transport: asyncio.DatagramTransport) -> None:
    """Wait until the socket is closed; close it when cancelled."""
    protocol = cast("_Protocol", transport.get_protocol())
    try:
        await protocol.closed.wait()
    finally:
        transport.close()
