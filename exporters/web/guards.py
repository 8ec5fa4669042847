"""What every request passes and every answer carries."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Add to every answer what browsers need to be strict, and drop the banner."""
    response.headers.update(_HEADERS)
    response.headers.popall("Server", None)


def host_check(listen_host: str) -> Middleware:
    """Refuse other names than our own while we listen on loopback.

    A page in a browser on this machine could otherwise reach us under a name of its own that resolves to 127.0.0.1
    (DNS rebinding). A request without a Host comes from no browser.
    """
    allowed = {"localhost", "127.0.0.1", "::1", listen_host.lower()} if is_loopback(listen_host) else None

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        host = request.headers.get("Host")
        if allowed is not None and host is not None and _hostname(host) not in allowed:
            raise web.HTTPForbidden(text="This server answers under its own name only.\n")
        return await handler(request)

    return check


def require_local_peer(request: web.Request) -> None:
    """Raise 403 unless the request comes from this machine, not through a proxy, and not from another site's page.

    Behind a proxy on this machine everybody's request comes from here; it gives itself away by its headers (RFC 7239,
    RFC 9110 section 7.6.3). Fetch Metadata (W3C) is what browsers say of themselves; Origin is for those that do not.
    """
    if not is_loopback(request.remote or ""):
        raise web.HTTPForbidden(text="Only from the machine that the daemon runs on.\n")
    if any(header in request.headers for header in _PROXY_HEADERS):
        raise web.HTTPForbidden(text="Only from the machine that the daemon runs on, not through a proxy.\n")
    site = request.headers.get("Sec-Fetch-Site", "none")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} or (origin is not None and urlsplit(origin).netloc != request.host):
        raise web.HTTPForbidden(text="Not from a page of another site.\n")


def is_loopback(host: str) -> bool:
    """Whether a host as configured, or a peer's address, is this machine's loopback."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower() == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
