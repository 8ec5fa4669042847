"""What is missing from readings, for the log: each job has one line when that changes, and not at each poll."""

from __future__ import annotations

import re
from collections.abc import Iterable

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import JobKey, JobState
from agent.risk.reachability import remarks

PAUSE_SECONDS = 600.0  # between two lines of a job: what a page lacks may be another thing at each poll

_COUNT = re.compile(r"(?<![\w./-])\d+(?![\w/-]|\.\d)")  # "7 series left out", not a part of a name, path or OID

_log: FilteringBoundLogger = structlog.get_logger("engine")


class RemarkLog:
    """What was last logged of each job, and when (monotonic seconds). What differs in counts only is the same."""

    def __init__(self) -> None:
        self._logged: dict[JobKey, tuple[tuple[str, ...], float]] = {}

    def note(self, state: JobState, now: float) -> None:
        """Log what the job's reading lacks, or that it is whole again, where the last line said something else."""
        said = remarks((state,))
        shape = tuple(_COUNT.sub("#", remark) for remark in said)
        before, at = self._logged.get(state.key, ((), -PAUSE_SECONDS))
        if shape == before or now - at < PAUSE_SECONDS:
            return
        self._logged[state.key] = shape, now
        if said:
            _log.warning("reading incomplete", job=str(state.key), missing="; ".join(said))
        else:
            _log.info("reading whole again", job=str(state.key))

    def forget(self, keys: Iterable[JobKey]) -> None:
        """Forget jobs that are no longer polled."""
        for key in keys:
            self._logged.pop(key, None)
