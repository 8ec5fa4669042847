"""Reads the duty calendars, keeps the last good one of each in force, and says what is wrong with them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog
from structlog.typing import FilteringBoundLogger

from agent.alerts.duty import DutyPlan, plan_of
from agent.alerts.roster import AHEAD_SECONDS, BEHIND_SECONDS, DAY_SECONDS, Roster
from agent.app.calendars import FETCH_SECONDS, fetch, keep
from agent.contract import CannotCheck, Clock, Wire
from agent.wire.attempt import Failure, attempt
from config.calendarfaults import CalendarError, Fault
from config.calendarfiles import SCHOOL, copy_of, read_file
from config.ical import events
from config.settings import Duty, Settings
from config.workdays import school_periods

REFRESH_BUDGET_SECONDS = FETCH_SECONDS + 40.0
OPEN_BUDGET_SECONDS = 10.0  # each; a file on a server that is gone must not hold up the start

_POOL = "default"

_log: FilteringBoundLogger = structlog.get_logger("duty")


def read_plan(content: bytes, settings: Settings, now: float) -> DutyPlan:
    """Return the shifts from a day ago on for 90 days. Raises CalendarError, also where no event names a receiver."""
    zone = ZoneInfo(settings.municipality.timezone)
    begin, end = now - BEHIND_SECONDS, now + AHEAD_SECONDS
    names = [name for name, receiver in settings.alerting.receivers.items() if receiver.duty is None]
    plan = plan_of(events(content, zone, begin, end), names, zone, begin, end)
    if plan.unknown and not plan.shifts:
        raise CalendarError("strangers")
    return plan


def duties(settings: Settings) -> dict[str, Duty]:
    """Return the duty receivers."""
    found = settings.alerting.receivers.items()
    return {name: receiver.duty for name, receiver in found if receiver.duty is not None}


def offline_roster(settings: Settings, now: float) -> Roster:
    """Return what the calendars say without asking the network: files, and the last good copies."""
    return _roster(
        {name: _Kept(name, duty, _read(name, duty, settings, now)) for name, duty in duties(settings).items()}
    )


class _Known(NamedTuple):
    """What is known of a calendar: its last good content, the plan made of it, and what was wrong at the last try."""

    content: bytes | None = None
    plan: DutyPlan | None = None
    trouble: Fault | None = None


@dataclass(slots=True)
class _Kept:
    """One receiver's calendar, and when it is to be read again (monotonic)."""

    name: str
    duty: Duty
    known: _Known = field(default_factory=_Known)
    due_at: float = 0.0


