"""A server of NUT that answers as a test tells it, and the collector that asks it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from agent.contract import CollectError, Harvest, Subject, Target
from collectors.nut.collector import NutCollector, build
from collectors.nut.params import NutParams
from tests.harness.fakes import FakeWire

TARGET = Target(Subject("device", "usv"), host="127.0.0.1", timeout_seconds=5.0, room="keller")
VARIABLES = ('VAR usv1 ups.status "OB LB"', 'VAR usv1 battery.charge "55"', r'VAR usv1 ups.model "a \"b\" c"')
Answer = Callable[[str], Iterable[bytes] | None]


def listed(*lines: str, ups: str = "usv1") -> bytes:
    return "\n".join((f"BEGIN LIST VAR {ups}", *lines, f"END LIST VAR {ups}", "")).encode()


def good(line: str) -> Iterable[bytes]:
    """What upsd answers."""
    if line.startswith("LIST VAR usv1"):
        return [listed(*VARIABLES)]
    if line.startswith("GET NUMLOGINS usv1"):
        return [b"NUMLOGINS usv1 3\n"]
    if line.startswith(("USERNAME", "PASSWORD")):
        return [b"OK\n"]
    if line == "LIST UPS":
        return [b'BEGIN LIST UPS\nUPS keller "x"\nUPS dach "y"\nEND LIST UPS\n']
    return [b"ERR UNKNOWN-UPS\n"]


class Server:
    """Answers each line as told, with a pause after each piece; closes the connection for None."""

    def __init__(self, answer: Answer, pause_seconds: float) -> None:
        self.answer = answer
        self.pause_seconds = pause_seconds
        self.heard: list[str] = []
        self.talks: set[asyncio.Task[None]] = set()

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.talks.add(asyncio.create_task(self._talk(reader, writer)))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                self.heard.append(line.decode().rstrip("\n"))
                answers = self.answer(self.heard[-1])
                if answers is None:
                    break
                for piece in answers:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(self.pause_seconds)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def serving(answer: Answer, pause_seconds: float = 0) -> AsyncGenerator[tuple[Server, Target]]:
    """A server; when the block is left nobody may be connected any more."""
    server = Server(answer, pause_seconds)
    async with await asyncio.start_server(server.begin, "127.0.0.1", 0) as listener:
        yield server, replace(TARGET, port=listener.sockets[0].getsockname()[1])
        async with asyncio.timeout(10):
            await asyncio.gather(*server.talks)


def collector(target: Target, name: str = "usv1") -> NutCollector:
    return build(target, NutParams(name=name), FakeWire())


def values(harvest: Harvest) -> dict[str, float]:
    columns = harvest.layout.columns
    return {column.family.name.removeprefix("ringwacht_"): harvest.values[column.start] for column in columns}


async def failure(answer: Answer, name: str = "usv1", pause_seconds: float = 0, **changes: object) -> CollectError:
    async with serving(answer, pause_seconds) as (_, target):
        with pytest.raises(CollectError) as caught:
            await collector(replace(target, **changes), name).collect()  # type: ignore[arg-type]
    return caught.value
