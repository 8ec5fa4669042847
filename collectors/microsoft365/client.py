"""Reads collections from Microsoft Graph v1.0, page by page, as an application (OAuth 2.0 client credentials).

Sources: Microsoft Graph REST API v1.0, "Paging" (``@odata.nextLink`` is opaque), "Throttling" (429, ``Retry-After`` may
be missing), "Error responses" (401: the token is not good, 403: the application lacks a permission).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, cast

import aiohttp
from yarl import URL

from agent.contract import AuthFailed, BadReply, Unreachable, Wire
from agent.wire.graph import GraphDoor
from agent.wire.http import explain_http, read_bounded
from agent.wire.links import next_page
from agent.wire.oauth import TokenKeeper
from agent.wire.patience import Busy, is_passing, patiently, retry_after

MOST_PAGES = 200
MAX_PAGE_BYTES = 8 * 2**20
MAX_BYTES = 64 * 2**20
MOST_OBJECTS = 2000
"""Of one collection."""

ANSWER_SECONDS = 60.0

Reduce = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Forbidden(AuthFailed):
    """The application is known and lacks the permission to read this."""


class TokenRefused(AuthFailed):
    """A token that was given a moment ago is not taken here."""


class Page(NamedTuple):
    """Objects of one page, how many entries were none, what stands as link to the next page, and its size."""

    objects: tuple[Mapping[str, Any], ...]
    odd: int
    following: object
    size_bytes: int


@dataclass(slots=True)
class _Taken:
    """How much of one collection came. ``first``: the URL of its first page."""

    place: str
    first: URL
    pages: int = 0
    size_bytes: int = 0
    entries: int = 0
    asked: set[URL] = field(default_factory=set[URL])

    def add(self, page: Page) -> None:
        """Count a page. Raises BadReply where it is one too many."""
        self.pages += 1
        self.size_bytes += page.size_bytes
        self.entries += len(page.objects) + page.odd
        if self.size_bytes > MAX_BYTES:
            raise BadReply(f"{self.place}: more than {MAX_BYTES} bytes")
        if self.pages > MOST_PAGES or self.entries > MOST_OBJECTS:
            raise BadReply(f"{self.place}: more than {MOST_OBJECTS} entries or {MOST_PAGES} pages")

    def following(self, page: Page) -> URL | None:
        """Return the URL of the next page, None after the last. Raises BadReply where it is another place, or known."""
        if page.following is None:
            return None
        url = next_page(page.following, self.first)
        if url is None or url == self.first or url in self.asked:
            raise BadReply(f"{self.place}: the link to the next page is broken")
        self.asked.add(url)
        return url


class Graph:
    """One tenant. Keeps its token between polls; opens nothing."""

    def __init__(self, door: GraphDoor, wire: Wire) -> None:
        self._door = door
        self._wire = wire
        self._keeper = TokenKeeper(door.tokens, wire.now)

    async def pages(
        self, session: aiohttp.ClientSession, path: str, until: float, reduce: Reduce
    ) -> AsyncGenerator[Page]:
        """Yield a collection page by page; ``path`` begins with a slash, ``until`` is a time of the loop.

        The caller bounds the time. ``reduce`` gives of each object what is kept, in the pool: never a whole page stays.
        A next page is fetched of the same collection only, none twice.

        Raises:
            Unreachable: nothing answers in time.
            Forbidden: the application may not read this.
            TokenRefused: a fresh token is refused.
            AuthFailed: there is no token for it.
            Busy: it is asked to come again later than ``until``.
            BadReply: what answers is no such collection, too large or without end.
        """
        url: URL | None = (first := URL(f"{self._door.base}{path}", encoded=True))
        taken = _Taken(self._door.place, first)
        while url is not None:
            page = await self._page(session, url, until, reduce)
            taken.add(page)
            yield page
            url = taken.following(page)

    async def _page(self, session: aiohttp.ClientSession, url: URL, until: float, reduce: Reduce) -> Page:
        try:
            return await patiently(lambda: self._ask(session, url, reduce), until)
        except TokenRefused:
            self._keeper.forget()  # it was withdrawn early, or the clock that counts its life is not ours
        return await patiently(lambda: self._ask(session, url, reduce), until)

    async def _ask(self, session: aiohttp.ClientSession, url: URL, reduce: Reduce) -> Page:
        place = self._door.tokens.place
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                token = await self._keeper.token(session)
                place = self._door.place
                headers = {"Authorization": f"Bearer {token}"}
                async with session.get(url, headers=headers, allow_redirects=False) as response:
                    body = await self._read(response)
        except TimeoutError:
            raise Unreachable(f"{place}: no answer in time") from None
        except aiohttp.ClientError as error:
            raise explain_http(error, place) from None
        return await self._wire.blocking("parse", partial(page_of, body, place, reduce))

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        """Return the body of a good answer; what it says otherwise is not quoted. Raises for every other status."""
        place, status = self._door.place, response.status
        if status == 401:
            raise TokenRefused(f"{place}: the token is refused (status 401)")
        if status == 403:
            raise Forbidden(f"{place}: status 403")
        if is_passing(status):
            raise Busy(place, status, retry_after(response.headers, self._wire.now()))
        if status != 200:
            raise BadReply(f"{place}: status {status}")
        too_large = BadReply(f"{place}: a page is larger than {MAX_PAGE_BYTES} bytes")
        return await read_bounded(response, MAX_PAGE_BYTES, too_large)


def page_of(body: bytes, place: str, reduce: Reduce) -> Page:
    """Return what is kept of a page: at most one object more than may be. Raises BadReply, which quotes nothing."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        raise BadReply(f"{place}: answers what is no JSON") from None
    page: Mapping[str, object] = cast("Mapping[str, object]", found) if isinstance(found, dict) else {}
    entries = page.get("value")
    if not isinstance(entries, list):
        raise BadReply(f"{place}: answers without a list (`value`)")
    listed = cast("list[object]", entries)
    objects = [cast("Mapping[str, Any]", one) for one in listed if isinstance(one, dict)]
    kept = tuple(map(reduce, islice(objects, MOST_OBJECTS + 1)))
    return Page(kept, len(listed) - len(objects), page.get("@odata.nextLink"), len(body))
