"""Who may send traps and how many: networks that are allowed, and limits for each source and for all. Pure.

A datagram that is turned away costs a few microseconds; reading one costs milliseconds (facts, failures F44).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal

PER_SOURCE = 5.0
ALL = 30.0
"""Datagrams a second that are read in the long run, of one source and of all."""
BURST_SECONDS = 5.0
"""So many seconds' worth may come at once."""
MAX_SOURCES = 4096
Turned = Literal["not_allowed", "source_limit", "limit"]


@dataclass(slots=True)
class _Bucket:
    """Tokens that are left, and when they were counted (monotonic seconds)."""

    tokens: float
    at: float

    def take(self, rate: float, now: float) -> bool:
        self.tokens = min(rate * BURST_SECONDS, self.tokens + (now - self.at) * rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Gate:
    """Decides for each datagram by its source address alone."""

    def __init__(self, allow: Sequence[IPv4Network | IPv6Network], now: float) -> None:
        self._allow = tuple(allow)
        self._all = _Bucket(ALL * BURST_SECONDS, now)
        self._sources: OrderedDict[str, _Bucket] = OrderedDict()

    def turned_away(self, source: str, now: float) -> Turned | None:
        """Return why a datagram from there is not to be read, or None where it is. ``now`` is monotonic seconds."""
        bucket = self._sources.get(source)
        if bucket is None:
            if not self._is_allowed(source):
                return "not_allowed"
            bucket = self._sources[source] = _Bucket(PER_SOURCE * BURST_SECONDS, now)
            if len(self._sources) > MAX_SOURCES:
                self._sources.popitem(last=False)
        self._sources.move_to_end(source)
        if not bucket.take(PER_SOURCE, now):
            return "source_limit"
        return None if self._all.take(ALL, now) else "limit"

    def __len__(self) -> int:
        """Return how many sources it remembers."""
        return len(self._sources)

    def _is_allowed(self, source: str) -> bool:
        try:
            address = plain_address(source)
        except ValueError:
            return False
        return any(address in network for network in self._allow)


def plain_address(source: str) -> IPv4Address | IPv6Address:
    """Return a sender's address; an IPv4 address that came in over an IPv6 socket as IPv4. Raises ValueError."""
    address = ip_address(source.split("%", 1)[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
