"""What the reader may do about alerts, as the pages show it: choices, silences, one alert with its forms. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from agent.alerts.causes import NEVER_EXPLAINED
from agent.contract import Alert, Finding, Silence, Subject, SubjectKind
from agent.risk.calendar import Calendar
from agent.risk.network.naming import Names
from agent.risk.rules import RULES
from agent.risk.texts import Words
from config.inventory import Inventory
from config.references import split_subject
from config.scope import Scope
from config.settings import Match, Settings
from exporters.web.alertlist import SUMMARY_BYTES, AlertView, Namer, make_view
from exporters.web.words import Mark, PageWords, Tone, clean

MAX_SILENCES = 100

_HOURS = (1, 4, 8)


class Choice(NamedTuple):
    """One option of a form: what is sent, and what is read."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class SilenceView:
    """A silence as the page lists it; ``effect`` says what it does to what it explains."""

    id: str
    what: str
    reason: str
    by: str
    when: str
    effect: str


@dataclass(frozen=True, slots=True)
class Silences:
    """Silences that are shown, and how many more there are, in words or empty."""

    rows: tuple[SilenceView, ...]
    count: int
    more: str


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One alert with what may be done about it, as which role; ``alert`` is None where there is none of that id.

    ``problem``: why what was asked for was not done, and in which words of the program.
    """

    language: str
    municipality: str
    zone: str
    labels: Mapping[str, str]
    alert: AlertView | None
    may_act: bool
    roles: tuple[str, ...]
    acknowledged: bool = False
    acknowledgements: tuple[Choice, ...] = ()
    scopes: tuple[Choice, ...] = ()
    silences: tuple[Choice, ...] = ()
    problem: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the link of a message leads to. ``open``: it may be used; ``why``: else, what that means."""

    language: str
    municipality: str
    labels: Mapping[str, str]
    verdict: Mark
    why: str
    alert: AlertView | None = None
    open: bool = False


class Reader(NamedTuple):
    """Who looks: at what configuration, when (seconds since the epoch), and whether something may be done."""

    inventory: Inventory
    settings: Settings
    now: float
    may_act: bool = False

    @property
    def words(self) -> PageWords:
        """Return the page's language and clock."""
        town = self.settings.municipality
        return PageWords(Words(town.language), self.now, ZoneInfo(town.timezone))

    @property
    def namer(self) -> Namer:
        """Return names for people."""
        words = self.words
        return Namer(self.inventory, words, Names.of(self.inventory, words.words))

    @property
    def head(self) -> tuple[str, str]:
        """Return language and name of the municipality."""
        town = self.settings.municipality
        return town.language, clean(town.name or town.id)


def silence_views(silences: Sequence[Silence], namer: Namer) -> Silences:
    """Return the silences as they are listed."""
    shown = tuple(_silence_view(one, namer) for one in silences[:MAX_SILENCES])
    return Silences(shown, len(silences), namer.words.rest(len(silences) - MAX_SILENCES))


def _silence_view(silence: Silence, namer: Namer) -> SilenceView:
    words = namer.words
    return SilenceView(
        id=silence.id,
        what=", ".join(_said(key, value, namer) for key, value in silence.match.named.items()),
        reason=clean(silence.reason, SUMMARY_BYTES),
        by=clean(silence.by),
        when=words.say("from_to", start=words.local(silence.start), end=words.local(silence.until)),
        effect=words.say(f"mode_{silence.mode}"),
    )


def _said(key: str, value: str, namer: Namer) -> str:
    """Return a key of a match with the name that people know."""
    kind, name = split_subject(value) if key == "subject" else (key, value)
    if kind in {"rule", "severity"}:
        return f"{namer.words.labels[kind]} {clean(value)}"
    return namer.subject(Subject(cast("SubjectKind", kind), name)) if kind else clean(value)


