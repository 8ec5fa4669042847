"""The sites as the status page shows them: state, counts, open alerts, and a table a kind. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.contract import Network, SiteVerdict
from exporters.web.alertlist import Alerts, AlertView, Namer
from exporters.web.elements import Element, State
from exporters.web.ways import site_mark
from exporters.web.words import TONES, Mark, PageWords, Tone, clean

MAX_ROWS = 300  # of each table; the rest is counted and to be had from the API
MAX_ALERTS = 10  # of each site; they stand above in full

_Kind = Literal["device", "service", "link", "projector", "source"]

_KINDS: tuple[_Kind, ...] = ("device", "service", "link", "projector", "source")
_COLUMNS: Mapping[_Kind, tuple[str, str, str]] = {
    "device": ("devices", "state", "last_answer"),
    "service": ("services", "state", "last_answer"),
    "link": ("links", "state", "between"),
    "projector": ("projectors", "state", "last_answer"),
    "source": ("sources", "state", "last_answer"),
}
# The worst first.
_STATES: tuple[State, ...] = ("down", "degraded", "unknown", "off", "up")
_BAD: tuple[Tone, ...] = ("critical", "warning", "unknown")


@dataclass(frozen=True, slots=True)
class Table:
    """Elements of one kind at one site; ``more`` says how many are left out, or is empty."""

    heading: str
    columns: tuple[str, str, str]
    rows: tuple[Element, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Place:
    """One site, or all that belongs to none. ``opened``: something there is not up."""

    anchor: str
    name: str
    mark: Mark
    counts: tuple[str, ...]
    hotline: str
    alerts: tuple[AlertView, ...]
    more_alerts: str
    tables: tuple[Table, ...]
    opened: bool


def make_places(
    found: Iterable[Element], alerts: Alerts, namer: Namer, network: Network | None = None
) -> tuple[Place, ...]:
    """Return a place for each site, the worst first, and one for what has no site."""
    at_site: defaultdict[str | None, list[Element]] = defaultdict(list)
    for element in found:
        for site in element.sites or (None,):
            at_site[site].append(element)
    told: defaultdict[str, list[AlertView]] = defaultdict(list)
    for alert in alerts.firing.alerts:
        for site in alert.sites:
            told[site].append(alert)
    verdicts: Mapping[str, SiteVerdict] = {} if network is None else network.sites
    places = [_place(site, at_site[site], told[site], namer, verdicts.get(site)) for site in namer.inventory.sites]
    places.sort(key=lambda place: TONES.index(place.mark.tone))
    if at_site[None]:
        places.append(_place(None, at_site[None], (), namer))
    return tuple(places)


def _place(
    site: str | None,
    found: Sequence[Element],
    told: Sequence[AlertView],
    namer: Namer,
    verdict: SiteVerdict | None = None,
) -> Place:
    words = namer.words
    known = namer.inventory.sites.get(site) if site is not None else None
    return Place(
        anchor=f"site-{site}" if site is not None else "elsewhere",
        name=namer.site(site) if site is not None else words.say("elsewhere"),
        mark=words.mark(_worst(found, told, () if verdict is None else (site_mark(verdict, words).tone,))),
        counts=_counts(found, words),
        hotline=clean((known.hotline if known is not None else None) or ""),
        alerts=tuple(told[:MAX_ALERTS]),
        more_alerts=words.rest(len(told) - MAX_ALERTS),
        tables=tuple(_table(kind, found, words) for kind in _KINDS if any(one.subject.kind == kind for one in found)),
        opened=any(element.mark.tone in _BAD for element in found),
    )


def _worst(found: Sequence[Element], told: Iterable[AlertView], judged: Iterable[Tone]) -> Tone:
    """Return the worst of them. Unknown is never healthy: nor is a site of which nothing is known."""
    tones: set[Tone] = {element.mark.tone for element in found}
    tones.update(judged)
    tones.update(alert.mark.tone for alert in told)
    if not found:
        tones.add("unknown")
    bad: list[Tone] = [tone for tone in _BAD if tone in tones]
    return bad[0] if bad else "ok"


def _counts(found: Sequence[Element], words: PageWords) -> tuple[str, ...]:
    """Say of each kind how many there are, and in which state."""
    if not found:
        return (words.say("nothing_watched"),)
    lines: list[str] = []
    for kind in _KINDS:
        states = [element.state for element in found if element.subject.kind == kind]
        if states:
            each = ((state, states.count(state)) for state in _STATES)
            told = ", ".join(f"{count} {words.say(state)}" for state, count in each if count)
            lines.append(f"{words.count(f'{kind}_count', len(states))}: {told}")
    return tuple(lines)


def _table(kind: _Kind, found: Iterable[Element], words: PageWords) -> Table:
    rows = [element for element in found if element.subject.kind == kind]
    rows.sort(key=lambda element: _STATES.index(element.state))
    labels = words.labels
    first, state, note = _COLUMNS[kind]
    more = words.rest(len(rows) - MAX_ROWS)
    return Table(labels[first], (labels["name"], labels[state], labels[note]), tuple(rows[:MAX_ROWS]), more)
