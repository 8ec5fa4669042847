"""The status page as values: a pure function of what there is and how the reader looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.contract import Silence, Snapshot
from agent.risk.network.naming import Names
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.alertlist import Alerts, Namer, sort_alerts
from exporters.web.elements import Surroundings, elements
from exporters.web.estate.sections import make_estate
from exporters.web.estate.tables import TableView
from exporters.web.functions import FunctionsView, make_functions
from exporters.web.handling import Silences, silence_views
from exporters.web.network import NetworkView, make_network
from exporters.web.overall import Tally, judged_at, overall
from exporters.web.places import Place, make_places
from exporters.web.rooms import RoomsView, make_rooms
from exporters.web.standing import Standing
from exporters.web.words import Mark, Moment, PageWords, Tone, clean

REFRESH_SECONDS = 30
MAX_DEADLINES = 200  # near ones, and as many later ones

# The stages of agent.risk.deadlines.
_STAGES: Mapping[str, Tone] = {"critical": "critical", "warning": "warning", "info": "info"}


class Look(NamedTuple):
    """How the reader looks at the page: everything unfolded, and whether it refreshes by itself."""

    unfolded: bool = False
    refreshes: bool = True

    @property
    def href(self) -> str:
        """Return the address of the page that looks so."""
        query = [*(["open=all"] if self.unfolded else []), *([] if self.refreshes else ["refresh=off"])]
        return f"/?{'&'.join(query)}" if query else "/"


class DeadlineRow(NamedTuple):
    """Something that runs out. ``kind`` is a word for people, ``stage`` that of ``agent.risk.deadlines.Ending``."""

    name: str
    kind: str
    date: date
    days_left: int
    stage: str
    what_to_do: str = ""


class Given(NamedTuple):
    """What the page shows: the daemon's state, the configuration in force, what runs out in order, and silences.

    ``may_act``: the reader may acknowledge and silence.
    """

    snapshot: Snapshot
    inventory: Inventory
    settings: Settings
    deadlines: tuple[DeadlineRow, ...] = ()
    silences: tuple[Silence, ...] = ()
    may_act: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline as the page shows it."""

    name: str
    kind: str
    date: Moment
    due: Mark
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Deadlines that are shown, and how many more there are, in words or empty."""

    rows: tuple[DeadlineView, ...]
    count: int
    more: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template writes; None: not judged yet, or no such section."""

    language: str
    municipality: str
    overall: Mark
    as_of: Moment
    judged: Moment | None
    zone: str
    alerts: Alerts
    network: NetworkView | None
    rooms: RoomsView | None
    functions: FunctionsView | None
    estate: tuple[TableView, ...]
    near: Deadlines
    later: Deadlines
    places: tuple[Place, ...]
    elements: int
    silences: Silences
    roles: tuple[str, ...]
    may_act: bool
    labels: Mapping[str, str]
    look: Look
    refold: str
    rerun: str
    refresh_seconds: int = REFRESH_SECONDS


class _Sections(NamedTuple):
    """The sections that there may be none of."""

    network: NetworkView | None
    rooms: RoomsView | None
    functions: FunctionsView | None

    @classmethod
    def of(cls, given: Given, alerts: Alerts, namer: Namer) -> _Sections:
        house, standing = given.snapshot.house, Standing.of(given.snapshot.alerts, alerts)
        return cls(
            make_network(given.snapshot.network, namer, given.settings),
            make_rooms(given.snapshot, standing, namer),
            make_functions(None if house is None else house.functions, standing, namer),
        )

    @property
    def marks(self) -> Mapping[str, Mark]:
        """How each stands, by the text that says so."""
        named = {"network_is": self.network, "rooms_are": self.rooms, "functions_are": self.functions}
        return {key: section.mark for key, section in named.items() if section is not None}


def make_page(given: Given, look: Look = Look()) -> Page:  # noqa: B008  # immutable
    """Return the page."""
    snapshot, inventory, settings, deadlines, silences, may_act = given
    town = settings.municipality
    words = PageWords(Words(town.language), snapshot.at, ZoneInfo(town.timezone))
    namer = Namer(inventory, words, Names.of(inventory, words.words))
    alerts = sort_alerts(snapshot.alerts, namer)
    found = tuple(elements(Surroundings.of(snapshot, inventory, settings, words)))
    shown = _Sections.of(given, alerts, namer)
    tally = Tally.of(snapshot, inventory, found, shown.marks, words)
    judged = judged_at(snapshot)
    return Page(
        language=town.language,
        municipality=clean(town.name or town.id),
        overall=overall(tally, words),
        as_of=words.stamp(snapshot.at),
        judged=None if judged is None else words.moment("ago", judged),
        zone=town.timezone,
        alerts=alerts,
        network=shown.network,
        rooms=shown.rooms,
        functions=shown.functions,
        estate=make_estate(snapshot.estate, namer),
        near=_deadlines([row for row in deadlines if row.stage in _STAGES], words),
        later=_deadlines([row for row in deadlines if row.stage not in _STAGES], words),
        places=make_places(found, alerts, namer, snapshot.network),
        elements=len(found),
        silences=silence_views(silences, namer),
        roles=tuple(settings.alerting.receivers),
        may_act=may_act,
        labels=words.labels,
        look=look,
        refold=look._replace(unfolded=not look.unfolded).href,
        rerun=look._replace(refreshes=not look.refreshes).href,
    )


def _deadlines(rows: Sequence[DeadlineRow], words: PageWords) -> Deadlines:
    shown = tuple(_deadline(row, words) for row in rows[:MAX_DEADLINES])
    return Deadlines(shown, len(rows), words.rest(len(rows) - MAX_DEADLINES))


def _deadline(row: DeadlineRow, words: PageWords) -> DeadlineView:
    due = Mark(_STAGES.get(row.stage, "off"), words.words.when(row.days_left))
    day = Moment(words.words.day(row.date), row.date.isoformat())
    return DeadlineView(clean(row.name), clean(row.kind), day, due, clean(row.what_to_do))
