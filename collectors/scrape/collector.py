"""One poll of another exporter: fetch its page, read the values, and the rest only where something else changed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from agent.contract import BadReply, Harvest, Wire
from agent.wire.trust import Trust, TrustShare
from collectors.scrape.client import Answer, Client
from collectors.scrape.lines import PageError
from collectors.scrape.parse import Rules, Source
from collectors.scrape.recall import Recall, read_anew

T = TypeVar("T")

# What holds up the loop for some milliseconds at most; larger pages are read in the pool `parse`.
RECALL_INLINE_BYTES = 512 * 1024
PARSE_INLINE_BYTES = 8 * 1024


class Authorities:
    """Who vouches for one exporter over https; with ``verify`` False nobody has to."""

    def __init__(self, share: TrustShare, ca: Path | None, *, verify: bool) -> None:
        self._share = share
        self._ca = ca
        self._verify = verify
        self._trust: Trust | None = None

    async def context(self, wire: Wire) -> ssl.SSLContext:
        """Return how to speak TLS now. Raises CannotCheck."""
        self._trust = await self._share.borrow(self._ca, wire)
        return self._trust.strict if self._verify else self._trust.lax


class Place(NamedTuple):
    """Where the page is, and within how many seconds it has to be fetched and read."""

    host: str
    patience_seconds: float


class ScrapeCollector:
    """Keeps one connection, and the last page's lines without their values."""

    def __init__(self, place: Place, client: Client, rules: Rules, wire: Wire, authorities: Authorities | None) -> None:
        self.trace: Callable[[str], None] | None = None
        self._place = place
        self._client = client
        self._rules = rules
        self._wire = wire
        self._authorities = authorities
        self._recall: Recall | None = None

    async def collect(self) -> Harvest:
        """Fetch and read the page once.

        Raises:
            Unreachable: nothing answers.
            AuthFailed: the credential is refused or missing.
            BadReply: what answers is no page, too large, does not end, or takes too long to read.
            CannotCheck: this machine cannot ask.
        """
        until = asyncio.get_running_loop().time() + self._place.patience_seconds
        address = await self._wire.resolve(self._place.host)
        trust = await self._authorities.context(self._wire) if self._authorities is not None else None
        answer = await self._client.fetch(address, trust)
        self._tell(f"{len(answer.body)} bytes, {'OpenMetrics' if answer.openmetrics else 'text'}")
        try:
            async with asyncio.timeout_at(until):
                harvest = await self._read(answer)
        except TimeoutError:
            raise BadReply(f"a page of {len(answer.body)} bytes could not be read in time") from None
        except PageError as error:
            quote = f": {error.quote!r}" if error.quote and self._client.anonymous else ""
            raise BadReply(f"{error}{quote}") from None
        self._tell(f"{harvest.layout.size} series of {len(harvest.layout.columns)} families")
        return harvest

    async def _read(self, answer: Answer) -> Harvest:
        abandoned = _Flag()
        try:
            recall, size = self._recall, len(answer.body)
            if recall is not None:
                known = partial(_read_known, recall, answer)
                if (same := await self._run(known, size <= RECALL_INLINE_BYTES)) is not None:
                    return same
                self._tell("not the same lines as in the last page: read anew")
            anew = partial(_read_anew, answer, self._rules, recall, abandoned)
            self._recall, harvest = await self._run(anew, size <= PARSE_INLINE_BYTES)
            return harvest
        finally:
            abandoned.up = True

    async def _run(self, call: Callable[[], T], inline: bool) -> T:
        return call() if inline else await self._wire.blocking("parse", call)

    def _tell(self, what: str) -> None:
        if self.trace is not None:
            self.trace(what)

    async def close(self) -> None:
        """Close the connection."""
        await self._client.close()


class _Flag:
    """Raised on the loop, seen in the thread that still reads a page for which nobody waits any more."""

    up = False

    def __call__(self) -> bool:
        return self.up


def _source(answer: Answer, abandoned: _Flag) -> Source:
    return Source(answer.body.decode("utf-8", "replace").removeprefix("\ufeff"), answer.openmetrics, abandoned)


def _read_known(recall: Recall, answer: Answer) -> Harvest | None:
    return recall.read(_source(answer, _Flag()))


def _read_anew(answer: Answer, rules: Rules, recall: Recall | None, abandoned: _Flag) -> tuple[Recall, Harvest]:
    return read_anew(_source(answer, abandoned), rules, recall)
