"""How a controller is spoken to: over TLS, and whom it has to be, before any credential leaves this machine."""

from __future__ import annotations

import ssl

import aiohttp

from agent.contract import Target, Wire
from agent.wire.trust import Trust, TrustShare
from collectors.redfish.client import Door
from collectors.redfish.params import RedfishParams
from collectors.redfish.peek import speaks_plain_http
from config.address import parse_ip

PORTS = {"https": 443, "http": 80}


class Doorkeeper:
    """Finds the door of one controller at each poll; who keeps it keeps the authorities loaded."""

    def __init__(self, target: Target, params: RedfishParams, share: TrustShare) -> None:
        self._host = target.host or ""
        self._port = target.port
        self._seconds = target.timeout_seconds
        self._params = params
        self._share = share
        self._trust: Trust | None = None

    async def find(self, wire: Wire) -> Door:
        """Return the door. Raises Unreachable, CannotCheck.

        Plain HTTP is spoken where it is asked for, and by itself to a port of this machine only: nobody listens in
        between. For the same reason a loopback address alone needs no valid certificate by default. Which machine that
        is must not hang on what the DNS says: the address itself, or ``localhost``, has to be configured.
        """
        address = await wire.resolve(self._host)
        local = _is_loopback(address) and (_is_loopback(self._host) or self._host.casefold() == "localhost")
        scheme = await self._scheme(address, local)
        tls = None if scheme == "http" else await self._tls(wire, local)
        return Door(address, self._host, self._port or PORTS[scheme], tls)

    async def is_plain(self, door: Door) -> bool:
        """Whether what was tried over TLS speaks plain HTTP."""
        return door.tls is not None and await speaks_plain_http(door.address, door.port, self._seconds)

    async def _scheme(self, address: str, local: bool) -> str:
        params = self._params
        if params.scheme != "auto":
            return params.scheme
        if not local or params.fingerprint or params.ca or params.verify:
            return "https"
        return "http" if await speaks_plain_http(address, self._port or PORTS["https"], self._seconds) else "https"

    async def _tls(self, wire: Wire, local: bool) -> ssl.SSLContext | aiohttp.Fingerprint:
        params = self._params
        if params.fingerprint is not None:
            return aiohttp.Fingerprint(bytes.fromhex(params.fingerprint))
        verify = params.verify if params.verify is not None else not local or params.ca is not None
        self._trust = await self._share.borrow(params.ca, wire)
        return self._trust.strict if verify else self._trust.lax


def _is_loopback(host: str) -> bool:
    ip = parse_ip(host)
    return ip is not None and ip.is_loopback
