"""Check ``throughput``: what a line delivers, by fetching a file, and sending one, for some seconds."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter

import aiohttp

from agent.contract import (
    BadReply,
    CannotCheck,
    CollectError,
    Collector,
    CollectorSpec,
    Harvest,
    Target,
    Unreachable,
    Wire,
)
from agent.layout import LayoutCache
from agent.wire.failures import collect_error, describe
from agent.wire.trust import Trust, TrustShare
from collectors.probe import parse_throughput as rates
from collectors.probe.connect import Endpoint, open_hop
from collectors.probe.families import LINE_FAMILIES
from collectors.probe.http1 import HandedConnector
from collectors.probe.parse_http import origin
from collectors.probe.parse_throughput import Direction, LineRate, Meter
from collectors.probe.stream import Stream
from collectors.probe.trace import Listener, say
from config.network import Throughput
from config.route import Route

LEAST_INTERVAL_SECONDS = 3600.0
LONGEST_POLL_SECONDS = 900.0
WAIT_SECONDS = 780.0
"""Lines are measured one after the other: at the start all of them wait, some 20 s for each with both ways."""
MOST_ROUNDS = 100
BLOCK_BYTES = 65_536
MEGABYTE = 1_000_000
HEADERS = {"User-Agent": "Ringwacht", "Accept": "*/*", "Accept-Encoding": "identity"}

Measure = Callable[[str, Meter], Awaitable[None]]


class ThroughputCollector:
    """Measures one line a poll; no two at a time, because they would measure each other."""

    def __init__(
        self, params: Throughput, target: Target, wire: Wire, share: TrustShare, turn: asyncio.Semaphore
    ) -> None:
        self.trace: Listener | None = None
        self._params = params
        self._route = Route(source=params.source)
        self._seconds = target.timeout_seconds
        self._patience = target.timeout_seconds + rates.LONGEST_SECONDS
        self._wire = wire
        self._share = share
        self._turn = turn
        self._trust: Trust | None = None
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Fetch, and send. What cannot be measured is told as missing: a file too short, a turn that does not come.

        Where only sending fails, what was fetched is told.

        Raises:
            Unreachable, BadReply: the server does not answer, or not so that anything could be measured.
            CannotCheck: the authorities cannot be read.
        """
        self._trust = await self._share.borrow(None, self._wire)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            return Harvest(*self._layouts.arrange(()), partial=("not measured: other lines took too long",))
        try:
            return await self._measure_both()
        finally:
            self._turn.release()

    async def _measure_both(self) -> Harvest:
        down = await self._measure(self._params.download, self._fetch)
        measured: dict[Direction, LineRate | str] = {"down": down}
        if self._params.upload is not None:
            try:
                measured["up"] = await self._measure(self._params.upload, self._send)
            except CollectError as error:
                measured["up"] = f"upload: {error}"
        for direction, told in measured.items():
            say(self.trace, f"{direction}: {told}")
        found: dict[Direction, LineRate] = {
            direction: told for direction, told in measured.items() if isinstance(told, LineRate)
        }
        partial = tuple(told for told in measured.values() if isinstance(told, str))
        return Harvest(*self._layouts.arrange(rates.samples(found)), partial=partial)

    async def _measure(self, url: str, pass_bytes: Measure) -> LineRate | str:
        """Return the rate, or why there is none."""
        _, host, port = origin(url)
        where = f"{host} port {port}"
        meter = Meter(perf_counter(), self._params.most * MEGABYTE)
        try:
            await pass_bytes(url, meter)
        except TimeoutError:
            raise Unreachable(f"{where}: nothing passed for {self._patience:g} s") from None
        except aiohttp.InvalidURL:
            raise CannotCheck("throughput: the address cannot be asked for") from None
        except aiohttp.ClientError as error:  # what the far side sent stays out of it
            raise BadReply(f"{where}: no valid HTTP answer ({type(error).__name__})") from None
        except OSError as error:
            raise collect_error(error, f"{where}: {describe(error)}") from None
        return meter.rate() or f"{where}: {meter.passed / MEGABYTE:.1f} MB are too few to measure: {meter.remedy}"

    async def _fetch(self, url: str, meter: Meter) -> None:
        """Fetch the file as often as need be: few are as long as ten seconds of a fast line."""
        async with self._session(url, meter) as session:
            for _ in range(MOST_ROUNDS):
                if not await self._fetch_once(session, url, meter):
                    return

    async def _fetch_once(self, session: aiohttp.ClientSession, url: str, meter: Meter) -> bool:
        """Return whether to go on."""
        asked, before = perf_counter(), meter.passed
        async with session.get(url, allow_redirects=False) as response:
            if not before:
                check_status(url, response.status)
            elif rates.refusal(response.status) is not None:
                return False
            else:
                meter.waited += perf_counter() - asked
            async for chunk in response.content.iter_any():
                if not meter.add(len(chunk), perf_counter()):
                    return False
        return meter.passed > before and not meter.is_idle(perf_counter())

    async def _send(self, url: str, meter: Meter) -> None:
        block = os.urandom(BLOCK_BYTES)  # nothing on the way can compress it

        async def blocks() -> AsyncGenerator[bytes]:
            yield block
            while meter.add(BLOCK_BYTES, perf_counter()):
                yield block

        async with (
            self._session(url, meter) as session,
            session.post(url, data=blocks(), allow_redirects=False) as response,
        ):
            check_status(url, response.status)

    @asynccontextmanager
    async def _session(self, url: str, meter: Meter) -> AsyncGenerator[aiohttp.ClientSession]:
        """A session that keeps its connection; the meter starts when that is there. Asking raises as ``open_hop``."""
        scheme, host, port = origin(url)
        endpoint = Endpoint(host, port, self._trust if scheme == "https" else None, self._route)

        async def connect() -> Stream:
            _, stream = await open_hop(endpoint, self._wire, self._seconds, Stream)
            if not meter.passed:
                meter.started = perf_counter()
            return stream

        async with aiohttp.ClientSession(
            connector=HandedConnector(connect, keep=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=HEADERS,
            timeout=aiohttp.ClientTimeout(2 * rates.LONGEST_SECONDS + self._patience, sock_read=self._patience),
            auto_decompress=False,
        ) as session:
            yield session

    async def close(self) -> None:
        """Nothing stays open between polls."""


def check_status(url: str, status: int) -> None:
    """Raise BadReply where the server does not take part."""
    if (why := rates.refusal(status)) is not None:
        _, host, port = origin(url)
        raise BadReply(f"{host} port {port}: {why}")


def make_spec(share: TrustShare) -> CollectorSpec:
    """Return the spec of ``throughput``; its collectors measure one after the other."""
    turn = asyncio.Semaphore()

    def build(target: Target, params: Throughput, wire: Wire) -> Collector:
        return ThroughputCollector(params, target, wire, share, turn)

    return CollectorSpec(
        "throughput",
        Throughput,
        LINE_FAMILIES,
        build,
        least_interval_seconds=LEAST_INTERVAL_SECONDS,
        longest_poll_seconds=LONGEST_POLL_SECONDS,
    )
