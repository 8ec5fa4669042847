"""What the status page says, in German and English, and how it spells times."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from itertools import islice
from types import MappingProxyType
from typing import Literal, TypeVar

from agent.layout import clean_text
from agent.risk.texts import Words
from exporters.web import acting_words, network_words, rooms_words
from exporters.web.estate import words as estate_words

T = TypeVar("T")

Tone = Literal["critical", "warning", "unknown", "info", "off", "ok"]

# The worst first; what is switched off on purpose is no fault.
TONES: tuple[Tone, ...] = ("critical", "warning", "unknown", "info", "off", "ok")

# No character of these has a coloured picture of its own on telephones.
_SYMBOLS: Mapping[Tone, str] = {
    "critical": "✕",
    "warning": "▲",
    "unknown": "?",
    "info": "i",
    "off": "○",
    "ok": "✓",
}

MAX_NAMES = 6  # in one line

# "one|many" where a number decides
_TEXTS: Mapping[str, tuple[str, str]] = {
    **network_words.TEXTS,
    **acting_words.TEXTS,
    **rooms_words.TEXTS,
    **estate_words.TEXTS,
    "critical": ("kritisch", "critical"),
    "warning": ("Warnung", "warning"),
    "info": ("Hinweis", "info"),
    "up": ("in Betrieb", "up"),
    "degraded": ("eingeschränkt", "degraded"),
    "down": ("ausgefallen", "down"),
    "off": ("abgeschaltet", "switched off"),
    "unknown": ("unbekannt", "unknown"),
    "ok": ("in Ordnung", "all well"),
    "resolved": ("behoben", "resolved"),
    "all_well": ("Alles in Ordnung", "All is well"),
    "nothing_open": ("Keine offene Meldung", "Nothing open"),
    "faults": ("{n} Störung|{n} Störungen", "{n} problem|{n} problems"),
    "notes": ("{n} Hinweis|{n} Hinweise", "{n} note|{n} notes"),
    "pending_count": ("{n} in Prüfung", "{n} pending"),
    "unknown_count": ("{n} unbekannt", "{n} unknown"),
    "unreported": ("{n} gestört ohne Meldung", "{n} not up without an alert"),
    "muted_count": ("{n} stummgeschaltet", "{n} muted"),
    "not_judged": ("noch nicht beurteilt", "not judged yet"),
    "judgement_old": ("seit {ago} nicht mehr beurteilt", "not judged for {ago}"),
    "no_uplink": ("eigene Anbindung gestört", "own connection lost"),
    "nothing_polled": ("wird nicht abgefragt", "not polled"),
    "nothing_watched": ("hier wird nichts überwacht", "nothing is watched here"),
    "since": ("seit {ago} ({at})", "for {ago} ({at})"),
    "ended": ("behoben vor {ago} ({at})", "resolved {ago} ago ({at})"),
    "ago": ("vor {ago}", "{ago} ago"),
    "at_hour": ("um {hour}", "at {hour}"),
    "at_day": ("am {day} um {hour}", "on {day} at {hour}"),
    "never": ("nie", "never"),
    "never_usable": ("noch keine brauchbare", "none usable yet"),
    "incomplete": ("unvollständig: {what}", "incomplete: {what}"),
    "accepted": ("akzeptiert bis {until}: {reason}", "accepted until {until}: {reason}"),
    "maintenance": ("Wartung bis {until}: {reason}", "maintenance until {until}: {reason}"),
    "cause": ("wegen: {reason}", "because of: {reason}"),
    "more": ("und {n} weiterer|und {n} weitere", "and {n} more"),
    "rest": ("{n} weitere Meldung|{n} weitere Meldungen", "{n} more alert|{n} more alerts"),
    "device_count": ("{n} Gerät|{n} Geräte", "{n} device|{n} devices"),
    "service_count": ("{n} Dienst|{n} Dienste", "{n} service|{n} services"),
    "link_count": ("{n} Strecke|{n} Strecken", "{n} link|{n} links"),
    "device": ("Gerät", "device"),
    "link": ("Strecke", "link"),
    "service": ("Dienst", "service"),
    "site": ("Standort", "site"),
    "ring": ("Ring", "ring"),
    "room": ("Raum", "room"),
    "daemon": ("Ringwacht", "Ringwacht"),
    "uplink": ("Anbindung", "uplink"),
    "receiver": ("Empfänger", "receiver"),
    "rule": ("Regel", "rule"),
    "deadline": ("Frist", "deadline"),
    "contract": ("Vertrag", "contract"),
    "elsewhere": ("Ohne Standort", "Without a site"),
    "above": ("über {bound}", "above {bound}"),
    "below": ("unter {bound}", "below {bound}"),
    "absent": ("fehlt", "absent"),
    "changed": ("geändert in den letzten {bound}", "changed in the last {bound}"),
}

# What the template writes as it stands.
_LABELS: Mapping[str, tuple[str, str]] = {
    **network_words.LABELS,
    **acting_words.LABELS,
    **rooms_words.LABELS,
    **estate_words.LABELS,
    "title": ("Zustand", "Status"),
    "skip": ("Zum Inhalt", "Skip to content"),
    "as_of": ("Stand", "As of"),
    "judged": ("beurteilt", "judged"),
    "zone": ("Zeitzone", "time zone"),
    "refreshes": ("aktualisiert sich alle 30 s", "refreshes every 30 s"),
    "stands_still": ("aktualisiert sich nicht", "does not refresh"),
    "pause": ("anhalten", "pause"),
    "resume": ("fortsetzen", "resume"),
    "unfold": ("alles aufklappen", "unfold all"),
    "fold": ("zuklappen", "fold"),
    "alerts": ("Offene Meldungen", "Open alerts"),
    "no_alerts": ("Keine.", "None."),
    "pending": ("In Prüfung", "Pending"),
    "pending_why": (
        "Steht noch nicht lange genug, um zu melden.",
        "Has not stood long enough to be reported.",
    ),
    "muted": ("Stummgeschaltet", "Muted"),
    "muted_why": ("Besteht, wird aber niemandem gemeldet.", "Stands, but nobody is told."),
    "lately": ("Kürzlich behoben", "Lately resolved"),
    "deadlines": ("Fristen", "Deadlines"),
    "later": ("Später", "Later"),
    "sites": ("Standorte", "Sites"),
    "no_sites": ("Noch keine in der Konfiguration.", "None in the configuration yet."),
    "elements": ("Geräte, Dienste und Strecken", "Devices, services and links"),
    "sections": ("Abschnitte", "Sections"),
    "details": ("Einzelheiten", "Details"),
    "evidence": ("Belege", "Evidence"),
    "cause": ("Ursache", "Cause"),
    "norm": ("Vorgabe", "Norm"),
    "rule": ("Regel", "Rule"),
    "runbook": ("Was zu tun ist", "What to do"),
    "hotline": ("Hotline", "Hotline"),
    "devices": ("Geräte", "Devices"),
    "services": ("Dienste", "Services"),
    "links": ("Strecken", "Links"),
    "name": ("Name", "Name"),
    "kind": ("Art", "Kind"),
    "state": ("Zustand", "State"),
    "last_answer": ("Letzte Antwort", "Last answer"),
    "between": ("Zwischen", "Between"),
    "due": ("Fällig", "Due"),
    "to_do": ("Was zu tun ist", "What to do"),
    "machine": ("Für Programme", "For programs"),
    "metrics": ("Messwerte", "Metrics"),
    "api_alerts": ("Meldungen (JSON)", "Alerts (JSON)"),
    "api_devices": ("Geräte (JSON)", "Devices (JSON)"),
    "api_deadlines": ("Fristen (JSON)", "Deadlines (JSON)"),
    "calendar": ("Fristen (Kalender)", "Deadlines (calendar)"),
    "ready": ("Bereitschaft", "Readiness"),
    "back": ("Zum Zustand", "To the status"),
    "severity": ("Schwere", "Severity"),
    "hold": ("Meldet nach", "Reported after"),
    "clear": ("Behoben nach", "Resolved after"),
    "option": ("Einstellung", "Option"),
    "series": ("Messreihen", "Series"),
    "condition": ("Bedingung", "Condition"),
    "text": ("Meldung", "Message"),
    "nothing_written": ("Dazu steht nichts in der Konfiguration.", "Nothing is written about it in the configuration."),
    "no_rule": ("Es gibt keine Regel mit diesem Namen.", "There is no rule of this name."),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as the reader sees it: never by colour alone."""

    tone: Tone
    word: str

    @property
    def symbol(self) -> str:
        """Return the sign before the word."""
        return _SYMBOLS[self.tone]


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: for people, and for machines (RFC 3339)."""

    text: str
    iso: str


@dataclass(frozen=True, slots=True)
class PageWords:
    """The page's language and its clock: ``now`` in seconds since the epoch, local times in ``zone``."""

    words: Words
    now: float
    zone: tzinfo = UTC

    @property
    def labels(self) -> Mapping[str, str]:
        """Return every label of the template."""
        return MappingProxyType({key: texts[self._column] for key, texts in _LABELS.items()})

    def say(self, key: str, **values: str) -> str:
        """Return a text. Raises KeyError."""
        return _TEXTS[key][self._column].format(**values)

    def count(self, key: str, n: int) -> str:
        """Return a text with a number in it."""
        forms = _TEXTS[key][self._column].split("|")
        return forms[0 if n == 1 else -1].format(n=n)

    def listed(self, things: Collection[T], name: Callable[[T], str], limit: int = MAX_NAMES) -> str:
        """Return the names of the first things in one line, and how many more there are."""
        names = ", ".join(name(thing) for thing in islice(things, limit))
        return f"{names} {self.rest(len(things) - limit)}" if len(things) > limit else names

    def rest(self, left: int) -> str:
        """Say how many more there are; nothing where none are left out."""
        return self.count("more", left) if left > 0 else ""

    def mark(self, tone: Tone, word: str | None = None) -> Mark:
        """Return a mark whose word is that of a state, or the tone's own."""
        return Mark(tone, self.say(word or tone))

    def moment(self, key: str, at: float) -> Moment:
        """Return a point in time by a text that has room for ``{ago}`` and ``{at}``."""
        text = self.say(key, ago=self.words.duration(max(0.0, self.now - at)), at=self.local(at))
        return Moment(text, self._datetime(at).isoformat(timespec="seconds"))

    def local(self, at: float, seconds: str = "") -> str:
        """Spell a time in the municipality's zone, to the minute unless ``seconds`` is ``:%S``."""
        day = "%d.%m.%Y" if self.words.language == "de" else "%Y-%m-%d"
        return self._datetime(at).strftime(f"{day} %H:%M{seconds}")

    def hour(self, at: float) -> str:
        """Spell when something is: today ``um 05:00``, on another day ``am 16.01.2027 um 05:00``."""
        moment = self._datetime(at)
        hour = f"{moment:%H:%M}"
        if moment.date() == self.today:
            return self.say("at_hour", hour=hour)
        return self.say("at_day", day=self.words.day(moment.date()), hour=hour)

    def day(self, at: float) -> Moment:
        """Return the day of a point in time."""
        day = self._datetime(at).date()
        return Moment(self.words.day(day), day.isoformat())

    @property
    def today(self) -> date:
        """The municipality's day."""
        return self._datetime(self.now).date()

    def stamp(self, at: float) -> Moment:
        """Return a point in time to the second."""
        return Moment(self.local(at, ":%S"), self._datetime(at).isoformat(timespec="seconds"))

    @property
    def _column(self) -> int:
        return 0 if self.words.language == "de" else 1

    def _datetime(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self.zone)


def tied(spell: Callable[[float], str]) -> Callable[[float], str]:
    """Spell a value so that no line breaks between number and unit."""
    return lambda value: spell(value).replace(" ", "\u00a0")


def clean(text: str, limit: int = 240) -> str:
    """Return a text of one line for the page, cut to so many bytes; the template escapes it."""
    return clean_text(text, limit)
