"""When each job is polled: hashed phases, no overlap, no catching up; the silent on a lane of their own."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Clock, Collector, Job, JobKey, JobState, Reading, Revivable, Telemetry
from agent.engine.entry import EARLY_SECONDS, Entry, first_start, is_silent, needs_confirmation
from agent.engine.recent import Recent
from agent.engine.runner import CLOSE_SECONDS, close_once, patience, revive_once, run_once
from agent.families import COLLECT_SKIPPED

MAIN_SLOTS = 256
SLOW_SLOTS = 64
CONFIRM_SECONDS = 1.0
CANCEL_SECONDS = 0.4
LEAVE_SECONDS = 3.0  # the daemon has to be gone a little later

_log: FilteringBoundLogger = structlog.get_logger("engine")


@dataclass(slots=True, eq=False)
class Lane:
    """So many polls at once; the others wait in line."""

    slots: int
    running: int = 0
    waiting: deque[Entry] = field(default_factory=deque[Entry])


class Scheduler:
    """Starts polls and hands each reading to ``record``, whose answer tells how the job stands.

    A poll that fails for what one lost packet can cause is repeated once, a second later. A job that was silent three
    times in a row goes to the slow lane: few slots, one packet where the collector has ``revive``, once a minute in
    the end. Its first answer brings it back with a full poll at once.

    No two polls of a job begin closer together than its ``least_interval_seconds``, whatever asks for one: what comes
    too soon waits until then. That holds over a reload which builds the job anew, too, as long as its key stays.
    """

    def __init__(
        self, clock: Clock, record: Callable[[Reading], JobState], telemetry: Telemetry, *, main: int = MAIN_SLOTS
    ) -> None:
        self._clock = clock
        self._record = record
        self._telemetry = telemetry
        self._main = Lane(main)
        self._slow = Lane(SLOW_SLOTS)
        self._entries: dict[JobKey, Entry] = {}
        self._spared: dict[JobKey, tuple[float, float]] = {}  # begin and earliest next one, of jobs that were removed
        self._leaving: set[asyncio.Task[None]] = set()  # farewells that go on behind a reload
        self._heap: list[tuple[float, int, Entry]] = []
        self._order = itertools.count()
        self._wake = asyncio.Event()
        self.skew = Recent()

    def add(self, job: Job, collector: Collector) -> None:
        """Begin to poll; the key must not be known yet."""
        now = self._clock.monotonic()
        entry = self._entries[job.key] = Entry(job, collector, base=now + job.phase_seconds)
        entry.begun, _ = self._spared.pop(job.key, (entry.begun, 0.0))
        self._plan(entry, first_start(job, now))

    async def remove(self, keys: Iterable[JobKey]) -> None:
        """Cancel the polls of these jobs and close their collectors. Takes under a second, even if one hangs.

        Targets that have to be spared are left in order: that goes on behind this, and ``close`` waits for it.
        """
        gone = [self._entries.pop(key) for key in keys]
        polls: list[asyncio.Task[Any]] = []
        self._spare(gone)
        for entry in gone:
            entry.closed = True
            if entry.task is not None:
                entry.task.cancel()
                polls.append(entry.task)
        await _wait(polls)
        await _wait([self._leave(entry) for entry in gone if not entry.is_spared], CLOSE_SECONDS)
        for task in [self._leave(entry) for entry in gone if entry.is_spared]:
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _leave(self, entry: Entry) -> asyncio.Task[None]:
        name = str(entry.job.key)
        return asyncio.create_task(close_once(entry.collector, name, patience(entry.job)), name=name)

    def _spare(self, gone: Iterable[Entry]) -> None:
        """Remember of jobs that are removed when they were polled, as long as it matters."""
        now = self._clock.monotonic()
        ended = {entry.job.key: (entry.begun, entry.earliest) for entry in gone}
        self._spared = {key: spared for key, spared in {**self._spared, **ended}.items() if spared[1] > now}

    async def close(self) -> None:
        """Remove every job, and wait for all farewells, ``LEAVE_SECONDS`` at most; nobody goes on after this."""
        await self.remove(list(self._entries))
        if self._leaving:
            _, late = await asyncio.wait(self._leaving, timeout=LEAVE_SECONDS)
            for task in late:
                task.cancel()
                _log.warning("left without farewell: no time", job=task.get_name())

    def lanes(self) -> dict[str, int]:
        """Return the number of jobs by lane."""
        slow = sum(entry.slow for entry in self._entries.values())
        return {"main": len(self._entries) - slow, "slow": slow}

    def behind_seconds(self) -> float:
        """Return how long the poll that should have begun first has been waiting for that; 0 if all is in time."""
        queued = self._main.waiting
        moments = (*(due for due, _, _ in self._heap[:1]), *(entry.asked for entry in itertools.islice(queued, 1)))
        return max(0.0, self._clock.monotonic() - min(moments, default=math.inf))

    async def run(self) -> None:
        """Start what is due, until cancelled."""
        while True:
            self._wake.clear()
            self._start_due()
            timer = asyncio.create_task(self._alarm()) if self._heap else None
            try:
                await self._wake.wait()
            finally:
                if timer is not None:
                    timer.cancel()

    def poll_now(self, keys: Iterable[JobKey]) -> None:
        """Poll at once, out of turn; a job that is being polled is polled once more afterwards.

        Unknown keys are passed over: judgement may wish for what a reload has just taken away.
        """
        for entry in [self._entries[key] for key in keys if key in self._entries]:
            if entry.busy:
                entry.again = True
            else:
                self._poll_soon(entry)

    async def _alarm(self) -> None:
        await self._clock.sleep(self._heap[0][0] - self._clock.monotonic())
        self._wake.set()

    def _poll_soon(self, entry: Entry) -> None:
        """Poll at once or, where the target has to be spared, as soon as that may be."""
        now = self._clock.monotonic()
        if entry.earliest <= now + EARLY_SECONDS:
            self._enqueue(entry, now)
        else:
            self._plan(entry, min(entry.due, entry.earliest))

    def _plan(self, entry: Entry, due: float) -> None:
        entry.due = max(due, entry.earliest)
        heapq.heappush(self._heap, (entry.due, next(self._order), entry))
        if self._heap[0][2] is entry:
            self._wake.set()

    def _start_due(self) -> None:
        now = self._clock.monotonic()
        while self._heap and self._heap[0][0] <= now + EARLY_SECONDS:
            due, _, entry = heapq.heappop(self._heap)
            if not entry.closed and entry.due == due:
                self._start(entry, now)

    def _start(self, entry: Entry, now: float) -> None:
        if entry.earliest > now + EARLY_SECONDS:  # the last poll had waited for its slot
            self._plan(entry, entry.earliest)
            return
        skipped = entry.missed(now) + entry.busy
        if skipped:
            self._telemetry.count(COLLECT_SKIPPED, entry.labels, skipped)
        if not entry.busy:
            self._enqueue(entry, entry.due)
        following = entry.following(now)
        entry.tries += entry.slow
        self._plan(entry, following)

    def _enqueue(self, entry: Entry, asked: float) -> None:
        entry.queued, entry.asked = True, asked
        lane = self._slow if entry.slow else self._main
        lane.waiting.append(entry)
        self._fill(lane)

    def _fill(self, lane: Lane) -> None:
        while lane.waiting and lane.running < lane.slots:
            entry = lane.waiting.popleft()
            entry.queued = False
            if not entry.closed and entry.task is None:
                self._launch(entry, lane, self._try(entry) if entry.slow else self._poll(entry))

    def _launch(
        self, entry: Entry, lane: Lane, work: Coroutine[Any, Any, Reading | None]
    ) -> asyncio.Task[Reading | None]:
        now = self._clock.monotonic()
        if lane is self._main:
            self.skew.add(now, max(0.0, now - min(entry.asked, now)))
        lane.running += 1
        entry.begun = now
        task = entry.task = asyncio.create_task(work, name=str(entry.job.key))
        task.add_done_callback(partial(self._finished, entry, lane))
        return task

    def _finished(self, entry: Entry, lane: Lane, task: asyncio.Task[Reading | None]) -> None:
        lane.running -= 1
        entry.task = None
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("reading not recorded", job=str(entry.job.key), exc_info=error)
        if entry.again and not entry.queued and not entry.closed:
            entry.again = False
            self._poll_soon(entry)
        self._fill(lane)

    async def _poll(self, entry: Entry) -> Reading | None:
        return self._settle(entry, await run_once(entry.collector, entry.job, self._clock))

    async def _try(self, entry: Entry) -> Reading | None:
        """Ask a silent target whether it is back: with one packet, where the collector can."""
        if not isinstance(entry.collector, Revivable):
            return await self._poll(entry)
        reading = await revive_once(entry.collector, entry.job, self._clock)
        if reading is not None:
            return self._settle(entry, reading)
        self._to_main(entry)
        entry.again = True
        return None

    def _settle(self, entry: Entry, reading: Reading) -> Reading | None:
        if entry.closed:
            return None
        state = self._record(reading)
        if needs_confirmation(state):
            self._plan(entry, min(entry.due, self._clock.monotonic() + CONFIRM_SECONDS))
        elif is_silent(state):
            entry.slow = True
        elif entry.slow:
            self._to_main(entry)
        return reading

    def _to_main(self, entry: Entry) -> None:
        entry.slow, entry.tries = False, 0
        now = self._clock.monotonic()
        entry.due = now
        self._plan(entry, entry.following(now))


async def _wait(tasks: list[asyncio.Task[Any]], seconds: float = CANCEL_SECONDS) -> None:
    """Wait a moment for tasks to end; those that do not are left behind."""
    if tasks:
        _, hung = await asyncio.wait(tasks, timeout=seconds)
        for task in hung:
            _log.warning("does not end", task=task.get_name())
