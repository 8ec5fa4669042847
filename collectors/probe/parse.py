"""From what was seen on the wire to blackbox_exporter's samples: what all probes share. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address

from agent.layout import Sample
from collectors.probe import families as f
from config.address import parse_ip

_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 0x01000193

Phases = Mapping[str, float]
Failures = Mapping[str, str]


class NotAnAnswerError(Exception):
    """What came answers nothing that was asked, or cannot be read; the text says why and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The far end of a TLS connection. ``distrust`` is why it could not be verified, None where it was.

    ``chain``: the certificates (DER) as sent, its own first; ``verified``: up to an authority that is trusted.
    """

    version: str
    chain: tuple[bytes, ...]
    distrust: str | None
    verified: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """One connection: to which host and address, how long each phase took (seconds), who answered over TLS."""

    host: str
    address: str
    phases: Phases
    peer: Peer | None = None


def common(address: str, resolve_seconds: float, seconds: float, *, success: bool) -> Iterator[Sample]:
    """What every probe tells."""
    yield Sample(f.SUCCESS, (), float(success))
    yield Sample(f.DURATION, (), seconds)
    yield Sample(f.DNS_TIME, (), resolve_seconds)
    yield Sample(f.IP_PROTOCOL, (), ip_version(address))
    yield Sample(f.ADDRESS_HASH, (), address_hash(address))


def address_hash(address: str) -> int:
    """FNV-1a, 32 bits, of the address's 4 or 16 bytes, as blackbox_exporter has it; 0 of what is no address."""
    ip = parse_ip(address.partition("%")[0])
    value = _FNV_OFFSET
    for byte in ip.packed if ip is not None else b"":
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return value if ip is not None else 0


def failed(failures: Failures, reasons: tuple[str, ...]) -> Iterator[Sample]:
    """For each reason whether it is why the probe failed."""
    for reason in reasons:
        yield Sample(f.FAILED, (reason,), float(reason in failures))


def failure_facts(failures: Failures) -> Mapping[str, str]:
    """Why the probe failed, in one sentence for people; nothing where it did not."""
    return {"probe_failure": "; ".join(failures.values())} if failures else {}


def ip_version(address: str) -> int:
    """4 or 6, of an address literal."""
    return 6 if ":" in address else 4


def is_inner(address: str) -> bool:
    """Whether an address is this machine's or this link's own (loopback, link-local, unspecified)."""
    ip = parse_ip(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip is not None and (ip.is_loopback or ip.is_link_local or ip.is_unspecified)
