"""One poll's conversation with a product: page by page, patient where it is busy, bounded. I/O only."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from functools import partial

import aiohttp

from agent.contract import AuthFailed, BadReply, Wire
from agent.wire.http import explain_http
from agent.wire.oauth import TokenKeeper
from agent.wire.patience import Busy, Sleep, is_passing, patiently, retry_after
from agent.wire.session import open_session
from collectors.mdm.census import Census
from collectors.mdm.pages import ArrayReader, PageError
from collectors.mdm.product import MAX_DEVICES, MAX_PAGES, PageEnd, Product, Question

CHUNK_BYTES = 256 * 1024
Listener = Callable[[str], None]


class Client:
    """Asks one product. ``keeper``: where it is asked with tokens that are given for a while."""

    def __init__(
        self, product: Product, keeper: TokenKeeper | None, wire: Wire, tell: Listener, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._product = product
        self._keeper = keeper
        self._wire = wire
        self._tell = tell
        self._sleep = sleep

    async def fill(self, census: Census, tls: ssl.SSLContext | None, connect_seconds: float, until: float) -> PageEnd:
        """Read all devices into the census; ``until`` is a time of the loop. Returns what the last page told.

        Raises:
            Unreachable: nothing answers; TimeoutError: not all came in time.
            AuthFailed: the credential, or its right to read devices, is refused.
            Busy: the product asks to come again later than there is time.
            BadReply: what answers is no such list, is too large, or names no usable next page.
            CannotCheck: this machine cannot connect anywhere.
        """
        question = self._product.first()
        place = question.url.authority
        try:
            async with asyncio.timeout_at(until), open_session(self._wire, tls, connect_seconds) as session:
                for _ in range(MAX_PAGES):
                    end = await self._page(session, question, census, until)
                    following = self._product.after(question, end)
                    if not end.listed and self._product.awaited(end) != 0:
                        raise BadReply(f"{place}: the answer holds no list of {self._product.array!r}")
                    if following is None:
                        return end
                    question = following
        except aiohttp.ClientError as error:
            raise explain_http(error, place) from None
        raise BadReply(f"{place}: does not end after {MAX_PAGES} pages")

    async def _page(self, session: aiohttp.ClientSession, question: Question, census: Census, until: float) -> PageEnd:
        """Read one page; a server that is busy has not begun to answer, so that nothing is read twice."""
        before = census.survey.seen
        response = await patiently(partial(self._open, session, question), until, self._sleep)
        async with response:
            reader = ArrayReader(self._product.array, self._product.beside)
            size = await self._read(response, reader, census, question.url.authority)
        came = census.survey.seen - before
        self._tell(f"{question.method} {question.url.path}: {size} bytes, {came} devices")
        return PageEnd(came, census.survey.seen, reader.beside, listed=reader.found)

    async def _open(self, session: aiohttp.ClientSession, question: Question) -> aiohttp.ClientResponse:
        """Return an answer that begins well. A token that is refused is asked for anew once."""
        response = await self._ask(session, question)
        if response.status == 401 and self._keeper is not None:
            response.release()
            self._keeper.forget()
            response = await self._ask(session, question)
        try:
            self._check(response, question.url.authority)
        except BaseException:
            response.close()
            raise
        return response

    async def _ask(self, session: aiohttp.ClientSession, question: Question) -> aiohttp.ClientResponse:
        headers = dict(question.headers)
        if self._keeper is not None:
            headers["Authorization"] = f"Bearer {await _token(self._keeper, session)}"
        return await session.request(
            question.method, question.url, headers=headers, json=question.payload, allow_redirects=False
        )

    def _check(self, response: aiohttp.ClientResponse, place: str) -> None:
        status = response.status
        if status == 401:
            raise AuthFailed(f"{place}: the credential is refused (status 401)")
        if status == 403:
            raise AuthFailed(f"{place}: the credential has no right to read devices (status 403)")
        if is_passing(status):
            raise Busy(place, status, retry_after(response.headers, self._wire.now()))
        if 300 <= status < 400:
            raise BadReply(f"{place}: status {status}: redirects are not followed, set the url")
        if status != 200:
            raise BadReply(f"{place}: status {status}")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise BadReply(f"{place}: answers compressed, which was not asked for")

    async def _read(self, response: aiohttp.ClientResponse, reader: ArrayReader, census: Census, place: str) -> int:
        """Read the body piece by piece in the pool; return its size."""
        size, piece = 0, bytearray()
        async for chunk in response.content.iter_any():
            piece += chunk
            size += len(chunk)
            if size > self._product.page_bytes:
                raise BadReply(f"{place}: an answer is larger than {self._product.page_bytes} bytes")
            if len(piece) >= CHUNK_BYTES:
                await self._digest(reader, bytes(piece), census, place)
                piece.clear()
        await self._digest(reader, bytes(piece), census, place, final=True)
        return size

    async def _digest(
        self, reader: ArrayReader, data: bytes, census: Census, place: str, *, final: bool = False
    ) -> None:
        why = await self._wire.blocking("parse", partial(_digest, reader, data, census, final))
        if why:
            raise BadReply(f"{place}: {why}")
        if census.survey.seen > MAX_DEVICES:
            raise BadReply(f"{place}: names more than {MAX_DEVICES} devices")


async def _token(keeper: TokenKeeper, session: aiohttp.ClientSession) -> str:
    try:
        return await keeper.token(session)
    except aiohttp.ClientError as error:
        raise explain_http(error, keeper.place) from None


def _digest(reader: ArrayReader, data: bytes, census: Census, final: bool) -> str:
    """Read the devices that are complete; return what is wrong with the answer, or nothing.

    Any other error of ours may quote what was read: of it, only that there was one is told.
    """
    try:
        census.take(reader.feed(data, final=final))
    except PageError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001
        return f"the list cannot be read ({type(error).__name__})"
    return ""
