"""Check ``http``: a page must come, with the expected status and text, from a server that can be trusted."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
from aiohttp.client_proto import ResponseHandler

from agent.contract import BadReply, CannotCheck, Collector, CollectorSpec, Harvest, Target, Unreachable, Wire
from agent.layout import LayoutCache
from agent.wire.trust import Trust, TrustShare
from collectors.probe import parse
from collectors.probe.connect import Endpoint, open_hop
from collectors.probe.families import HTTP_FAMILIES
from collectors.probe.params import HttpParams
from collectors.probe.parse import MAX_BODY_BYTES, MAX_REDIRECTS, REDIRECTS, Hop, Page, Visit
from collectors.probe.trace import Listener, tell
from config.operations import Expect

if TYPE_CHECKING:
    from aiohttp.client import ClientTimeout
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.tracing import Trace

# Uncompressed, so that the body's length is the page's; a server that compresses all the same is understood.
HEADERS = {"User-Agent": "Ringwacht", "Accept": "*/*", "Accept-Encoding": "identity"}


class RedirectRefusedError(Exception):
    """A redirect leads from outside to an address of this machine or link."""


class HopConnector(aiohttp.BaseConnector):
    """Opens every connection afresh through ``open_hop`` and keeps what it measured in ``hops``."""

    def __init__(self, wire: Wire, trust: Trust, timeout_seconds: float) -> None:
        super().__init__(force_close=True)
        self.hops: list[Hop] = []
        self.opened_at = 0.0
        self._wire = wire
        self._trust = trust
        self._seconds = timeout_seconds

    async def _create_connection(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  aiohttp's signature
    ) -> ResponseHandler:
        host, port = req.url.host, req.url.port
        if host is None or port is None:
            raise RedirectRefusedError
        if self.hops and not parse.is_inner(self.hops[0].address) and parse.is_inner(await self._wire.resolve(host)):
            raise RedirectRefusedError
        endpoint = Endpoint(host, port, self._trust if req.is_ssl() else None)
        hop, protocol = await open_hop(endpoint, self._wire, self._seconds, self._factory)
        self.hops.append(hop)
        self.opened_at = perf_counter()
        return protocol


class Visitor:
    """One visit to a page, redirects included."""

    def __init__(self, params: HttpParams, session: aiohttp.ClientSession, connector: HopConnector) -> None:
        self._params = params
        self._session = session
        self._connector = connector
        self._phases = {"processing": 0.0, "transfer": 0.0}

    async def visit(self) -> Visit:
        """Fetch the page. Raises TimeoutError, aiohttp.ClientError, CollectError."""
        started = perf_counter()
        page, stopped = await self._follow()
        return Visit(tuple(self._connector.hops), page, perf_counter() - started, self._phases, stopped)

    async def _follow(self) -> tuple[Page, str | None]:
        """Return the last page, and why no further redirect was followed if one was left."""
        url = self._params.url
        page, location = await self._fetch(url)
        for _ in range(MAX_REDIRECTS):
            if location is None:
                return page, None
            target = parse.redirect_target(url, location)
            if target is None:
                return page, "redirects to something that is no web page"
            url = target
            try:
                page, location = await self._fetch(url)
            except (RedirectRefusedError, aiohttp.InvalidURL):
                return page, "redirects to an address that is not followed from outside"
        return page, None if location is None else f"redirects more than {MAX_REDIRECTS} times"

    async def _fetch(self, url: str) -> tuple[Page, str | None]:
        """Return one answer, and where it redirects to if that is to be followed."""
        async with self._session.request(self._params.method, url, allow_redirects=False) as response:
            answered = perf_counter()
            self._phases["processing"] += answered - self._connector.opened_at
            redirected = self._params.follow_redirects and response.status in REDIRECTS
            if redirected and (location := response.headers.get("Location")) is not None:
                return describe_page(response, b"", cut=False), location
            body, cut = await read_body(response.content)
            self._phases["transfer"] += perf_counter() - answered
            return describe_page(response, body, cut=cut), None


async def read_body(stream: aiohttp.StreamReader) -> tuple[bytes, bool]:
    """Return the body up to ``MAX_BODY_BYTES``, and whether it was cut there."""
    body = bytearray()
    async for chunk in stream.iter_any():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return bytes(body[:MAX_BODY_BYTES]), True
    return bytes(body), False


def describe_page(response: aiohttp.ClientResponse, body: bytes, *, cut: bool) -> Page:
    """Return the answer as plain values."""
    version = response.version
    return Page(
        status=response.status,
        version=version.major + version.minor / 10 if version is not None else 0.0,
        content_length=response.content_length,
        encoding=response.headers.get("Content-Encoding", "").lower(),
        charset=response.charset or "utf-8",
        body=body,
        cut=cut,
    )


class HttpCollector:
    """Fetches one page a poll, on a connection of its own, without cookies or credentials."""

    def __init__(self, params: HttpParams, target: Target, wire: Wire, share: TrustShare) -> None:
        self.trace: Listener | None = None
        self._params = params
        self._expect = params.expect or Expect()
        self._target = target
        self._wire = wire
        self._share = share
        self._trust: Trust | None = None
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Fetch the page once. An answer that is not the expected one is a harvest with ``probe_success`` 0.

        Raises:
            Unreachable: nothing answers.
            BadReply: what answers does not speak HTTP or TLS, or breaks off.
            CannotCheck: this machine cannot ask (authorities unreadable, no descriptors left).
        """
        self._trust = await self._share.borrow(self._params.ca, self._wire)
        where = urlsplit(self._params.url).netloc
        try:
            visit = await self._visit(self._trust)
        except TimeoutError:
            raise Unreachable(f"{where}: no answer in time") from None
        except aiohttp.InvalidURL:
            raise CannotCheck("url: cannot be asked for") from None
        except aiohttp.ClientError as error:
            # What the far side sent stays out of the detail: it may be a banner, or worse.
            raise BadReply(f"{where}: no valid HTTP answer ({type(error).__name__})") from None
        self._narrate(visit)
        text = parse.page_text(visit.page)
        failures = parse.http_failures(visit, text, self._expect, self._params.verify)
        layout, values = self._layouts.arrange(parse.http(visit, text, failures))
        return Harvest(layout, values, parse.failure_facts(failures))

    async def _visit(self, trust: Trust) -> Visit:
        seconds = self._target.timeout_seconds
        connector = HopConnector(self._wire, trust, seconds)
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=HEADERS,
            timeout=aiohttp.ClientTimeout(total=None, sock_read=seconds),
            auto_decompress=False,
        ) as session:
            return await Visitor(self._params, session, connector).visit()

    def _narrate(self, visit: Visit) -> None:
        for hop in visit.hops:
            tell(self.trace, f"{hop.host} ({hop.address})", hop.phases)
        tell(self.trace, f"status {visit.page.status}", visit.phases)

    async def close(self) -> None:
        """Nothing stays open between polls."""


def make_spec(share: TrustShare) -> CollectorSpec:
    """Return the spec of ``http``; its collectors borrow their authorities from ``share``."""

    def build(target: Target, params: HttpParams, wire: Wire) -> Collector:
        return HttpCollector(params, target, wire, share)

    return CollectorSpec("http", HttpParams, HTTP_FAMILIES, build)
