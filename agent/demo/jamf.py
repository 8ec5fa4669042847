"""The school's device management, as a Jamf School server answers."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping

LOGIN = "4711:demo"  # network id and key
_TIMEOUT_SECONDS = 10.0
_WANTED = f"Basic {base64.b64encode(LOGIN.encode()).decode()}"


async def serve(
    devices: Callable[[], list[dict[str, object]]], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer one HTTP request."""
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            writer.write(answer(head[0], _headers(head[1:]), devices))
            await writer.drain()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # a client that went away or talks nonsense is its own affair
    finally:
        writer.close()


def _headers(lines: list[str]) -> Mapping[str, str]:
    pairs = (line.partition(":") for line in lines)
    return {name.strip().casefold(): value.strip() for name, _, value in pairs}


def answer(request: str, headers: Mapping[str, str], devices: Callable[[], list[dict[str, object]]]) -> bytes:
    """Return what a request is answered with."""
    if headers.get("authorization") != _WANTED:
        return _reply("401 Unauthorized", {"code": 401, "message": "Unauthorized"})
    words = request.split()
    if len(words) != 3 or words[0] != "GET" or words[1].partition("?")[0] != "/api/devices":
        return _reply("404 Not Found", {"code": 404, "message": "NotFound"})
    listed = devices()
    return _reply("200 OK", {"code": 200, "count": len(listed), "devices": listed})


def _reply(status: str, content: Mapping[str, object]) -> bytes:
    body = json.dumps(content).encode()
    fields = (
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*fields, "", "")).encode() + body
