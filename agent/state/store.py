"""Asynchronous access to the state, and the messages that wait, from memory.

The event loop reads nothing from the disk: what waits is in memory, and the file follows it. A full or hanging disk
must not silence an alert: messages that could not be committed are held here and delivered all the same, what could not
be recorded of others is remembered, and both are written with the next write that succeeds. They are lost if the daemon
ends before that: then a message may come twice.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from agent.contract import (
    Alert,
    AlertState,
    Finding,
    FindingKey,
    Notification,
    Sent,
    Transition,
    Trouble,
    Wire,
)
from agent.state.database import NOTHING, Database, StateError
from agent.state.handed import HANDED_KEPT_SECONDS, Handed
from agent.state.kept import Kept
from agent.state.ledger import Ledger
from agent.state.tellings import Tellings, latest, with_messages, without

WRITE_SECONDS = 2.0  # a write takes a millisecond; a disk that hangs must not hold up what is in memory
KNOWN_REMEMBERED = 50_000


class StateStore(Kept):
    """One ``Database`` for the event loop; what commits and reads from the file raises StateError."""

    def __init__(self, database: Database, wire: Wire) -> None:
        super().__init__(database, wire)
        self._open: dict[str, Sent] = {}
        self._known: OrderedDict[str, None] = OrderedDict()  # keys that are open or were, lately
        self._held: dict[str, Notification] = {}  # not known to be in the file
        self._owed: dict[str, Sent] = {}  # how far what is in the file has come, not known to be written
        self._failed = not database.attached
        self._handed: defaultdict[str, list[Handed]] = defaultdict(list)
        self._heard: set[tuple[str, str]] = set()
        self._last_success: dict[str, float] = {}
        self._learnt: Mapping[str, Sent] | None = None
        self._learn()
        self.troubles: Mapping[str, Trouble] = {}

    @property
    def unwritten(self) -> bool:
        """Whether something happened that the file does not know, because it cannot be written."""
        return self._failed

    async def load_alerts(self) -> dict[FindingKey, Alert]:
        """Return every alert as last committed; from memory."""
        return dict(self._database.memory.alerts)

    def told(self) -> Mapping[tuple[str, str], float]:
        """Return, by (alert id, receiver), when a receiver last was told that the alert fires; from memory."""
        return latest(self.tellings())

    def tellings(self) -> Tellings:
        """Return, by (alert id, receiver), what a receiver was told, or is to be, while it fires; from memory."""
        known = without(
            self._database.memory.tellings,
            (one.notification for one in self._owed.values() if one.outcome == "withdrawn"),
        )
        held = (one for key, one in self._held.items() if one.instead_of and not self.is_withdrawn(key))
        return with_messages(known, held)

    def is_withdrawn(self, key: str) -> bool:
        """Whether a message was withdrawn, and the file may not know it yet."""
        entry = self._owed.get(key)
        return entry is not None and entry.outcome == "withdrawn"

    def withdraw(self, entries: Iterable[Sent]) -> None:
        """End messages that wait for their hour, in memory at once, in the file with the next commit."""
        for one in entries:
            self._note(one)

    def hold(self, notifications: Iterable[Notification]) -> None:
        """Keep what could not be committed, so that it is delivered from memory; what is known is passed over."""
        for one in notifications:
            if self._take(Sent(one, None, one.not_before)):
                self._held[one.key] = one

    async def commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: Iterable[Transition] = (),
        notifications: Iterable[Notification] = (),
        done: Ledger = NOTHING,
    ) -> None:
        """Write all of it in one transaction, with what memory knows of notifications."""
        held, owed = dict(self._held), dict(self._owed)
        added = (*held.values(), *notifications)
        call = partial(self._database.commit, alerts, tuple(transitions), added, done, tuple(owed.values()))
        await self._write(call, held, owed)
        concerned = {one.id for one in alerts.values()} | {one.notification.alert.id for one in self._open.values()}
        self._heard = {pair for pair in self._heard if pair[0] in concerned}

    async def record(self, entries: Iterable[Sent], added: Iterable[Notification] = ()) -> None:
        """Note how far notifications have come and add others: in memory at once, in the file if it can be written."""
        for one in entries:
            self._note(one)
        self.hold(added)
        await self.catch_up()

    async def catch_up(self) -> None:
        """Write what the file does not know; never raises, and waits no longer than ``WRITE_SECONDS``."""
        held, owed = dict(self._held), dict(self._owed)
        if not (held or owed):
            return
        call = partial(self._database.record, tuple(owed.values()), tuple(held.values()))
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._write(call, held, owed)
        except (StateError, TimeoutError):
            self._failed = True

    def waiting(self) -> tuple[Sent, ...]:
        """Return what has not come to its end, in the order in which it was decided."""
        return tuple(self._open.values())

    def entry(self, key: str) -> Sent | None:
        """Return how far a message that waits has come; None where none waits."""
        return self._open.get(key)

    def is_over(self, key: str) -> bool:
        """Whether a message came to its end lately."""
        return key in self._known and key not in self._open

    def heard(self) -> Collection[tuple[str, str]]:
        """Return (alert id, receiver) of each message that an alert fires and that one way at least took."""
        return self._heard

    def handed(self, receiver: str) -> Sequence[Handed]:
        """Return what the receiver took over one way at least in the last day, oldest first."""
        return tuple(self._handed[receiver])

    def last_success(self) -> Mapping[str, float]:
        """Return when each receiver last took something (seconds since the epoch)."""
        return self._last_success

    async def sent(self, limit: int) -> tuple[Sent, ...]:
        """Return what waits, then what came to its end, newest first."""
        waiting = self.waiting()[:limit]
        return waiting + await self._run(lambda: self._database.finished(limit - len(waiting)))

    def _learn(self) -> None:
        """Take in what lay in a file that was taken up."""
        memory = self._database.memory
        if memory.waiting is self._learnt:
            return
        self._learnt = memory.waiting
        self._known |= dict.fromkeys(memory.over)
        for entry in memory.waiting.values():
            self._take(entry)
        for handed in reversed(memory.handed):
            self._handed[handed.receiver].insert(0, handed)
        self._heard |= memory.heard
        self._last_success = {**memory.last_success, **self._last_success}

    def _take(self, entry: Sent) -> bool:
        """Open an entry; one that is open is at most brought forward. Return whether it was not known."""
        key = entry.notification.key
        before = self._open.get(key)
        if before is not None:
            if before.parcel is None and entry.next_try < before.next_try:
                self._open[key] = entry
            return False
        if key in self._known:
            return False
        self._open[key] = entry
        self._known[key] = None
        while len(self._known) > KNOWN_REMEMBERED and next(iter(self._known)) not in self._open:
            self._known.popitem(last=False)
        return True

    def _note(self, entry: Sent) -> None:
        key = entry.notification.key
        before = self._open.get(key)
        self._owed[key] = entry
        if entry.outcome is None:
            self._open[key] = entry
        else:
            self._open.pop(key, None)
        if entry.taken_at is not None and (before is None or before.taken_at is None):
            self._hand(entry.notification, entry.parcel or key, entry.taken_at)

    def _hand(self, notification: Notification, parcel: str, at: float) -> None:
        """Remember what was handed over."""
        receiver, finding = notification.receiver, notification.alert.finding
        known = self._handed[receiver]
        known[:] = [one for one in known if at - one.at < HANDED_KEPT_SECONDS]
        together: tuple[Finding, ...] = ()
        if known and known[-1].parcel == parcel:
            together = known.pop().findings
        known.append(Handed(receiver, parcel, at, (*together, finding)))
        self._last_success[receiver] = at
        if notification.alert.state is AlertState.FIRING:
            self._heard.add((notification.alert.id, receiver))

    async def _write(
        self, call: Callable[[], tuple[Notification, ...]], held: Mapping[str, Notification], owed: Mapping[str, Sent]
    ) -> None:
        """Write, and forget what is no longer owed. Raises StateError."""
        try:
            added = await self._run(call)
        except StateError:
            self._failed = True
            if not self._database.attached:  # whatever takes its place knows none of it
                self._held |= {key: one.notification for key, one in self._open.items()}
            raise
        for key in held:
            self._held.pop(key, None)
        for key, entry in owed.items():
            if self._owed.get(key) is entry:
                del self._owed[key]
        self._learn()
        for one in added:
            self._take(Sent(one, None, one.not_before))
        self._failed = False
