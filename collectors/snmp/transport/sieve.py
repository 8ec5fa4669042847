"""Which datagram is the answer to a request, and what the others say about why there was none (F12 to F15). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.contract import BadReply, CollectError, Unreachable
from collectors.snmp.transport.reply import Header, Reply, read_header, read_rows

VERSIONS: Mapping[str, int] = {"1": 0, "2c": 1}
SHORT_ID = 0xFFFF


class Undecodable(BadReply):
    """What came cannot be read by this engine, or would be misread; another one, or another try, may do better."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the answer to one request carries. ``sources`` are the addresses that are believed; None stands for all."""

    version: int
    community: bytes
    request_id: int
    port: int
    sources: frozenset[str] | None


@dataclass(slots=True)
class Sieve:
    """Takes datagrams until one is the answer."""

    expected: Expected
    foreign: str = ""
    garbled: str = ""
    shortened: bool = False
    communities: set[bytes] = field(default_factory=set[bytes])

    def take(self, datagram: bytes, host: str, port: int) -> Reply | None:
        """Return the answer, or None for a datagram that is none: late, doubled, forged, garbled.

        The rows are read of our answer only: what others throw at us costs microseconds (F15).
        """
        try:
            header = read_header(datagram)
            return read_rows(header) if self._is_ours(header, host, port) else None
        except ValueError as error:
            self.garbled = str(error)
            return None

    def _is_ours(self, reply: Header, host: str, port: int) -> bool:
        expected = self.expected
        if reply.request_id != expected.request_id or reply.version != expected.version:
            self.shortened |= reply.request_id & SHORT_ID == reply.request_id == expected.request_id & SHORT_ID
            return False
        if port != expected.port or (expected.sources is not None and host not in expected.sources):
            self.foreign = host if port == expected.port else f"{host} port {port}"
            return False
        return reply.community == expected.community

    def failure(self) -> CollectError:
        """Return why there was no answer, by the most telling of what came instead."""
        if self.foreign:
            return Undecodable(f"answered from {self.foreign}: see accept_from")
        if self.shortened:
            return shortened_id()
        if self.garbled:
            return Undecodable(f"the answer cannot be decoded ({self.garbled})")
        return Unreachable("no answer")


def shortened_id() -> BadReply:
    """Return the failure of a device that keeps only half of the request-id (F14)."""
    return BadReply("the device answers with a shortened request-id: see request_id_bits")
