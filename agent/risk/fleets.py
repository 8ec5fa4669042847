"""Are there as many devices as were planned, how old are they, do they report?

Nothing new is told of a site outside its hours: of a school in school hours, of others in office hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from agent.contract import Finding, FindingKey, Severity, Subject
from agent.estate import FleetState, Need
from agent.risk.catalogue.fleets import (
    FLEET_BELOW_PLAN,
    FLEET_NONCOMPLIANT,
    FLEET_SILENT,
    FLEET_STORAGE_LOW,
    REPLACEMENT_DUE,
    CrowdedOptions,
    PlanOptions,
    ShareOptions,
    SilentOptions,
)
from agent.risk.deadlines import Today
from agent.risk.fleet.days import hours_of
from agent.risk.fleet.gathering import Gathered, Known, Memory, gathering
from agent.risk.fleet.managed import Share
from agent.risk.fleet.measures import measures
from agent.risk.fleet.needs import added
from agent.risk.fleet.plan import owed, planned
from agent.risk.hours import hours_of_site
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from config.hours import SCHOOL_HOURS

_OF_MANAGEMENT = (FLEET_SILENT, FLEET_NONCOMPLIANT, FLEET_STORAGE_LOW)
LINES = 8  # fleets that the evidence names


@dataclass(slots=True)
class FleetBook:
    """What was last counted; one for the life of the daemon."""

    _memory: Memory = field(default_factory=Memory)

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield the state of each fleet, its figures and what is found of it, and the need of each site this year."""
        if not sight.inventory.fleets:
            return
        today = Today.of(sight.view.now, sight.settings).day
        gathered = Gathered(hours_of(sight.inventory, sight.calendars), today, self._memory)
        yield from gathering(sight, gathered)
        judged: list[Judged] = []
        for name in sight.inventory.fleets:
            judged.append(Judged.of(sight, gathered.known(sight, name), today))
            yield None
        common = common_causes(judged)
        for one in judged:
            yield one.state
            yield from measures(one.known, one.state)
            yield from one.found(common) if gathered.is_open(one.site, sight.view.now) else one.keys()
            yield None
        yield from _of_sources(sight, gathered, judged, common)
        yield from _due(sight, gathered, judged, today)


@dataclass(frozen=True, slots=True)
class Judged:
    """One fleet at one look; ``owed``: the stock that must be there by now."""

    sight: Sight
    known: Known
    state: FleetState
    owed: int | None

    @classmethod
    def of(cls, sight: Sight, known: Known, today: date) -> Judged:
        """Put together what register, management and plan say."""
        tally, figures, plan = known.tally, known.figures, known.fleet.plan
        due = owed(plan, today.year)
        state = FleetState(
            known.name,
            figures.held or None,
            None if tally is None else tally.total,
            planned(plan, today.year),
            figures.by_year,
            figures.needs,
            None if tally is None or not known.timed else tally.told_late(known.floor),
            figures.ages,
        )
        allowed = options_of(sight.settings, FLEET_BELOW_PLAN, PlanOptions).share
        return cls(sight, known, replace(state, below_plan=_is_below(known, state.stock, due, allowed)), due)

    @property
    def site(self) -> str:
        """Where the fleet is used."""
        return self.known.fleet.site

    @property
    def subject(self) -> Subject:
        """What the findings are about."""
        return Subject("fleet", self.known.name)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.known.fleet.name or self.known.name

    @property
    def silent(self) -> bool | None:
        """Whether too many are silent; None where that is not known, or fewer than half say when they checked in."""
        tally = self.known.tally
        if tally is None or not self.known.timed or tally.seen * 2 < tally.total:
            return None
        limit = options_of(self.sight.settings, FLEET_SILENT, SilentOptions).share
        return self._many(tally.silent(), limit)

    def keys(self) -> Iterator[FindingKey]:
        """Yield what is not judged now."""
        yield from (FindingKey(rule, self.subject) for rule in (*_OF_MANAGEMENT, FLEET_BELOW_PLAN))

    def found(self, common: Collection[str]) -> Iterator[Outcome]:
        """Yield what is found, and what could not be judged; ``common``: sources of which most fleets are silent."""
        yield from self._below_plan()
        tally = self.known.tally
        if tally is None:
            if self.known.waiting:
                yield from (FindingKey(rule, self.subject) for rule in _OF_MANAGEMENT)
            return
        if self.silent is None or self.known.fleet.source in common:
            yield FindingKey(FLEET_SILENT, self.subject)
        elif self.silent:
            yield self.finding(FLEET_SILENT, self.silence(), (self.sight.words.say(f"{self._days}_counted"),))
        options = self.sight.settings
        broken = options_of(options, FLEET_NONCOMPLIANT, ShareOptions)
        yield from self._shared(FLEET_NONCOMPLIANT, tally.noncompliant(), broken.share)
        crowded = options_of(options, FLEET_STORAGE_LOW, CrowdedOptions)
        yield from self._shared(FLEET_STORAGE_LOW, tally.crowded(), crowded.share)

    def silence(self) -> str:
        """Say how many of the fleet are silent, and for how long."""
        tally, words = self.known.tally, self.sight.words
        share = Share() if tally is None else tally.silent()
        days = options_of(self.sight.settings, FLEET_SILENT, SilentOptions).days
        named, percent = words.say(self._days, count=days), words.percent(share.ratio)
        return words.say(
            "fleet_silent", name=self.name, count=share.devices, known=share.known, days=named, share=percent
        )

    @property
    def _days(self) -> str:
        """Which days count."""
        at_school = hours_of_site(self.sight.inventory.sites[self.site]).text == SCHOOL_HOURS
        return "school_days" if at_school else "office_days"

    def _many(self, share: Share, limit: float) -> bool:
        return share.devices >= self.known.floor and share.ratio > limit

    def _shared(self, rule: str, share: Share, limit: float) -> Iterator[Outcome]:
        """Yield the rule's finding where the share is greater."""
        if self._many(share, limit):
            words = self.sight.words
            percent = words.percent(share.ratio)
            yield self.finding(
                rule, words.say(rule, name=self.name, count=share.devices, known=share.known, share=percent)
            )

    def _below_plan(self) -> Iterator[Outcome]:
        """Yield where fewer are there than must be by now, by what knows of more of them."""
        state, stock, owed = self.state, self.state.stock, self.owed
        if state.below_plan is None:
            yield FindingKey(FLEET_BELOW_PLAN, self.subject)
        if not state.below_plan or stock is None or owed is None:
            return
        words = self.sight.words
        said = words.say("fleet_below_plan", name=self.name, count=stock, planned=owed)
        counts = (("fleet_registered", state.registered), ("fleet_managed", state.managed))
        yield self.finding(
            FLEET_BELOW_PLAN, said, tuple(words.say(key, count=count) for key, count in counts if count is not None)
        )

    def finding(self, rule: str, said: str, evidence: tuple[str, ...] = ()) -> Finding:
        """Return a finding about the fleet."""
        severity = Severity(RULES[rule].severity)
        return Finding(rule, self.subject, severity, said, evidence, norm=RULES[rule].norm, site=self.site)


