"""Check ``tcp``: a port must accept a connection, speak TLS and say what is expected, where asked to."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from agent.contract import BadReply, Collector, CollectorSpec, Harvest, ParamError, Target, Wire
from agent.layout import LayoutCache, Sample
from agent.wire.failures import collect_error, describe
from agent.wire.trust import Trust, TrustShare
from collectors.probe import families as f
from collectors.probe import parse
from collectors.probe.connect import Endpoint, open_hop
from collectors.probe.dialogues import make_steps
from collectors.probe.params import TcpParams
from collectors.probe.parse import Failures, Hop
from collectors.probe.parse_tls import distrusted, must_verify, tls
from collectors.probe.stream import Stream
from collectors.probe.talk import SaidOtherwiseError, Security, Talk
from collectors.probe.trace import Listener, tell


class TcpCollector:
    """Opens one connection a poll, says what there is to say, and closes it."""

    def __init__(self, endpoint: Endpoint, params: TcpParams, target: Target, wire: Wire, share: TrustShare) -> None:
        self.trace: Listener | None = None
        self._endpoint = endpoint
        self._params = params
        self._steps = make_steps(params, endpoint.host)
        self._reasons = (*(("certificate",) if params.speaks_tls else ()), *(("conversation",) if self._steps else ()))
        self._seconds = target.timeout_seconds
        self._wire = wire
        self._share = share
        self._trust: Trust | None = None
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Connect once. Raises Unreachable, BadReply (no TLS there), CannotCheck."""
        if self._params.speaks_tls:
            self._trust = await self._share.borrow(self._params.ca, self._wire)
        started = perf_counter()
        where = f"{self._endpoint.host} port {self._endpoint.port}"
        try:
            hop, failures = await self._call(where)
        except ssl.SSLError as error:  # its text may quote what the far side sent
            raise BadReply(f"{where}: TLS handshake failed: {error.reason or 'protocol error'}") from None
        except OSError as error:
            raise collect_error(error, f"{where}: {describe(error)}") from None
        tell(self.trace, f"{hop.host} ({hop.address})", hop.phases)
        layout, values = self._layouts.arrange(samples(hop, perf_counter() - started, failures, self._reasons))
        return Harvest(layout, values, parse.failure_facts(failures))

    async def _call(self, where: str) -> tuple[Hop, Failures]:
        """Connect and talk; where TLS begins later and nobody vouches for it, once more without asking."""
        if self._params.tls or self._trust is None:
            return await self._talk(where, None)
        host = self._endpoint.host
        try:
            return await self._talk(where, Security(self._trust.strict, host))
        except ssl.SSLCertVerificationError as error:
            goes_on = not must_verify(host, self._params.verify)
            return await self._talk(where, Security(self._trust.lax, host, error.verify_message, goes_on))

    async def _talk(self, where: str, security: Security | None) -> tuple[Hop, Failures]:
        endpoint = self._endpoint._replace(trust=self._trust if self._params.tls else None)
        hop, stream = await open_hop(endpoint, self._wire, self._seconds, Stream)
        talk = Talk(stream, where, self._seconds, self.trace)
        said: dict[str, str] = {}
        try:
            if not distrusted((hop,), self._params.verify):
                await talk.hold(self._steps, security)
        except SaidOtherwiseError as error:
            said["conversation"] = str(error)
        finally:
            talk.stream.close()
        if talk.peer is not None:
            hop = replace(hop, peer=talk.peer, phases={**hop.phases, "tls": talk.tls_seconds})
        return hop, {**distrusted((hop,), self._params.verify), **said}

    async def close(self) -> None:
        """Nothing stays open between polls."""


def samples(hop: Hop, seconds: float, failures: Failures, reasons: tuple[str, ...]) -> Iterator[Sample]:
    """A port that accepted the connection; ``reasons`` is what it could fail of."""
    yield from parse.common(hop.address, hop.phases["resolve"], seconds, success=not failures)
    yield Sample(f.FAILED_REGEX, (), float("conversation" in failures))
    yield from parse.failed(failures, reasons)
    yield from tls((hop,))


def make_spec(share: TrustShare) -> CollectorSpec:
    """Return the spec of ``tcp``; its collectors borrow their authorities from ``share``."""

    def build(target: Target, params: TcpParams, wire: Wire) -> Collector:
        if target.host is None or target.port is None:
            raise ParamError("address", "tcp needs a host and a port")
        return TcpCollector(Endpoint(target.host, target.port, route=params), params, target, wire, share)

    return CollectorSpec("tcp", TcpParams, f.TCP_FAMILIES, build)
