"""Check ``tcp``: a port must accept a connection, and speak TLS where asked to."""

from __future__ import annotations

import asyncio
from time import perf_counter

from agent.contract import Collector, CollectorSpec, Harvest, ParamError, Target, Wire
from agent.layout import LayoutCache
from agent.wire.trust import Trust, TrustShare
from collectors.probe import parse
from collectors.probe.connect import Endpoint, open_hop
from collectors.probe.families import TCP_FAMILIES
from collectors.probe.params import TcpParams
from collectors.probe.trace import Listener, tell


class _Caller(asyncio.Protocol):
    """Connects, and hangs up."""

    transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()  # in order: a reset would stand in the service's log


class TcpCollector:
    """Opens one connection a poll and closes it at once."""

    def __init__(self, endpoint: Endpoint, params: TcpParams, target: Target, wire: Wire, share: TrustShare) -> None:
        self.trace: Listener | None = None
        self._endpoint = endpoint
        self._params = params
        self._target = target
        self._wire = wire
        self._share = share
        self._trust: Trust | None = None
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Connect once. Raises Unreachable, BadReply (no TLS there), CannotCheck."""
        if self._params.tls:
            self._trust = await self._share.borrow(self._params.ca, self._wire)
        started = perf_counter()
        endpoint = self._endpoint._replace(trust=self._trust)
        hop, caller = await open_hop(endpoint, self._wire, self._target.timeout_seconds, _Caller)
        caller.hang_up()
        tell(self.trace, f"{hop.host} ({hop.address})", hop.phases)
        failures = parse.distrusted((hop,), self._params.verify)
        layout, values = self._layouts.arrange(parse.tcp(hop, perf_counter() - started, failures))
        return Harvest(layout, values, parse.failure_facts(failures))

    async def close(self) -> None:
        """Nothing stays open between polls."""


def make_spec(share: TrustShare) -> CollectorSpec:
    """Return the spec of ``tcp``; its collectors borrow their authorities from ``share``."""

    def build(target: Target, params: TcpParams, wire: Wire) -> Collector:
        if target.host is None or target.port is None:
            raise ParamError("address", "tcp needs a host and a port")
        return TcpCollector(Endpoint(target.host, target.port), params, target, wire, share)

    return CollectorSpec("tcp", TcpParams, TCP_FAMILIES, build)
