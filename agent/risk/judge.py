"""One look at everything: a pure function of inventory, settings, the view and its windows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from agent.contract import (
    Course,
    Finding,
    FindingKey,
    FunctionState,
    House,
    JobKey,
    Judgement,
    Measure,
    Network,
    PowerState,
    RoomState,
    Severity,
    Windows,
)
from agent.risk.books import Books
from agent.risk.causes import explained
from agent.risk.certificates import judge_certificates
from agent.risk.clock import judge_clocks
from agent.risk.contingency import judge_single_failures
from agent.risk.dependencies import because_of_dependency, unheld
from agent.risk.filesystems import judge_filesystems
from agent.risk.functions import judge_functions
from agent.risk.heartbeats import judge_heartbeats
from agent.risk.incomplete import judge_incomplete
from agent.risk.links import judge_links
from agent.risk.network.picture import Picture
from agent.risk.overheating import told_once
from agent.risk.plugins import judge_plugins
from agent.risk.probes import judge_probes
from agent.risk.radio import judge_radio
from agent.risk.raid import judge_raid
from agent.risk.reachability import judge_reachability
from agent.risk.redundancy import judge_sites
from agent.risk.reminders import judge_deadlines
from agent.risk.rings import judge_rings
from agent.risk.services import judge_services
from agent.risk.sight import Outcome, Sight, State
from agent.risk.texts import Words
from agent.risk.thresholds import judge_thresholds
from agent.risk.uplink import Outlook, judge_uplink
from config.inventory import Inventory
from config.settings import Settings

RuleFamily = Callable[[Sight], Iterator[Outcome | None]]

RULE_FAMILIES: tuple[RuleFamily, ...] = (
    judge_reachability,
    judge_incomplete,
    judge_services,
    judge_probes,
    judge_plugins,
    judge_heartbeats,
    judge_certificates,
    judge_filesystems,
    judge_raid,
    judge_clocks,
    judge_deadlines,
    judge_radio,
)


NETWORK_FAMILIES: tuple[Callable[[Sight, Picture], Iterator[Outcome | None]], ...] = (
    judge_links,
    judge_sites,
    judge_rings,
    judge_single_failures,
    judge_functions,
)


@dataclass(slots=True)
class _Found:
    """What the rules yielded so far."""

    settings: Settings
    words: Words
    findings: list[Finding] = field(default_factory=list[Finding])
    unverified: set[FindingKey] = field(default_factory=set[FindingKey])
    measures: list[Measure] = field(default_factory=list[Measure])
    wishes: set[JobKey] = field(default_factory=set[JobKey])
    rooms: dict[str, RoomState] = field(default_factory=dict[str, RoomState])
    courses: dict[str, Course] = field(default_factory=dict[str, Course])
    power: dict[str, PowerState] = field(default_factory=dict[str, PowerState])
    functions: dict[str, FunctionState] = field(default_factory=dict[str, FunctionState])

    def take(self, outcome: Outcome) -> None:
        if isinstance(outcome, Finding):
            self.findings.append(adjusted(outcome, self.settings))
        elif isinstance(outcome, Measure):
            self.measures.append(outcome)
        elif isinstance(outcome, JobKey):
            self.wishes.add(outcome)
        elif isinstance(outcome, FindingKey):
            self.unverified.add(outcome)
        else:
            self._note(outcome)

    def _note(self, state: State) -> None:
        if isinstance(state, RoomState):
            self.rooms[state.id] = state
        elif isinstance(state, Course):
            self.courses[state.room] = state
        elif isinstance(state, PowerState):
            self.power[state.device] = state
        else:
            self.functions[state.id] = state

    def judgement(self, network: Network) -> Judgement:
        outcomes = list(told_once(unheld(self.findings), self.courses, self.words))
        findings = tuple(one for one in outcomes if isinstance(one, Finding))
        untold = {one for one in outcomes if isinstance(one, FindingKey)}
        unknown = frozenset((self.unverified | untold).difference(finding.key for finding in findings))
        house = House(network.at, self.rooms, self.courses, self.power, self.functions)
        return Judgement(findings, unknown, frozenset(self.wishes), tuple(self.measures), network, house)


def judging(
    inventory: Inventory, settings: Settings, outlook: Outlook, windows: Windows, books: Books
) -> Generator[None, None, Judgement]:
    """Return every finding that stands, and what could not be judged; pauses wherever the loop may turn.

    ``outlook``: what may be believed (``agent.risk.uplink``). ``books``: what is remembered, handed in at each look.
    """
    sight = Sight.of(inventory, settings, outlook.view, windows)
    picture = yield from books.network.look(sight)
    sight = replace(sight, network=picture.network, stepped_at=outlook.stepped_at)
    found = _Found(settings, sight.words, wishes=set(outlook.repoll))
    rules = chain(
        judge_uplink(outlook, sight.words),
        _by_rules(sight),
        books.power.look(sight),
        books.hardware.look(sight),
        books.rooms.look(sight),
        books.courses.look(sight, found.rooms),
        chain.from_iterable(judge_family(sight, picture) for judge_family in NETWORK_FAMILIES),
        books.usage.look(sight),
        books.seldom.look(sight),
        judge_thresholds(sight, books.thresholds),
    )
    for outcome in rules:
        if outcome is None:
            yield
        elif isinstance(outcome, Finding):
            for one in explained(sight, picture, outcome):
                found.take(because_of_dependency(sight, one) if isinstance(one, Finding) else one)
        else:
            found.take(outcome)
    return found.judgement(picture.network)


def _by_rules(sight: Sight) -> Iterator[Outcome | None]:
    for judge_family in RULE_FAMILIES:
        yield from judge_family(sight)
        yield None


def adjusted(finding: Finding, settings: Settings) -> Finding:
    """Give the finding the severity that the configuration sets for its rule."""
    options = settings.alerting.rules.get(finding.rule)
    if options is None or options.severity is None:
        return finding
    return replace(finding, severity=Severity(options.severity))
