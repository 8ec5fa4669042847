"""What collectors that read from an HTTP server share: bodies that are bounded, and what went wrong."""

from __future__ import annotations

import ssl

import aiohttp

from agent.contract import BadReply, CannotCheck, CollectError, Unreachable
from agent.wire.failures import collect_error, describe

TRUST_HINT = "`ca` names an own authority, `verify: false` trusts any"


def bracketed(host: str) -> str:
    """Return a host as a URL writes it: IPv6 literals in brackets."""
    return f"[{host}]" if ":" in host else host


async def read_bounded(
    response: aiohttp.ClientResponse, most_bytes: int, too_large: CollectError, body: bytearray | None = None
) -> bytes:
    """Return the body, whole; raises ``too_large`` as soon as more came, and closes the connection.

    The caller bounds the time. ``body`` is filled meanwhile: it tells a caller whose time ran out how much came.
    """
    body = bytearray() if body is None else body
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most_bytes:
            response.close()
            raise too_large
    return bytes(body)


def explain_http(error: aiohttp.ClientError, place: str, trust_hint: str = TRUST_HINT) -> CollectError:
    """Return the error without what the far side sent: it may be a banner, or worse. ``place``: host and port."""
    if isinstance(error, TimeoutError):  # aiohttp's own are both: packets that are dropped, a TLS server that is silent
        return Unreachable(f"{place}: no answer in time")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        why = getattr(error.certificate_error, "verify_message", "") or "not valid"
        return BadReply(f"{place}: certificate: {why} ({trust_hint})")
    if isinstance(error, aiohttp.ClientConnectorError):
        if isinstance(error.os_error, ssl.SSLError):
            return BadReply(f"{place}: TLS handshake failed: {error.os_error.reason or 'protocol error'}")
        return collect_error(error.os_error, f"{place}: {describe(error.os_error)}")
    if isinstance(error, aiohttp.InvalidURL):
        return CannotCheck("path: cannot be asked for")
    return BadReply(f"{place}: no valid HTTP answer ({type(error).__name__})")
