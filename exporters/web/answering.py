"""An answer that is made off the loop, and sent packed to who can unpack it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aiohttp import web

from exporters.prometheus.negotiation import accepts_gzip
from exporters.web.render import Body
from exporters.web.worker import Worker


def wants_gzip(request: web.Request) -> bool:
    """Whether the answer may be packed."""
    return accepts_gzip(request.headers.get("Accept-Encoding", ""))


async def answer(
    worker: Worker,
    make: Callable[[], Body],
    *,
    content_type: str = "text/html",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Return the answer with what ``make`` returns, which the worker calls; ``headers`` are added."""
    body = await worker.make(make)
    named = {"Vary": "Accept-Encoding", **(headers or {})}
    if body.encoding is not None:
        named["Content-Encoding"] = body.encoding
    return web.Response(status=status, body=body.data, content_type=content_type, charset="utf-8", headers=named)
