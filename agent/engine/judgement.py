"""The desk: a look at the store, what is found, what is decided. Committed first, delivered afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping
from dataclasses import replace

from agent.alerts.episodes import listed
from agent.alerts.lifecycle import essence
from agent.alerts.passage import Moment, Steps, shifted, uncounted
from agent.alerts.roster import Roster
from agent.alerts.routing import notifications, withdrawals
from agent.contract import (
    Acknowledgement,
    AlarmTest,
    Alert,
    Clock,
    FindingKey,
    JobKey,
    Judgement,
    LabelPairs,
    MetricFamily,
    OwnSeries,
    Silence,
    Transition,
    View,
    Windows,
)
from agent.engine.own import own_findings
from agent.engine.ruling import Ruling
from agent.engine.settling import Owed, Settling
from agent.risk.alarmtests import awaited
from agent.risk.books import Books
from agent.risk.judge import judging
from agent.risk.score import Score
from agent.risk.uplink import Guard
from agent.state.database import StateError
from agent.state.ledger import Ledger
from agent.state.memory import merged
from agent.state.store import StateStore
from config.inventory import Inventory
from config.settings import Settings


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
        self._settling = Settling(store, lambda: self._alerts)
        self._guard = Guard()
        self._rules: Ruling | None = None
        self._wished: dict[JobKey, float | None] = {}
        self._wishes: tuple[JobKey, ...] = ()
        self._judgement = Judgement(())
        self._books: Books | None = None
        self._silences: Mapping[str, Silence] = {}
        self._looked: Moment | None = None
        self._steps = Steps()
        self._roster = Roster()
        self._awaited: dict[str, AlarmTest] = {}  # perhaps not written yet
        self._score = Score()

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
        now = self._clock.now()
        return tuple(one for one in self._alerts.values() if listed(one, now))

    async def open(self) -> None:
        """Take up the alerts where the last run left them."""
        self._alerts = await self._store.load_alerts()
        self._silences = self._store.silences()

    def roster(self) -> Roster:
        """What the duty calendars say."""
        return self._roster

    def keep_roster(self, roster: Roster) -> None:
        """Take over what the duty calendars say; the next look decides by it."""
        self._roster = roster

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
            await self._settling.write(done)
        except StateError:
            self._settling.owe(Owed(done=done.taken_back(self._clock.now())))
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
            await self._settling.write(Ledger((silence,)) + done)
        except StateError:
            kept = {name: one for name, one in self._silences.items() if name != silence.id}
            self._silences = kept | ({silence.id: before[silence.id]} if silence.id in before else {})
            # a commit that is late may write it all the same: what is written next takes it back
            now = self._clock.now()
            undone = before.get(silence.id) or replace(silence, until=min(silence.start, now))
            self._settling.owe(Owed(done=Ledger((undone,)) + done.taken_back(now)))
            raise

    async def note(self, done: Ledger) -> None:
        """Write what was ``done``. Raises StateError."""
        await self._settling.write(done)

    def is_spent(self, token: str) -> bool:
        """Whether a one-time link was used."""
        return self._settling.is_spent(token)

    def _by_id(self, alert_id: str) -> Alert | None:
        return next((one for one in self._alerts.values() if one.id == alert_id), None)

    def _take_up(self) -> None:
        """Go on with what lay in a file that could not be read when this began."""
        found = self._store.read_late()
        if found is not None:
            self._alerts, self._silences = merged(self._alerts, found.alerts), {**found.silences, **self._silences}
            if self._books is not None:
                known = (self._store.state_changes(), self._store.alive_at(), found.alerts.values())
                self._books.contracts.recall(*known)

    def _put(self, alert: Alert) -> None:
        self._alerts = {**self._alerts, alert.finding.key: alert}

    def believed(self, view: View, settings: Settings) -> View:
        """Return the view without what proves nothing while this daemon is, or was, cut off."""
        return self._guard.look(view, settings).view

    def wishes(self) -> tuple[JobKey, ...]:
        """Return the jobs that the last look wants polled at once; one that was wished for is not until it was."""
        return self._wishes

    async def look(self, view: View, inventory: Inventory, settings: Settings) -> tuple[Transition, ...]:
        """Judge, decide and commit; return what changed for the outside."""
        rules = await self._rules_of(inventory, settings)
        stepped_at = self._steps.last(Moment(self._clock.now(), self._clock.monotonic()))
        outlook = replace(self._guard.look(view, settings), stepped_at=stepped_at)
        judgement = await _in_portions(judging(inventory, settings, outlook, self._windows, self._books_of(rules)))
        if judgement.changes:  # they are handed out once
            self._settling.owe(Owed(done=Ledger(changes=judgement.changes)))
        self._await_tests(settings)
        own = own_findings(self._store, self._settling.behind, self._roster, settings, self._clock.now())
        judgement = replace(judgement, findings=(*judgement.findings, *own))
        judgement = self._score.with_risks(judgement, inventory, settings, view.jobs, rules.lived_with(view.now))
        self._note_wishes(judgement.repoll, view)
        self._judgement = judgement
        return await self._decide(judgement, rules)

    def _await_tests(self, settings: Settings) -> None:
        """Have it written since when tests of the ways to new receivers are awaited."""
        known = self._store.alarm_tests()
        self._awaited = {
            name: one for name, one in self._awaited.items() if name not in known or known[name].ways != one.ways
        }
        new = awaited({**known, **self._awaited}, settings, self._clock.now())
        if new:
            self._awaited |= {one.receiver: one for one in new}
            self._settling.owe(Owed(done=Ledger(tests=new)))

    def _note_wishes(self, repoll: frozenset[JobKey], view: View) -> None:
        attempts = {job.key: job.last_attempt for job in view.jobs()} if repoll else {}
        wished = {key: attempts.get(key) for key in repoll}
        self._wishes = tuple(key for key in repoll if key not in self._wished or self._wished[key] != wished[key])
        self._wished = wished

    async def _decide(self, judgement: Judgement, rules: Ruling) -> tuple[Transition, ...]:
        self._take_up()
        moment = Moment(self._clock.now(), self._clock.monotonic())
        now, alerts = moment.wall, shifted(self._alerts, uncounted(self._looked, moment))
        decided, self._looked = rules.decide(alerts, judgement, now, self.silences(now)), moment
        standing = tuple(decided.alerts.values())
        rota = replace(rules.rota, roster=self._roster)
        told = self._settling.told()
        messages = notifications(decided.transitions, rota, now, standing, told)
        withdrawn = withdrawals(self._store.waiting(), messages, rota, now, standing, told)
        self._store.withdraw(withdrawn)
        if decided.transitions or messages or withdrawn or essence(decided.alerts) != essence(self._alerts):
            self._settling.owe(Owed(decided.transitions, messages))
        # Before anything is awaited: a look that is cut short has decided all the same.
        self._alerts = decided.alerts
        await self._settling.settle()
        return decided.transitions

    async def _rules_of(self, inventory: Inventory, settings: Settings) -> Ruling:
        known = self._rules
        if known is None or known.rota.settings is not settings or known.inventory is not inventory:  # reads files
            known = self._rules = await asyncio.to_thread(Ruling.of, inventory, settings, known)
        return known

    def _books_of(self, rules: Ruling) -> Books:
        if self._books is None:
            self._books = Books(rules.book)
            self._books.network.recall(self._alerts.values())
            self._books.power.recall(self._alerts.values())
            self._books.hardware.recall(self._alerts.values())
            self._books.equipment.recall(self._alerts.values())
            known = (self._store.state_changes(), self._store.alive_at(), self._alerts.values())
            self._books.contracts.recall(*known)
        now = self._clock.now()
        self._books = replace(
            self._books,
            thresholds=rules.book,
            backups=self._store.config_backups(),
            silences=self.silences(now),
            calendars=rules.calendars,
        )
        return self._books


async def _in_portions(portions: Generator[None, None, Judgement]) -> Judgement:
    """Let the loop turn between the portions of a look."""
    while True:
        try:
            next(portions)
        except StopIteration as done:
            judgement: Judgement = done.value
            return judgement
        await asyncio.sleep(0)
