"""One connection to a projector for one poll; only questions are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from agent.contract import AuthFailed, BadReply, Reason, Unreachable
from agent.layout import clean_text
from agent.wire.failures import collect_error, describe
from collectors.projector.parse import MOST_BYTES, REFUSED, NotPjlink, Question, Reply, challenge, digest, reply

T = TypeVar("T")

Listener = Callable[[str], None]


class Patience(NamedTuple):
    """Seconds that one answer may take, and all of them together."""

    answer: float
    poll: float


class _Streams(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Conversation:
    """Asks one question after the other. ``password`` is sent only as a digest, and only where it is asked for."""

    def __init__(self, where: str, patience: Patience, password: str | None, trace: Listener | None) -> None:
        self._where = where
        self._seconds = patience.answer
        self._deadline = asyncio.get_running_loop().time() + patience.poll
        self._password = password
        self._trace = trace
        self._streams: _Streams | None = None
        self._digest = b""
        self._sent = b""

    async def open(self, address: str, port: int) -> None:
        """Connect, and hear the greeting.

        Raises:
            Unreachable: nothing answers, or it hangs up at once.
            AuthFailed: a password is wanted, and there is none; or nobody is let in.
            BadReply: it does not speak PJLink.
        """
        try:
            async with self._time():
                self._streams = _Streams(*await asyncio.open_connection(address, port, limit=MOST_BYTES + 1))
        except OSError as error:  # TimeoutError is one
            raise collect_error(error, f"{self._where}: {describe(error)}") from None
        random = self._understood(challenge, await self._line(self._streams.reader))
        self._tell("connected, " + ("no password is asked for" if random is None else "a password is asked for"))
        if random == REFUSED:
            raise AuthFailed(f"{self._where}: it lets nobody in (ERRA)")
        if random is not None:
            if self._password is None:
                raise AuthFailed(f"{self._where}: it asks for a password, and none is configured")
            self._digest = self._sent = digest(random, self._password)

    async def ask(self, question: Question) -> Reply:
        """Return the answer. Raises as ``open``; AuthFailed where the password is refused."""
        if self._streams is None:
            raise Unreachable(f"{self._where}: not connected")
        line, self._digest = self._digest + question.line, b""  # the digest goes with the first command only
        self._streams.writer.write(line)
        answer = self._understood(lambda line: reply(line, question), await self._line(self._streams.reader))
        self._tell(f"{question.name}: {answer.refusal or clean_text(answer.text)}")
        if answer.refusal == "password":
            raise AuthFailed(f"{self._where}: it refuses the password")
        return answer

    def close(self) -> None:
        """Hang up; harmless without a connection. Many projectors serve but one at a time."""
        if self._streams is not None:
            self._streams.writer.close()
            self._streams = None

    def _understood(self, read: Callable[[bytes], T], line: bytes) -> T:
        """Return what a line means; the error quotes it, but not what we had sent to log in."""
        try:
            return read(line)
        except NotPjlink as error:
            quoted = line.replace(self._sent, b"...") if self._sent else line
            raise BadReply(f"{self._where}: {error}: {clean_text(quoted, 64)!r}") from None

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        """Return a line without its end."""
        try:
            async with self._time():
                return (await reader.readuntil(b"\r")).strip(b"\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial.strip():
                raise BadReply(f"{self._where}: it hangs up in the middle of an answer") from None
            raise Unreachable(f"{self._where}: it hangs up without an answer", Reason.REFUSED) from None
        except ConnectionError:
            raise Unreachable(f"{self._where}: it hangs up without an answer", Reason.REFUSED) from None
        except asyncio.LimitOverrunError:
            raise BadReply(f"{self._where}: an answer longer than {MOST_BYTES} bytes") from None
        except TimeoutError:
            raise Unreachable(f"{self._where}: no answer in time") from None
        except OSError as error:
            raise collect_error(error, f"{self._where}: {describe(error)}") from None

    def _time(self) -> asyncio.Timeout:
        return asyncio.timeout_at(min(asyncio.get_running_loop().time() + self._seconds, self._deadline))

    def _tell(self, text: str) -> None:
        if self._trace is not None:
            self._trace(text)
