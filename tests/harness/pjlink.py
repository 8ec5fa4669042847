"""A projector that speaks PJLink, or does not, as it is told."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

RANDOM = "498e4a67"
CLASS_1: Mapping[str, str] = {
    "POWR": "1",
    "CLSS": "1",
    "ERST": "000000",
    "LAMP": "2120 1",
    "INPT": "31",
    "INST": "11 21 31",
    "NAME": "Beamer von Frau Muster",
    "INF1": "EPSON",
    "INF2": "EB-L200F",
    "INFO": "1.01",
}
CLASS_2: Mapping[str, str] = {
    **CLASS_1,
    "CLSS": "2",
    "FILT": "350",
    "RLMP": "ELPLP96",
    "RFIL": "ELPAF32",
    "SNUM": "X4YZ0100123",
    "SVER": "1.11",
    "IRES": "1920x1080",
    "RRES": "1920x1080",
}
ONLY_CLASS_2 = CLASS_2.keys() - CLASS_1.keys()
IN_STANDBY = {"POWR": "0", "LAMP": "ERR3", "INPT": "ERR3", "FILT": "ERR3"}


@dataclass(slots=True)
class Projector:
    """What it answers; each of these may be changed while it runs.

    ``greeting``: instead of its own, as sent; ``replies``: whole lines instead of its own answers, "" for none;
    ``drip_seconds``: pause after each byte; ``hangs_up_after``: questions that it answers before it hangs up;
    ``one_at_a_time``: a second connection is closed at once, as many do.
    """

    answers: dict[str, str] = field(default_factory=lambda: dict(CLASS_1))
    password: str | None = None
    greeting: bytes | None = None
    replies: dict[str, bytes] = field(default_factory=dict[str, bytes])
    drip_seconds: float = 0.0
    hangs_up_after: int | None = None
    one_at_a_time: bool = True
    heard: list[str] = field(default_factory=list[str])
    connections: int = 0
    most_at_once: int = 0
    _open: int = 0
    _talks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @asynccontextmanager
    async def serving(self, host: str = "127.0.0.1", port: int = 0) -> AsyncGenerator[int]:
        """Listen, and yield the port; when the block is left nobody may be connected any more."""
        async with await asyncio.start_server(self._begin, host, port) as listener:
            try:
                yield listener.sockets[0].getsockname()[1]
            finally:
                async with asyncio.timeout(10):
                    await asyncio.gather(*self._talks)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._talks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if self._open == 1 or not self.one_at_a_time:
                await self._talk(reader, writer)
        self._open -= 1
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting = f"PJLINK 1 {RANDOM}\r" if self.password is not None else "PJLINK 0\r"
        await self._send(writer, greeting.encode() if self.greeting is None else self.greeting)
        may_ask, answered = self.password is None, 0
        while self.hangs_up_after is None or answered < self.hangs_up_after:
            line = (await reader.readuntil(b"\r")).decode()
            proof, _, command = line.rstrip("\r").rpartition("%")
            may_ask = may_ask or proof == self._proof()
            self.heard.append(f"%{command}")
            await self._send(writer, self._answer(command) if may_ask else b"PJLINK ERRA\r")
            answered += 1

    def _proof(self) -> str:
        return hashlib.md5(f"{RANDOM}{self.password}".encode(), usedforsecurity=False).hexdigest()

    def _answer(self, command: str) -> bytes:
        number, name = command[0], command[1:5]
        if name in self.replies:
            return self.replies[name]
        if command[5:] != " ?":
            raise AssertionError(f"something is to be set: {command}")
        known = name in self.answers and (number == "2" or name not in ONLY_CLASS_2)
        return f"%{number}{name}={self.answers[name] if known else 'ERR1'}\r".encode()

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        pieces = [data] if not self.drip_seconds else [data[place : place + 1] for place in range(len(data))]
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(self.drip_seconds)
