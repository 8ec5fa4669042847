"""Critical functions and their legs as the status page shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from agent.contract import FunctionState, Leg, SharedRisk, Subject
from exporters.web.alertlist import AlertView, Namer
from exporters.web.figures import NOTHING
from exporters.web.standing import Standing
from exporters.web.words import TONES, Mark, Moment, PageWords, Tone, clean

MAX_FUNCTIONS = 200
MAX_ALERTS = 5  # of each; they stand above in full
NEAR_DAYS = 30

_STATES: Mapping[str, tuple[Tone, str]] = {
    "redundant": ("ok", "redundant"),
    "standby_lost": ("warning", "standby_lost"),
    "on_standby": ("warning", "on_standby"),
    "down": ("critical", "function_down"),
    "unknown": ("unknown", "function_unknown"),
}
_LEGS: Mapping[str, Tone] = {"up": "ok", "degraded": "warning", "down": "critical", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class LegView:
    """One leg: what it is for, what it is, how it stands, and why in words."""

    role: str
    name: str
    mark: Mark
    detail: str


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function. ``failover``: when to test next, None where no test is agreed; ``due``: how that stands.

    ``tone``: the worst of its state, of the test that is due, and of what stands about it: ``alerts``.
    """

    name: str
    mark: Mark
    tone: Tone
    alerts: tuple[AlertView, ...]
    legs: tuple[LegView, ...]
    alone: str
    shared: tuple[str, ...]
    failover: Moment | None
    due: Mark | None


@dataclass(frozen=True, slots=True)
class FunctionsView:
    """The section; ``more``: how many are left out, in words or empty."""

    mark: Mark
    rows: tuple[FunctionRow, ...]
    count: int
    more: str


def make_functions(
    states: Mapping[str, FunctionState] | None, standing: Standing, namer: Namer
) -> FunctionsView | None:
    """Return the section, the worst first; None where no function is configured."""
    known = namer.inventory.functions
    if states is None or not known:
        return None
    rows = [_row(name, states.get(name), standing, namer) for name in known]
    rows.sort(key=lambda row: TONES.index(row.tone))
    more = namer.words.rest(len(rows) - MAX_FUNCTIONS)
    return FunctionsView(namer.words.mark(rows[0].tone), tuple(rows[:MAX_FUNCTIONS]), len(rows), more)


def _row(name: str, state: FunctionState | None, standing: Standing, namer: Namer) -> FunctionRow:
    words, title = namer.words, clean(namer.inventory.functions[name].name or name)
    subjects = (Subject("function", name),)
    told = tuple(standing.about(subjects))[:MAX_ALERTS]
    if state is None:
        mark = words.mark("unknown", "not_judged")
        return FunctionRow(title, mark, standing.tone(subjects, [mark]), told, (), NOTHING, (), None, None)
    mark = _mark(state, words)
    failover, due = _failover(state.failover_due, words)
    return FunctionRow(
        name=title,
        mark=mark,
        tone=standing.tone(subjects, [mark, due]),
        alerts=told,
        legs=tuple(_legs(state, namer)),
        alone="" if state.standby else words.say("no_standby"),
        shared=tuple(_shared_name(one, namer) for one in state.shared),
        failover=failover,
        due=due,
    )


def _mark(state: FunctionState, words: PageWords) -> Mark:
    if state.state == "redundant":
        if any(leg.state == "degraded" for leg in (state.primary, *state.standby)):
            return words.mark("warning", "degraded")
        if state.shared:
            return words.mark("info", "shared_redundant")
    tone, word = _STATES[state.state]
    return words.mark(tone, word)


def _legs(state: FunctionState, namer: Namer) -> Iterator[LegView]:
    yield _leg(state.primary, "primary", namer)
    for leg in state.standby:
        yield _leg(leg, "standby_leg", namer)


def _leg(leg: Leg, role: str, namer: Namer) -> LegView:
    mark = namer.words.mark(_LEGS[leg.state], leg.state)
    return LegView(namer.words.say(role), namer.subject(leg.subject), mark, clean(leg.detail))


def _shared_name(risk: SharedRisk, namer: Namer) -> str:
    """Return what both legs would go down with."""
    if risk.kind == "provider":
        return clean(f"{namer.words.say('provider')} {risk.id}")
    return namer.subject(Subject(risk.kind, risk.id))


def _failover(due: str | None, words: PageWords) -> tuple[Moment | None, Mark | None]:
    day = _day(due)
    if day is None:
        return None, None
    left = (day - words.today).days
    when = words.words.when(left)
    mark = Mark("warning", words.say("overdue", when=when)) if left < 0 else None
    if 0 <= left <= NEAR_DAYS:
        mark = Mark("info", when)
    return Moment(words.words.day(day), day.isoformat()), mark


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
