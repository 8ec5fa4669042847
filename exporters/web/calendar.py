"""What runs out, outside: rows for API and page, and a calendar to subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from aiohttp import web
from icalendar import Alarm, Calendar, Component, Event

from agent.contract import Commands, Snapshot
from agent.layout import clean_text
from agent.risk.deadlines import Ending, endings
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.page import DeadlineRow
from exporters.web.worker import Worker

REFRESH = timedelta(hours=12)
_MAX_SUMMARY_BYTES = 500
_MAX_DESCRIPTION_BYTES = 2000

Row = dict[str, str | int | None]
T = TypeVar("T")


def api_rows(found: Iterable[Ending]) -> list[Row]:
    """Return what ``/api/v1/deadlines`` lists; ``kind`` and ``stage`` are the words of ``agent.risk.deadlines``."""
    return [
        {
            "kind": one.kind,
            "subject": str(one.subject),
            "name": one.name,
            "site": one.site,
            "day": one.day.isoformat(),
            "days_left": one.days_left,
            "stage": one.stage,
            "what_to_do": one.what_to_do,
        }
        for one in found
    ]


def page_rows(found: Iterable[Ending], words: Words) -> tuple[DeadlineRow, ...]:
    """Return the rows of the page; ``kind`` in words."""
    return tuple(
        DeadlineRow(one.name, _kind(one, words), one.day, one.days_left, one.stage, one.what_to_do or "")
        for one in found
    )


def make_calendar(found: Iterable[Ending], at: float, inventory: Inventory, settings: Settings) -> bytes:
    """Return an iCalendar object: an all-day event with its reminders for each ending. ``at``: seconds, the look."""
    town = settings.municipality
    words = Words(town.language)
    calendar = Calendar()
    _put(calendar, "prodid", f"-//Ringwacht//ringwacht//{town.language.upper()}")
    _put(calendar, "version", "2.0")
    _put(calendar, "method", "PUBLISH")
    name = words.say("calendar", name=town.name or town.id)
    _put(calendar, "name", name)  # RFC 7986; the next is what older clients read
    _put(calendar, "x-wr-calname", name)
    _put(calendar, "refresh-interval", REFRESH, VALUE="DURATION")
    _put(calendar, "x-published-ttl", "PT12H")
    stamp = datetime.fromtimestamp(at, UTC).replace(microsecond=0)
    for one in found:
        event = _event(one, words)
        _put(event, "uid", f"{one.kind}-{one.id}@{town.id}")
        _put(event, "dtstamp", stamp)
        if one.site is not None:
            site = inventory.sites.get(one.site)
            _put(event, "location", _clean(one.site if site is None else site.name or one.site))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(ending: Ending, words: Words) -> Event:
    kind = _kind(ending, words)
    summary = _clean(f"{kind}: {ending.name}")
    event = Event()
    _put(event, "summary", summary)
    _put(event, "dtstart", ending.day)  # a date alone lasts the whole day (RFC 5545, 3.6.1)
    _put(event, "categories", [kind])
    _put(event, "transp", "TRANSPARENT")
    if ending.what_to_do:
        _put(event, "description", clean_text(ending.what_to_do, _MAX_DESCRIPTION_BYTES))
    for days in ending.reminders:
        alarm = Alarm()
        _put(alarm, "action", "DISPLAY")
        _put(alarm, "description", summary)
        _put(alarm, "trigger", timedelta(days=-days))
        event.add_component(alarm)
    return event


def _put(component: Component, name: str, value: object, **parameters: str) -> None:
    component.add(name, value, parameters)  # pyright: ignore[reportUnknownMemberType]  # its value has no type


def _kind(ending: Ending, words: Words) -> str:
    return words.say(f"kind_{ending.kind}")


def _clean(text: str) -> str:
    return clean_text(text, _MAX_SUMMARY_BYTES)


class Deadlines:
    """``/api/v1/deadlines`` and ``/deadlines.ics``, made off the loop."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/api/v1/deadlines", self._api)
        app.router.add_get("/deadlines.ics", self._calendar)

    async def _api(self, _request: web.Request) -> web.Response:
        return web.json_response(await self._make(lambda found, _snapshot: api_rows(found)))

    async def _calendar(self, _request: web.Request) -> web.Response:
        inventory, settings = self._commands.inventory(), self._commands.settings()
        body = await self._make(lambda found, snapshot: make_calendar(found, snapshot.at, inventory, settings))
        return web.Response(body=body, content_type="text/calendar", charset="utf-8")

    async def _make(self, make: Callable[[tuple[Ending, ...], Snapshot], T]) -> T:
        inventory, settings = self._commands.inventory(), self._commands.settings()
        snapshot = await self._commands.snapshot()

        return await self._worker.make(lambda: make(endings(inventory, settings, snapshot.view), snapshot))
