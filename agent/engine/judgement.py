"""The desk: a look at the store, what is found, what is decided. Committed first, delivered afterwards."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace

import structlog
from structlog.typing import FilteringBoundLogger

from agent.alerts.lifecycle import step
from agent.alerts.routing import Told, notifications
from agent.contract import (
    Acknowledgement,
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
    Silence,
    Transition,
    View,
    Windows,
)
from agent.engine.ruling import Ruling
from agent.risk.books import Books
from agent.risk.judge import adjusted, judging
from agent.risk.reachability import state_not_written
from agent.risk.uplink import Guard
from agent.state.database import NOTHING, StateError
from agent.state.ledger import Ledger
from agent.state.store import StateStore
from config.inventory import Inventory
from config.settings import Settings

_log: FilteringBoundLogger = structlog.get_logger("alerts")


# A commit takes milliseconds; a disk that hangs must not take the look with it.
COMMIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Owed:
    """What was decided and is not known to be committed."""

    transitions: tuple[Transition, ...] = ()
    messages: tuple[Notification, ...] = ()
    done: Ledger = NOTHING


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
        self._rules: Ruling | None = None
        self._unwritten = False
        self._broken = False
        self._wished: dict[JobKey, float | None] = {}
        self._wishes: tuple[JobKey, ...] = ()
        self._judgement = Judgement(())
        self._books: Books | None = None
        self._silences: Mapping[str, Silence] = {}

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
        self._silences = self._store.silences()

    def silences(self, now: float) -> tuple[Silence, ...]:
        """Return those that have not ended, by their start."""
        return tuple(sorted((one for one in self._silences.values() if now < one.until), key=lambda one: one.start))

    async def acknowledge(self, alert_id: str, mark: Acknowledgement | None, done: Ledger) -> Alert | None:
        """Set or take back (None) the acknowledgement of an alert, and write it with what was ``done``.

        Returns the alert, or None where none of that id stands. Raises StateError: then nothing has changed.
        """
        before = self._by_id(alert_id)
        if before is None:
            return None
        self._put(replace(before, acknowledged=mark))
        try:
            await self._write(done)
        except StateError:
            present = self._by_id(alert_id)
            if present is not None and present.acknowledged == mark:
                self._put(replace(present, acknowledged=before.acknowledged))
            raise
        return self._by_id(alert_id) or replace(before, acknowledged=mark)

    async def put_silence(self, silence: Silence, done: Ledger) -> None:
        """Begin or change a silence, and write it with what was ``done``. Raises StateError: nothing has changed."""
        before = self._silences
        self._silences = {**before, silence.id: silence}
        try:
            await self._write(Ledger((silence,)) + done)
        except StateError:
            kept = {name: one for name, one in self._silences.items() if name != silence.id}
            self._silences = kept | ({silence.id: before[silence.id]} if silence.id in before else {})
            raise

    def _by_id(self, alert_id: str) -> Alert | None:
        return next((one for one in self._alerts.values() if one.id == alert_id), None)

    def _put(self, alert: Alert) -> None:
        self._alerts = {**self._alerts, alert.finding.key: alert}

    async def _write(self, done: Ledger) -> None:
        """Commit the alerts with what somebody did. Raises StateError; then it is not owed any more."""
        self._owed = replace(self._owed, done=self._owed.done + done)
        await self._settle()
        if self._broken:
            self._owed = replace(self._owed, done=Ledger())
            raise StateError("the state cannot be written at the moment")

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

    async def _decide(self, judgement: Judgement, rules: Ruling) -> tuple[Transition, ...]:
        now = self._clock.now()
        decided = rules.mark(step(self._alerts, judgement, rules.policy, now, _new_id), now, self.silences(now))
        standing = tuple(decided.alerts.values())
        messages = notifications(decided.transitions, rules.rota, now, standing, self._told())
        if decided.transitions or messages or _standing(decided.alerts) != _standing(self._alerts):
            self._unwritten = True
        # Before anything is awaited: a look that is cut short has decided all the same.
        self._alerts = decided.alerts
        self._owed = replace(
            self._owed,
            transitions=self._owed.transitions + decided.transitions,
            messages=self._owed.messages + messages,
        )
        if self._unwritten or self._store.unwritten:
            await self._settle()
        return decided.transitions

    def _rules_of(self, inventory: Inventory, settings: Settings) -> Ruling:
        known = self._rules
        if known is None or known.rota.settings is not settings or known.inventory is not inventory:
            known = self._rules = Ruling.of(inventory, settings, known)
        return known

    def _books_of(self, rules: Ruling) -> Books:
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
            commit = self._store.commit(self._alerts, owed.transitions, owed.messages, owed.done)
            self._writing = asyncio.ensure_future(commit)
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
