"""When something is to be done each night, by the municipality's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import schedule


def last_night(now: float, at: time, zone: ZoneInfo) -> float:
    """Return the latest moment not after ``now`` at which it was ``at`` (local time), in seconds since the epoch.

    A time that the change to summer time leaves out is an hour later by the clock; of one that comes twice in autumn
    the first counts.
    """
    today = datetime.fromtimestamp(now, zone).date()
    moments = (datetime.combine(today - timedelta(days=back), at, zone).timestamp() for back in range(3))
    return next(moment for moment in moments if moment <= now)


class NightJob(schedule.Job):
    """A job that is due by our own clock and zone: ``schedule`` knows its process's only, and others with pytz only."""

    def __init__(self, scheduler: schedule.Scheduler, is_due: Callable[[], bool]) -> None:
        super().__init__(1, scheduler)
        self._is_due = is_due

    @property
    def should_run(self) -> bool:
        """Whether it is due."""
        return self._is_due()


def nightly(is_due: Callable[[], bool], hand_over: Callable[[], None]) -> schedule.Scheduler:
    """Return a scheduler whose ``run_pending`` hands over what is due; it must not wait for anything."""
    scheduler = schedule.Scheduler()
    NightJob(scheduler, is_due).days.do(hand_over)  # pyright: ignore[reportUnknownMemberType]  # its arguments
    return scheduler
