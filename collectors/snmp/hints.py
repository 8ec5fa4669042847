"""Octets shown by a DISPLAY-HINT (RFC 2579 section 3.1): ``1x:`` is a MAC address, ``1d.1d.1d.1d`` an IPv4 one.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

_PART = re.compile(r"(?P<star>\*?)(?P<take>[1-9][0-9]{0,3})(?P<fmt>[dxoat])(?P<sep>[^0-9*]?)(?P<term>[^0-9*]?)")
_LONGEST_NUMBER = 8
"""Octets; a longer field is shown in hexadecimal."""


class FormatOp(BaseModel):
    """One octet-format specification: how many octets to take, shown how, and what stands behind them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    take: int = Field(gt=0)
    star_prefix: bool = False
    fmt: Literal["d", "x", "o", "a", "t"]
    sep: str = ""
    term: str = ""


def parse_hint(text: str) -> tuple[FormatOp, ...]:
    """Return a hint's specifications. Raises ValueError where it is none."""
    found: list[FormatOp] = []
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None or (part["term"] and not part["star"]):
            raise ValueError(f"{text!r} is no DISPLAY-HINT (RFC 2579 section 3.1)")
        found.append(_operation(part))
        at = part.end()
    return tuple(found)


def _operation(part: re.Match[str]) -> FormatOp:
    groups = part.groupdict()
    star = bool(groups.pop("star"))
    return FormatOp.model_validate({**groups, "star_prefix": star})


def apply_hint(spec: Sequence[FormatOp], octets: bytes) -> bytes:
    """Return the text of the octets; the last specification goes on until they are used up."""
    shown = bytearray()
    at = 0
    for number in range(len(octets)):
        if at >= len(octets):
            break
        at = _apply(spec[min(number, len(spec) - 1)], octets, at, shown)
    return bytes(shown)


def _apply(one: FormatOp, octets: bytes, at: int, shown: bytearray) -> int:
    """Show the octets that one specification takes; return the place after them."""
    times = 1
    if one.star_prefix:
        times, at = octets[at], at + 1
    for turn in range(times):
        if at >= len(octets):
            break
        shown += _field(one.fmt, octets[at : at + one.take])
        at += one.take
        if one.sep and at < len(octets) and not (one.term and turn == times - 1):
            shown += one.sep.encode()
    if one.term and at < len(octets):
        shown += one.term.encode()
    return at


def _field(kind: str, octets: bytes) -> bytes:
    if kind in {"a", "t"}:
        return octets
    if kind == "x" or len(octets) > _LONGEST_NUMBER:
        return octets.hex().upper().encode()
    number = int.from_bytes(octets, "big")
    return format(number, "o" if kind == "o" else "d").encode()
