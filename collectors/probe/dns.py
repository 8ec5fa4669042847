"""Check ``dns``: a name server must answer a question, rightly."""

from __future__ import annotations

import asyncio
import secrets
import struct
from functools import partial
from time import perf_counter
from typing import NamedTuple

from agent.contract import BadReply, Collector, CollectorSpec, Harvest, ParamError, Target, Unreachable, Wire
from agent.layout import LayoutCache
from agent.wire.failures import collect_error, describe
from collectors.probe import parse, parse_dns
from collectors.probe.datagram import open_line
from collectors.probe.families import DNS_FAMILIES
from collectors.probe.parse import Failures, Hop, NotAnAnswerError
from collectors.probe.parse_dns import Query, Reply
from collectors.probe.trace import Listener, say, tell
from config.address import Address
from config.dns import DnsParams

PORT = 53
MAX_STREAMED = 16_384
"""Bytes of an answer over TCP that are read; a real one is far shorter."""


class Exchange(NamedTuple):
    """A reply with how long connecting and waiting for it took, in seconds."""

    reply: Reply
    connect: float
    request: float


class DnsCollector:
    """Asks one question a poll, from a new socket and with a new id each time."""

    def __init__(self, server: Address, query: Query, target: Target, wire: Wire) -> None:
        self.trace: Listener | None = None
        self._host = server.host
        self._port = server.port or PORT
        self._query = query
        self._seconds = target.timeout_seconds
        self._wire = wire
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Ask once. Raises Unreachable, BadReply (nothing that answers the question), CannotCheck."""
        started = perf_counter()
        address = await self._wire.resolve(self._host)
        resolve = perf_counter() - started
        done = await self._ask(address)
        hop = Hop(self._host, address, {"resolve": resolve, "connect": done.connect, "request": done.request})
        failures = parse_dns.failures(done.reply, self._query.params)
        self._tell(hop, done.reply, failures)
        layout, values = self._layouts.arrange(parse_dns.samples(hop, perf_counter() - started, done.reply, failures))
        return Harvest(layout, values, parse.failure_facts(failures))

    async def _ask(self, address: str) -> Exchange:
        if self._query.params.transport == "udp":
            done = await self._over_udp(address)
            if not done.reply.truncated:
                return done
            say(self.trace, f"{address} port {self._port}: cut off over UDP after {done.request * 1e3:.1f} ms, now TCP")
        return await self._over_tcp(address)

    async def _over_udp(self, address: str) -> Exchange:
        number = secrets.randbits(16)
        started = perf_counter()
        with open_line(address, self._port) as line:
            opened = perf_counter()
            read = partial(parse_dns.read, query=self._query, number=number)
            reply, request = await line.exchange(self._query.numbered(number), read, self._seconds)
        return Exchange(reply, opened - started, request)

    async def _over_tcp(self, address: str) -> Exchange:
        """Raises as ``collect``; here what cannot be read is final, since it came over a connection."""
        where = f"{address} port {self._port}"
        number = secrets.randbits(16)
        try:
            async with asyncio.timeout(self._seconds):
                answer, connect, request = await _converse(address, self._port, self._query.numbered(number))
            return Exchange(parse_dns.read(answer, self._query, number), connect, request)
        except TimeoutError:
            raise Unreachable(f"{where}: no answer over TCP within {self._seconds:g} s") from None
        except asyncio.IncompleteReadError:
            raise BadReply(f"{where}: closed the connection without a whole answer") from None
        except NotAnAnswerError as error:
            raise BadReply(f"{where}: unusable answer over TCP: {error}") from None
        except OSError as error:
            raise collect_error(error, f"{where}: {describe(error)}") from None

    def _tell(self, hop: Hop, reply: Reply, failures: Failures) -> None:
        whom = f"{hop.host} ({hop.address})"
        tell(self.trace, whom, hop.phases)
        counts = f"{reply.answers} answer, {reply.authority} authority, {reply.additional} additional"
        authority = ", authoritative" if reply.authoritative else ""
        say(self.trace, f"{whom} {reply.rcode}{authority}; records: {counts}")
        for record in reply.records:
            say(self.trace, f"{whom} {self._query.params.type} {record}")
        for failure in failures.values():
            say(self.trace, f"{whom} failed: {failure}")

    async def close(self) -> None:
        """Nothing stays open between polls."""


async def _converse(address: str, port: int, message: bytes) -> tuple[bytes, float, float]:
    """Return the answer over TCP (RFC 1035, 4.2.2), the seconds to connect and those to the answer.

    Raises OSError, IncompleteReadError, NotAnAnswerError.
    """
    started = perf_counter()
    reader, writer = await asyncio.open_connection(address, port)
    connected = perf_counter()
    try:
        writer.write(struct.pack("!H", len(message)) + message)
        (size,) = struct.unpack("!H", await reader.readexactly(2))
        if size > MAX_STREAMED:
            raise NotAnAnswerError(f"longer than {MAX_STREAMED} bytes")
        return await reader.readexactly(size), connected - started, perf_counter() - connected
    finally:
        writer.close()  # in order: a reset would stand in the server's log


def make_spec() -> CollectorSpec:
    """Return the spec of ``dns``."""

    def build(target: Target, params: DnsParams, wire: Wire) -> Collector:
        server = params.server
        if server is None and target.host is not None:
            server = Address(target.host, target.port)
        if server is None:
            raise ParamError("dns.server", "dns needs a server")
        try:
            query = parse_dns.make_query(params)
        except ValueError as error:
            raise ParamError("dns.query", f"is not a domain name ({error})") from None
        return DnsCollector(server, query, target, wire)

    return CollectorSpec("dns", DnsParams, DNS_FAMILIES, build)
