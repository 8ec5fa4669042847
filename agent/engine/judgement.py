"""The desk: a look at the store, what is found, what is decided. Committed first, delivered afterwards."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace

import structlog
from structlog.typing import FilteringBoundLogger

from agent.alerts.lifecycle import Policy, Step, step
from agent.alerts.muting import marked
from agent.alerts.routing import Rota, Told, notifications
from agent.contract import (
    Alert,
    AlertState,
    Clock,
    FindingKey,
    JobKey,
    Judgement,
    LabelPairs,
    MetricFamily,
    Notification,
    OwnSeries,
    Severity,
    Transition,
    View,
    Windows,
)
from agent.risk.books import Books
from agent.risk.judge import adjusted, judging
from agent.risk.reachability import state_not_written
from agent.risk.threshold import thresholds_of
from agent.risk.uplink import Guard
from agent.risk.watch import ThresholdBook
from agent.state.database import StateError
from agent.state.store import StateStore
from config.inventory import Inventory
from config.settings import Settings

_log: FilteringBoundLogger = structlog.get_logger("alerts")


# A commit takes milliseconds; a disk that hangs must not take the look with it.
COMMIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Rules:
    """What of the configuration decides what is found and what becomes of it; built once for each configuration."""

    policy: Policy
    rota: Rota
    inventory: Inventory
    book: ThresholdBook

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings, before: _Rules | None) -> _Rules:
        book = ThresholdBook(thresholds_of(inventory, settings), None if before is None else before.book)
        return cls(Policy.of(settings, inventory.rules), Rota.of(settings), inventory, book)

    def mark(self, decided: Step, now: float) -> Step:
        """Say of each alert why nobody is told of it."""
        alerts = marked(decided.alerts, self.rota.settings, self.rota.calendar, self.policy, now)
        changes = (replace(one, alert=alerts[one.alert.finding.key]) for one in decided.transitions)
        return Step(alerts, tuple(changes))


@dataclass(frozen=True, slots=True)
class _Owed:
    """What was decided and is not known to be committed."""

    transitions: tuple[Transition, ...] = ()
    messages: tuple[Notification, ...] = ()


class Desk:
    """Judges one view at a time and keeps the alerts.

    What it hands on has been committed. While the state store cannot be written, or takes too long, it goes on from
    memory, since a full disk must not silence an alert, says so in a finding of its own, and writes what it owes as
    soon as it can. What a commit that came too late did write all the same is known to the store, and written once.
    """

    def __init__(self, store: StateStore, windows: Windows, clock: Clock) -> None:
        self._store = store
        self._windows = windows
        self._clock = clock
        self._alerts: Mapping[FindingKey, Alert] = {}
        self._owed = _Owed()
        self._writing: asyncio.Future[None] | None = None
        self._guard = Guard()
        self._rules: _Rules | None = None
        self._unwritten = False
        self._broken = False
        self._wished: dict[JobKey, float | None] = {}
        self._wishes: tuple[JobKey, ...] = ()
        self._judgement = Judgement(())
        self._books: Books | None = None

    @property
    def judgement(self) -> Judgement:
        """What the last look found; empty before the first."""
        return self._judgement

    def measures(self) -> tuple[OwnSeries, ...]:
        """Return the figures of the last look, family by family."""
        grouped: dict[MetricFamily, list[tuple[LabelPairs, float]]] = {}
        for one in self._judgement.measures:
            pairs = tuple(zip(one.family.labels, one.labels, strict=True))
            grouped.setdefault(one.family, []).append((pairs, one.value))
        return tuple((family, tuple(series)) for family, series in grouped.items())

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Pending, firing and lately resolved alerts."""
        return tuple(self._alerts.values())

    async def open(self) -> None:
        """Take up the alerts where the last run left them."""
        self._alerts = await self._store.load_alerts()

    def believed(self, view: View, settings: Settings) -> View:
        """Return the view without what proves nothing while this daemon is, or was, cut off."""
        return self._guard.look(view, settings).view

    def wishes(self) -> tuple[JobKey, ...]:
        """Return the jobs that the last look wants polled at once; one that was wished for is not until it was."""
        return self._wishes

    async def look(self, view: View, inventory: Inventory, settings: Settings) -> tuple[Transition, ...]:
        """Judge, decide and commit; return what changed for the outside."""
        rules = self._rules_of(inventory, settings)
        outlook = self._guard.look(view, settings)
        judgement = await _in_portions(judging(inventory, settings, outlook, self._windows, self._books_of(rules)))
        if self._broken or self._store.unwritten:
            judgement = replace(
                judgement, findings=(*judgement.findings, adjusted(state_not_written(settings), settings))
            )
        self._note_wishes(judgement.repoll, view)
        self._judgement = judgement
        return await self._decide(judgement, rules)

    def _note_wishes(self, repoll: frozenset[JobKey], view: View) -> None:
        attempts = {job.key: job.last_attempt for job in view.jobs()} if repoll else {}
        wished = {key: attempts.get(key) for key in repoll}
        self._wishes = tuple(key for key in repoll if key not in self._wished or self._wished[key] != wished[key])
        self._wished = wished

    async def _decide(self, judgement: Judgement, rules: _Rules) -> tuple[Transition, ...]:
        now = self._clock.now()
        decided = rules.mark(step(self._alerts, judgement, rules.policy, now, _new_id), now)
        standing = tuple(decided.alerts.values())
        messages = notifications(decided.transitions, rules.rota, now, standing, self._told())
        if decided.transitions or messages or _standing(decided.alerts) != _standing(self._alerts):
            self._unwritten = True
        # Before anything is awaited: a look that is cut short has decided all the same.
        self._alerts = decided.alerts
        self._owed = _Owed(self._owed.transitions + decided.transitions, self._owed.messages + messages)
        if self._unwritten or self._store.unwritten:
            await self._settle()
        return decided.transitions

    def _rules_of(self, inventory: Inventory, settings: Settings) -> _Rules:
        known = self._rules
        if known is None or known.rota.settings is not settings or known.inventory is not inventory:
            known = self._rules = _Rules.of(inventory, settings, known)
        return known

    def _books_of(self, rules: _Rules) -> Books:
        if self._books is None:
            self._books = Books(rules.book)
            self._books.network.recall(self._alerts.values())
        elif self._books.thresholds is not rules.book:
            self._books = replace(self._books, thresholds=rules.book)
        return self._books

    def _told(self) -> Told:
        """When each receiver last was told of each alert, what is still owed included."""
        owed = {
            (one.alert.id, one.receiver): one.not_before
            for one in self._owed.messages
            if one.alert.state is AlertState.FIRING
        }
        return {**self._store.told(), **owed}

    async def _settle(self) -> None:
        """Write what is owed; what cannot be written stays owed."""
        try:
            await self._commit()
        except (StateError, TimeoutError) as error:
            if not self._broken:
                why = str(error) or f"no answer within {COMMIT_SECONDS:g} s"
                _log.error("state cannot be written; going on from memory", detail=why)
            self._broken = True
            self._store.hold(self._owed.messages)
            return
        if self._broken:
            _log.info("state is written again")
        self._broken, self._unwritten, self._owed = False, False, _Owed()

    async def _commit(self) -> None:
        """Commit within ``COMMIT_SECONDS``. A commit cannot be taken back: a late one goes on, and is waited for first.

        Raises StateError, TimeoutError.
        """
        async with asyncio.timeout(COMMIT_SECONDS):
            if self._writing is not None:
                await asyncio.wait((self._writing,))
            owed = self._owed
            self._writing = asyncio.ensure_future(self._store.commit(self._alerts, owed.transitions, owed.messages))
            self._writing.add_done_callback(_retrieve)
            await asyncio.wait((self._writing,))
        self._writing.result()


async def _in_portions(portions: Generator[None, None, Judgement]) -> Judgement:
    """Let the loop turn between the portions of a look."""
    while True:
        try:
            next(portions)
        except StopIteration as done:
            judgement: Judgement = done.value
            return judgement
        await asyncio.sleep(0)


def _retrieve(done: asyncio.Future[None]) -> None:
    """Take note of how a commit ended that nobody may wait for any more."""
    if not done.cancelled():
        done.exception()


def _standing(alerts: Mapping[FindingKey, Alert]) -> dict[str, tuple[AlertState, Severity, float | None]]:
    """What must survive a restart; a summary whose figure moved is no reason to write."""
    return {alert.id: (alert.state, alert.finding.severity, alert.clear_since) for alert in alerts.values()}


def _new_id() -> str:
    return uuid.uuid4().hex
