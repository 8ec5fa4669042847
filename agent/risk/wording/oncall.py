"""Texts about duty calendars and of messages about several things, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

from config.calendarfaults import TEXTS as FAULTS
from config.calendarfaults import FaultKey

_FAULTS: Mapping[FaultKey, str] = {
    "none": "es ist kein Kalender (iCalendar, .ics)",
    "event": "er enthält einen Termin, der nicht lesbar ist",
    "large": "größer als {megabytes} MB",
    "many": "er enthält mehr als {events} Termine oder {repeated} Serien",
    "fine": "ein Termin wiederholt sich öfter als täglich",
    "interval": "ein Termin wiederholt sich ohne Abstand",
    "seldom": "ein Termin wiederholt sich so, dass nicht sicher ist, ob er wiederkommt (Tage einzeln eintragen)",
    "far": "eine Terminserie beginnt mehr als {years} Jahre von heute",
    "stretched": "ein Termin einer Serie dauert länger als ein Jahr oder ist weiter verschoben",
    "long": "die Terminserien sind zu viele oder begannen vor zu langer Zeit: neu beginnen lassen",
    "zone": "er enthält eine Zeitzone, die keine ist",
    "strangers": "kein Termin der nächsten 90 Tage nennt einen Empfänger",
    "missing": "die Datei fehlt",
    "unreadable": "die Datei ist nicht lesbar ({why})",
    "slow": "keine Antwort binnen {seconds} s",
    "unreached": "keine Verbindung ({why})",
    "failed": "er lässt sich nicht abrufen ({why})",
    "status": "HTTP-Status {status}",
    "circles": "die Weiterleitung endet nicht",
    "elsewhere": "er wird auf einen anderen Rechner weitergeleitet",
    "fresh": "er wurde noch nicht abgerufen",
    "busy": "dieser Rechner ist zu beschäftigt, ihn zu lesen",
    "unexpected": "er lässt sich nicht lesen",
}

TABLE: Mapping[str, tuple[str, str]] = {
    "on_call_gap_now": (
        "Niemand hat Dienst ({name}, seit {begin}); Meldungen gehen an {otherwise}",
        "Nobody has duty ({name}, since {begin}); messages go to {otherwise}",
    ),
    "on_call_gap_soon": (
        "Ab {begin} hat niemand Dienst ({name}); Meldungen gehen dann an {otherwise}",
        "From {begin} on nobody has duty ({name}); messages go to {otherwise} then",
    ),
    "on_call_gap_until": ("bis {end}", "until {end}"),
    "on_call_unread": (
        "Der Dienstkalender von {name} ist nicht lesbar: {why}",
        "The duty calendar of {name} cannot be read: {why}",
    ),
    "on_call_old_copy": (
        "Der Dienstkalender von {name} ist nicht lesbar ({why}); es gilt der zuletzt gelesene",
        "The duty calendar of {name} cannot be read ({why}); the one read last is in force",
    ),
    "on_call_strangers": (
        "Dienstkalender von {name}: {count} Tag(e), an denen ein Eintrag keinen Empfänger nennt",
        "Duty calendar of {name}: {count} day(s) on which an event names no receiver",
    ),
    "on_call_unknown": (
        "Ein Eintrag am {day} nennt keinen Empfänger",
        "An event on {day} names no receiver",
    ),
    **{f"calendar_{key}": (german, FAULTS[key]) for key, german in _FAULTS.items()},
    "further": ("und {count} weitere", "and {count} more"),
}
