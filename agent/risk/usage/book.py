"""What is worked out of days of history is kept for some minutes: a look comes each second."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import NamedTuple

from agent.contract import FindingKey, Measure, Subject, SubjectKind
from agent.figures import SITE_DEMAND
from agent.risk.catalogue.usage import LINE_BELOW_CONTRACT, PARTNER_OVER_RENTED
from agent.risk.sight import Outcome, Sight
from agent.risk.usage.costs import costs
from agent.risk.usage.lines import judge_line, judge_usage
from agent.risk.usage.partners import judge_partner
from agent.risk.usage.transit import links_of
from config.inventory import Inventory
from config.settings import Settings


class _Kind(NamedTuple):
    """One kind of figure: how long it is kept, how many are worked out at a look, what is not judged until then."""

    judge: Callable[[Sight, str], Iterator[Outcome | None]]
    every_seconds: float
    at_once: int
    rule: str | None = None


class _Kept(NamedTuple):
    at: float
    outcomes: tuple[Outcome, ...]


# at_once bounds a look to some ten milliseconds, however many links there are
_LINES = _Kind(judge_line, 60.0, 50, LINE_BELOW_CONTRACT)
_USAGE = _Kind(judge_usage, 300.0, 4)
_PARTNERS = _Kind(judge_partner, 300.0, 2, PARTNER_OVER_RENTED)


class UsageBook:
    """What was last found of links and partners; one for the life of the daemon, asked at each look."""

    def __init__(self) -> None:
        self._kept: dict[tuple[_Kind, str], _Kept] = {}
        self._configured: tuple[Inventory, Settings] | None = None

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield the figures and findings of partners and lines; pauses after each that is worked out anew."""
        known = self._configured
        if known is None or known[0] is not sight.inventory or known[1] is not sight.settings:
            self._kept, self._configured = {}, (sight.inventory, sight.settings)
        yield from self._each(sight, _LINES, "link", sight.inventory.links)
        yield from self._each(sight, _USAGE, "link", sight.inventory.links)
        yield from self._each(sight, _PARTNERS, "partner", sight.inventory.partners)
        yield from costs(sight)
        yield from _demand(sight)

    def _each(self, sight: Sight, kind: _Kind, of: SubjectKind, names: Iterable[str]) -> Iterator[Outcome | None]:
        left = kind.at_once
        for name in names:
            kept = self._kept.get((kind, name))
            if left and (kept is None or not 0 <= sight.view.now - kept.at < kind.every_seconds):
                left -= 1
                kept = yield from self._anew(sight, kind, name)
            if kept is not None:
                yield from kept.outcomes
            elif kind.rule is not None:
                yield FindingKey(kind.rule, Subject(of, name))

    def _anew(self, sight: Sight, kind: _Kind, name: str) -> Generator[None, None, _Kept]:
        found: list[Outcome] = []
        for outcome in kind.judge(sight, name):
            if outcome is None:
                yield
            else:
                found.append(outcome)
        yield
        kept = self._kept[kind, name] = _Kept(sight.view.now, tuple(found))
        return kept


def _demand(sight: Sight) -> Iterator[Measure]:
    """Yield the demand of each site as the network was judged with it, and where it is from."""
    demand: Mapping[str, tuple[float, bool]] = sight.network.demand
    for site, (rate, declared) in demand.items():
        yield Measure(SITE_DEMAND, (site, "declared" if declared else _source(sight, site)), rate)


def _source(sight: Sight, site: str) -> str:
    """Return ``measured``, or ``at_least`` where more than two neighbours hide what passes through."""
    ends = [link.ends for link in links_of(site, sight.inventory.links.values()) if not link.standby]
    neighbours = {end.site for pair in ends for end in pair} - {site}
    return "measured" if len(neighbours) <= 2 else "at_least"
