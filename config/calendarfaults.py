"""What may be wrong with a calendar, in English; ``agent.risk.wording.oncall`` has it in German."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

FaultKey = Literal[
    "none",
    "event",
    "large",
    "many",
    "fine",
    "interval",
    "seldom",
    "far",
    "stretched",
    "long",
    "zone",
    "strangers",
    "missing",
    "unreadable",
    "slow",
    "unreached",
    "failed",
    "status",
    "circles",
    "elsewhere",
    "fresh",
    "busy",
    "unexpected",
]
KEYS: tuple[FaultKey, ...] = get_args(FaultKey)

TEXTS: Mapping[FaultKey, str] = {
    "none": "it is no calendar (iCalendar, .ics)",
    "event": "it holds an event that cannot be read",
    "large": "larger than {megabytes} MB",
    "many": "it holds more than {events} events, or {repeated} repeated ones",
    "fine": "an event is repeated more often than daily",
    "interval": "an event is repeated at no interval",
    "seldom": "an event is repeated in a way that is not known to come again (write its dates singly)",
    "far": "a repeated event begins more than {years} years from now",
    "stretched": "a repeated event lasts longer than a year, or is moved further",
    "long": "its repeated events are too many, or began too long ago: begin them anew",
    "zone": "it holds a time zone that is none",
    "strangers": "no event of the next 90 days names a receiver",
    "missing": "the file is not there",
    "unreadable": "the file cannot be read ({why})",
    "slow": "no answer within {seconds} s",
    "unreached": "no connection ({why})",
    "failed": "it cannot be fetched ({why})",
    "status": "HTTP status {status}",
    "circles": "it redirects without end",
    "elsewhere": "it redirects to another host",
    "fresh": "it was not fetched yet",
    "busy": "this machine is too busy to read it",
    "unexpected": "it cannot be read",
}


class Fault(NamedTuple):
    """What is wrong; ``values`` fill in the text. Quotes nothing of the calendar, since it may hold names of people."""

    key: FaultKey
    values: tuple[tuple[str, str | int], ...] = ()

    def __str__(self) -> str:
        """Return it in English."""
        return TEXTS[self.key].format(**dict(self.values))


class CalendarError(ValueError):
    """A calendar that cannot be used; ``fault`` says why."""

    def __init__(self, key: FaultKey, **values: str | int) -> None:
        """Keep what is wrong; ``values`` fill in the text."""
        self.fault = Fault(key, tuple(values.items()))
        super().__init__(str(self.fault))
