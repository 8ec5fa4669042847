"""Octets shown by a DISPLAY-HINT (RFC 2579 section 3.1): ``1x:`` is a MAC address, ``1d.1d.1d.1d`` an IPv4 one.

As snmp_exporter does it: what is no hint is found out only where the octets come to it. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_PART = re.compile(rb"(?P<star>\*?)(?P<take>[0-9]+)(?P<kind>[dxoat])(?P<sep>[^0-9*]?)")
_TERM = re.compile(rb"[^0-9*]")
_MAX_TAKE = 1 << 16
_WIDTH = 8
"""Octets of a number: of a longer field the last ones count."""


class Field(NamedTuple):
    """One octet-format specification: how many octets to take, shown how, and what stands behind them."""

    take: int
    star: bool
    kind: str
    sep: bytes
    term: bytes


@dataclass(frozen=True, slots=True)
class Hint:
    """The specifications of a hint up to its end, or up to what is none (not ``whole``)."""

    fields: tuple[Field, ...]
    whole: bool

    def apply(self, octets: bytes) -> bytes | None:
        """Return the text of the octets, None where the hint does not fit; its last part goes on to the end."""
        shown = bytearray()
        at = number = 0
        while at < len(octets):
            if number >= len(self.fields) and not (self.whole and self._goes_on):
                return None
            at = _apply(self.fields[min(number, len(self.fields) - 1)], octets, at, shown)
            number += 1
        return bytes(shown) if octets else None

    @property
    def _goes_on(self) -> bool:
        """Whether the last specification uses octets up."""
        return bool(self.fields) and (self.fields[-1].take > 0 or self.fields[-1].star)


@lru_cache(maxsize=4096)
def parse_hint(text: str) -> Hint:
    """Return a hint, as far as it is one."""
    raw = text.encode()
    found: list[Field] = []
    at = 0
    while at < len(raw):
        part = _PART.match(raw, at)
        if part is None:
            return Hint(tuple(found), whole=False)
        at = part.end()
        star, term = bool(part["star"]), b""
        if star and part["sep"] and (behind := _TERM.match(raw, at)):
            term, at = behind[0], behind.end()
        take = min(int(part["take"][:9]), _MAX_TAKE)
        found.append(Field(take, star, part["kind"].decode(), part["sep"], term))
    return Hint(tuple(found), whole=True)


def _apply(one: Field, octets: bytes, at: int, shown: bytearray) -> int:
    """Show the octets that one specification takes; return the place after them."""
    times = 1
    if one.star:
        times, at = octets[at], at + 1
    for turn in range(times):
        if at >= len(octets):
            break
        shown += _shown(one.kind, octets[at : at + one.take])
        at += one.take
        if one.sep and at < len(octets) and not (one.term and turn == times - 1):
            shown += one.sep
    if one.term and at < len(octets):
        shown += one.term
    return at


def _shown(kind: str, octets: bytes) -> bytes:
    if kind in {"a", "t"}:
        return octets
    if kind == "x":
        return octets.hex().upper().encode()
    number = int.from_bytes(octets[-_WIDTH:], "big")
    return format(number, "o" if kind == "o" else "d").encode()
