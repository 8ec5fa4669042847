"""Looks at a port without saying who we are: is it plain HTTP, which certificate does it show? I/O only."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ssl

from collectors.redfish.resource import ROOT

_STATUS_LINE = 64
_FOUND = frozenset({b"200", b"401", b"403", b"404", b"503"})


async def speaks_plain_http(address: str, port: int, seconds: float) -> bool:
    """Whether plain HTTP is answered there; nothing but the path of the root is sent.

    A port that speaks TLS closes, or says that the request is a bad one (400, 497), or redirects.
    """
    question = f"GET {ROOT} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(address, port)
            try:
                writer.write(question.encode())
                line = await reader.read(_STATUS_LINE)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    version, _, rest = line.partition(b" ")
    return version.startswith(b"HTTP/1.") and rest[:3] in _FOUND


async def fingerprint_at(address: str, port: int, seconds: float) -> bytes | None:
    """Return the SHA-256 of the certificate that is shown there; None where there is none to be seen in time."""
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(address, port, ssl=anyone)
            try:
                shown: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
                certificate = shown.getpeercert(binary_form=True) if shown is not None else None
                return hashlib.sha256(certificate).digest() if certificate else None
            finally:
                writer.close()
    return None
