"""Is what the register lists there, and what is there in the register?

One finding for each site and kind of difference. Nothing new is told of a site outside its hours: of a school in
school hours, of others in office hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field

from agent.contract import Finding, FindingKey, Measure, Severity, Subject
from agent.risk.assets.book import AssetBook, Merged
from agent.risk.assets.comparison import DIFFERENT, Comparison, Difference, compared, kinds_at
from agent.risk.assets.merge import Match
from agent.risk.assets.seen import ANY_POLLED, MANAGED_KINDS, Sighted
from agent.risk.catalogue.register import ASSETS_DUPLICATE, ASSETS_MISSING, ASSETS_MOVED, ASSETS_UNKNOWN
from agent.risk.deadlines import UNPLACED
from agent.risk.fleet.days import hours_of
from agent.risk.sight import Outcome, Sight
from agent.tallies import ASSETS, ASSETS_UNMATCHED
from config.sheetwords import KINDS

KINDS_NAMED = 5

RULE_OF: Mapping[Match, str] = {
    "missing": ASSETS_MISSING,
    "unknown": ASSETS_UNKNOWN,
    "moved": ASSETS_MOVED,
    "duplicate": ASSETS_DUPLICATE,
}


@dataclass(slots=True, eq=False)
class RegisterBook:
    """What was last compared; compared anew when the configuration or what is seen is another.

    ``told``: of which kinds each difference was told, and may be still, since nothing was seen of such things since.
    """

    _assets: AssetBook
    _merged: Merged | None = None
    _comparison: Comparison | None = None
    _told: dict[tuple[str | None, Match], frozenset[str]] = field(
        default_factory=dict[tuple[str | None, Match], frozenset[str]]
    )

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield the state of the register, its figures and what is found of it; pauses wherever the loop may turn."""
        merged = yield from self._assets.look(sight)
        if merged is None:
            self._comparison = self._merged = None
            return
        comparison = yield from self._compare(sight, merged)
        yield comparison.state
        yield from _measures(sight, comparison, self._told)
        for name, calendar in hours_of(sight.inventory, sight.calendars).items():
            yield from self._of_site(sight, comparison, name, resting=not calendar.is_open(sight.view.now))
        yield from self._of_site(sight, comparison, None, resting=False)

    def _compare(self, sight: Sight, merged: Merged) -> Generator[None, None, Comparison]:
        comparison = self._comparison
        if comparison is None or merged is not self._merged:
            comparison = yield from compared(sight.inventory, merged.entries)
            self._told = {
                (site, match): self._may_be_told(comparison, merged.sighted, site, match)
                for site in (*sight.inventory.sites, None)
                for match in DIFFERENT
            }
            self._merged, self._comparison = merged, comparison
        return comparison

    def _may_be_told(self, comparison: Comparison, seen: Sighted, site: str | None, match: Match) -> frozenset[str]:
        """Return the kinds of a difference, and of what it told before those of which nothing was seen since.

        At the start nobody knows what was told: it may be of everything that a management lists that is silent.
        """
        difference = comparison.differences.get((site, match))
        now = frozenset(() if difference is None else difference.kinds)
        dark = kinds_at(seen.dark, site)
        before = self._told.get((site, match), kinds_at(seen.unread, site))
        if ANY_POLLED in dark:
            return now | (before - (MANAGED_KINDS - dark))
        return now | (before & dark)

    def _of_site(
        self, sight: Sight, comparison: Comparison, site: str | None, *, resting: bool
    ) -> Iterator[Finding | FindingKey]:
        subject = UNPLACED if site is None else Subject("site", site)
        for match, rule in RULE_OF.items():
            difference = comparison.differences.get((site, match))
            if resting or (difference is None and self._told.get((site, match))):
                yield FindingKey(rule, subject)
            elif difference is not None:
                yield _finding(sight, rule, site, difference)


def _measures(
    sight: Sight, comparison: Comparison, told: Mapping[tuple[str | None, Match], frozenset[str]]
) -> Iterator[Measure]:
    counts = Counter[tuple[str, str]]()
    for (site, kind), count in comparison.registered.items():
        counts[site or "", kind if kind in KINDS else "other"] += count
    for labels, count in counts.items():
        yield Measure(ASSETS, labels, float(count))
    for site in (*sight.inventory.sites, None):
        for match in DIFFERENT:
            difference = comparison.differences.get((site, match))
            if difference is not None or not told.get((site, match)):
                count = 0 if difference is None else difference.kinds.total()
                yield Measure(ASSETS_UNMATCHED, (site or "", match), float(count))


def _finding(sight: Sight, rule: str, site: str | None, difference: Difference) -> Finding:
    words, count = sight.words, difference.kinds.total()
    subject = UNPLACED if site is None else Subject("site", site)
    name = words.say("assets_of_no_site") if site is None else sight.inventory.sites[site].name or site
    kinds = [words.say("assets_of_kind", count=number, kind=_called(sight, kind)) for kind, number in _most(difference)]
    evidence = [words.say("assets_by_kind", kinds=", ".join(words.few(kinds, KINDS_NAMED)))]
    if difference.names:
        named = [*difference.names, *[""] * (count - len(difference.names))]
        evidence.append(words.say("assets_named", names=", ".join(words.few(named, len(difference.names)))))
    said = words.say(rule, name=name, count=count)
    return Finding(rule, subject, Severity.INFO, said, tuple(evidence), site=site)


def _most(difference: Difference) -> list[tuple[str, int]]:
    return sorted(difference.kinds.items(), key=lambda one: (-one[1], one[0]))


def _called(sight: Sight, kind: str) -> str:
    return sight.words.say(f"asset_{kind}") if kind in KINDS else kind or sight.words.say("asset_other")
