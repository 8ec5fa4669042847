"""One way of a receiver: one delivery at a time, pauses while it fails, and what it did not take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from agent.alerts.pace import LONGEST_ASKED_SECONDS, LONGEST_PAUSE_SECONDS, jittered, pause_after
from agent.alerts.parcels import Choice, Past, Try
from agent.contract import Clock, Delivered, Deliverer, Delivery, Parcel, Rejected, Retry, Sent, Trouble
from agent.wire.attempt import Failure, attempt

DELIVERY_BUDGET_SECONDS = 60.0
LONGEST_DELIVERY_SECONDS = 86400.0  # a thread cannot be ended: each try anew may cost another one


@dataclass(frozen=True, slots=True)
class _UnderWay:
    choice: Choice
    task: asyncio.Task[Delivery | Failure]


class Line:
    """Hands parcels over on one way of a receiver; what it does not take holds up no other way.

    A delivery that takes longer than ``DELIVERY_BUDGET_SECONDS`` counts as failed, but goes on, and no other is begun
    while it lasts: a way that hangs holds one thread, not all. If it succeeds after all, the parcel is delivered.
    """

    def __init__(self, receiver: str, way: str, deliverer: Deliverer, clock: Clock, luck: Callable[[], float]) -> None:
        self.receiver = receiver
        self.way = way
        self._trouble: Trouble | None = None  # since when by the monotonic clock
        self._deliverer = deliverer
        self._clock = clock
        self._luck = luck
        self._failures = 0
        self._rests_until = clock.monotonic()
        self._under_way: _UnderWay | None = None
        self._tries: dict[str, Try] = {}  # by parcel
        self._given_up: set[str] = set()  # keys of messages

    @property
    def past(self) -> Past:
        """What it did not take, and whether it takes anything at present."""
        return Past(self._tries, failing=self._failures > 0, at=self._clock.monotonic())

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong, and for how long, told by the wall clock of now: steps of it make it no longer or shorter."""
        if self._trouble is None:
            return None
        return replace(self._trouble, since=self._clock.now() - self._clock.monotonic() + self._trouble.since)

    @property
    def rest(self) -> float:
        """Seconds before the next try may begin."""
        return max(0.0, self._rests_until - self._clock.monotonic())

    @property
    def unfinished(self) -> Choice | None:
        """What is still being handed over: nothing else is, before that has come to its end."""
        return None if self._under_way is None else self._under_way.choice

    def recall(self, waiting: Iterable[Sent]) -> None:
        """Take up what was tried in vain before this run; the way is in trouble since the first of it was due.

        It is tried at once, since the configuration may have been mended, but where more patience was asked for.
        """
        now, at = self._clock.now(), self._clock.monotonic()
        for entry in waiting:
            notification = entry.notification
            if notification.attempts and entry.parcel is not None and self.awaits(entry):
                asked = min(entry.next_try - now, LONGEST_ASKED_SECONDS)
                pause = asked if asked > jittered(LONGEST_PAUSE_SECONDS, 1.0) else 0.0
                self._tries[entry.parcel] = Try(notification.attempts, at + pause)
                since = at - max(0.0, now - notification.due_at)
                if self._trouble is None or since < self._trouble.since:
                    self._trouble = Trouble(since, entry.why)

    def awaits(self, entry: Sent) -> bool:
        """Whether the message is still to go this way."""
        return self.way not in entry.taken and entry.notification.key not in self._given_up

    def has_given_up(self, entry: Sent) -> bool:
        """Whether the message will not go this way any more, though it was not taken."""
        return entry.notification.key in self._given_up

    def has_refused(self, entry: Sent) -> bool:
        """Whether the message was refused when it was last tried."""
        tried = self._tries.get(entry.parcel or "")
        return tried is not None and tried.refused

    def give_up(self, entries: Iterable[Sent]) -> None:
        """Try these no more."""
        self._given_up |= {one.notification.key for one in entries}

    def forget_all_but(self, waiting: Iterable[Sent]) -> None:
        """Forget what does not wait any more."""
        parcels, keys = set[str](), set[str]()
        for one in waiting:
            parcels.add(one.parcel or "")
            keys.add(one.notification.key)
        self._given_up &= keys
        self._tries = {parcel: tried for parcel, tried in self._tries.items() if parcel in parcels}

    async def hand_over(self, choice: Choice, parcel: Parcel) -> Delivery:
        """Try once, or wait for what is still under way. ``parcel``: that of the choice."""
        if self._under_way is None:
            sent = replace(parcel, sent_at=self._clock.now())
            task = asyncio.create_task(
                attempt(lambda: self._deliverer.deliver(sent), LONGEST_DELIVERY_SECONDS, self.receiver)
            )
            self._under_way = _UnderWay(choice, task)
        under_way = self._under_way
        await asyncio.wait((under_way.task,), timeout=DELIVERY_BUDGET_SECONDS)
        if not under_way.task.done():
            return Retry(0.0, f"no answer within {DELIVERY_BUDGET_SECONDS:g} s")
        self._under_way = None
        tried = under_way.task.result()
        return Retry(0.0, f"{tried.reason}: {tried.detail}") if isinstance(tried, Failure) else tried

    async def cut_short(self) -> None:
        """End the delivery under way, if any; it will be tried again."""
        if self._under_way is not None:
            self._under_way.task.cancel()
            await asyncio.wait((self._under_way.task,))
            self._under_way = None

    def note(self, entries: Iterable[Sent], outcome: Delivery) -> float:
        """Note what became of a try; return when it is repeated (seconds since the epoch; now, where it is not)."""
        parcels = {one.parcel or "" for one in entries}
        now, at = self._clock.now(), self._clock.monotonic()
        if isinstance(outcome, Delivered):
            self._works(parcels, at)
            return now
        since, refused = at if self._trouble is None else self._trouble.since, isinstance(outcome, Rejected)
        self._trouble = Trouble(since, outcome.why, for_good=refused)
        before = {parcel: self._tries.get(parcel, Try(0, at)) for parcel in parcels}
        pause = self._pause(before.values(), outcome)
        for parcel, tried in before.items():
            self._tries[parcel] = Try(tried.failures + 1, at + pause, refused, tried.overtaken)
        return now + pause

    def _works(self, parcels: Iterable[str], at: float) -> None:
        """Try at once what waited for the way to work again; what fails from now on may be the parcel's fault."""
        was_down = self._failures > 0 or (self._trouble is not None and self._trouble.for_good)
        self._failures, self._trouble = 0, None
        for parcel in parcels:
            self._tries.pop(parcel, None)
        for parcel, tried in self._tries.items():
            at_once = was_down and not tried.overtaken
            self._tries[parcel] = replace(tried, due=min(tried.due, at) if at_once else tried.due, overtaken=True)

    def _pause(self, before: Collection[Try], outcome: Retry | Rejected) -> float:
        """Return for how long what was tried waits; where the fault may be the way's, it rests as long."""
        if isinstance(outcome, Rejected):
            self._failures = 0
            return jittered(LONGEST_PAUSE_SECONDS, self._luck())
        if all(one.overtaken for one in before):
            failures = max(one.failures for one in before)
            return pause_after(failures, outcome.after_seconds, self._luck())
        pause = pause_after(self._failures, outcome.after_seconds, self._luck())
        self._failures += 1
        self._rests_until = self._clock.monotonic() + pause
        return pause


def combined(lines: Iterable[Line]) -> Mapping[str, Trouble]:
    """Return, by receiver, what is wrong with any of its ways."""
    found: dict[str, Trouble] = {}
    for one in lines:
        known, trouble = found.get(one.receiver), one.trouble
        if trouble is not None and known is not None:
            since, for_good = min(known.since, trouble.since), known.for_good or trouble.for_good
            trouble = Trouble(since, f"{known.why}; {trouble.why}", for_good)
        if trouble is not None:
            found[one.receiver] = trouble
    return found
