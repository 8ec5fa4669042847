"""What ``check`` says of calendars: of duties, and of school holidays.

What is wrong with a calendar is an error there. The daemon starts and reloads with it all the same: whoever writes the
calendar must not be able to stop the watch, and the last good copy is in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from agent.alerts.duty import DutyPlan
from agent.alerts.roster import Roster
from agent.app.rosters import duties
from config.calendarfaults import CalendarError
from config.calendarfiles import read_file
from config.errors import Problem
from config.loader import Loaded
from config.school_holidays import REGIONS, school_holidays
from config.settings import Settings
from config.workdays import school_periods

_RECEIVERS = ("alerting", "receivers")
_MOST_DAYS = 3
_TABLE_ENDS_SOON = timedelta(days=60)


def calendar_problems(loaded: Loaded, roster: Roster) -> Iterator[Problem]:
    """Yield what is wrong with calendar files; ``roster``: what was read of them. The school calendar is read here."""
    for name, fault in roster.troubles.items():
        if duties(loaded.settings)[name].file is not None:
            hint = "the title of an event is the name of a receiver" if fault.key == "strangers" else ""
            yield loaded.positions.problem((*_RECEIVERS, name, "duty", "file"), str(fault), hint)
    town = loaded.settings.municipality
    if town.school_calendar is None:
        return
    try:
        school_periods(read_file(town.school_calendar), town.timezone)
    except CalendarError as error:
        yield loaded.positions.problem(("municipality", "school_calendar"), str(error))


def calendar_remarks(loaded: Loaded, roster: Roster, now: float) -> Iterator[Problem]:
    """Yield what is probably not meant. ``now``: seconds since the epoch."""
    for name, plan in plans_of(loaded.settings, roster).items():
        if plan is not None:
            yield from _strangers(name, plan, loaded)
    yield from _school_remarks(loaded, now)


def plans_of(settings: Settings, roster: Roster) -> dict[str, DutyPlan | None]:
    """Return what calendar files say by duty receiver; None for one elsewhere, one that is wrong or was not read."""
    good = {name: plan for name, plan in roster.plans.items() if name not in roster.troubles}
    return {name: None if duty.file is None else good.get(name) for name, duty in duties(settings).items()}


def _strangers(name: str, plan: DutyPlan, loaded: Loaded) -> Iterator[Problem]:
    """Say on which days an event names no receiver; its title may be somebody's name, and is not quoted."""
    place = (*_RECEIVERS, name, "duty", "file")
    for day in plan.unknown[:_MOST_DAYS]:
        yield loaded.positions.problem(place, f"an event on {day.isoformat()} names no receiver")
    if len(plan.unknown) > _MOST_DAYS:
        yield loaded.positions.problem(place, f"{len(plan.unknown) - _MOST_DAYS} further days with such events")
    if not plan.shifts and not plan.unknown:
        yield loaded.positions.problem(place, "holds nothing for the next 90 days: `otherwise` is told")


def _school_remarks(loaded: Loaded, now: float) -> Iterator[Problem]:
    town, place = loaded.settings.municipality, ("municipality", "school_holidays")
    if town.school_holidays is None or town.school_calendar is not None:
        return
    hint = "name a calendar (.ics) as municipality.school_calendar"
    known = school_holidays(town.school_holidays)
    if known is None:
        message = f"no school holidays are known for {town.school_holidays}, only for {', '.join(REGIONS)}"
        yield loaded.positions.problem(place, message, hint)
    elif known[-1].last < datetime.fromtimestamp(now, UTC).date() + _TABLE_ENDS_SOON:
        message = f"the school holidays of {town.school_holidays} are known until {known[-1].last.isoformat()} only"
        yield loaded.positions.problem(place, message, hint)
