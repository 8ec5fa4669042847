"""Risk figures as the status page shows them: never a number without the list that it is the sum of. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from agent.contract import House, RiskFactor, RiskFigure, Subject
from exporters.web.alertlist import Namer
from exporters.web.figures import points
from exporters.web.words import clean

MAX_FACTORS = 50


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor: its points and the classes that they follow from, what it is, evidence, what would lower it."""

    points: str
    classes: str
    title: str
    subject: str
    evidence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class RiskView:
    """One figure with its list; ``count``: how many factors, in words; ``more``: how many are left out, or empty."""

    points: str
    number: int
    count: str
    factors: tuple[FactorRow, ...]
    more: str


def risk_view(house: House, scope: Subject | None, namer: Namer) -> RiskView | None:
    """Return the figure of a room, or of the whole house; None where none was judged."""
    figure = figure_of(house, scope)
    if figure is None:
        return None
    words = namer.words
    factors = sorted(figure.factors, key=lambda factor: -factor.points)
    return RiskView(
        points=words.say("points", points=points(figure.points, words)),
        number=len(factors),
        count=words.count("factors", len(factors)),
        factors=tuple(_row(factor, namer) for factor in factors[:MAX_FACTORS]),
        more=words.rest(len(factors) - MAX_FACTORS),
    )


def shortened(view: RiskView, most: int, namer: Namer) -> RiskView:
    """Return it with so many factors at most; the number is that of all."""
    return replace(view, factors=view.factors[:most], more=namer.words.rest(view.number - most))


def figure_of(house: House, scope: Subject | None) -> RiskFigure | None:
    """Return the figure of a scope."""
    return next((figure for figure in house.risks if figure.scope == scope), None)


def _row(factor: RiskFactor, namer: Namer) -> FactorRow:
    words = namer.words
    classes = words.say("classes", probability=str(factor.probability), effect=str(factor.effect))
    return FactorRow(
        points=points(factor.points, words),
        classes=classes,
        title=clean(factor.title),
        subject=namer.subject(factor.subject),
        evidence=clean(factor.evidence, 600),
        remedy=clean(factor.remedy, 600),
    )
