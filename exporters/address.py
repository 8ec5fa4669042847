"""Where do people reach the page, and is that this machine alone? Pure."""

from __future__ import annotations

from ipaddress import IPv6Address

from config.address import parse_ip
from config.settings import Web


def page_of(web: Web, *, afar: bool = False) -> str | None:
    """Return the address of the page, without a slash at its end: as said, else where it listens.

    None where nothing says by which address: it listens on all of them. ``afar``: for who reads on another machine or
    a telephone; an address of this machine alone leads nowhere there.
    """
    if web.external_url is not None:
        return web.external_url.rstrip("/")
    address = parse_ip(web.listen.host)
    if (address is not None and address.is_unspecified) or (afar and is_loopback(web.listen.host)):
        return None
    return f"http://{web.listen}"


def is_loopback(host: str) -> bool:
    """Whether a host as configured, or a peer's address, is this machine's loopback."""
    address = parse_ip(host)
    if address is None:
        return host.lower() == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
