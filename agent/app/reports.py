"""Jobs that report by themselves: who may, what follows from a report, and that it is kept before it is answered."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import SIZES_KEPT, Clock, Heartbeat, HeartbeatSignal, JobKey, Refused, Subject
from agent.state.database import StateError
from agent.state.store import StateStore
from config.heartbeats import Heartbeat as Terms
from config.inventory import Inventory

COMMIT_SECONDS = 5.0  # a write takes milliseconds; the job is told to come again rather than to wait for a dead disk
EXPECT_EVERY_SECONDS = 60.0
AHEAD_SECONDS = 60.0  # what lies further in the future was written under a wrong clock

# Reports that follow each other within half of `every`, but no more than this, are of one night.
NIGHT_SECONDS = 12 * 3600.0

_Sizes = tuple[tuple[float, float | None], ...]

_log: FilteringBoundLogger = structlog.get_logger("heartbeats")


def reported(  # noqa: PLR0913 - the report in its parts
    before: Heartbeat,
    signal: HeartbeatSignal,
    exit_code: int | None,
    now: float,
    size_bytes: int | None = None,
    *,
    apart: float = 0.0,
) -> Heartbeat:
    """Return what holds after a report at ``now`` (seconds since the epoch).

    Of two starts the later one counts. An end without a start has no duration, nor has one that a clock which stepped
    back puts before its start. A success with an exit code other than 0 is none.
    ``apart``: successes that are fewer seconds apart are one, as far as their sizes are compared.
    """
    if signal == "start":
        return replace(before, started_at=now)
    good = signal == "success" and exit_code in {None, 0}
    began = before.started_at
    size = None if size_bytes is None else float(size_bytes)
    return replace(
        before,
        started_at=None,
        ended_at=now,
        succeeded_at=now if good else before.succeeded_at,
        exit_code=0 if good else exit_code,
        duration_seconds=now - began if began is not None and began <= now else None,
        sizes=_with_size(before.sizes, now, size, apart) if good else before.sizes,
    )


def _with_size(sizes: _Sizes, now: float, size: float | None, apart: float) -> _Sizes:
    """Return the sizes with that of a success at ``now``; None where it says none, which counts once it ever did.

    A report that follows another one at once replaces it, or a job run again by hand would make any size usual; one
    without a size leaves the other one's.
    """
    if not sizes and size is None:
        return ()
    if sizes and now - sizes[-1][0] < apart:
        begun, other = sizes[-1]
        return (*sizes[:-1], (begun, other if size is None else size))
    return (*sizes, (now, size))[-SIZES_KEPT:]


def listened_for(known: Heartbeat, every: float, now: float) -> Heartbeat:
    """Return it with the daemon's start at ``now``, from which on the job has one more grace.

    Once for each success: who starts over and over would never miss anybody.
    """
    expected = (known.awaited_since if known.succeeded_at is None else known.succeeded_at) + every
    if known.listening_since is not None and known.listening_since >= expected:
        return known
    return replace(known, listening_since=now)


def mended(known: Heartbeat, now: float) -> Heartbeat:
    """Return it with what lies in the future taken for now: a clock that was years ahead must not count as success."""
    moments = (known.started_at, known.ended_at, known.succeeded_at, known.listening_since)
    sized = (at for at, _ in known.sizes)
    if max(known.awaited_since, *(at or 0.0 for at in moments), *sized) <= now + AHEAD_SECONDS:
        return known
    started, ended, succeeded, listening = (None if at is None else min(at, now) for at in moments)
    return replace(
        known,
        awaited_since=min(known.awaited_since, now),
        started_at=started,
        ended_at=ended,
        succeeded_at=succeeded,
        listening_since=listening,
        sizes=tuple((min(at, now), size) for at, size in known.sizes),
    )


class Reports:
    """Takes reports of the services in the inventory, and has each looked at by ``poll_now``."""

    def __init__(
        self,
        store: StateStore,
        clock: Clock,
        inventory: Callable[[], Inventory],
        poll_now: Callable[[Iterable[JobKey]], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._inventory = inventory
        self._poll_now = poll_now
        self._writing = asyncio.Lock()
        self._nobody = secrets.token_hex(16)
        self._broken = False
        self._started = False  # what is awaited was noted once since the start

    async def report(
        self,
        service: str,
        token: str,
        signal: HeartbeatSignal,
        exit_code: int | None = None,
        size_bytes: int | None = None,
    ) -> Heartbeat:
        """Take the report of a job; committed when it returns.

        Raises Refused: ``forbidden`` where service or token is not known, and nobody learns which; ``unavailable``
        where it cannot be kept, so that the job must report again.
        """
        apart = min(self._terms(service, token).every / 2, NIGHT_SECONDS)
        try:
            async with asyncio.timeout(COMMIT_SECONDS), self._writing:
                now = self._clock.now()
                before = self._known(service) or Heartbeat(service, now)
                made = reported(before, signal, exit_code, now, size_bytes, apart=apart)
                await self._store.record_heartbeat(made)
        except (StateError, TimeoutError) as error:
            raise Refused("unavailable", "the report could not be kept; report again") from error
        self._poll_now((JobKey(Subject("service", service), "heartbeat"),))
        return made

    async def run(self) -> None:
        """See each minute that every job is awaited, until cancelled."""
        while True:
            await self.expect()
            await self._clock.sleep(EXPECT_EVERY_SECONDS)

    async def expect(self) -> None:
        """Note since when reports are awaited; where that cannot be written, such a check is unknown until it is."""
        try:
            async with asyncio.timeout(COMMIT_SECONDS), self._writing:
                await self._note_awaited()
        except (StateError, TimeoutError) as error:
            if not self._broken:
                _log.warning("awaited reports not noted", detail=str(error))
            self._broken = True
        else:
            self._broken = False

    async def _note_awaited(self) -> None:
        now, recorded = self._clock.now(), self._store.heartbeats()
        awaited = dict(self._awaited())
        noted = [self._noted(name, every, now) for name, every in awaited.items()]
        noted += [
            replace(one, left_at=now) for name, one in recorded.items() if name not in awaited and not one.left_at
        ]
        for one in noted:
            if one != recorded.get(one.service):
                await self._store.record_heartbeat(one)
        self._started = True

    def _awaited(self) -> Iterator[tuple[str, float]]:
        """Yield each service whose job reports by itself, and how often."""
        for name, service in self._inventory().services.items():
            if service.heartbeat is not None:
                yield name, service.heartbeat.every

    def _noted(self, service: str, every: float, now: float) -> Heartbeat:
        known = mended(self._known(service) or Heartbeat(service, now), now)
        return known if self._started else listened_for(known, every, now)

    def _known(self, service: str) -> Heartbeat | None:
        """What it said; nothing where it was out of the configuration meanwhile."""
        known = self._store.heartbeats().get(service)
        return None if known is None or known.left_at is not None else known

    def _terms(self, service: str, token: str) -> Terms:
        """Return what is agreed with the job. Raises Refused."""
        found = self._inventory().services.get(service)
        heartbeat = None if found is None else found.heartbeat
        expected = self._nobody if heartbeat is None else heartbeat.token.get_secret_value()
        if not hmac.compare_digest(_raw(token), _raw(expected)) or heartbeat is None:
            raise Refused("forbidden", "service or token is not known")
        return heartbeat


def _raw(token: str) -> bytes:
    """What a header brings need not be text."""
    return token.encode("utf-8", "surrogatepass")
