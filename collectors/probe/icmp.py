"""Check ``icmp``: the target must answer an echo request (RFC 792, RFC 4443)."""

from __future__ import annotations

import asyncio
from time import perf_counter

from agent.contract import Collector, CollectorSpec, Harvest, ParamError, Target, Unreachable, Wire
from agent.layout import LayoutCache
from collectors.probe import parse, parse_icmp
from collectors.probe.connect import find
from collectors.probe.families import ICMP_FAMILIES
from collectors.probe.limits import Limits
from collectors.probe.params import IcmpParams
from collectors.probe.pinger import Pinger, PingerShare
from collectors.probe.trace import Listener, say, tell

# On a line that loses 5 % of its packets in each direction one lost request is confirmed by another 14 times a day.
CONFIRMING_REQUESTS = 4


class IcmpCollector:
    """Sends the requests of one poll over a socket shared with all other targets; of a site it tells what they measure.

    A series that is spread blocks nobody: each of its requests waits by itself. After a poll without any answer the
    next one, which confirms it, sends ``CONFIRMING_REQUESTS`` at once where it would send one.
    """

    def __init__(self, host: str, params: IcmpParams, target: Target, wire: Wire, share: PingerShare) -> None:
        self.trace: Listener | None = None
        self._host = host
        self._params = params
        self._limits = Limits(params.ttl, params.dont_fragment)
        self._is_site = target.subject.kind == "site"
        self._pace = parse_icmp.pace(params.spread, params.count, target.timeout_seconds)
        self._wire = wire
        self._share = share
        self._borrowed: dict[int, Pinger] = {}
        self._layouts = LayoutCache()
        self._silent = False

    async def collect(self) -> Harvest:
        """Ping once. Raises Unreachable where no request is answered, CannotCheck where ICMP is not permitted."""
        started = perf_counter()
        address = await find(self._host, self._wire, self._params)
        resolved = perf_counter()
        pinger = self._pinger(address)
        ready = perf_counter()
        count = self._params.count
        times = [seconds for seconds in await self._ask(pinger, address) if seconds is not None]
        self._silent = not times
        if not times:
            raise self._silence(address)
        phases = {"resolve": resolved - started, "setup": ready - resolved, "rtt": sum(times) / len(times)}
        tell(self.trace, address, phases)
        if count > 1:
            say(self.trace, f"{address} answered {len(times)} of {count}")
        if self._is_site:
            return Harvest(*self._layouts.arrange(parse_icmp.series(times, count)))
        loss = 1 - len(times) / count if count > 1 else None
        seconds, hops = perf_counter() - started, pinger.hop_limit(address)
        return Harvest(*self._layouts.arrange(parse_icmp.ping(address, phases, seconds, loss, hops)))

    async def _ask(self, pinger: Pinger, address: str) -> list[float | None]:
        """Return the round trips in the order of the requests, None for each that was not answered in time."""
        confirms = self._silent and self._params.count == 1
        count = CONFIRMING_REQUESTS if confirms else self._params.count
        try:
            async with asyncio.TaskGroup() as group:  # where one cannot be sent, none is sent after it
                sent = [group.create_task(self._ask_once(pinger, address, n)) for n in range(count)]
                if confirms:
                    return [await _first_answer(sent)]
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in sent]

    async def _ask_once(self, pinger: Pinger, address: str, number: int) -> float | None:
        if pause := number * self._pace.pause:
            await asyncio.sleep(pause)
        return await pinger.ping(address, self._params.size, self._pace.patience)

    def _silence(self, address: str) -> Unreachable:
        return Unreachable(f"{address}: no echo reply within {self._pace.patience:g} s")

    async def revive(self) -> None:
        """Exchange one packet. Raises as ``collect``."""
        address = await find(self._host, self._wire, self._params)
        if await self._ask_once(self._pinger(address), address, 0) is None:
            raise self._silence(address)

    def _pinger(self, address: str) -> Pinger:
        version = parse.ip_version(address)
        if version not in self._borrowed:
            self._borrowed[version] = self._share.borrow(version, self._params.source, self._limits)
        return self._borrowed[version]

    async def close(self) -> None:
        """Give the sockets back."""
        for version in self._borrowed:
            self._share.give_back(version, self._params.source, self._limits)
        self._borrowed.clear()


async def _first_answer(sent: list[asyncio.Task[float | None]]) -> float | None:
    """Return the round trip of the request that is answered first, None where none is; the others are let go."""
    for answered in asyncio.as_completed(sent):
        if (seconds := await answered) is not None:
            for task in sent:
                task.cancel()
            return seconds
    return None


def make_spec(share: PingerShare) -> CollectorSpec:
    """Return the spec of ``icmp``; its collectors borrow their sockets from ``share``."""

    def build(target: Target, params: IcmpParams, wire: Wire) -> Collector:
        if target.host is None:
            raise ParamError("address", "icmp needs a host")
        return IcmpCollector(target.host, params, target, wire, share)

    return CollectorSpec("icmp", IcmpParams, ICMP_FAMILIES, build)
