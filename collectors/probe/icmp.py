"""Check ``icmp``: the target must answer an echo request (RFC 792, RFC 4443)."""

from __future__ import annotations

import asyncio
from time import perf_counter

from agent.contract import CannotCheck, Collector, CollectorSpec, Harvest, ParamError, Target, Unreachable, Wire
from agent.layout import LayoutCache
from collectors.probe import parse
from collectors.probe.families import ICMP_FAMILIES
from collectors.probe.params import IcmpParams
from collectors.probe.pinger import Pinger, PingerShare
from collectors.probe.trace import Listener, tell


class IcmpCollector:
    """Sends the requests of one poll at once, over a socket shared with all other targets."""

    def __init__(self, host: str, params: IcmpParams, target: Target, wire: Wire, share: PingerShare) -> None:
        self.trace: Listener | None = None
        self._host = host
        self._params = params
        self._seconds = target.timeout_seconds
        self._wire = wire
        self._share = share
        self._borrowed: dict[int, Pinger] = {}
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Ping once. Raises Unreachable where no request is answered, CannotCheck where ICMP is not permitted."""
        started = perf_counter()
        address = await self._wire.resolve(self._host)
        resolved = perf_counter()
        pinger = self._pinger(address)
        ready = perf_counter()
        count, size = self._params.count, self._params.size
        answers = await asyncio.gather(*(pinger.ping(address, size, self._seconds) for _ in range(count)))
        times = [seconds for seconds in answers if seconds is not None]
        if not times:
            raise Unreachable(f"{address}: no echo reply within {self._seconds:g} s")
        phases = {"resolve": resolved - started, "setup": ready - resolved, "rtt": sum(times) / len(times)}
        tell(self.trace, address, phases)
        loss = 1 - len(times) / count if count > 1 else None
        return Harvest(*self._layouts.arrange(parse.icmp(address, phases, perf_counter() - started, loss)))

    async def revive(self) -> None:
        """Exchange one packet. Raises as ``collect``."""
        address = await self._wire.resolve(self._host)
        if await self._pinger(address).ping(address, self._params.size, self._seconds) is None:
            raise Unreachable(f"{address}: no echo reply within {self._seconds:g} s")

    def _pinger(self, address: str) -> Pinger:
        version = parse.ip_version(address)
        if self._params.source is not None and parse.ip_version(self._params.source) != version:
            raise CannotCheck(f"{address} cannot be pinged from {self._params.source}")
        if version not in self._borrowed:
            self._borrowed[version] = self._share.borrow(version, self._params.source)
        return self._borrowed[version]

    async def close(self) -> None:
        """Give the sockets back."""
        for version in self._borrowed:
            self._share.give_back(version, self._params.source)
        self._borrowed.clear()


def make_spec(share: PingerShare) -> CollectorSpec:
    """Return the spec of ``icmp``; its collectors borrow their sockets from ``share``."""

    def build(target: Target, params: IcmpParams, wire: Wire) -> Collector:
        if target.host is None:
            raise ParamError("address", "icmp needs a host")
        return IcmpCollector(target.host, params, target, wire, share)

    return CollectorSpec("icmp", IcmpParams, ICMP_FAMILIES, build)
