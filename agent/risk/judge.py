"""One look at everything: a pure function of inventory, settings, the view and its windows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from itertools import chain

from agent.contract import Finding, Judgement, Windows
from agent.risk.books import Books
from agent.risk.causes import explained
from agent.risk.certificates import judge_certificates
from agent.risk.clock import judge_clocks
from agent.risk.contingency import judge_single_failures
from agent.risk.dependencies import because_of_dependency
from agent.risk.filesystems import judge_filesystems
from agent.risk.found import Found
from agent.risk.functions import judge_functions
from agent.risk.heartbeats import judge_heartbeats
from agent.risk.incomplete import judge_incomplete
from agent.risk.links import judge_links
from agent.risk.network.picture import Picture
from agent.risk.plugins import judge_plugins
from agent.risk.probes import judge_probes
from agent.risk.radio import judge_radio
from agent.risk.raid import judge_raid
from agent.risk.reachability import judge_reachability
from agent.risk.redundancy import judge_sites
from agent.risk.reminders import judge_deadlines
from agent.risk.rings import judge_rings
from agent.risk.services import judge_services
from agent.risk.sight import Outcome, Sight
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


def judging(
    inventory: Inventory, settings: Settings, outlook: Outlook, windows: Windows, books: Books
) -> Generator[None, None, Judgement]:
    """Return every finding that stands, and what could not be judged; pauses wherever the loop may turn.

    ``outlook``: what may be believed (``agent.risk.uplink``). ``books``: what is remembered, handed in at each look.
    """
    sight = Sight.of(inventory, settings, outlook.view, windows)
    picture = yield from books.network.look(sight)
    sight = replace(
        sight,
        network=picture.network,
        stepped_at=outlook.stepped_at,
        backups=books.backups,
        silences=books.silences,
        calendars=books.calendars or sight.calendars,
    )
    found = Found(settings, sight.words, wishes=set(outlook.repoll))
    rules = chain(
        judge_uplink(outlook, sight.words),
        books.equipment.look(sight),
        _by_rules(sight),
        books.power.look(sight),
        books.hardware.look(sight),
        books.rooms.look(sight),
        books.courses.look(sight, found.house.rooms),
        chain.from_iterable(judge_family(sight, picture) for judge_family in NETWORK_FAMILIES),
        books.usage.look(sight),
        books.seldom.look(sight),
        books.contracts.look(sight, found.findings),
        judge_thresholds(sight, books.thresholds),
    )
    for outcome in rules:
        if outcome is None:
            yield
        elif isinstance(outcome, Finding):
            if books.equipment.tells(outcome):
                continue
            for one in explained(sight, picture, outcome):
                found.take(because_of_dependency(sight, one) if isinstance(one, Finding) else one)
        else:
            found.take(outcome)
    told, found.findings = books.contracts.explained(sight, tuple(found.findings), frozenset(found.unverified)), []
    for one in told:
        found.take(one)
    judgement = found.judgement(picture.network)
    books.contracts.done()
    return judgement


def _by_rules(sight: Sight) -> Iterator[Outcome | None]:
    for judge_family in RULE_FAMILIES:
        yield from judge_family(sight)
        yield None
