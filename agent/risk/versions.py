"""Which versions of systems and firmware run, and until when are they supported?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.anonymity import OTHER, merged_small
from agent.contract import Finding, FindingKey, Measure, Severity, Subject
from agent.estate import Version
from agent.risk.catalogue.fleets import SUPPORT_ENDED, SUPPORT_ENDING, SupportOptions
from agent.risk.deadlines import Today
from agent.risk.fleet.days import hours_of
from agent.risk.fleet.listed import Register
from agent.risk.fleet.systems import Answers, Outlook, Systems, day_of, gathering_systems
from agent.risk.fleet.updates import update_measures
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import AT_ONCE, Outcome, Sight
from agent.tallies import OS_DEVICES
from config.support.reading import ending_systems
from config.units import DAY

LINES = 8  # versions that the evidence names

_RULES: Mapping[str, str] = {"ended": SUPPORT_ENDED, "ending": SUPPORT_ENDING}


class Bad(NamedTuple):
    """Devices of a site with one system that stands so; ``site`` is "" where none is known."""

    site: str
    system: str
    rule: str


# Of each: by last day, last day of another edition and version how many there are, by the smallest group to be told.
Groups = dict[int, Counter[tuple[str, ...]]]


@dataclass(slots=True)
class VersionBook:
    """What was last counted; one for the life of the daemon."""

    _register: Register
    _answers: Answers = field(default_factory=Answers)

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield each version that runs, its figures, and of each site what is or soon will be without support."""
        options = options_of(sight.settings, SUPPORT_ENDING, SupportOptions)
        outlook = Outlook(Today.of(sight.view.now, sight.settings).day, options.info // DAY)
        systems = Systems(sight.inventory.end_of_support, outlook)
        yield from gathering_systems(sight, systems, self._answers)
        yield from self._register.gathering(sight, systems)
        counts: Counter[tuple[str, ...]] = Counter()
        for running, count in sorted(systems.told.items()):
            shown = (running.site or None, running.kind, running.system, running.version)
            yield Version(*shown, count, day_of(running.ends), day_of(running.latest), running.support)
            counts[running.site, running.kind, running.system, running.version, running.support] += count
        yield None
        yield from (Measure(OS_DEVICES, labels, count) for labels, count in counts.items())
        yield from update_measures(sight)
        yield from _found(sight, systems)


def subject_of(bad: Bad) -> Subject:
    """Return what a finding is about: a system at a site."""
    return Subject("group", "/".join(filter(None, ("system", bad.site, bad.system.casefold().replace(":", " ")))))


def _found(sight: Sight, systems: Systems) -> Iterator[Outcome | None]:
    """Yield what is found, and what is not judged: outside hours, where devices say nothing, of few devices."""
    hours, dark = hours_of(sight.inventory, sight.calendars), _dark_sites(sight)
    closed = {site for site, calendar in hours.items() if not calendar.is_open(sight.view.now)}
    for bad, groups in _bad(systems).items():
        told = {floor: counts for floor, counts in groups.items() if counts.total() >= floor}
        if bad.site in closed or not told:
            yield FindingKey(bad.rule, subject_of(bad))
        else:
            yield _finding(sight, bad, told)
    possible = ending_systems(systems.tables, systems.outlook.until)
    for site in sorted(closed | dark):
        for number, system in enumerate(possible):
            yield from (FindingKey(rule, subject_of(Bad(site, system, rule))) for rule in _RULES.values())
            if number % AT_ONCE == AT_ONCE - 1:
                yield None
        yield None


def _bad(systems: Systems) -> dict[Bad, Groups]:
    """Return what is without support, or soon will be; a system has one name, whichever table names it."""
    found: dict[Bad, Groups] = {}
    names: dict[str, str] = {}
    for floor, counts in systems.judged.items():
        for running, count in sorted(counts.items()):
            rule = _RULES.get(running.support)
            if rule is not None:
                system = names.setdefault(running.system.casefold(), running.system)
                groups = found.setdefault(Bad(running.site, system, rule), {})
                groups.setdefault(floor, Counter())[running.ends, running.latest, running.version] += count
    return found


def _dark_sites(sight: Sight) -> set[str]:
    """Return where something is not fully read: what it runs may be unsupported. A cloud runs nothing here."""
    sources = {Subject("source", name): source for name, source in sight.inventory.sources.items()}
    clouds = {subject for subject, source in sources.items() if source.cloud is not None}
    targets = (job.target for subject in sight.dark - clouds for job in sight.jobs.get(subject, ()))
    managed = (source for subject, source in sources.items() if subject in sight.dark - clouds)
    places = (site for one in managed for site in (one.site, *one.locations.values()))
    return {target.site or "" for target in targets} | {site for site in places if site is not None}


def _finding(sight: Sight, bad: Bad, groups: Groups) -> Finding:
    words = sight.words
    site = sight.inventory.sites.get(bad.site)
    name = words.say("support_nowhere") if site is None else site.name or bad.site
    count = sum(counts.total() for counts in groups.values())
    told: Counter[tuple[str, ...]] = Counter()
    for floor, counts in groups.items():
        told.update(merged_small(counts, floor))
    said = words.say(bad.rule, name=name, system=bad.system, count=count)
    worst = sorted(told.items(), key=lambda item: (item[0][0], -item[1], item[0]))
    evidence = tuple(words.few([_line(sight, bad.system, labels, count) for labels, count in worst], LINES))
    place = bad.site if site is not None else None
    norm = RULES[bad.rule].norm
    return Finding(bad.rule, subject_of(bad), Severity.INFO, said, evidence, norm=norm, site=place)


def _line(sight: Sight, system: str, labels: tuple[str, ...], count: int) -> str:
    words = sight.words
    ends, latest, version = labels
    first, last = day_of(ends), day_of(latest)
    if first is None:
        return words.say("support_others_line", count=count, system=system)
    name = f"{system} {words.say('other_versions') if version == OTHER else version}"
    if last is None:
        return words.say("support_line", count=count, system=name, day=words.day(first))
    return words.say("support_edition_line", count=count, system=name, day=words.day(first), last=words.day(last))
