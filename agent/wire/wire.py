"""What every collector is handed: the daemon's meters, its resolver and its threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from agent.contract import Clock, Heartbeat, Telemetry
from agent.wire.pools import Pools
from agent.wire.resolver import Lookup, Resolver, system_lookup

T = TypeVar("T")


class LocalWire:
    """Implements ``contract.Wire`` with this machine's resolver and threads."""

    def __init__(self, clock: Clock, telemetry: Telemetry, pools: Pools, lookup: Lookup = system_lookup) -> None:
        self.telemetry: Telemetry = telemetry
        self.heartbeats: Callable[[], Mapping[str, Heartbeat]] = dict  # the daemon puts its state store's here
        self._clock = clock
        self._pools = pools
        self._resolver = Resolver(clock, lambda call: pools.blocking("dns", call), lookup)

    def now(self) -> float:
        """Wall clock, seconds since the epoch (UTC)."""
        return self._clock.now()

    async def resolve(self, host: str, prefer: int | None = None) -> str:
        """Return an IP address literal; see ``Resolver.resolve``."""
        return await self._resolver.resolve(host, prefer)

    def heartbeat(self, service: str) -> Heartbeat | None:
        """Return what a job that reports by itself last said; None before the state is open."""
        return self.heartbeats().get(service)

    async def blocking(self, pool: str, call: Callable[[], T]) -> T:
        """Run a blocking call in the named bounded pool; see ``Pool.run``."""
        return await self._pools.blocking(pool, call)

    async def close(self) -> None:
        """Stop lookups; the pools belong to whoever built them."""
        await self._resolver.close()
