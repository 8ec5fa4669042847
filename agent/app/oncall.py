"""Acknowledge and silence: what people may do about alerts, checked, written and audited."""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import structlog
from structlog.typing import FilteringBoundLogger

from agent.alerts.silences import objection
from agent.contract import (
    LONGEST_WHY,
    Acknowledgement,
    AlarmTest,
    Alert,
    AlertState,
    Clock,
    Deed,
    Delivered,
    Refused,
    Sent,
    Silence,
    Tried,
)
from agent.engine.judgement import Desk
from agent.layout import clean_text
from agent.risk.alarmtests import ways_of
from agent.state.database import StateError
from agent.state.ledger import Ledger
from agent.state.store import StateStore
from agent.wire.seal import Claim, Seal
from config.alerting import DAEMON
from config.errors import did_you_mean, shown
from config.settings import Settings

LONGEST_SILENCE_SECONDS = 90 * 86400.0
LONGEST_ACKNOWLEDGEMENT_SECONDS = 366 * 86400.0
TEST_EVERY_SECONDS = 60.0  # of one receiver: a test wakes people

_log: FilteringBoundLogger = structlog.get_logger("on call")


class OnCallDesk:
    """Implements ``contract.OnCall``. ``changed`` is called after each deed, so that page and outbox look again.

    ``try_ways`` sends a test over every way to a receiver, or to whoever it stands for.
    Deeds are done one after the other: each sees what the one before it did, or that it failed.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts it joins
        self,
        desk: Desk,
        store: StateStore,
        clock: Clock,
        seal: Seal,
        settings: Callable[[], Settings],
        changed: Callable[[], None],
        try_ways: Callable[[str], Awaitable[Sequence[Tried]]],
    ) -> None:
        self._desk = desk
        self._store = store
        self._clock = clock
        self._seal = seal
        self._settings = settings
        self._changed = changed
        self._try_ways = try_ways
        self._turn = asyncio.Lock()
        self._testing = asyncio.Lock()
        self._tested: dict[str, float] = {}  # when each receiver was last sent a test, monotonic

    async def acknowledge(self, alert_id: str, by: str, until: float | None = None, why: str = "") -> Alert:
        """Acknowledge a firing alert in the name of a role."""
        async with self._turn:
            return await self._acknowledge(self._firing(alert_id), by, until, why)

    async def unacknowledge(self, alert_id: str, by: str, why: str = "") -> Alert:
        """Take an acknowledgement back."""
        async with self._turn:
            alert, now = self._firing(alert_id), self._clock.now()
            self._check_role(by)
            if alert.acknowledged is None or not alert.acknowledged.holds(now):
                raise Refused("conflict", "the alert is not acknowledged")
            deed = Deed(now, by, "unacknowledge", _called(alert), None, _kept(why))
            return await self._mark(alert, None, Ledger(deeds=(deed,)))

    async def silence(self, wanted: Silence) -> Silence:
        """Begin an ad hoc maintenance window."""
        self._check_role(wanted.by)
        now = self._clock.now()
        against = objection(wanted.match, wanted.mode, wanted.reason)
        if against is not None:
            raise Refused("conflict", str(against))
        if wanted.until <= max(now, wanted.start):
            raise Refused("conflict", "until must be after the beginning, and in the future")
        if wanted.until - now > LONGEST_SILENCE_SECONDS:
            days = LONGEST_SILENCE_SECONDS / 86400
            raise Refused("conflict", f"longer than {days:g} days is no silence: put it under alerting.accept")
        made = replace(wanted, id=uuid.uuid4().hex[:12], start=max(wanted.start, now), reason=_kept(wanted.reason))
        async with self._turn:
            await self._put(made, Deed(now, made.by, "silence", _matched(made), made.until, made.reason))
        return made

    async def unsilence(self, silence_id: str, by: str, why: str = "") -> Silence:
        """End a silence now."""
        self._check_role(by)
        async with self._turn:
            found = next((one for one in self.silences() if one.id == silence_id), None)
            if found is None:
                raise Refused("unknown", f"there is no silence {shown(silence_id)} in force")
            now = self._clock.now()
            ended = replace(found, start=min(found.start, now), until=now)
            await self._put(ended, Deed(now, by, "unsilence", _matched(ended), None, _kept(why)))
            return ended

    async def note_reload(self) -> None:
        """Put into the audit that the configuration was loaded anew; where that cannot be, it is logged."""
        deed = Deed(self._clock.now(), DAEMON, "reload", "configuration")
        try:
            async with self._turn:
                await self._desk.note(Ledger(deeds=(deed,)))
        except StateError as error:
            _log.warning("reload not in the audit", detail=str(error))

    async def test(self, receiver: str, by: str) -> tuple[Tried, ...]:
        """Send a marked test over every way to a receiver, and put who asked and what became of it into the audit."""
        self._check_role(by)
        self._check_testable(receiver)
        async with self._testing:
            self._tested[receiver] = self._clock.monotonic()
            tried = tuple(await self._try_ways(receiver))
            self._tested |= dict.fromkeys((one.receiver for one in tried), self._clock.monotonic())
        async with self._turn:
            ledger = _noted(tried, by, self._settings(), self.tests(), self._clock.now())
            try:
                await self._desk.note(ledger)
            except StateError as error:
                said = "; ".join(_outcome(one) for one in tried)
                raise Refused("unavailable", f"sent, and not noted in the audit: {said}; {error}") from error
        for deed in ledger.deeds:
            self._done(deed)
        return tried

    def _check_testable(self, receiver: str) -> None:
        receivers = self._settings().alerting.receivers
        if receiver not in receivers:
            hint = did_you_mean(receiver, receivers)
            raise Refused("unknown", f"{shown(receiver)} is no receiver{f' ({hint})' if hint else ''}")
        if self._testing.locked():
            raise Refused("conflict", "another test is under way")
        last = self._tested.get(receiver)
        left = 0.0 if last is None else last + TEST_EVERY_SECONDS - self._clock.monotonic()
        if left > 0:
            said = f"{receiver} was sent a test less than {TEST_EVERY_SECONDS:g} s ago: again in {math.ceil(left)} s"
            raise Refused("too_soon", said, seconds=left)

    def tests(self) -> Mapping[str, AlarmTest]:
        """Return, by receiver, since when tests are awaited and when the last one arrived."""
        return self._store.alarm_tests()

    def silences(self) -> tuple[Silence, ...]:
        """Return those that are in force or yet to come, by their start."""
        return self._desk.silences(self._clock.now())

    async def deeds(self, limit: int = 100) -> tuple[Deed, ...]:
        """Return what was done last, newest first."""
        try:
            return await self._store.deeds(limit)
        except StateError as error:
            raise Refused("unavailable", str(error)) from error

    async def deliveries(self, limit: int = 100) -> tuple[Sent, ...]:
        """Return what waits, then what was sent last, newest first."""
        try:
            return await self._store.sent(limit)
        except StateError as error:
            raise Refused("unavailable", str(error)) from error

    def claimed(self, token: str) -> Alert:
        """Return the alert that a link of a message would acknowledge."""
        return self._claimed(token)[0]

    async def redeem(self, token: str) -> Alert:
        """Acknowledge by the one-time link of a message."""
        async with self._turn:
            alert, claim = self._claimed(token)
            return await self._acknowledge(alert, claim.role, None, "", token)

    def told(self) -> Mapping[tuple[str, str], float]:
        """Return, by (alert id, receiver), when a receiver last was told, or is to be, that the alert fires."""
        return self._store.told()

    def _claimed(self, token: str) -> tuple[Alert, Claim]:
        claim = self._seal.open(token)
        if claim is None:
            raise Refused("forbidden", "this link is none of ours")
        if self._clock.now() >= claim.until:
            raise Refused("gone", "this link has run out")
        found = [alert for alert in self._desk.alerts if alert.id.startswith(claim.alert)]
        stands = found[0] if len(found) == 1 and found[0].state is AlertState.FIRING else None
        if self._desk.is_spent(token):
            raise Refused("conflict", "this link was used already", stands)
        if stands is None:
            raise Refused("unknown", "this alert does not stand any more")
        if claim.role not in self._settings().alerting.receivers:
            # whoever lost the role lost what it may do, also by what was sent before
            raise Refused("no_role", f"there is no receiver {shown(claim.role)} any more")
        return stands, claim

    async def _acknowledge(self, alert: Alert, by: str, until: float | None, why: str, token: str = "") -> Alert:
        self._check_role(by)
        now = self._clock.now()
        if until is not None and until <= now:
            raise Refused("conflict", "until must be in the future")
        if until is not None and until - now > LONGEST_ACKNOWLEDGEMENT_SECONDS:
            raise Refused(
                "conflict", "until is more than a year ahead: leave it out, and it holds until it is resolved"
            )
        deed = Deed(now, by, "acknowledge", _called(alert), until, _kept(why))
        ledger = Ledger(deeds=(deed,), spent={token: now} if token else {})
        return await self._mark(alert, Acknowledgement(by, now, until), ledger)

    async def _mark(self, alert: Alert, mark: Acknowledgement | None, ledger: Ledger) -> Alert:
        try:
            marked = await self._desk.acknowledge(alert.id, mark, ledger)
        except StateError as error:
            raise Refused("unavailable", f"not done: {error}") from error
        if marked is None:
            raise Refused("unknown", "this alert does not stand any more")
        self._done(ledger.deeds[0])
        return marked

    async def _put(self, silence: Silence, deed: Deed) -> None:
        try:
            await self._desk.put_silence(silence, Ledger(deeds=(deed,)))
        except StateError as error:
            raise Refused("unavailable", f"not done: {error}") from error
        self._done(deed)

    def _done(self, deed: Deed) -> None:
        _log.info(deed.what, by=deed.who, subject=deed.subject, why=deed.why)
        self._changed()

    def _firing(self, alert_id: str) -> Alert:
        found = next((alert for alert in self._desk.alerts if alert.id == alert_id), None)
        if found is None:
            raise Refused("unknown", f"there is no alert {shown(alert_id)}")
        if found.state is not AlertState.FIRING:
            raise Refused("conflict", f"the alert is {found.state.value}: only a firing one can be acknowledged")
        return found

    def _check_role(self, by: str) -> None:
        """Only roles may act: nobody's name belongs into an audit that is kept for a year."""
        roles = self._settings().alerting.receivers
        if by not in roles:
            hint = did_you_mean(by, roles)
            raise Refused("forbidden", f"{shown(by)} is no receiver of the configuration{f' ({hint})' if hint else ''}")


