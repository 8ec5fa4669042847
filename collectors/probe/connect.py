"""Opens TCP and TLS connections and measures their phases. A certificate that cannot be verified is still read."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

from agent.contract import BadReply, CannotCheck, Reason, Unreachable, Wire
from agent.wire.failures import collect_error, describe
from agent.wire.trust import Trust
from collectors.probe.parse import Hop, Peer, ip_version
from collectors.probe.parse_tls import tls_version
from config.route import Route

P = TypeVar("P", bound=asyncio.Protocol)

SHUTDOWN_SECONDS = 1.0
ENCODING_DER = 2  # as Python's own `ssl` has it; its name is private


class Endpoint(NamedTuple):
    """Where to connect: the host as configured, and the port; TLS where ``trust`` is given; which way there."""

    host: str
    port: int
    trust: Trust | None = None
    route: Route = Route()


async def find(host: str, wire: Wire, route: Route) -> str:
    """Return the address to ask, an IP literal.

    Raises:
        Unreachable: the name does not resolve, or to no address of the only IP version that is wanted.
        CannotCheck: no name server answers, or the source is of the other IP version.
    """
    source = None if route.source is None else ip_version(route.source)
    address = await wire.resolve(host, route.ip_version or source)
    found = ip_version(address)
    if route.ip_version not in {None, found} and not route.ip_fallback:
        raise Unreachable(f"{host} has no IPv{route.ip_version} address", Reason.UNREACHABLE)
    if source not in {None, found}:
        raise CannotCheck(f"{address} cannot be reached from {route.source}")
    return address


async def open_hop(
    endpoint: Endpoint, wire: Wire, timeout_seconds: float, make_protocol: Callable[[], P]
) -> tuple[Hop, P]:
    """Resolve, connect, and greet over TLS where asked to.

    Where the certificate cannot be verified a second connection is opened that does not ask, so that its expiry and
    all that follows can be told; the hop's ``distrust`` says why.

    Raises:
        Unreachable: the name does not resolve, nothing answers or the port is closed.
        BadReply: no TLS is spoken there.
        CannotCheck: this machine cannot connect anywhere.
    """
    where = f"{endpoint.host} port {endpoint.port}"
    started = perf_counter()
    address = await find(endpoint.host, wire, endpoint.route)
    resolved = perf_counter()
    opener = _Opener(endpoint, address, timeout_seconds)
    try:
        if endpoint.trust is None:
            _, protocol, connecting = await opener.connect(make_protocol)
            peer, greeting = None, 0.0
        else:
            transport, _, connecting = await opener.connect(asyncio.Protocol)
            protocol, peer, greeting = await opener.greet(transport, endpoint.trust, make_protocol)
    except ssl.SSLError as error:  # its text may quote what the far side sent
        raise BadReply(f"{where}: TLS handshake failed: {error.reason or 'protocol error'}") from None
    except OSError as error:
        raise collect_error(error, f"{where}: {describe(error)}") from None
    phases = {"resolve": resolved - started, "connect": connecting, "tls": greeting}
    return Hop(endpoint.host, address, phases, peer), protocol


class _Opener:
    """One endpoint's address, tried."""

    def __init__(self, endpoint: Endpoint, address: str, timeout_seconds: float) -> None:
        self._endpoint = endpoint
        self._address = address
        self._timeout = timeout_seconds

    async def connect(self, make_protocol: Callable[[], P]) -> tuple[asyncio.Transport, P, float]:
        """Open a TCP connection; return it, its protocol and the seconds it took. Raises OSError."""
        started = perf_counter()
        loop, source = asyncio.get_running_loop(), self._endpoint.route.source
        local = None if source is None else (source, 0)
        async with asyncio.timeout(self._timeout):
            transport, protocol = await loop.create_connection(
                make_protocol, self._address, self._endpoint.port, local_addr=local
            )
        return transport, protocol, perf_counter() - started

    async def greet(
        self, transport: asyncio.Transport, trust: Trust, make_protocol: Callable[[], P]
    ) -> tuple[P, Peer, float]:
        """Speak TLS, verified if possible; return who answered and the seconds it took. Raises OSError."""
        started = perf_counter()
        distrust = None
        try:
            protocol, secured = await self._start_tls(transport, trust.strict, make_protocol)
        except ssl.SSLCertVerificationError as error:
            distrust = error.verify_message
            transport, _, _ = await self.connect(asyncio.Protocol)
            started = perf_counter()
            protocol, secured = await self._start_tls(transport, trust.lax, make_protocol)
        peer = describe_peer(secured.get_extra_info("ssl_object"), distrust)
        return protocol, peer, perf_counter() - started

    async def _start_tls(
        self, transport: asyncio.Transport, context: ssl.SSLContext, make_protocol: Callable[[], P]
    ) -> tuple[P, asyncio.Transport]:
        return await start_tls(transport, context, self._endpoint.host, self._timeout, make_protocol)


async def start_tls(
    transport: asyncio.Transport,
    context: ssl.SSLContext,
    host: str,
    timeout_seconds: float,
    make_protocol: Callable[[], P],
) -> tuple[P, asyncio.Transport]:
    """Speak TLS on a connection that is there; it is gone where that fails. Raises OSError."""
    protocol = make_protocol()
    try:
        async with asyncio.timeout(timeout_seconds):
            secured = await asyncio.get_running_loop().start_tls(
                transport, protocol, context, server_hostname=host, ssl_shutdown_timeout=SHUTDOWN_SECONDS
            )
    except BaseException:
        transport.abort()
        raise
    if secured is None:
        raise ConnectionResetError("connection closed during the TLS handshake")
    protocol.connection_made(secured)
    return protocol, secured


def describe_peer(tls: Any, distrust: str | None) -> Peer:
    """Return version and certificates of an ``ssl.SSLObject``.

    The whole chain as sent comes from ``get_unverified_chain``; where there is no such thing, the leaf alone.
    """
    chain = _chain(tls, "get_unverified_chain")
    if not chain and (leaf := tls.getpeercert(binary_form=True)) is not None:
        chain = (leaf,)
    return Peer(tls_version(tls.version()), chain, distrust, _chain(tls, "get_verified_chain") if not distrust else ())


def _chain(tls: Any, getter: str) -> tuple[bytes, ...]:
    """Certificates in DER. Public since Python 3.13, before that on the object inside; () where neither has it."""
    if hasattr(tls, getter):
        return tuple(getattr(tls, getter)())
    inner = getattr(getattr(tls, "_sslobj", None), getter, None)
    return () if inner is None else tuple(one.public_bytes(ENCODING_DER) for one in inner() or ())
