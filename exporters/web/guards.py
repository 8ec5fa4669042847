"""What every request passes and every answer carries."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from config.settings import Settings
from exporters.address import is_loopback
from exporters.web.patience import count_wrong

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY.format(forms="'none'"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# A page with forms. Under ``no-referrer`` browsers say ``Origin: null`` of what it sends (Fetch standard, section 3.2).
FORM_HEADERS = {"Content-Security-Policy": _POLICY.format(forms="'self'"), "Referrer-Policy": "same-origin"}
# A page with a form whose address is a secret.
LINK_HEADERS = {"Content-Security-Policy": FORM_HEADERS["Content-Security-Policy"], "X-Robots-Tag": "noindex, nofollow"}
_PROXY_HEADERS = frozenset({"Forwarded", "X-Real-Ip", "Via"})  # and whatever begins with X-Forwarded-


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Add to every answer what browsers need to be strict, unless its handler has said so itself; drop the banner."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.popall("Server", None)


def host_check(listen_host: str, settings: Callable[[], Settings]) -> Middleware:
    """Refuse other names than our own, and that of ``web.external_url``, while we listen on loopback.

    A page in a browser on this machine could otherwise reach us under a name of its own that resolves to 127.0.0.1
    (DNS rebinding). A request without a Host comes from no browser.
    """
    own = {"localhost", "127.0.0.1", "::1", listen_host.lower()} if is_loopback(listen_host) else None

    def is_ours(name: str | None) -> bool:
        external = settings().web.external_url
        return own is None or name in own or (external is not None and name == urlsplit(external).hostname)

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        host = request.headers.get("Host")
        if host is not None and not is_ours(_hostname(host)):
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
    if not is_local_peer(request):
        raise web.HTTPForbidden(text="Only from the machine that the daemon runs on, not through a proxy.\n")
    require_same_origin(request)


def require_same_origin(request: web.Request) -> None:
    """Raise 403 where a browser says that another site's page sent the request."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} or (origin is not None and urlsplit(origin).netloc != request.host):
        raise web.HTTPForbidden(text="Not from a page of another site.\n")


def is_local_peer(request: web.Request) -> bool:
    """Whether the request comes from this machine, asks for it by a name of loopback, and shows no sign of a proxy."""
    host = request.headers.get("Host")
    named = host is None or is_loopback(_hostname(host) or "")
    direct = not any(
        name in _PROXY_HEADERS or name.startswith("X-Forwarded-") for name in map(str.title, request.headers)
    )
    return is_loopback(request.remote or "") and named and direct


def bearer_of(request: web.Request) -> str | None:
    """Return the token that a request brings in its header (RFC 6750, section 2.1); None: it brings none."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else None


def require_right(request: web.Request, settings: Settings) -> None:
    """Raise 403 unless the request brings ``web.token``, or none and is local.

    429 where too many brought a wrong one.
    Other schemes are not ours: a proxy may pass on the login that it asked for itself.
    """
    given = bearer_of(request)
    if given is None:
        require_local_peer(request)
        return
    wanted = settings.web.token
    if wanted is None or not hmac.compare_digest(_bytes(given), _bytes(wanted.get_secret_value())):
        count_wrong(request)
        raise web.HTTPForbidden(text="Not the token of web.token.\n")


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _bytes(text: str) -> bytes:
    return text.strip().encode("utf-8", "surrogateescape")
