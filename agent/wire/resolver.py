"""Names to addresses, without ever making a poll wait for a name server that it already had an answer from."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agent.contract import CannotCheck, Clock, Reason, Unreachable
from agent.layout import clean_text
from agent.wire.failures import reason_of
from config.address import parse_ip

Lookup = Callable[[str], tuple[str, ...]]
Blocking = Callable[[Callable[[], tuple[str, ...]]], Awaitable[tuple[str, ...]]]

TTL_SECONDS = 300.0  # getaddrinfo(3) does not tell the record's own
RETRY_SECONDS = 10.0


def system_lookup(host: str) -> tuple[str, ...]:
    """Return the addresses of a name in the system's order (RFC 6724). Raises OSError, UnicodeError. Blocks."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


@dataclass(frozen=True, slots=True)
class _Entry:
    """The address in use; without one, ``why`` there is none and whether that is the name's fault or ours.

    ``others`` are all that the last good answer held.
    """

    address: str | None
    expires: float
    why: str = ""
    ours: bool = False
    others: tuple[str, ...] = ()

    def preferred(self, version: int | None) -> str | None:
        """The first address of the IP version where there is one, else the one in use."""
        alike = (one for one in self.others if version is not None and (6 if ":" in one else 4) == version)
        return next(alike, self.address)


class Resolver:
    """Caches addresses. An expired one is still given out while a new one is looked up; the last good one is kept."""

    def __init__(self, clock: Clock, blocking: Blocking, lookup: Lookup = system_lookup) -> None:
        self._clock = clock
        self._blocking = blocking
        self._lookup = lookup
        self._entries: dict[str, _Entry] = {}
        self._lookups: dict[str, asyncio.Task[None]] = {}

    async def resolve(self, host: str, prefer: int | None = None) -> str:
        """Return an IP address literal; a literal comes back unchanged. ``prefer``: IP version, where there is one.

        Raises:
            Unreachable: the name has no address (reason ``unreachable``).
            CannotCheck: no name server answers, or too many lookups wait.
        """
        if parse_ip(host) is not None:
            return host
        entry = self._entries.get(host)
        if entry is None or entry.expires <= self._clock.monotonic():
            lookup = self._start(host)
            if entry is None or entry.address is None:
                await asyncio.shield(lookup)
                entry = self._entries[host]
        if entry.address is None:
            raise CannotCheck(entry.why) if entry.ours else Unreachable(entry.why, Reason.UNREACHABLE)
        return entry.preferred(prefer) or entry.address

    async def close(self) -> None:
        """Stop waiting for lookups that still run."""
        for lookup in self._lookups.values():
            lookup.cancel()
        await asyncio.gather(*self._lookups.values(), return_exceptions=True)

    def _start(self, host: str) -> asyncio.Task[None]:
        if (running := self._lookups.get(host)) is not None:
            return running
        task = asyncio.create_task(self._refresh(host), name=f"dns {host}")
        self._lookups[host] = task
        task.add_done_callback(lambda _task: self._lookups.pop(host, None))
        return task

    async def _refresh(self, host: str) -> None:
        before = self._entries.get(host)
        known = before.address if before is not None else None
        addresses: tuple[str, ...] = ()
        why, ours = f"name {host} has no address", False
        try:
            addresses = await self._blocking(lambda: self._lookup(host))
        except (OSError, UnicodeError, CannotCheck) as error:
            why, ours = f"name {host} not resolved: {error}", _is_ours(error)
        # A name with several addresses keeps the one in use: a session is bound to it.
        address = known if known in addresses or not addresses else addresses[0]
        ttl = TTL_SECONDS if addresses else RETRY_SECONDS
        others = addresses or (before.others if before is not None else ())
        self._entries[host] = _Entry(address, self._clock.monotonic() + ttl, clean_text(why), ours, others)


def _is_ours(error: Exception) -> bool:
    return isinstance(error, CannotCheck) or (isinstance(error, OSError) and reason_of(error) is Reason.CONFIG)
