"""From what was seen on the wire to blackbox_exporter's samples. No I/O, no clock."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from urllib.parse import urljoin, urlsplit

from cryptography import x509

from agent.layout import Sample
from collectors.probe import families as f
from config.address import parse_ip
from config.operations import Expect

MAX_BODY_BYTES = 1_000_000
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HTTP_PHASES = ("resolve", "connect", "tls", "processing", "transfer")
FAILURE_REASONS = ("certificate", "redirect", "status", "text")
# zlib: recognise either header by itself.
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS

Phases = Mapping[str, float]
Failures = Mapping[str, str]


class NotAnAnswerError(Exception):
    """What came answers nothing that was asked, or cannot be read; the text says why and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The far end of a TLS connection. ``distrust`` is why it could not be verified, None where it was."""

    version: str
    chain: tuple[bytes, ...]
    distrust: str | None


@dataclass(frozen=True, slots=True)
class Hop:
    """One connection: to which host and address, how long each phase took (seconds), who answered over TLS."""

    host: str
    address: str
    phases: Phases
    peer: Peer | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An HTTP answer; ``body`` as it came, cut after ``MAX_BODY_BYTES``."""

    status: int
    version: float
    content_length: int | None = None
    encoding: str = ""
    charset: str = "utf-8"
    body: bytes = b""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """All of one HTTP probe: its connections in order, the last answer, and why a redirect was not followed."""

    hops: tuple[Hop, ...]
    page: Page
    seconds: float
    phases: Phases = field(default_factory=dict[str, float])
    stopped: str | None = None


def common(address: str, resolve_seconds: float, seconds: float, *, success: bool) -> Iterator[Sample]:
    """What every probe tells."""
    yield Sample(f.SUCCESS, (), float(success))
    yield Sample(f.DURATION, (), seconds)
    yield Sample(f.DNS_TIME, (), resolve_seconds)
    yield Sample(f.IP_PROTOCOL, (), ip_version(address))


def tcp(hop: Hop, seconds: float, failures: Failures) -> Iterator[Sample]:
    """A port that accepted the connection."""
    yield from common(hop.address, hop.phases["resolve"], seconds, success=not failures)
    yield Sample(f.FAILED_REGEX, (), 0)
    if hop.peer is not None:
        yield Sample(f.FAILED, ("certificate",), float("certificate" in failures))
        yield from tls((hop,))


def http(visit: Visit, text: str, failures: Failures) -> Iterator[Sample]:
    """A page that came; ``text`` is its decoded body."""
    first, last, page = visit.hops[0], visit.hops[-1], visit.page
    resolve = sum(hop.phases["resolve"] for hop in visit.hops)
    yield from common(first.address, resolve, visit.seconds, success=not failures)
    yield Sample(f.HTTP_STATUS, (), page.status)
    for phase in HTTP_PHASES:
        seconds = sum(hop.phases.get(phase, 0.0) for hop in visit.hops) + visit.phases.get(phase, 0.0)
        yield Sample(f.HTTP_DURATION, (phase,), seconds)
    yield Sample(f.HTTP_SSL, (), float(last.peer is not None))
    yield Sample(f.HTTP_VERSION, (), page.version)
    yield Sample(f.HTTP_REDIRECTS, (), len(visit.hops) - 1)
    yield Sample(f.HTTP_CONTENT_LENGTH, (), -1 if page.content_length is None else page.content_length)
    yield Sample(f.HTTP_BODY_LENGTH, (), len(text.encode()))
    yield Sample(f.FAILED_REGEX, (), float("text" in failures))
    for reason in FAILURE_REASONS:
        yield Sample(f.FAILED, (reason,), float(reason in failures))
    yield from tls(visit.hops)


def tls(hops: Sequence[Hop]) -> Iterator[Sample]:
    """The last connection's certificates, and whether all connections could be verified; nothing without TLS."""
    peers = [hop.peer for hop in hops if hop.peer is not None]
    if (last := hops[-1].peer) is not None:
        if (expiry := earliest_expiry(last.chain)) is not None:
            yield Sample(f.CERT_EXPIRY, (), expiry)
        yield Sample(f.TLS_VERSION, (last.version,), 1)
        yield Sample(f.TLS_VERIFIED, (), float(all(peer.distrust is None for peer in peers)))


def earliest_expiry(chain: Iterable[bytes]) -> float | None:
    """The first ``notAfter`` (RFC 5280, 4.1.2.5) of DER certificates in epoch seconds; None where none is readable."""
    expiries: list[float] = []
    for der in chain:
        try:
            expiries.append(x509.load_der_x509_certificate(der).not_valid_after_utc.timestamp())
        except ValueError:
            continue
    return min(expiries, default=None)


def tls_version(name: str | None) -> str:
    """Go's spelling of OpenSSL's: ``TLS 1.3`` for ``TLSv1.3``."""
    return (name or "unknown").replace("TLSv", "TLS ")


def must_verify(host: str, verify: bool | None) -> bool:
    """Whether an untrusted certificate fails the probe: as set, else for names but not for addresses and localhost."""
    if verify is not None:
        return verify
    return host.lower() != "localhost" and parse_ip(host) is None


def distrusted(hops: Iterable[Hop], verify: bool | None) -> Failures:
    """The connection whose certificate fails the probe, if any."""
    for hop in hops:
        if hop.peer is not None and hop.peer.distrust is not None and must_verify(hop.host, verify):
            return {"certificate": f"certificate of {hop.host} not trusted: {hop.peer.distrust}"}
    return {}


def http_failures(visit: Visit, text: str, expect: Expect, verify: bool | None) -> Failures:
    """In which respects the answer is not what was expected, each with a sentence for people."""
    failures = dict(distrusted(visit.hops, verify))
    if visit.stopped is not None:
        failures["redirect"] = visit.stopped
    elif not _status_expected(visit.page.status, expect.status):
        wanted = "2xx" if expect.status is None else str(expect.status)
        failures["status"] = f"status {visit.page.status}, not {wanted}"
    if expect.text is not None and expect.text not in text:
        failures["text"] = "expected text not found" + (" in the first megabyte" if visit.page.cut else "")
    return failures


def failure_facts(failures: Failures) -> Mapping[str, str]:
    """Why the probe failed, in one sentence for people; nothing where it did not."""
    return {"probe_failure": "; ".join(failures.values())} if failures else {}


def _status_expected(status: int, wanted: int | None) -> bool:
    return 200 <= status < 300 if wanted is None else status == wanted


def page_text(page: Page) -> str:
    """The decoded body. What cannot be decoded is replaced; what unpacks to more than the limit is cut."""
    body = page.body
    if page.encoding in {"gzip", "x-gzip", "deflate"}:
        try:
            body = zlib.decompressobj(GZIP_OR_ZLIB).decompress(body, MAX_BODY_BYTES)
        except zlib.error:
            body = page.body
    try:
        return body.decode(page.charset, "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def redirect_target(url: str, location: str) -> str | None:
    """Where an answer sends us: an absolute http(s) URL (RFC 9110, 10.2.2), or None if that is nothing to follow."""
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        followable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return None
    return target if followable else None


def ip_version(address: str) -> int:
    """4 or 6, of an address literal."""
    return 6 if ":" in address else 4


def is_inner(address: str) -> bool:
    """Whether an address is this machine's or this link's own (loopback, link-local, unspecified)."""
    ip = parse_ip(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip is not None and (ip.is_loopback or ip.is_link_local or ip.is_unspecified)