class Rosters:
    """Keeps the duty calendars of the settings in force; hands ``changed`` what they say.

    A calendar that is bad or cannot be fetched leaves the last good one in force. Each is expanded anew daily.
    """

    def __init__(
        self, wire: Wire, clock: Clock, settings: Callable[[], Settings], changed: Callable[[Roster], None]
    ) -> None:
        self._wire = wire
        self._clock = clock
        self._settings = settings
        self._changed = changed
        self._kept: dict[str, _Kept] = {}
        self._woken = asyncio.Event()

    async def open(self, settings: Settings) -> None:
        """Read files and last copies: who has duty is known before the first look. ``publish`` hands it on."""
        kept: dict[str, _Kept] = {}
        for name, duty in duties(settings).items():
            kept[name] = _Kept(name, duty, await self._first(name, duty, settings))
            _tell(name, None, kept[name].known)
        self._kept = kept
        keep_school = partial(_keep_school, settings)
        await attempt(partial(self._wire.blocking, _POOL, keep_school), OPEN_BUDGET_SECONDS, SCHOOL)
        self._woken.set()

    async def _first(self, name: str, duty: Duty, settings: Settings) -> _Known:
        """Return what a file says, or what is known of a URL."""
        before, content = self._kept.get(name), None
        if before is not None and duty.url is not None and before.duty.url == duty.url:
            content = before.known.content
        read = partial(_read, name, duty, settings, self._clock.now(), content)
        found = await attempt(partial(self._wire.blocking, _POOL, read), OPEN_BUDGET_SECONDS, name)
        return _Known(trouble=Fault("busy")) if isinstance(found, Failure) else found

    def publish(self) -> None:
        """Hand on what is known."""
        self._changed(_roster(self._kept))

    async def run(self) -> None:
        """Read what is due until cancelled."""
        while True:
            self._woken.clear()
            for kept in tuple(self._kept.values()):
                if kept.due_at <= self._clock.monotonic():
                    await self._refresh(kept)
            self.publish()
            await self._pause()

    async def _pause(self) -> None:
        due = min((kept.due_at for kept in self._kept.values()), default=self._clock.monotonic() + DAY_SECONDS)
        sleeping = asyncio.ensure_future(self._clock.sleep(max(1.0, due - self._clock.monotonic())))
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait((sleeping, woken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            woken.cancel()

    async def _refresh(self, kept: _Kept) -> None:
        kept.due_at = self._clock.monotonic() + kept.duty.refresh
        before = kept.known
        result = await attempt(lambda: self._renew(kept), REFRESH_BUDGET_SECONDS, kept.name)
        # whatever went wrong beyond what is known may quote the calendar
        trouble = Fault("unexpected") if isinstance(result, Failure) else result
        kept.known = kept.known._replace(trouble=trouble)
        _tell(kept.name, before.trouble, kept.known)

    async def _renew(self, kept: _Kept) -> Fault | None:
        """Read it, and expand what is known where that is a day old; return what went wrong."""
        settings = self._settings()
        try:
            content = await self._content(kept.duty)
            await self._expand(kept, content, settings)
        except (CalendarError, CannotCheck) as error:
            trouble = error.fault if isinstance(error, CalendarError) else Fault("busy")
        else:
            await self._wire.blocking(_POOL, lambda: keep(copy_of(settings, kept.name), content))
            return None
        if kept.known.content is not None:
            with contextlib.suppress(CalendarError, CannotCheck):  # then what was expanded before goes on
                await self._expand(kept, kept.known.content, settings)
        return trouble

    async def _content(self, duty: Duty) -> bytes:
        file, url = duty.file, duty.url
        if file is not None:
            return await self._wire.blocking(_POOL, lambda: read_file(file))
        return b"" if url is None else await fetch(url.get_secret_value())

    async def _expand(self, kept: _Kept, content: bytes, settings: Settings) -> None:
        now, plan = self._clock.now(), kept.known.plan
        if plan is None or content != kept.known.content or abs(now - BEHIND_SECONDS - plan.begin) >= DAY_SECONDS:
            plan = await self._wire.blocking(_POOL, lambda: read_plan(content, settings, now))
            kept.known = kept.known._replace(content=content, plan=plan)


def _read(name: str, duty: Duty, settings: Settings, now: float, content: bytes | None = None) -> _Known:
    """Return what the file says, or ``content``, which was fetched before; else what the last good copy does."""
    trouble: Fault | None = None
    if duty.file is not None or content is not None:
        try:
            content = content if duty.file is None else read_file(duty.file)
            return _Known(content, read_plan(content or b"", settings, now))
        except CalendarError as error:
            trouble = error.fault
    try:
        content = read_file(copy_of(settings, name))
        return _Known(content, read_plan(content, settings, now), trouble)
    except CalendarError:
        return _Known(trouble=trouble or Fault("fresh"))


def _keep_school(settings: Settings) -> None:
    """Keep the last good copy of the school calendar."""
    town = settings.municipality
    if town.school_calendar is None:
        return
    try:
        content = read_file(town.school_calendar)
        school_periods(content, town.timezone)
    except CalendarError as error:
        _log.warning("school calendar cannot be read", why=str(error), old=copy_of(settings, SCHOOL).exists())
    else:
        keep(copy_of(settings, SCHOOL), content)


def _tell(name: str, before: Fault | None, known: _Known) -> None:
    """Log what changed."""
    if known.trouble is not None and before is None and known.trouble.key != "fresh":
        _log.warning("duty calendar cannot be read", receiver=name, why=str(known.trouble), old=known.plan is not None)
    if known.trouble is None and before is not None and before.key != "fresh":
        _log.info("duty calendar is read again", receiver=name)


def _roster(kept: Mapping[str, _Kept]) -> Roster:
    known = {name: one.known for name, one in kept.items()}
    plans = {name: one.plan for name, one in known.items() if one.plan is not None}
    return Roster(plans, {name: one.trouble for name, one in known.items() if one.trouble is not None})
