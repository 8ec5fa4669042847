"""From values and indexes to label texts, by the types of ``snmp.yml``, as snmp_exporter shows them. Pure."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from collectors.snmp.modules.hints import Hint
from collectors.snmp.modules.module import COMBINED, Index
from collectors.snmp.modules.numbers import number, opaque, real
from collectors.snmp.oid import Value, plain

__all__ = ["named", "number", "plain", "real", "show", "subtype", "take_index"]

Parts = tuple[int, ...]
MAX_OCTETS = 128
"""An OID has no more sub-identifiers (RFC 2578 section 3.5), so no index has more octets."""
SINGLE = 7
"""Octets of a float in an Opaque, with the three in front of it."""
_FIXED = {"PhysAddress48": 6, "InetAddressIPv4": 4, "IpAddr": 4, "InetAddressIPv6": 16}
_INET = {1: "InetAddressIPv4", 2: "InetAddressIPv6"}
_PORT_ID = {1: "DisplayString", 2: "DisplayString", 3: "PhysAddress48", 5: "DisplayString", 7: "DisplayString"}
_SUBTYPES: Mapping[str, Mapping[int, str]] = {
    "InetAddress": _INET,  # InetAddressType, RFC 4001
    "InetAddressMissingSize": _INET,
    "LldpPortId": _PORT_ID,  # LldpPortIdSubtype, IEEE 802.1AB
}


def subtype(kind: str, told: Value) -> str:
    """Return the type that the object before, whose value is ``told``, gives to a value of a combined type."""
    if kind not in COMBINED:
        return kind
    return _SUBTYPES[kind].get(told, "OctetString") if isinstance(told, int) else "OctetString"


def show(value: Value, kind: str, hint: Hint | None = None) -> str | bytes:
    """Return the text of a value, still to be cleaned; without a kind octets stay as they are.

    The hint is for octets of no other type; where it does not fit them, they are shown in hexadecimal.
    """
    if not isinstance(value, bytes):
        return "" if value is None else _decimal(value) if isinstance(value, float) else str(value)
    floating = opaque(value)
    if floating is not None:
        return _decimal(_shortest(floating) if len(value) == SINGLE else floating)
    if kind in {"", "DisplayString"}:
        return value
    if kind in _FIXED:
        return _address(_padded(value, _FIXED[kind]), kind)
    hinted = hint.apply(value) if hint is not None and kind == "OctetString" else None
    return _hexadecimal(value) if hinted is None else hinted


def named(value: int, names: Mapping[int, str]) -> str:
    """Return the name of a number, or the number."""
    return names.get(value, str(value))


def _decimal(value: float) -> str:
    """Spell a float without an exponent."""
    text = repr(value)
    if "e" in text:
        text = f"{value:.20f}".rstrip("0")
    return text.removesuffix("0").removesuffix(".") if text.endswith(".0") else text.removesuffix(".")


def _shortest(single: float) -> float:
    """Return the float of the fewest digits that is the same in 32 bits: 0.46, not 0.46000000834465027."""
    packed = struct.pack(">f", single)
    spelled = (float(f"{single:.{digits}g}") for digits in range(1, 9))
    return next((one for one in spelled if _pack_single(one) == packed), single)


def _pack_single(value: float) -> bytes:
    try:
        return struct.pack(">f", value)
    except OverflowError:
        return b""


def _hexadecimal(octets: bytes) -> str:
    return "0x" + octets.hex().upper() if octets else ""


def _padded(octets: bytes, size: int) -> bytes:
    return octets[:size].ljust(size, b"\0")


def _address(octets: bytes, kind: str) -> str:
    if kind == "PhysAddress48":
        return ":".join(f"{octet:02X}" for octet in octets)
    if kind == "InetAddressIPv6":
        return ":".join(f"{octets[at]:02X}{octets[at + 1]:02X}" for at in range(0, 16, 2))
    return ".".join(map(str, octets))


def take_index(index: Index, parts: Parts) -> tuple[str | bytes, Parts, Parts]:
    """Return the label of the next part of a row's index, its sub-identifiers, and those left (RFC 2578 section 7.7).

    What is missing at the end counts as 0: some routers leave trailing zeros out. Raises ValueError where a
    sub-identifier is no octet, or the string longer than an OID.
    """
    kind = index.type
    if kind in COMBINED:
        return _take_combined(index, parts)
    if kind in _FIXED:
        used, rest = _split(parts, _FIXED[kind])
        return _address(_octets(used), kind), used, rest
    if kind in {"OctetString", "DisplayString"}:
        head, used, rest = _take_string(index, parts)
        return show(_octets(used), kind), head + used, rest
    used, rest = _split(parts, 1)
    return named(used[0], index.enum_values if kind == "EnumAsInfo" else {}), used, rest


def _take_combined(index: Index, parts: Parts) -> tuple[str | bytes, Parts, Parts]:
    """Take an address whose type, and mostly its size, stand before it."""
    sized = index.type != "InetAddressMissingSize"
    head, rest = _split(parts, 1 + sized)
    kind = subtype(index.type, head[0])
    if kind in _FIXED:
        used, rest = _split(rest, _FIXED[kind])
        return _address(_octets(used), kind), head + used, rest
    if kind == "DisplayString":
        used, rest = _split(rest, head[1])
        return _octets(used), head + used, rest
    used, rest = _split(parts, head[1] + 2 if sized else len(parts))
    return _hexadecimal(_octets(used)), used, rest


def _take_string(index: Index, parts: Parts) -> tuple[Parts, Parts, Parts]:
    """Return the length where the index has one, the octets, and what is left."""
    size = len(parts) if index.implied else index.fixed_size
    if size:
        return (), *_split(parts, size)
    head, rest = _split(parts, 1)
    return head, *_split(rest, head[0])


def _split(parts: Parts, size: int) -> tuple[Parts, Parts]:
    if size > MAX_OCTETS:
        raise ValueError("longer than an object identifier")
    return parts[:size] + (0,) * (size - len(parts)), parts[size:]


def _octets(parts: Parts) -> bytes:
    return bytes(parts)
