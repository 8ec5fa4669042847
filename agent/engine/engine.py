"""The engine as the app sees it: a plan goes in, fresh tables and views come out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Clock, CollectorSpec, Job, JobKey, JobState, LabelPairs, Plan, Reading, Table, View, Wire
from agent.engine.build import build_collectors
from agent.engine.recent import Recent
from agent.engine.remarks import RemarkLog
from agent.engine.scheduler import Scheduler
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.families import COLLECT_ERRORS, JOBS, LOOP_LAG, SCHEDULE_SKEW
from agent.wire.telemetry import MeterBook

LAG_STEP_SECONDS = 0.25
GAUGES_EVERY = 20  # steps

_log: FilteringBoundLogger = structlog.get_logger("engine")


class Engine:
    """Polls what the plan says. ``changed`` is set after each reading; who waits for it clears it."""

    def __init__(
        self, clock: Clock, specs: Mapping[str, CollectorSpec], wire: Wire, telemetry: MeterBook, windows: WindowBook
    ) -> None:
        self.changed = asyncio.Event()
        self._clock = clock
        self._specs = specs
        self._wire = wire
        self._telemetry = telemetry
        self._windows = windows
        self._store = Store()
        self._remarks = RemarkLog()
        self._scheduler = Scheduler(clock, self._record, telemetry)
        self._jobs: dict[JobKey, Job] = {}
        self._lag = Recent()
        self._tasks: list[asyncio.Task[None]] = []

    async def apply(self, plan: Plan, specs: Mapping[str, CollectorSpec] | None = None) -> None:
        """Put a plan in force, with new specs if any. A job that is as it was keeps its collector, state and phase.

        Raises:
            BuildErrors: a collector refuses its parameters; the old plan stays in force.
        """
        specs = self._specs if specs is None else specs
        wanted = {job.key: job for job in plan.jobs}
        kept = {job.key for job in plan.jobs if self._jobs.get(job.key) == job and self._same_revision(job, specs)}
        new = [job for key, job in wanted.items() if key not in kept]
        gone = [job for key, job in self._jobs.items() if key not in kept]
        collectors = build_collectors(new, specs, self._wire)
        self._jobs, self._specs = wanted, specs
        for job in gone:
            self._store.remove(job.key)
            self._windows.forget(job.key)
        self._remarks.forget(job.key for job in gone)
        await self._scheduler.remove(job.key for job in gone)
        self._telemetry.forget(_labels_gone(gone, wanted.values()))
        for job in new:
            self._store.add(job)
            self._scheduler.add(job, collectors[job.key])
        for warning in plan.warnings:
            _log.warning(warning)
        self.changed.set()

    async def run(self) -> None:
        """Poll until ``stop`` or cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = [tasks.create_task(self._scheduler.run()), tasks.create_task(self._watch_loop())]

    async def stop(self) -> None:
        """Cancel the polls and close the collectors; ``run`` then returns.

        Within a second; some more (``scheduler.LEAVE_SECONDS``) while targets that have to be spared are left in order.
        """
        for task in self._tasks:
            task.cancel()
        await self._scheduler.close()

    def view(self) -> View:
        """Return a look at what is fresh now."""
        self._store.expire(self._clock.monotonic())
        return self._store.view(self._clock.now())

    def tables(self) -> tuple[Table, ...]:
        """Return what is fresh now, as the exporters render it."""
        self._store.expire(self._clock.monotonic())
        return self._store.tables()

    def poll_now(self, keys: Iterable[JobKey]) -> None:
        """Poll these jobs at once, out of turn; unknown keys are passed over."""
        self._scheduler.poll_now(keys)

    def behind_seconds(self) -> float:
        """Return how long the poll that should have begun first has been waiting for that; 0 if all is in time."""
        return self._scheduler.behind_seconds()

    def _same_revision(self, job: Job, specs: Mapping[str, CollectorSpec]) -> bool:
        return self._specs[job.kind].revision == specs[job.kind].revision

    def _record(self, reading: Reading) -> JobState:
        before = self._store.state(reading.key)
        state = self._store.record(reading, self._clock.monotonic())
        self._windows.record(reading)
        if reading.reason is not None:
            labels = (("check", reading.key.check), ("reason", reading.reason.value))
            self._telemetry.count(COLLECT_ERRORS, reading.target.labels + labels)
        _log_change(before, state)
        if reading.ok:
            self._remarks.note(state, self._clock.monotonic())
        self.changed.set()
        return state

    async def _watch_loop(self) -> None:
        """Measure how late the loop wakes us, and publish the last minute's lateness."""
        steps = 0
        while True:
            if steps % GAUGES_EVERY == 0:
                self._publish_gauges()
            steps += 1
            before = self._clock.monotonic()
            await self._clock.sleep(LAG_STEP_SECONDS)
            now = self._clock.monotonic()
            self._lag.add(now, max(0.0, now - before - LAG_STEP_SECONDS))

    def _publish_gauges(self) -> None:
        now = self._clock.monotonic()
        for family, recent in ((SCHEDULE_SKEW, self._scheduler.skew), (LOOP_LAG, self._lag)):
            for quantile, value in recent.quantiles(now):
                self._telemetry.set(family, (("quantile", f"{quantile:g}"),), value)
        for lane, jobs in self._scheduler.lanes().items():
            self._telemetry.set(JOBS, (("lane", lane),), jobs)


def _log_change(before: JobState, state: JobState) -> None:
    if (before.up, before.reason) == (state.up, state.reason):
        return
    if state.reason is not None:
        _log.warning("poll failed", job=str(state.key), reason=state.reason.value, detail=state.detail)
    elif before.last_attempt is not None:
        _log.info("poll works again", job=str(state.key))


def _labels_gone(gone: Iterable[Job], kept: Iterable[Job]) -> Callable[[LabelPairs], bool]:
    """Return what tells the meters of jobs and targets that are no longer polled: by the labels they begin with."""

    def prefixes(jobs: Iterable[Job]) -> set[LabelPairs]:
        found: set[LabelPairs] = set()
        for job in jobs:
            found |= {job.target.labels, (*job.target.labels, ("check", job.key.check))}
        return found

    dead = prefixes(gone) - prefixes(kept)
    lengths = {len(prefix) for prefix in dead}
    return lambda labels: any(labels[:length] in dead for length in lengths)
