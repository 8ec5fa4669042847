"""Is the power what it should be? Each UPS and its battery, who is shut down in time, and who feeds whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from agent.contract import Alert, AlertState, FindingKey, Measure, Severity
from agent.figures import UPS_RUNTIME_REQUIRED, UPS_SHUTDOWN_DUE
from agent.risk.catalogue.power import FEEDS_SHARE_UPS, TABLE
from agent.risk.sight import Outcome, Sight
from agent.risk.ups.battery import judge_battery
from agent.risk.ups.clients import judge_clients
from agent.risk.ups.feeding import Feeds
from agent.risk.ups.grid import Grid
from agent.risk.ups.loading import judge_loading
from agent.risk.ups.memory import Memory, recalled
from agent.risk.ups.needs import Needs, needs_of
from agent.risk.ups.outage import judge_outage
from agent.risk.ups.readings import Ups, interval_of, supplies
from agent.risk.ups.sharing import judge_feeds
from agent.risk.ups.standing import Standing, longest_test, standing_of
from config.inventory import Inventory

_OF_A_UPS = tuple(rule.name for rule in TABLE if rule.name != FEEDS_SHARE_UPS)


class PowerBook:
    """What is remembered of each UPS, and the wiring of the inventory in force. One for the life of the daemon."""

    def __init__(self) -> None:
        self._memories: dict[str, Memory] = {}
        self._recalled: dict[str, list[Alert]] = {}
        self._inventory: Inventory | None = None
        self._feeds = Feeds({})
        self._needs: dict[str, Needs] = {}
        self._stepped_at: float = 0.0
        self._looked_at: float | None = None

    def recall(self, alerts: Iterable[Alert]) -> None:
        """Take up since when outages and tests go on, from what the last run left."""
        for alert in alerts:
            finding = alert.finding
            if finding.rule in _OF_A_UPS and alert.state is not AlertState.RESOLVED:
                self._recalled.setdefault(finding.subject.id, []).append(alert)

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield the state of each UPS, its figures, and every finding about power; pauses after each UPS."""
        self._prepare(sight)
        known = supplies(sight, self._memories)
        yield None
        standings: dict[str, Standing] = {}
        for name, ups in known.items():
            standings[name] = self._standing(sight, ups)
        yield None
        grid = Grid.of(self._feeds, standings)
        for standing in standings.values():
            yield from _judged(sight, standing, grid)
            yield None
        yield from judge_feeds(sight, grid)

    def _prepare(self, sight: Sight) -> None:
        now = sight.view.now
        if self._looked_at is not None and sight.stepped_at != self._stepped_at:
            for memory in self._memories.values():
                memory.shift(now - self._looked_at)
        self._looked_at = now
        self._stepped_at = sight.stepped_at
        if self._inventory is not sight.inventory:
            self._inventory, self._feeds, self._needs = sight.inventory, Feeds.of(sight.inventory), {}
            kept = {name: one for name, one in self._memories.items() if name in sight.inventory.devices}
            self._memories = kept
        if self._recalled:
            longest = longest_test(sight.settings)
            self._memories |= {name: _from_alerts(alerts, longest) for name, alerts in self._recalled.items()}
            self._recalled = {}

    def _standing(self, sight: Sight, ups: Ups) -> Standing:
        memory = self._memories.get(ups.name)
        if memory is None:
            memory = self._memories[ups.name] = Memory()
        memory.take(ups, sight.view.now, interval_of(sight, ups.name), longest_test(sight.settings))
        needs = self._needs.get(ups.name)
        if needs is None:
            needs = self._needs[ups.name] = needs_of(sight.inventory, self._feeds, ups.name)
        return standing_of(sight, ups, needs, memory)


def _from_alerts(alerts: Iterable[Alert], longest: float) -> Memory:
    standing = list(alerts)
    began: Mapping[str, float] = {one.finding.rule: one.since for one in standing}
    levels: Mapping[str, Severity] = {one.finding.rule: one.finding.severity for one in standing}
    return recalled(began, levels, longest)


def _judged(sight: Sight, standing: Standing, grid: Grid) -> Iterator[Outcome]:
    ups = standing.ups
    yield standing.state()
    yield from _figures(standing)
    yield from judge_outage(sight, standing, grid)
    if ups.at is None:
        yield from (FindingKey(rule, ups.subject) for rule in _OF_A_UPS)
        return
    yield from judge_battery(sight, standing)
    yield from judge_loading(sight, standing)
    yield from judge_clients(sight, standing, grid.feeds)


def _figures(standing: Standing) -> Iterator[Measure]:
    if standing.needs.required is not None:
        yield Measure(UPS_RUNTIME_REQUIRED, (standing.ups.name,), standing.needs.required)
    if standing.shutdown_at is not None and not standing.spent:
        yield Measure(UPS_SHUTDOWN_DUE, (standing.ups.name,), standing.shutdown_at)
