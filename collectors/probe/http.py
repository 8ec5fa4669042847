"""Check ``http``: a page must come, with the expected status and text, from a server that can be trusted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit

from agent.contract import (
    BadReply,
    CannotCheck,
    Collector,
    CollectorSpec,
    Harvest,
    ParamError,
    Target,
    Unreachable,
    Wire,
)
from agent.layout import LayoutCache
from agent.wire.failures import collect_error, describe
from agent.wire.trust import Trust, TrustShare
from collectors.probe import http1, http2, letter, parse, parse_http
from collectors.probe.connect import Endpoint, find, open_hop
from collectors.probe.families import HTTP_FAMILIES
from collectors.probe.letter import Letter
from collectors.probe.params import HttpParams
from collectors.probe.parse import Hop, NotAnAnswerError
from collectors.probe.parse_http import MAX_REDIRECTS, Page, Visit
from collectors.probe.stream import Stream
from collectors.probe.trace import Listener, tell
from config.webpage import Expect

PROTOCOLS = ("h2", "http/1.1")


class RedirectRefusedError(Exception):
    """A redirect leads where it is not followed; the text says where."""


@dataclass(slots=True)
class Visitor:
    """One visit to a page, redirects included.

    ``seconds``: how long connecting and each wait for data may take. ``older`` yields the trust that offers no HTTP/2,
    for servers that want none after all.
    """

    params: HttpParams
    wire: Wire
    trust: Trust
    older: Callable[[], Awaitable[Trust]]
    seconds: float
    hops: list[Hop] = field(default_factory=list[Hop])
    phases: dict[str, float] = field(default_factory=lambda: {"processing": 0.0, "transfer": 0.0})
    withheld: bool = False

    async def visit(self, first: Letter) -> Visit:
        """Fetch the page. Raises TimeoutError, OSError, CollectError."""
        started = perf_counter()
        page, stopped = await self._follow(first)
        return Visit(tuple(self.hops), page, perf_counter() - started, self.phases, stopped, self.withheld)

    async def _follow(self, sent: Letter) -> tuple[Page, str | None]:
        """Return the last page, and why no further redirect was followed if one was left."""
        page = await self._fetch(sent)
        for _ in range(MAX_REDIRECTS):
            if not self.params.follow_redirects or page.location is None:
                return page, None
            target = parse_http.redirect_target(sent.url, page.location)
            if target is None:
                return page, "redirects to something that is no web page"
            sent = sent.forwarded(target, page.status)
            try:
                page = await self._fetch(sent)
            except RedirectRefusedError as error:
                return page, f"redirects to {error}"
        return page, None if page.location is None else f"redirects more than {MAX_REDIRECTS} times"

    async def _fetch(self, sent: Letter) -> Page:
        """Return one answer, from a connection of its own; from another where the server wants HTTP/1.1."""
        try:
            return await self._exchange(sent)
        except http2.OlderWantedError:
            self.hops.pop()
            self.trust = await self.older()
            return await self._exchange(sent)

    async def _exchange(self, sent: Letter) -> Page:
        hop, stream = await self._open(sent)
        self.hops.append(hop)
        opened = perf_counter()
        try:
            exchange = http2.exchange if stream.speaks_http2 else http1.exchange
            page, answered = await exchange(
                stream, sent, self._headers(sent, hop), self.seconds, follow=self.params.follow_redirects
            )
        finally:
            stream.close()
        self.phases["processing"] += answered - opened
        self.phases["transfer"] += perf_counter() - answered
        return page

    async def _open(self, sent: Letter) -> tuple[Hop, Stream]:
        """Connect. Raises RedirectRefusedError where that may not be, or cannot."""
        try:
            scheme, host, port = parse_http.origin(sent.url)
            check = bool(self.hops)
            if check and sent.body and not sent.is_at_home:
                raise RedirectRefusedError("another server, which is not sent the body")
            outside = check and not parse.is_inner(self.hops[0].address)
            if outside and parse.is_inner(await find(host, self.wire, self.params)):
                raise RedirectRefusedError("an address that is not followed from outside")
        except ValueError:
            raise RedirectRefusedError("an address that is none") from None
        endpoint = Endpoint(host, port, self.trust if scheme == "https" else None, self.params)
        return await open_hop(endpoint, self.wire, self.seconds, Stream)

    def _headers(self, sent: Letter, hop: Hop) -> dict[str, str]:
        if sent.may_be_opened(hop.peer, self.params.verify):
            return {**sent.headers, **sent.secrets}
        self.withheld = self.withheld or (bool(sent.secrets) and sent.is_at_home)
        return dict(sent.headers)


class HttpCollector:
    """Fetches one page a poll, on a connection of its own, without cookies."""

    def __init__(self, params: HttpParams, first: Letter, target: Target, wire: Wire, share: TrustShare) -> None:
        self.trace: Listener | None = None
        self._params = params
        self._first = first
        self._expect = params.expect or Expect()
        self._reasons = parse_http.reasons_of(self._expect)
        self._seconds = target.timeout_seconds
        self._wire = wire
        self._share = share
        self._trust: Trust | None = None
        self._plain: Trust | None = None
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Fetch the page once. An answer that is not the expected one is a harvest with ``probe_success`` 0.

        Raises:
            Unreachable: nothing answers.
            BadReply: what answers does not speak HTTP or TLS, or breaks off.
            CannotCheck: this machine cannot ask (authorities unreadable, no descriptors left).
        """
        offered = PROTOCOLS if self._params.http2 else PROTOCOLS[1:]
        self._trust = await self._share.borrow(self._params.ca, self._wire, offered)
        where = urlsplit(self._params.url).netloc
        try:
            visit = await Visitor(self._params, self._wire, self._trust, self._older, self._seconds).visit(self._first)
        except TimeoutError:
            raise Unreachable(f"{where}: no answer in time") from None
        except RedirectRefusedError as error:
            raise CannotCheck(f"url: leads to {error}") from None
        except OSError as error:
            raise collect_error(error, f"{where}: {describe(error)}") from None
        except NotAnAnswerError as error:
            raise BadReply(f"{where}: {error}") from None
        self._narrate(visit)
        return self._judge(visit)

    async def _older(self) -> Trust:
        self._plain = await self._share.borrow(self._params.ca, self._wire, PROTOCOLS[1:])
        return self._plain

    def _judge(self, visit: Visit) -> Harvest:
        body = parse_http.unpack_page(visit.page)
        failures = parse_http.http_failures(visit, body, self._expect, self._params.verify)
        layout, values = self._layouts.arrange(parse_http.samples(visit, body.data, failures, self._reasons))
        return Harvest(layout, values, parse.failure_facts(failures))

    def _narrate(self, visit: Visit) -> None:
        for hop in visit.hops:
            tell(self.trace, f"{hop.host} ({hop.address})", hop.phases)
        tell(self.trace, f"status {visit.page.status}", visit.phases)

    async def close(self) -> None:
        """Nothing stays open between polls."""


def make_spec(share: TrustShare) -> CollectorSpec:
    """Return the spec of ``http``; its collectors borrow their authorities from ``share``."""

    def build(target: Target, params: HttpParams, wire: Wire) -> Collector:
        # a device's credential is for its SNMP or its management board, and never meant for a page
        credential = target.credential if target.subject.kind == "service" else None
        try:
            first = letter.write(params.url, params, credential)
        except ValueError as error:
            raise ParamError("credential", str(error)) from None
        return HttpCollector(params, first, target, wire, share)

    return CollectorSpec("http", HttpParams, HTTP_FAMILIES, build)
