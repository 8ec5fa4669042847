"""From values and indexes to numbers and label texts, by the types of ``snmp.yml``. Pure."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite

from collectors.snmp.module import Index, RegexExtract
from collectors.snmp.oid import Value

_FIXED = {"PhysAddress48": 6, "InetAddressIPv4": 4, "IpAddr": 4, "InetAddressIPv6": 16}
_GO_GROUP = re.compile(r"\$\{?(\w+)\}?")
"""A group in a template as Go writes it."""
_INET_SIZES = {1: 4, 2: 16, 3: 8, 4: 20}
"""Octets of an InetAddress by its InetAddressType (RFC 4001)."""


def number(value: Value) -> float | None:
    """Return a finite number, or None: a text, a NULL or a NaN is no sample."""
    if isinstance(value, (int, float)) and isfinite(value):
        return value
    return None


def real(value: Value) -> float | None:
    """Return a number from Opaque float or double (net-snmp's encoding), or from a decimal text; else None (F21)."""
    if not isinstance(value, bytes):
        return number(value)
    if value[:3] == b"\x9f\x78\x04" and len(value) == 7:
        return number(struct.unpack(">f", value[3:])[0])
    if value[:3] == b"\x9f\x79\x08" and len(value) == 11:
        return number(struct.unpack(">d", value[3:])[0])
    try:
        return number(float(value.decode("ascii").replace(",", ".")))
    except ValueError:
        return None


def date_and_time(value: Value) -> float | None:
    """Return seconds since the epoch of a DateAndTime (RFC 2579), or None."""
    if not isinstance(value, bytes) or len(value) not in {8, 11}:
        return None
    year, month, day, hour, minute, second, tenths = struct.unpack(">H6B", value[:8])
    zone = UTC
    try:
        if len(value) == 11:
            east = timedelta(hours=value[9], minutes=value[10])
            zone = timezone(-east if value[8:9] == b"-" else east)
        return datetime(year, month, day, hour, minute, min(second, 59), tenths * 100_000, zone).timestamp()
    except (ValueError, OverflowError):
        return None


def show(value: Value, kind: str) -> str | bytes:
    """Return the text of a value as snmp_exporter shows it; what a device wrote is still to be cleaned."""
    if not isinstance(value, bytes):
        return "" if value is None else str(value)
    if kind == "PhysAddress48":
        return ":".join(f"{octet:02X}" for octet in value)
    if kind in {"InetAddress", "InetAddressMissingSize", "InetAddressIPv4", "InetAddressIPv6", "IpAddr"}:
        return _address(value)
    if kind == "OctetString":
        return "0x" + value.hex().upper() if value else ""
    return value


def plain(value: Value) -> str:
    """Return the text of a value for matching."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


def _address(octets: bytes) -> str:
    if len(octets) == 4:
        return ".".join(map(str, octets))
    if len(octets) == 16:
        return ":".join(f"{octets[at]:02X}{octets[at + 1]:02X}" for at in range(0, 16, 2))
    return "0x" + octets.hex().upper() if octets else ""


def take_index(index: Index, parts: Sequence[int]) -> tuple[str | bytes, int]:
    """Return the label of the next part of a row's index and how many sub-identifiers it takes (RFC 2578 section 7.7).

    Raises ValueError where the index is shorter than its type, or no octet string.
    """
    if index.type in {"InetAddress", "InetAddressMissingSize"}:
        head = 2 if index.type == "InetAddress" else 1
        if len(parts) < head:
            raise ValueError("the index is too short")
        size = parts[1] if head == 2 else _INET_SIZES.get(parts[0], 0)
        return _address(_octets(parts[head:], size)), head + size
    if index.type in _FIXED:
        size = _FIXED[index.type]
        return show(_octets(parts, size), index.type), size
    if index.type in {"OctetString", "DisplayString"}:
        head, size = _string_size(index, parts)
        return show(_octets(parts[head:], size), index.type), head + size
    if not parts:
        raise ValueError("the index is too short")
    return index.enum_values.get(parts[0], str(parts[0])), 1


def _string_size(index: Index, parts: Sequence[int]) -> tuple[int, int]:
    if index.fixed_size:
        return 0, index.fixed_size
    if index.implied:
        return 0, len(parts)
    if not parts:
        raise ValueError("the index is too short")
    return 1, parts[0]


def _octets(parts: Sequence[int], size: int) -> bytes:
    if size > len(parts):
        raise ValueError("the index is too short")
    return bytes(parts[:size])


def extract(patterns: Sequence[RegexExtract], value: Value) -> float | None:
    """Return the number that the first matching pattern finds in a text, or None."""
    text = plain(value)
    for pattern in patterns:
        found = re.search(f"^(?:{pattern.regex})$", text)
        if found:
            try:
                return number(float(found.expand(_GO_GROUP.sub(r"\\g<\1>", pattern.value))))
            except (ValueError, re.error, IndexError):
                continue
    return None