def _is_below(known: Known, stock: int | None, owed: int | None, allowed: float) -> bool | None:
    """Whether fewer are there than must be by now, less the share that is allowed; None: that cannot be judged."""
    if not owed or (stock is not None and stock >= owed * (1 - allowed)):
        return False
    return None if stock is None or known.waiting or known.shared else True


def common_causes(judged: Sequence[Judged]) -> frozenset[str]:
    """Return the managements of which most fleets are silent, and more than one: they have that in common."""
    known = [(one.known.fleet.source or "", one.silent) for one in judged if one.silent is not None]
    counts, silent = Counter(source for source, _ in known), Counter(source for source, mute in known if mute)
    return frozenset(source for source, count in silent.items() if count > 1 and count * 2 > counts[source])


def _of_sources(sight: Sight, gathered: Gathered, judged: list[Judged], common: Collection[str]) -> Iterator[Outcome]:
    """Yield one finding for each management of which most fleets are silent, and where that could not be judged."""
    words = sight.words
    for source in sorted({one.known.fleet.source for one in judged if one.known.fleet.source is not None}):
        subject, fleets = Subject("source", source), [one for one in judged if one.known.fleet.source == source]
        is_open = any(gathered.is_open(one.site, sight.view.now) for one in fleets)
        if source in common and is_open:
            silent = [one for one in fleets if one.silent]
            said = words.say("fleets_silent", name=source, count=len(silent), known=len(fleets))
            evidence = tuple(words.few([one.silence() for one in silent], LINES))
            severity = Severity(RULES[FLEET_SILENT].severity)
            yield Finding(FLEET_SILENT, subject, severity, said, evidence, site=sight.inventory.sources[source].site)
        elif len(fleets) > 1 and (not is_open or any(one.silent is None for one in fleets)):
            yield FindingKey(FLEET_SILENT, subject)


def _due(sight: Sight, gathered: Gathered, judged: list[Judged], today: date) -> Iterator[Outcome]:
    """Yield for each site what is to be replaced this year; that of another year is another finding."""
    words = sight.words
    for site in dict.fromkeys(one.site for one in judged):
        subject = Subject("group", f"replacement/{site}/{today.year}")
        here = [one for one in judged if one.site == site]
        if not gathered.is_open(site, sight.view.now):
            yield FindingKey(REPLACEMENT_DUE, subject)
            continue
        now = [(one, need) for one in here for need in one.state.needs if need.year == today.year and need.devices]
        for whole in added([[need for _, need in now]]):
            name = sight.inventory.sites[site].name or site
            said = words.say("replacement_due", name=name, count=whole.devices, year=str(whole.year))
            evidence = tuple(_line(sight, one, need) for one, need in now)
            yield Finding(REPLACEMENT_DUE, subject, Severity.INFO, said, evidence, site=site)
        if not now and any(one.known.shared for one in here):
            yield FindingKey(REPLACEMENT_DUE, subject)


def _line(sight: Sight, judged: Judged, need: Need) -> str:
    words = sight.words
    if need.cost is None:
        return words.say("replacement_line", name=judged.name, count=need.devices)
    return words.say("replacement_cost", name=judged.name, count=need.devices, cost=words.amount(need.cost))
