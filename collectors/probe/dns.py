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
from agent.wire.trust import Trust, TrustShare
from collectors.probe import parse, parse_dns
from collectors.probe.connect import Endpoint, find, open_hop
from collectors.probe.datagram import open_line
from collectors.probe.families import DNS_FAMILIES
from collectors.probe.parse import Failures, Hop, NotAnAnswerError
from collectors.probe.parse_dns import Query, Reply
from collectors.probe.parse_tls import distrusted
from collectors.probe.stream import Stream
from collectors.probe.trace import Listener, say, tell
from config.address import Address
from config.dns import DnsParams

PORT, TLS_PORT = 53, 853
MAX_STREAMED = 16_384
"""Bytes of an answer over TCP that are read; a real one is far shorter."""


class Exchange(NamedTuple):
    """A reply with how long connecting and waiting for it took, in seconds; over a connection its hop."""

    reply: Reply
    connect: float
    request: float
    hop: Hop | None = None


class DnsCollector:
    """Asks one question a poll, from a new socket and with a new id each time."""

    def __init__(self, server: Address, query: Query, target: Target, wire: Wire, share: TrustShare) -> None:
        self.trace: Listener | None = None
        self._params = query.params
        self._host = server.host
        self._port = server.port or (TLS_PORT if self._params.transport == "tls" else PORT)
        self._query = query
        self._reasons = parse_dns.reasons_of(self._params)
        self._seconds = target.timeout_seconds
        self._wire = wire
        self._share = share
        self._trust: Trust | None = None
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Ask once. Raises Unreachable, BadReply (nothing that answers the question), CannotCheck."""
        if self._params.transport == "tls":
            self._trust = await self._share.borrow(self._params.ca, self._wire)
        started = perf_counter()
        address = await find(self._host, self._wire, self._params)
        resolve = perf_counter() - started
        done = await self._ask(address)
        phases = {"resolve": resolve, "connect": done.connect, "request": done.request}
        hop = Hop(self._host, address, phases, None if done.hop is None else done.hop.peer)
        failures = {**distrusted((hop,), self._params.verify), **parse_dns.failures(done.reply, self._params)}
        self._tell(hop, done.reply, failures)
        seconds = perf_counter() - started
        layout, values = self._layouts.arrange(parse_dns.samples(hop, seconds, done.reply, failures, self._reasons))
        return Harvest(layout, values, parse.failure_facts(failures))

    async def _ask(self, address: str) -> Exchange:
        if self._params.transport == "udp":
            done = await self._over_udp(address)
            if not done.reply.truncated:
                return done
            say(self.trace, f"{address} port {self._port}: cut off over UDP after {done.request * 1e3:.1f} ms, now TCP")
        return await self._over_tcp(address)

    async def _over_udp(self, address: str) -> Exchange:
        number = secrets.randbits(16)
        started = perf_counter()
        with open_line(address, self._port, self._params.source) as line:
            opened = perf_counter()
            read = partial(parse_dns.read, query=self._query, number=number)
            reply, request = await line.exchange(self._query.numbered(number), read, self._seconds)
        return Exchange(reply, opened - started, request)

    async def _over_tcp(self, address: str) -> Exchange:
        """Raises as ``collect``; here what cannot be read is final, since it came over a connection."""
        where = f"{address} port {self._port}"
        number = secrets.randbits(16)
        try:
            # the name as configured, so that the certificate is verified for it
            endpoint = Endpoint(self._host, self._port, self._trust, self._params)
            hop, stream = await open_hop(endpoint, self._wire, self._seconds, Stream)
            try:
                async with asyncio.timeout(self._seconds):
                    answer, request = await _converse(stream, self._query.numbered(number))
            finally:
                stream.close()
            return Exchange(
                parse_dns.read(answer, self._query, number), hop.phases["connect"] + hop.phases["tls"], request, hop
            )
        except TimeoutError:
            raise Unreachable(f"{where}: no answer over TCP within {self._seconds:g} s") from None
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


async def _converse(stream: Stream, message: bytes) -> tuple[bytes, float]:
    """Return the answer over TCP (RFC 1035, 4.2.2), and the seconds it took. Raises OSError, NotAnAnswerError."""
    started = perf_counter()
    stream.write(struct.pack("!H", len(message)) + message)
    heard = bytearray()
    while (whole := _whole(heard)) is None:
        data = await stream.read()
        if not data:
            raise NotAnAnswerError("closed the connection without a whole answer")
        heard += data
    return whole, perf_counter() - started


def _whole(heard: bytearray) -> bytes | None:
    if len(heard) < 2:
        return None
    (size,) = struct.unpack_from("!H", heard)
    if size > MAX_STREAMED:
        raise NotAnAnswerError(f"longer than {MAX_STREAMED} bytes")
    return bytes(heard[2 : 2 + size]) if len(heard) >= 2 + size else None


def make_spec(share: TrustShare) -> CollectorSpec:
    """Return the spec of ``dns``; its collectors borrow their authorities from ``share``."""

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
        return DnsCollector(server, query, target, wire, share)

    return CollectorSpec("dns", DnsParams, DNS_FAMILIES, build)
