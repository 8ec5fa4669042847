"""Access tokens for an application by its own credentials (OAuth 2.0, RFC 6749 section 4.4)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
from yarl import URL

from agent.contract import AuthFailed, BadReply
from agent.wire.http import read_bounded
from agent.wire.patience import Busy, is_passing, retry_after
from config.credentials import OAuthCredential

MAX_BYTES = 2**16
EARLY_SECONDS = 60.0
USUAL_SECONDS = 600.0  # where the server does not say how long a token is good (RFC 6749 5.1 only recommends it)
_TOKEN = re.compile(r"[\x21-\x7e]{1,32768}", re.ASCII)
_CODES = ("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type")
_PASSING = ("temporarily_unavailable", "server_error")  # RFC 6749 4.1.2.1; some servers say so here with status 400
_ERRORS = frozenset({*_CODES, "invalid_scope", "invalid_resource"})
_NUMBER = re.compile(r"\bAADSTS[0-9]{4,8}\b", re.ASCII)  # Microsoft's own number says which of many reasons it was


@dataclass(frozen=True, slots=True)
class TokenDoor:
    """Where tokens are given (the token endpoint itself), for what, and by whom they are asked for."""

    url: str
    scope: str
    login: OAuthCredential

    @property
    def place(self) -> str:
        """Host and port."""
        return URL(self.url).authority


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    until: float  # a time of the loop


class TokenKeeper:
    """Keeps one token until a minute before its end; no error quotes it, nor the secret, nor what the server says.

    ``now``: wall clock, seconds since the epoch, for a ``Retry-After`` that is a date.
    """

    def __init__(self, door: TokenDoor, now: Callable[[], float]) -> None:
        self._door = door
        self._now = now
        self._asking = asyncio.Lock()
        self._token: _Token | None = None

    @property
    def place(self) -> str:
        """Host and port where tokens are given."""
        return self._door.place

    async def token(self, session: aiohttp.ClientSession) -> str:
        """Return a token that is good; several who want one make one request. The session knows whom TLS trusts.

        The caller bounds the time, and turns aiohttp's own errors into those of the contract (``explain_http``).

        Raises:
            AuthFailed: id or secret of the application is refused.
            Busy: the server asks to come again later.
            BadReply: what answers gives no token.
        """
        async with self._asking:
            if self._token is None or asyncio.get_running_loop().time() >= self._token.until:
                self._token = None
                self._token = await self._ask(session)
            return self._token.text

    def forget(self) -> None:
        """Drop the token, as after it was refused."""
        self._token = None

    async def _ask(self, session: aiohttp.ClientSession) -> _Token:
        asked_at = asyncio.get_running_loop().time()
        async with session.post(self._door.url, data=self._form(), allow_redirects=False) as response:
            body = await _read(response, self._door.place)
            if is_passing(response.status) or body.get("error") in _PASSING:
                raise Busy(self._door.place, response.status, retry_after(response.headers, self._now()))
            if response.status in {400, 401, 403}:
                raise AuthFailed(f"{self._door.place}: no token for this application: {_why(body, response.status)}")
            if response.status != 200:
                raise BadReply(f"{self._door.place}: no token: status {response.status}")
        return _Token(_text(body, self._door.place), asked_at + _lifetime(body))

    def _form(self) -> Mapping[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_id": self._door.login.client_id,
            "client_secret": self._door.login.client_secret.get_secret_value(),
            "scope": self._door.scope,
        }


async def _read(response: aiohttp.ClientResponse, place: str) -> Mapping[str, Any]:
    """Return the object that the body holds; empty where it holds none."""
    too_large = BadReply(f"{place}: the answer to a request for a token is larger than {MAX_BYTES} bytes")
    body = await read_bounded(response, MAX_BYTES, too_large)
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}


def _why(body: Mapping[str, Any], status: int) -> str:
    """Return the error's code (RFC 6749 5.2) where it is one; free text may quote what was sent."""
    code, text = body.get("error"), body.get("error_description")
    number = _NUMBER.search(text) if isinstance(text, str) else None
    named = code if isinstance(code, str) and code in _ERRORS else f"status {status}"
    return f"{named} ({number[0]})" if number else named


def _text(body: Mapping[str, Any], place: str) -> str:
    text, kind = body.get("access_token"), body.get("token_type", "Bearer")
    if not isinstance(text, str) or not _TOKEN.fullmatch(text):
        raise BadReply(f"{place}: answers without an access token")
    if not isinstance(kind, str) or kind.casefold() != "bearer":
        raise BadReply(f"{place}: gives a token that is no bearer token")
    return text


def _lifetime(body: Mapping[str, Any]) -> float:
    """Return for how many seconds to keep it; some servers write the number as a text."""
    given = body.get("expires_in")
    if isinstance(given, str) and given.isascii() and given.isdigit():
        given = int(given[:9])
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= 10**9:
        given = USUAL_SECONDS
    return max(0.0, given - EARLY_SECONDS)
