"""From an HTTP answer to what it says of a service. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from agent.layout import Sample
from collectors.probe import families as f
from collectors.probe.parse import Failures, Hop, Phases, common, failed
from collectors.probe.parse_body import Unpacked, decode, unpack
from collectors.probe.parse_tls import distrusted, tls
from collectors.probe.regex import text_regex
from config.webpage import Expect

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PHASES = ("resolve", "connect", "tls", "processing", "transfer")
REASONS = ("certificate", "redirect", "status", "text")
VERSIONS: Mapping[float, str] = {1.0: "1.0", 1.1: "1.1", 2.0: "2"}

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An HTTP answer; names of ``headers`` in lower case; ``body`` as it came, cut after the first megabyte."""

    status: int
    version: float
    headers: Headers = ()
    body: bytes = b""
    cut: bool = False

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def location(self) -> str | None:
        """Where it redirects to, if it does."""
        return self.header("location") if self.status in REDIRECTS else None


@dataclass(frozen=True, slots=True)
class Visit:
    """All of one HTTP probe: its connections in order, the last answer, and why a redirect was not followed.

    ``withheld``: a secret was not sent, because it could not be verified who would read it.
    """

    hops: tuple[Hop, ...]
    page: Page
    seconds: float
    phases: Phases = field(default_factory=dict[str, float])
    stopped: str | None = None
    withheld: bool = False


def samples(visit: Visit, body: bytes, failures: Failures, reasons: tuple[str, ...] = REASONS) -> Iterator[Sample]:
    """A page that came; ``body`` is its unpacked body, ``reasons`` what it could fail of."""
    first, last, page = visit.hops[0], visit.hops[-1], visit.page
    resolve = sum(hop.phases["resolve"] for hop in visit.hops)
    yield from common(first.address, resolve, visit.seconds, success=not failures)
    yield Sample(f.HTTP_STATUS, (), page.status)
    for phase in PHASES:
        seconds = sum(hop.phases.get(phase, 0.0) for hop in visit.hops) + visit.phases.get(phase, 0.0)
        yield Sample(f.HTTP_DURATION, (phase,), seconds)
    yield Sample(f.HTTP_SSL, (), float(last.peer is not None))
    yield Sample(f.HTTP_VERSION, (), page.version)
    yield Sample(f.HTTP_REDIRECTS, (), len(visit.hops) - 1)
    yield Sample(f.HTTP_CONTENT_LENGTH, (), content_length(page))
    yield Sample(f.HTTP_BODY_LENGTH, (), len(body))
    if (modified := last_modified(page)) is not None:
        yield Sample(f.HTTP_LAST_MODIFIED, (), modified)
    yield Sample(f.FAILED_REGEX, (), float("text" in failures or "header" in failures))
    yield from failed(failures, tuple(dict.fromkeys((*reasons, *failures))))
    yield from tls(visit.hops)


def reasons_of(expect: Expect) -> tuple[str, ...]:
    """What a page can fail of, given what is asked of it."""
    asked = {
        "header": bool(expect.headers or expect.absent_headers),
        "version": expect.http_version is not None,
        "tls": expect.tls is not None,
    }
    return (*REASONS, *(reason for reason, wanted in asked.items() if wanted))


def http_failures(visit: Visit, body: Unpacked, expect: Expect, verify: bool | None) -> Failures:
    """In which respects the answer is not what was expected, each with a sentence for people."""
    failures = dict(distrusted(visit.hops, verify))
    if visit.withheld:
        failures.setdefault("certificate", "the login was not sent: the certificate could not be verified")
    page, wanted, text = visit.page, expect.status, page_text(visit.page, body.data)
    if not body.whole:
        failures["compression"] = "the page is compressed, and broken or not whole"
    if visit.stopped is not None:
        failures["redirect"] = visit.stopped
    elif not (200 <= page.status < 300 if wanted is None else page.status in wanted):
        named = "2xx" if wanted is None else " or ".join(map(str, wanted))
        failures["status"] = f"status {page.status}, not {named}"
    for reason, test in _TESTS.items():
        if (why := test(visit, text, expect)) is not None:
            failures[reason] = why
    return failures


def _wrong_text(visit: Visit, text: str, expect: Expect) -> str | None:
    where = " in the first megabyte" if visit.page.cut else ""
    if expect.text is not None and expect.text not in text:
        return f"expected text not found{where}"
    if any(not text_regex(regex).search(text) for regex in expect.matches):
        return f"the page does not match what it must match{where}"
    if any(absent in text for absent in expect.absent_text):
        return "the page holds a text that it must not hold"
    if any(text_regex(regex).search(text) for regex in expect.absent_matches):
        return "the page matches what it must not match"
    return None


def _wrong_header(visit: Visit, _text: str, expect: Expect) -> str | None:
    headers = visit.page.headers
    for name, regex in expect.headers.items():
        if not any(key == name and text_regex(regex).search(value) for key, value in headers):
            return f"header {name} is missing, or not as expected"
    for name, regex in expect.absent_headers.items():
        if any(key == name and text_regex(regex).search(value) for key, value in headers):
            return f"header {name} is what it must not be"
    return None


def _wrong_version(visit: Visit, _text: str, expect: Expect) -> str | None:
    version = VERSIONS.get(visit.page.version, "unknown")
    if expect.http_version is None or version in expect.http_version:
        return None
    return f"HTTP version {version}, not {' or '.join(expect.http_version)}"


def _wrong_tls(visit: Visit, _text: str, expect: Expect) -> str | None:
    secured = visit.hops[-1].peer is not None
    if expect.tls is None or expect.tls == secured:
        return None
    return "the page came over TLS" if secured else "the page came without TLS"


_TESTS: Mapping[str, Callable[[Visit, str, Expect], str | None]] = {
    "text": _wrong_text,
    "header": _wrong_header,
    "version": _wrong_version,
    "tls": _wrong_tls,
}


def content_length(page: Page) -> int:
    """What the answer says of its length; -1 where it says nothing that can be meant."""
    text = page.header("content-length")
    known = text is not None and len(text) < 16 and text.isascii() and text.isdigit()
    return int(text) if text is not None and known and page.header("transfer-encoding") is None else -1


def last_modified(page: Page) -> float | None:
    """When the page last changed (RFC 9110, 8.8.2), epoch seconds; None where it does not say so readably."""
    try:
        moment = parsedate_to_datetime(page.header("last-modified") or "")
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def unpack_page(page: Page) -> Unpacked:
    """The body without its compression."""
    return unpack(page.body, page.header("content-encoding") or "", cut=page.cut)


def page_text(page: Page, body: bytes) -> str:
    """The unpacked body as text."""
    return decode(body, page.header("content-type") or "")


def redirect_target(url: str, location: str) -> str | None:
    """Where an answer sends us: an absolute http(s) URL (RFC 9110, 10.2.2), or None if that is nothing to follow."""
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        followable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return None
    return target if followable else None


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port (RFC 6454): whom a secret is for. Raises ValueError where the port is none."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port
