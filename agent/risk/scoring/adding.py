"""How factors add up to a figure: the same thing once, small things together up to a bound, all of it up to 100."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from agent.contract import RiskFactor, RiskFigure, Subject
from agent.risk.scoring.classes import HIGHEST, LESSER, LESSER_TOGETHER
from agent.risk.texts import Words

NOT_JUDGED = "not_judged"
NOT_MEASURED_YET = "not_measured_yet"
_IN_OWN_WORDS = frozenset({NOT_JUDGED, NOT_MEASURED_YET})  # what is not known of each place is another thing
_NAMED = 3  # more places than that are counted, not named


class Candidate(NamedTuple):
    """A factor before what has the same cause is dropped. ``cause``: identity of that."""

    cause: tuple[str, Subject]
    factor: RiskFactor


def gravest(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return of each cause what weighs most; of two that weigh the same the first."""
    kept: dict[tuple[str, Subject], Candidate] = {}
    for one in found:
        before = kept.get(one.cause)
        if before is None or one.factor.points > before.factor.points:
            kept[one.cause] = one
    return tuple(kept.values())


@dataclass(frozen=True, slots=True)
class Adding:
    """Adds factors up. ``name``: what a subject is called."""

    words: Words
    name: Callable[[Subject], str]

    def figure(self, scope: Subject | None, found: Iterable[Candidate]) -> RiskFigure:
        """Add up. The same thing at several places counts once, at the worst of them, and names the others."""
        by_name: dict[str, list[RiskFactor]] = {}
        for one in found:
            by_name.setdefault(one.factor.name, []).append(one.factor)
        merged = sorted((self._merged(same) for same in by_name.values()), key=lambda one: (-one.points, one.name))
        factors = tuple(self._counted(merged))
        return RiskFigure(scope, sum(one.points for one in factors), factors)

    def _merged(self, same: list[RiskFactor]) -> RiskFactor:
        worst, *others = sorted(same, key=lambda one: (-one.points, one.subject, one.evidence))
        if worst.name in _IN_OWN_WORDS:
            said = list(dict.fromkeys(one.evidence for one in (worst, *others)))
            return worst._replace(evidence="; ".join(self.words.few(said, _NAMED)))
        names = list(dict.fromkeys(self.name(one.subject) for one in others if one.subject != worst.subject))
        if not names:
            return worst
        also = self.words.say("risk_also", names=self.words.joined(self.words.few(names, _NAMED)))
        return worst._replace(evidence=f"{worst.evidence}; {also}")

    def _counted(self, factors: Iterable[RiskFactor]) -> Iterator[RiskFactor]:
        """Yield each with the points that it adds, so that these always add up to the figure; the gravest first."""
        left, left_to_lesser = HIGHEST, LESSER_TOGETHER
        for one in factors:
            is_lesser = one.points <= LESSER
            points = min(one.points, left, left_to_lesser if is_lesser else left)
            left -= points
            left_to_lesser -= points if is_lesser else 0.0
            yield one if points == one.points else self._cut(one, points, is_lesser=is_lesser and left > 0)

    def _cut(self, one: RiskFactor, points: float, *, is_lesser: bool) -> RiskFactor:
        said = self.words.say(
            "risk_cut_lesser" if is_lesser else "risk_cut",
            points=f"{points:g}",
            full=f"{one.points:g}",
            most=f"{LESSER_TOGETHER if is_lesser else HIGHEST:g}",
        )
        return one._replace(points=points, evidence=f"{one.evidence} ({said})")
