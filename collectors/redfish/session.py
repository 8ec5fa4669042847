"""The login of one poll (DSP0266 §13.3.4): made once, and always ended.

Controllers keep 4 to 16 sessions; those that nobody ends fill the table until nobody can log in any more, the
administrator included.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping

from agent.contract import CollectError, Unreachable
from collectors.redfish.client import Answer, Client, Question
from collectors.redfish.limits import FAREWELL_SECONDS
from collectors.redfish.refusal import refusal
from collectors.redfish.resource import (
    NOTHING,
    SESSIONS,
    Resource,
    ResourceError,
    child,
    decode,
    link,
    path_of,
    session_path,
)
from config.credentials import HttpCredential

_NO_SESSIONS = frozenset({404, 405, 501})
_ENDED = frozenset({200, 202, 204, 401})  # 401: the token is worth nothing any more
_FIRST_PAUSE_SECONDS = 1.0
NO_PLACE = "the controller did not say where it is ended"


class Session:
    """One login. ``leave`` ends it, whatever became of it: even while the controller still answers the login."""

    def __init__(self, client: Client, login: HttpCredential) -> None:
        self._client = client
        self._login = login
        self._opening: asyncio.Task[None] | None = None
        self._collection = SESSIONS
        self._token = ""
        self._path: str | None = None
        self._until = 0.0
        self.headers: Mapping[str, str] = {}

    @property
    def is_basic(self) -> bool:
        """Whether each request is a login of its own."""
        return "Authorization" in self.headers

    async def open(self, root: Resource, until: float) -> None:
        """Log in; where there are no sessions, by HTTP Basic at each request (RFC 7617), if the root was readable.

        The answer to the login is waited for even if the poll is cancelled or has no time left: ``leave`` needs it.

        Raises:
            AuthFailed: the credential is refused.
            BadReply: the controller has no session left, or answers nonsense.
            Unreachable: no answer in time.
        """
        self._until = until + FAREWELL_SECONDS
        self._opening = asyncio.create_task(self._open(root))
        await asyncio.wait([self._opening], timeout=until - _now())
        if not self._opening.done():
            raise Unreachable(f"{self._client.place}: no answer in time")
        self._opening.result()

    def use_basic(self) -> None:
        """Log in at each request instead."""
        self.headers = _basic(self._login)

    async def leave(self) -> str:
        """End the session and close the connections; return why it may be open still, '' where it is not.

        An unanswered login is waited for ``FAREWELL_SECONDS`` longer than the poll might; as much gets the logout.
        Never raises but when cancelled.
        """
        try:
            await self._answered()
            if not (self._token or self._path):
                return ""
            return NO_PLACE if self._path is None else await self._end(self._path)
        finally:
            await self._client.close()

    async def _answered(self) -> None:
        """Wait until the login told where it is ended; what is wrong with its answer is the poll's affair."""
        if self._opening is not None:
            if self._path is None:
                await asyncio.wait([self._opening], timeout=max(0.0, self._until - _now()))
            self._opening.cancel()
            await asyncio.wait([self._opening])
            if not self._opening.cancelled():
                self._opening.exception()  # nobody may have waited for it

    async def _end(self, path: str) -> str:
        """Ask until it is ended: a controller that is busy (5xx) or silent is asked again while there is time."""
        until, pause = _now() + FAREWELL_SECONDS, _FIRST_PAUSE_SECONDS
        headers = {"X-Auth-Token": self._token} if self._token else _basic(self._login)
        while True:
            try:
                status = (await self._client.ask(Question("DELETE", path, headers), until)).status
            except CollectError as error:
                status, why = 0, error.detail
            else:
                why = f"status {status}"
            if status in _ENDED:
                return ""
            if 0 < status < 500 or _now() + pause >= until:
                return f"the logout failed: {why}"
            await asyncio.sleep(pause)
            pause *= 2

    async def _open(self, root: Resource) -> None:
        self._collection = link(child(root, "Links"), "Sessions") or SESSIONS
        login = {"UserName": self._login.username, "Password": self._login.password.get_secret_value()}
        answer = await self._client.ask(Question("POST", self._collection, {}, login), self._until, self._heard)
        if self._path is None and (self._token or _is_good(answer)):
            self._path = self._place(_body(answer).get("@odata.id"))
        if self._token:
            self.headers = {"X-Auth-Token": self._token}
        elif root and (_is_good(answer) or answer.status in _NO_SESSIONS):
            self.use_basic()
        else:
            raise refusal(answer.status, _body(answer), self._client.place)

    def _heard(self, status: int, headers: Mapping[str, str]) -> None:
        """Take in what the session is known by as soon as it is told; the rest of the answer may be garbage."""
        self._token = headers.get("X-Auth-Token", "")
        if self._token or 200 <= status < 300:
            self._path = self._place(session_path(headers.get("Location", ""), self._collection))

    def _place(self, path: object) -> str | None:
        """Return the path of a session; the collection of all is none."""
        found = path_of(path)
        return None if found is None or found.rstrip("/") == self._collection.rstrip("/") else found


def _is_good(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def _body(answer: Answer) -> Resource:
    try:
        return decode(answer.body)
    except ResourceError:
        return NOTHING


def _basic(login: HttpCredential) -> Mapping[str, str]:
    pair = f"{login.username}:{login.password.get_secret_value()}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _now() -> float:
    return asyncio.get_running_loop().time()
