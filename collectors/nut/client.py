"""aionut, bounded: what a server of Network UPS Tools does becomes one of our errors, in time."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar

from aionut import (
    AIONUTClient,
    NUTCommandError,
    NUTConnectionClosedError,
    NUTError,
    NUTOSError,
    NUTProtocolError,
    NUTTimeoutError,
)
from aionut.client import connected_operation

from agent.contract import AuthFailed, BadReply, CollectError, Unreachable
from agent.layout import clean_text
from agent.wire.failures import collect_error, describe
from config.credentials import NutCredential

# With --debug every library tells all it does, and this one its password.
logging.getLogger("aionut").setLevel(logging.INFO)

T = TypeVar("T")

MOST_DIGITS = 6
MOST_NAMES = 10
MOST_BYTES = 65_536
_CODE = re.compile(r"ERR ([A-Z-]{1,40})(?: .*)?\n", re.ASCII)
_LOGIN = ("USERNAME ", "PASSWORD ")
_ESCAPED = re.compile(r"\\(.)")
_PLAIN = re.compile(r"[A-Za-z0-9_.,:;@%+*/!?-]+", re.ASCII)
_STALE = {
    "DATA-STALE": "the server has lost it: its driver brings no data",
    "DRIVER-NOT-CONNECTED": "its driver does not run on the server",
}
_DENIED = frozenset({"ACCESS-DENIED", "USERNAME-REQUIRED", "INVALID-USERNAME", "PASSWORD-REQUIRED", "INVALID-PASSWORD"})
_CODES = _DENIED | _STALE.keys() | {"UNKNOWN-UPS", "UNKNOWN-COMMAND", "TLS-NOT-ENABLED", "FEATURE-NOT-CONFIGURED"}
"""Errors of RFC 9271 that may follow what we ask."""


class _Client(AIONUTClient):
    """The library's client; what it lacks; and its reading of lines, which takes nothing but ASCII and quotes anything.

    Its errors hold a line of the server only where nobody logs in: what is no NUT may send the password back.
    """

    def disconnect(self) -> None:
        """Close the socket, also after a login that failed."""
        self._connected = self._writer is not None
        super().disconnect()

    @connected_operation
    async def logins(self, ups: str) -> str:
        """Return how many clients are logged in, as the server says it."""
        reply = await self._write_command_or_raise(f"GET NUMLOGINS {ups}\n", f"NUMLOGINS {ups} ")
        return reply.split()[-1]

    @connected_operation
    async def variables(self, ups: str) -> dict[str, str]:
        """Return the variables of a UPS; lines that name none of its variables are passed over."""
        await self._write_command_or_raise(f"LIST VAR {ups}\n", f"BEGIN LIST VAR {ups}\n")
        listed = await self._read_util(f"END LIST VAR {ups}\n")
        found = re.findall(rf'^VAR {re.escape(ups)} (\S+) "(.*)"$', listed, re.MULTILINE)
        return {name: _ESCAPED.sub(r"\1", value) for name, value in found}

    async def _write_command_or_raise(self, data: str, expected_starts_with: str | None = None) -> str:
        """Ask, and return the line that answers; only OK answers a login, so that no password follows an echo."""
        if self._writer is None:
            raise NUTConnectionClosedError("not connected")
        self._writer.write(data.encode("ascii"))
        reply = await self._line()
        if not reply:
            raise NUTConnectionClosedError("the connection is closed at once")
        if reply.startswith("ERR"):
            raise NUTCommandError(self._code(reply))
        if not reply.startswith("OK" if data.startswith(_LOGIN) else expected_starts_with or ""):
            raise NUTProtocolError("no answer of NUT" if self._is_secret else f"no answer of NUT: {reply.strip()}")
        return reply

    async def _read_util(self, data: str) -> str:
        """Return the lines before the one that is ``data``."""
        lines: list[str] = []
        size = 0
        while (line := await self._line()) != data:
            size += len(line)
            if not line or size > MOST_BYTES:
                raise NUTProtocolError("an answer that is endless" if line else "an answer that is cut short")
            lines.append(line)
        return "".join(lines)

    async def _line(self) -> str:
        """Return a line with its end, a line feed by itself; "" where the server hung up, also within the line."""
        if self._reader is None:
            return ""
        try:
            line = (await self._reader.readline()).decode("utf-8", "replace")
        except ValueError:  # longer than the 64 KiB that asyncio keeps
            raise NUTProtocolError("an answer that is endless") from None
        return line.rstrip("\r\n") + "\n" if line.endswith("\n") else ""

    def _code(self, reply: str) -> str:
        """Return the name of an error; "" where it has none, or none that may be said."""
        found = _CODE.fullmatch(reply)
        return found[1] if found and (found[1] in _CODES or not self._is_secret) else ""

    @property
    def _is_secret(self) -> bool:
        return self.username is not None


class Endpoint(NamedTuple):
    """Where a server is: its address as configured and as resolved, its port, and who logs in."""

    host: str
    address: str
    port: int
    credential: NutCredential | None = None

    @property
    def where(self) -> str:
        """For people."""
        return f"{self.host} port {self.port}"


class Conversation:
    """One connection to one server, for one poll; each question takes ``timeout_seconds`` at most."""

    def __init__(self, endpoint: Endpoint, timeout_seconds: float) -> None:
        self._where = endpoint.where
        self._seconds = timeout_seconds
        login = endpoint.credential
        self._client = _Client(
            endpoint.address,
            endpoint.port,
            None if login is None else quoted(login.username),
            None if login is None else quoted(login.password.get_secret_value()),
            timeout=timeout_seconds,
        )

    def close(self) -> None:
        """Close the connection; harmless without one."""
        self._client.disconnect()

    async def variables(self, ups: str) -> dict[str, str]:
        """Return the variables of a UPS.

        Raises:
            Unreachable: nothing answers.
            AuthFailed: the server refuses us, or what we log in with.
            BadReply: the server lost the UPS, does not know it, or does not speak NUT.
        """
        try:
            return await self._asked(lambda: self._client.variables(ups))
        except _Refused as refused:
            if refused.code == "UNKNOWN-UPS":
                raise BadReply(f"{self._where} has no UPS {ups}; {await self._offer()}") from None
            lost = _STALE.get(refused.code)
            raise BadReply(f"{ups}: {lost} ({refused.code})") if lost else refused from None

    async def logins(self, ups: str) -> int:
        """Return the number of computers that are connected to be shut down in time. Raises as ``variables``."""
        found = await self._asked(lambda: self._client.logins(ups))
        if not (found.isascii() and found.isdecimal() and len(found) <= MOST_DIGITS):
            raise BadReply(f"{self._where}: NUMLOGINS without a number of clients")
        return int(found)

    async def _offer(self) -> str:
        """Return which UPS there are, for people."""
        try:
            names = list(await self._asked(self._client.list_ups))
        except CollectError as error:
            return f"what it has cannot be told: {error.detail}"
        shown = ", ".join(clean_text(name, 64) for name in names[:MOST_NAMES])
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        return f"it has {shown}{more}" if names else "it has none at all"

    async def _asked(self, question: Callable[[], Awaitable[T]]) -> T:
        """Ask within the time; the library alone would take it for each line, and try everything twice."""
        try:
            async with asyncio.timeout(self._seconds):
                return await question()
        except TimeoutError:
            raise self._silent() from None
        except NUTError as error:
            raise self._explained(error) from None
        except IndexError:  # the library's list of UPS, of a line of one word
            raise BadReply(f"{self._where}: no line of NUT") from None

    def _explained(self, error: NUTError) -> CollectError:
        if isinstance(error, NUTCommandError):
            code = str(error)
            return AuthFailed(f"{self._where}: refused ({code})") if code in _DENIED else _Refused(self._where, code)
        if isinstance(error, NUTTimeoutError):
            return self._silent()
        if isinstance(error, NUTOSError) and isinstance(error.__cause__, OSError):
            return collect_error(error.__cause__, f"{self._where}: {describe(error.__cause__)}")
        return BadReply(f"{self._where}: {clean_text(str(error), 128)}")

    def _silent(self) -> Unreachable:
        return Unreachable(f"{self._where}: no answer within {self._seconds:g} s")


class _Refused(BadReply):
    """The server answers a question with an error's name (RFC 9271)."""

    def __init__(self, where: str, code: str) -> None:
        super().__init__(f"{where}: the server answers {code or 'an error without a name'}")
        self.code = code


def quoted(word: str) -> str:
    """Return a word as NUT's parseconf takes it: quoted where it holds more than plain characters.

    In quotes, too, a number sign begins a comment unless it is escaped.
    """
    if _PLAIN.fullmatch(word):
        return word
    return '"' + re.sub(r'(["\\#])', r"\\\1", word) + '"'