def make_alert_page(alert: Alert | None, reader: Reader, problem: str = "", detail: str = "") -> AlertPage:
    """Return the page of one alert."""
    words, settings = reader.words, reader.settings
    head = (*reader.head, settings.municipality.timezone, words.labels)
    hands = (reader.may_act, tuple(settings.alerting.receivers))
    if alert is None:
        return AlertPage(*head, None, *hands, problem=problem, detail=clean(detail))
    mark = alert.acknowledged
    return AlertPage(
        *head,
        make_view(alert, reader.namer),
        *hands,
        acknowledged=mark is not None and mark.holds(reader.now),
        acknowledgements=tuple(_ends(reader)),
        scopes=tuple(Choice(name, text) for name, text, _ in _scopes(alert.finding, reader)),
        silences=tuple(_hours(words)),
        problem=problem,
        detail=clean(detail),
    )


def make_link_page(key: str, tone: Tone, reader: Reader, alert: Alert | None = None) -> LinkPage:
    """Return the page of a link; ``key``: open, done, or why it cannot be used (the kinds of ``Refused``)."""
    words = reader.words
    view = None if alert is None else make_view(alert, reader.namer)
    why = "" if key in {"open", "done"} else words.say(f"link_{key}_why")
    return LinkPage(*reader.head, words.labels, words.mark(tone, f"link_{key}"), why, view, key == "open")


def match_of(scope: str, finding: Finding, reader: Reader) -> Match | None:
    """Return what a choice of ``AlertPage.scopes`` means, or None where it is none of them."""
    return next((match for name, _, match in _scopes(finding, reader) if name == scope), None)


def _ends(reader: Reader) -> Iterator[Choice]:
    """When an acknowledgement may end: as the reader saw it, not as it is reckoned when it arrives."""
    words = reader.words
    yield Choice("", words.say("until_resolved"))
    yield from (one for one in _hours(words) if one.value != "4h")
    calendar = Calendar.of(reader.settings)
    closed = reader.now
    if calendar.is_open(closed):  # who works on it today is not reminded before tomorrow
        closed = calendar.timestamp(datetime.combine(calendar.day(closed) + timedelta(days=1), time()))
    morning = calendar.next_opening(closed)
    if morning > closed:
        spelled = datetime.fromtimestamp(morning, UTC).isoformat(timespec="seconds")
        yield Choice(spelled, words.say("until_office", at=words.local(morning)))


def _hours(words: PageWords) -> Iterator[Choice]:
    yield from (Choice(f"{hours}h", words.count("for_hours", hours)) for hours in _HOURS)


def _scopes(finding: Finding, reader: Reader) -> Iterator[tuple[str, str, Match]]:
    """Yield what a silence from an alert may be about: name, text, match; the narrowest first.

    Nothing for what no work explains: it would go on alerting.
    """
    if finding.rule in NEVER_EXPLAINED:
        return
    subject, site, namer = str(finding.subject), finding.site, reader.namer
    say, rule = namer.words.say, {"rule": finding.rule}
    if (this := _valid({**rule, "subject": subject}, reader)) is not None:
        yield "alert", say("scope_alert"), this
    elif (wide := _valid(rule if site is None else {**rule, "site": site}, reader)) is not None:
        where = "" if site is None else namer.site(site)
        yield "rule", say("scope_rule_at" if where else "scope_rule", rule=clean(finding.rule), site=where), wide
    if (about := _valid({"subject": subject}, reader)) is not None:
        yield "subject", say("scope_subject", name=namer.subject(finding.subject)), about
    if site is not None and (there := _valid({"site": site}, reader)) is not None:
        yield "site", say("scope_site", name=namer.site(site)), there


def _valid(keys: Mapping[str, str], reader: Reader) -> Match | None:
    """Return the match, or None where the configuration could not say it."""
    try:
        match = Match.model_validate(keys)
    except ValidationError:
        return None
    return None if any(Scope(reader.inventory, reader.settings, RULES).unknown_in(match)) else match
