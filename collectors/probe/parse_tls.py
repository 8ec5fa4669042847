"""What the far end of a TLS connection is. No I/O, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from agent.layout import Sample, clean_text
from collectors.probe import families as f
from collectors.probe.parse import Failures, Hop
from config.address import parse_ip

MAX_LABEL = 500
MAX_KNOWN = 4096
"""So many certificates are remembered: they change once a quarter, and reading one takes longer than a probe's rest."""
_UNREADABLE = (
    *(ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.UnsupportedGeneralNameType),
    *(x509.ExtensionNotFound, x509.DuplicateExtension),
)


class Leaf(NamedTuple):
    """The server's own certificate: SHA-256 in hex, issuer, subject, and its DNS names with commas between them."""

    fingerprint: str
    issuer: str
    subject: str
    names: str


class _Known(NamedTuple):
    """What is remembered of a certificate: its end in epoch seconds, and who it is; None where it is unreadable."""

    expiry: float | None
    leaf: Leaf | None


_known: dict[bytes, _Known] = {}


def tls(hops: Sequence[Hop]) -> Iterator[Sample]:
    """The last connection's certificates, and whether all connections could be verified; nothing without TLS."""
    peers = [hop.peer for hop in hops if hop.peer is not None]
    last = hops[-1].peer
    if last is None:
        return
    if (expiry := earliest_expiry(last.chain)) is not None:
        yield Sample(f.CERT_EXPIRY, (), expiry)
    if (expiry := earliest_expiry(last.verified)) is not None:
        yield Sample(f.CHAIN_EXPIRY, (), expiry)
    if (leaf := describe_leaf(last.chain)) is not None:
        yield Sample(f.CHAIN_INFO, tuple(leaf), 1)
    yield Sample(f.TLS_VERSION, (last.version,), 1)
    yield Sample(f.TLS_VERIFIED, (), float(all(peer.distrust is None for peer in peers)))


def earliest_expiry(chain: Iterable[bytes]) -> float | None:
    """The first ``notAfter`` (RFC 5280, 4.1.2.5) of DER certificates in epoch seconds; None where none is readable."""
    return min((expiry for der in chain if (expiry := _read(der).expiry) is not None), default=None)


def describe_leaf(chain: Sequence[bytes]) -> Leaf | None:
    """The first certificate of a chain; None where there is none that can be read."""
    return _read(chain[0]).leaf if chain else None


def _read(der: bytes) -> _Known:
    digest = hashlib.sha256(der)
    known = _known.get(digest.digest())
    if known is None:
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        known = _known[digest.digest()] = _parse(der, digest.hexdigest())
    return known


def _parse(der: bytes, fingerprint: str) -> _Known:
    try:
        certificate = x509.load_der_x509_certificate(der)
        expiry = certificate.not_valid_after_utc.timestamp()
    except _UNREADABLE:
        return _Known(None, None)
    try:
        issuer, subject = certificate.issuer.rfc4514_string(), certificate.subject.rfc4514_string()
    except _UNREADABLE:
        return _Known(expiry, None)
    texts = (issuer, subject, ",".join(_dns_names(certificate)))
    return _Known(expiry, Leaf(fingerprint, *(clean_text(text)[:MAX_LABEL] for text in texts)))


def _dns_names(certificate: x509.Certificate) -> list[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return extension.value.get_values_for_type(x509.DNSName)
    except _UNREADABLE:
        return []


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
