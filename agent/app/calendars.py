"""Fetches duty calendars, and keeps the last good copy of each calendar."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp

from agent.wire.wholefile import write_whole
from config.calendarfaults import CalendarError
from config.icalbounds import LARGEST_BYTES

FETCH_SECONDS = 20.0
MOST_REDIRECTS = 3

SCHEMES: Mapping[str, str] = {"https": "https", "http": "http", "webcal": "https", "webcals": "https"}

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def keep(path: Path, content: bytes) -> None:
    """Write the last good copy, whole or not at all; a disk that is full is found by the state store."""
    with contextlib.suppress(OSError):
        if path.exists() and path.read_bytes() == content:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, (content,), 0o600)


async def fetch(url: str) -> bytes:
    """Fetch a calendar. Raises CalendarError; its message holds nothing of the URL, which may be secret."""
    try:
        return await _fetch(plain(url))
    except TimeoutError as error:
        raise CalendarError("slow", seconds=round(FETCH_SECONDS)) from error
    except aiohttp.ClientConnectorError as error:
        raise CalendarError("unreached", why=error.strerror or type(error.os_error).__name__) from error
    except (aiohttp.ClientError, OSError) as error:
        raise CalendarError("failed", why=type(error).__name__) from error


def plain(url: str) -> str:
    """Return the URL as it is fetched: ``webcal:`` is what calendar programs show of one that is fetched by TLS."""
    scheme, colon, rest = url.strip().partition(":")
    return f"{SCHEMES.get(scheme.lower(), scheme)}{colon}{rest}"


async def _fetch(url: str) -> bytes:
    """A redirect is followed on the same host only: elsewhere the secret of the URL has no business."""
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for _ in range(MOST_REDIRECTS + 1):
            async with session.get(url, allow_redirects=False) as answer:
                if answer.status == 200:
                    return await _limited(answer)
                if answer.status not in _REDIRECTS:
                    raise CalendarError("status", status=answer.status)
                url = _redirected(url, answer.headers.get("Location", ""))
    raise CalendarError("circles")


def _redirected(url: str, location: str) -> str:
    target = urljoin(url, location)
    here, there = urlsplit(url), urlsplit(target)
    if there.netloc != here.netloc or there.scheme not in {"https", here.scheme}:
        raise CalendarError("elsewhere")
    return target


async def _limited(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for part in answer.content.iter_chunked(65_536):
        content += part
        if len(content) > LARGEST_BYTES:
            raise CalendarError("large", megabytes=LARGEST_BYTES // 1_000_000)
    return bytes(content)
