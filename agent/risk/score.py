"""The risk figure of a room and of the house: a sum of named factors, as docs/risk.md explains it. Pure.

A room's factors are the standing findings about it, about its devices and about what feeds them, the quantities that
nobody measures there, and what could not be judged. The house has those of all rooms and of everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from agent.contract import Finding, FindingKey, House, JobState, Judgement, Measure, RiskFigure, Subject
from agent.figures import RISK_FACTOR_POINTS, RISK_POINTS
from agent.risk.scoring.classes import WATCHED
from agent.risk.scoring.figures import Figures, Look, silent_devices
from agent.risk.scoring.places import Places
from config.inventory import Inventory
from config.settings import Settings

HOUSE = "house"
DOUBT_SECONDS = 120.0  # a lost packet, and its confirmation, are no doubt yet

_Jobs = Callable[[Subject], Iterable[JobState]]


class _Made(NamedTuple):
    """The figures of a look, and what is exported of them."""

    look: Look
    figures: tuple[RiskFigure, ...]
    measures: tuple[Measure, ...]


class Score:
    """Adds up the figures of each look.

    It keeps where things stand, since when something is not judged, and the last figures: while findings, what is not
    known and coverage are the same, so are they.
    """

    def __init__(self) -> None:
        self._places: tuple[Inventory, Places] | None = None
        self._since: dict[FindingKey, float] = {}
        self._last: _Made | None = None

    def with_risks(
        self,
        judgement: Judgement,
        inventory: Inventory,
        settings: Settings,
        jobs: _Jobs = lambda _: (),
        lived_with: Callable[[Finding], bool] = lambda _: False,
    ) -> Judgement:
        """Return the judgement with its risk figures in ``house`` and their measures; from its findings alone.

        ``jobs``: those of a subject, to tell what was never asked. ``lived_with``: whether somebody accepted a finding
        (``alerting.accept``): it counts all the same, and says so.
        """
        house = judgement.house
        if house is None:
            return judgement
        places = self._places_of(inventory)
        doubts = self._doubts(judgement.unverified, house.at)
        accepted = frozenset(one.key for one in judgement.findings if lived_with(one))
        unasked = frozenset(one for one in _concerned(house, doubts) if _is_unasked(jobs(one)))
        look = Look(judgement.findings, house.rooms, inventory, settings, places, doubts, unasked, accepted)
        made = self._last if self._last is not None and _is_same(self._last.look, look) else _made(look)
        self._last = made
        return replace(
            judgement, house=replace(house, risks=made.figures), measures=(*judgement.measures, *made.measures)
        )

    def _places_of(self, inventory: Inventory) -> Places:
        if self._places is None or self._places[0] is not inventory:
            self._places = inventory, Places.of(inventory)
        return self._places[1]

    def _doubts(self, unverified: Iterable[FindingKey], now: float) -> tuple[FindingKey, ...]:
        """Return what is grave and has not been judged for so long that it is no single lost packet."""
        grave = [key for key in unverified if key.rule in WATCHED]
        self._since = {key: min(now, self._since.get(key, now)) for key in grave}
        return tuple(sorted(key for key, since in self._since.items() if now - since >= DOUBT_SECONDS))


def _made(look: Look) -> _Made:
    figures = Figures(look).all()
    return _Made(look, figures, tuple(one for figure in figures for one in _measures(figure)))


def _is_same(one: Look, other: Look) -> bool:
    """Whether the same figures come from both: temperatures that move in between are no part of them."""
    return (
        one.inventory is other.inventory
        and one.settings is other.settings
        and (one.doubts, one.unasked, one.accepted) == (other.doubts, other.unasked, other.accepted)
        and one.findings == other.findings
        and {name: state.coverage for name, state in one.rooms.items()}
        == {name: state.coverage for name, state in other.rooms.items()}
    )


def _concerned(house: House, doubts: Iterable[FindingKey]) -> set[Subject]:
    """Return the devices of which something is not known."""
    silent = {one for state in house.rooms.values() for known in state.coverage for one in silent_devices(known)}
    return silent | {key.subject for key in doubts if key.subject.kind == "device"}


def _is_unasked(jobs: Iterable[JobState]) -> bool:
    """Whether a subject has jobs, and none of them has had its first poll."""
    known = tuple(jobs)
    return bool(known) and all(job.last_attempt is None for job in known)


def _measures(figure: RiskFigure) -> Iterator[Measure]:
    scope = HOUSE if figure.scope is None else str(figure.scope)
    yield Measure(RISK_POINTS, (scope,), figure.points)
    for one in figure.factors:
        yield Measure(RISK_FACTOR_POINTS, (scope, one.name, str(one.subject)), one.points)
