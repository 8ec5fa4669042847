"""NTP's packets (RFC 5905, RFC 4330): what a time server says, and how far its clock is from ours. No I/O, no clock."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from agent.layout import Sample
from collectors.probe import families as f
from collectors.probe.parse import Failures, Hop, NotAnAnswerError, common

FAILURE_REASONS = ("kiss_of_death", "unsynchronised")
UNSYNCHRONISED = 3  # leap indicator
MAX_STRATUM = 15
VERSIONS = frozenset({3, 4})
CLIENT, SERVER = 3, 4

# Kiss codes that only say "not synchronised yet" (RFC 5905, figure 13); all others refuse us.
_WAITING = frozenset({"INIT", "STEP"})

_PACKET = struct.Struct("!BBbb II4s 8s8s8s8s")
_STAMP = struct.Struct("!II")
_EPOCH = 2_208_988_800  # 1970 in seconds since 1900
_ERA = 2.0**32
_SHORT = 2.0**16


@dataclass(frozen=True, slots=True)
class Packet:
    """A server's answer. Durations in seconds, times in seconds since the epoch, None where the server gives none."""

    leap: int
    stratum: int
    code: str
    root_delay: float
    root_dispersion: float
    reference: float | None
    received: float | None
    sent: float | None


class Measured(NamedTuple):
    """``offset``: how far the server's clock is ahead of ours; ``delay``: the round trip; both in seconds."""

    offset: float
    delay: float


def request(origin: bytes) -> bytes:
    """Return a client's packet, version 4. It tells nothing of this machine: ``origin`` (8 bytes) is random, no time.

    The server sends it back, which no one can who did not see it (draft-ietf-ntp-data-minimization).
    """
    return bytes([4 << 3 | CLIENT]) + bytes(39) + origin


def read(data: bytes, origin: bytes, now: float) -> Packet:
    """Return a server's answer to ``origin``; ``now`` tells the era (the next one begins in 2036).

    Raises:
        NotAnAnswerError: it answers another request, is no server's, or too short. Extensions and MACs are ignored.
    """
    if len(data) < _PACKET.size:
        raise NotAnAnswerError("shorter than an NTP packet")
    head, stratum, _poll, _precision, delay, dispersion, identity, *times = _PACKET.unpack_from(data)
    reference, echoed, received, sent = times
    if echoed != origin:
        raise NotAnAnswerError("wrong origin timestamp")
    if head & 7 != SERVER or head >> 3 & 7 not in VERSIONS:
        raise NotAnAnswerError("not an NTP server's packet of version 3 or 4")
    return Packet(
        leap=head >> 6,
        stratum=stratum,
        code=_kiss_code(identity) if stratum == 0 else "",
        root_delay=delay / _SHORT,
        root_dispersion=dispersion / _SHORT,
        reference=_time(reference, now),
        received=_time(received, now),
        sent=_time(sent, now),
    )


def _kiss_code(identity: bytes) -> str:
    text = identity.rstrip(b"\0").decode("latin-1")
    return text if len(text) >= 3 and text.isascii() and text.isalnum() else ""


def _time(stamp: bytes, now: float) -> float | None:
    """A 64-bit timestamp in the era that is nearest to ``now``; 0 means that the server does not say."""
    seconds, fraction = _STAMP.unpack(stamp)
    if seconds == fraction == 0:
        return None
    time: float = seconds - _EPOCH + fraction / _ERA
    return time + _ERA * round((now - time) / _ERA)


def is_kiss(packet: Packet) -> bool:
    """Whether the server refuses us: a kiss-o'-death (RFC 5905, 7.4). Who gets one must stop asking."""
    return bool(packet.code) and packet.code not in _WAITING


def measured(packet: Packet, departed: float, seconds: float) -> Measured | None:
    """Compare the clocks (RFC 5905, section 8); None where the packet holds no time.

    ``departed``: our wall clock as the request left; ``seconds``: from then until the answer was here.
    """
    if packet.received is None or packet.sent is None or is_kiss(packet):
        return None
    offset = (packet.received - departed + packet.sent - (departed + seconds)) / 2
    return Measured(offset, seconds - (packet.sent - packet.received))


def best(measurements: list[Measured]) -> Measured | None:
    """The one that the network disturbed least."""
    return min(measurements, key=lambda one: abs(one.delay), default=None)


def failures(packet: Packet) -> Failures:
    """Why the server is no source of time, with a sentence for people."""
    if is_kiss(packet):
        return {"kiss_of_death": f"the server refuses to tell the time (kiss-o'-death {packet.code})"}
    if packet.leap == UNSYNCHRONISED or not 1 <= packet.stratum <= MAX_STRATUM:
        code = f", {packet.code}" if packet.code else ""
        said = f"leap {packet.leap}, stratum {packet.stratum}{code}"
        return {"unsynchronised": f"the server's clock is not synchronised ({said})"}
    return {}


def samples(hop: Hop, seconds: float, packet: Packet, clock: Measured | None) -> Iterator[Sample]:
    """An answer; a kiss-o'-death tells its stratum and leap only, since all else in it means nothing."""
    failed = failures(packet)
    yield from common(hop.address, hop.phases["resolve"], seconds, success=not failed)
    yield Sample(f.NTP_STRATUM, (), packet.stratum)
    yield Sample(f.NTP_LEAP, (), packet.leap)
    if clock is not None:
        yield Sample(f.NTP_OFFSET, (), clock.offset)
        yield Sample(f.NTP_RTT, (), max(0.0, clock.delay))
    if not is_kiss(packet):
        yield Sample(f.NTP_ROOT_DELAY, (), packet.root_delay)
        yield Sample(f.NTP_ROOT_DISPERSION, (), packet.root_dispersion)
        if packet.reference is not None:
            yield Sample(f.NTP_REFERENCE_TIME, (), packet.reference)
    for reason in FAILURE_REASONS:
        yield Sample(f.FAILED, (reason,), float(reason in failed))
