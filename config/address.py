"""Hosts, addresses with ports, and URLs."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from config.errors import Wrong, shown

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")


@dataclass(frozen=True, slots=True)
class Address:
    """A host (name or IP literal, IPv6 without brackets) and a port, where one is given."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        """Return ``host:port``, IPv6 in brackets."""
        if self.port is None:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that a literal means, or None where it is none."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def check_host(text: str) -> str:
    """Return a host name or IP literal. Raises Wrong."""
    if parse_ip(text) is not None:
        return text
    if re.fullmatch(r"[0-9.]+", text):
        raise Wrong(f"{shown(text)} is not an IP address")
    if len(text) > 253 or not _NAME.fullmatch(text):
        raise Wrong(f"{shown(text)} is neither a host name nor an IP address")
    return text


def check_ip(text: str) -> str:
    """Return an IP literal. Raises Wrong."""
    if parse_ip(text) is None:
        raise Wrong(f"{shown(text)} is not an IP address")
    return text


def parse_address(value: object) -> Address:
    """Return the address that ``host``, ``host:port``, ``::1`` or ``[::1]:port`` means. Raises Wrong."""
    if isinstance(value, Address):
        return value
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not an address, e.g. 192.0.2.1:161")
    text = str(value)
    if parse_ip(text) is not None:
        return Address(text)
    bracketed = re.fullmatch(r"\[(.*)\](?::([0-9]*))?", text)
    host, port = (bracketed[1], bracketed[2]) if bracketed else _split(text)
    return Address(check_ip(host) if bracketed else check_host(host), None if port is None else _port(port))


def _split(text: str) -> tuple[str, str | None]:
    host, colon, port = text.rpartition(":")
    if not colon:
        return text, None
    if not host:
        raise Wrong(f"{shown(text)} has no host", "write 0.0.0.0 for every address of this machine")
    return host, port


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise Wrong(f"{shown(text)} is not a port", "a number from 1 to 65535")
    return int(text)


def _needs_port(address: Address) -> Address:
    if address.port is None:
        raise Wrong(f"{shown(address)} has no port", f"e.g. {Address(address.host, 9595)}")
    return address


def check_url(text: str) -> str:
    """Return an http or https URL without a user name or password in it. Raises Wrong; never quotes the URL."""
    try:
        parts = urlsplit(text)
        host, user, _ = parts.hostname, parts.username or parts.password, parts.port
    except ValueError:
        raise Wrong("is not a URL") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise Wrong("is not a URL", "it begins with https:// or http://")
    if user:
        raise Wrong("holds a user name or password", "put them under credentials")
    if re.search(r"\s", text) or not text.isprintable():
        raise Wrong("is not a URL: it holds blanks")
    return text


_ADDRESS_SCHEMA: dict[str, Any] = {
    "title": "address",
    "type": "string",
    "examples": ["192.0.2.1", "192.0.2.1:161", "[2001:db8::1]:161"],
}

Host = Annotated[str, AfterValidator(check_host)]
IpLiteral = Annotated[str, AfterValidator(check_ip)]
HostPort = Annotated[Address, BeforeValidator(parse_address), PlainSerializer(str), WithJsonSchema(_ADDRESS_SCHEMA)]
Listen = Annotated[HostPort, AfterValidator(_needs_port), PlainSerializer(str), WithJsonSchema(_ADDRESS_SCHEMA)]
Url = Annotated[str, AfterValidator(check_url), WithJsonSchema({"title": "URL", "type": "string", "format": "uri"})]