def _called(alert: Alert) -> str:
    return f"{alert.id} {alert.finding.rule} {alert.finding.subject}"


def _noted(tried: Sequence[Tried], by: str, settings: Settings, known: Mapping[str, AlarmTest], now: float) -> Ledger:
    """Return what is written of a test: a deed for each receiver, and that it arrived where all ways took it."""
    ways: dict[str, list[Tried]] = {}
    for one in tried:
        ways.setdefault(one.receiver, []).append(one)
    deeds = [
        Deed(now, by, "test", f"receiver:{name}", None, _kept("; ".join(map(_outcome, own))))
        for name, own in ways.items()
    ]
    arrived = [name for name, own in ways.items() if all(isinstance(one.outcome, Delivered) for one in own)]
    since = {name: known[name].awaited_since if name in known else now for name in arrived}
    tests = (AlarmTest(name, since[name], now, ways_of(settings, name)) for name in arrived)
    return Ledger(deeds=tuple(deeds), tests=tuple(tests))


def _outcome(one: Tried) -> str:
    return one.why or f"URL {one.url} of {one.receiver}: {one.word}"


def _matched(silence: Silence) -> str:
    keys = silence.match.named
    return f"{silence.id} {' '.join(f'{key}={value}' for key, value in keys.items())}"


def _kept(why: str) -> str:
    """Return a reason as one line that can be kept and shown: what people paste may hold anything."""
    return clean_text(" ".join(why.split()), LONGEST_WHY)
