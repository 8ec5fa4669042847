"""The whole way from findings to messages, with nothing but the real decisions and a model of the state store.

A course is a list of events. ``Pipeline.run`` plays it, committing as the desk does; a restart takes up what was
committed, as text. Who listens hears what is due at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from agent.alerts.episodes import listed
from agent.alerts.hearing import Told
from agent.alerts.lifecycle import essence, worse
from agent.alerts.parcels import choose
from agent.alerts.passage import Moment, shifted, uncounted
from agent.alerts.routing import notifications, route_of, withdrawals
from agent.contract import (
    Acknowledgement,
    Alert,
    AlertState,
    Finding,
    FindingKey,
    Judgement,
    Notification,
    Sent,
    Silence,
    Telling,
    Transition,
)
from agent.engine.ruling import Ruling
from agent.state.codec import dump_alert, load_alert
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.alerts.handlings import make_handling


class Look(NamedTuple):
    """Seconds that pass, then what is found and what could not be judged."""

    seconds: float
    findings: tuple[Finding, ...] = ()
    dark: frozenset[FindingKey] = frozenset()


class Stepped(NamedTuple):
    """The wall clock is set by so many seconds."""

    seconds: float


class Acknowledged(NamedTuple):
    """Somebody acknowledges one of the firing alerts, for so many seconds or for good; or takes it back."""

    which: int
    seconds: float | None = None
    back: bool = False


class Silenced(NamedTuple):
    """Somebody begins an ad hoc window that lasts so many seconds."""

    silence: Silence
    seconds: float


class Restarted(NamedTuple):
    """The daemon is killed after a look and started again; both see what the last look saw.

    A clock that is set while nobody runs is the only clock there is.
    """


Event = Look | Stepped | Acknowledged | Silenced | Restarted


class Said(NamedTuple):
    """A message as its receiver knows it."""

    key: str
    receiver: str
    state: str
    severity: str
    not_before: float
    reason: str
    effects: tuple[str, ...]
    digest: bool


@dataclass(slots=True)
class Stored:
    """What is on disk: alerts as text, messages in the order in which they were decided, and which of them went.

    ``clashes``: keys under which two different messages were decided; the second of them is never sent.
    """

    alerts: dict[FindingKey, str] = field(default_factory=dict[FindingKey, str])
    messages: dict[str, Notification] = field(default_factory=dict[str, Notification])
    sent: dict[str, None] = field(default_factory=dict[str, None])
    clashes: list[str] = field(default_factory=list[str])
    withdrawn: list[Sent] = field(default_factory=list[Sent])
    sent_at: dict[str, float] = field(default_factory=dict[str, float])

    def waiting(self) -> list[Sent]:
        """Return what did not go yet."""
        return [Sent(one, None, one.not_before) for key, one in self.messages.items() if key not in self.sent]

    def withdraw(self, entries: Iterable[Sent]) -> None:
        """Take back what waits for its hour."""
        for one in entries:
            del self.messages[one.notification.key]
            self.withdrawn.append(one)

    def write(self, alerts: Mapping[FindingKey, Alert], messages: Iterable[Notification]) -> None:
        """Commit; of a message that waits the earlier moment counts, and of one that went nothing is left to change."""
        self.alerts = {key: dump_alert(alert) for key, alert in alerts.items()}
        for one in messages:
            known = self.messages.get(one.key)
            if known is None:
                self.messages[one.key] = one
                continue
            if one.reason != known.reason:
                self.clashes.append(one.key)
            if one.key not in self.sent and one.not_before < known.not_before:
                self.messages[one.key] = replace(known, not_before=one.not_before)

    def read(self) -> dict[FindingKey, Alert]:
        """Return the alerts in the order of the disk."""
        return {key: load_alert(self.alerts[key]) for key in sorted(self.alerts)}

    def told(self, alerts: Mapping[FindingKey, Alert]) -> Told:
        """Return, by (alert id, receiver), what a receiver was told, or is to be, while the alert fires."""
        live = {one.id for one in alerts.values()}
        found: dict[tuple[str, str], tuple[Telling, ...]] = {}
        for key, one in self.messages.items():
            if one.alert.state is AlertState.FIRING and one.alert.id in live:
                pair, at = (one.alert.id, one.receiver), one.not_before
                waits = key not in self.sent and at > one.created_at
                found[pair] = (*found.get(pair, ()), Telling(one.alert.finding.severity, at, at, waits))
        return found

    def deliver(self, now: float) -> None:
        """Send what is due, as the outbox chooses it; nothing fails, and nothing is collected."""
        for receiver in {one.receiver for one in self.messages.values()}:
            handling = make_handling(group_wait=0.0, messages=10_000)
            while True:
                waiting = [one for one in self.waiting() if one.notification.receiver == receiver]
                choice = choose(waiting, (), handling, now)
                if choice.parcel is None:
                    break
                for one in choice.entries:
                    self.sent[one.notification.key] = None
                    self.sent_at[one.notification.key] = now


class Pipeline:
    """Alerts, clocks and the store of one daemon; ``restarting``: whether its restarts are played, or left out."""

    def __init__(self, inventory: Inventory, settings: Settings, now: float, *, restarting: bool = True) -> None:
        self.rules = Ruling.of(inventory, settings, None)
        self.settings = settings
        self.stored = Stored()
        self.alerts: Mapping[FindingKey, Alert] = {}
        self.transitions: list[Transition] = []
        self.silences: list[Silence] = []
        self.wall, self.monotonic = now, 1000.0
        self._restarting = restarting
        self._looked: Moment | None = None
        self._last = Look(0.0)

    def run(self, events: Iterable[Event]) -> Pipeline:
        """Play a course, checking after each look that nobody was forgotten."""
        for event in events:
            match event:
                case Look():
                    self.look(event)
                case Stepped(seconds):
                    self.wall += seconds
                case Acknowledged():
                    self._acknowledge(event)
                case Silenced(silence, seconds):
                    begun = replace(silence, start=self.wall, until=self.wall + seconds)
                    self.silences.append(begun)
                case Restarted():
                    self.restart()
        return self

    def look(self, seen: Look) -> tuple[Transition, ...]:
        """Let time pass, decide, commit and deliver."""
        self.wall += seen.seconds
        self.monotonic += seen.seconds
        self._last = seen
        moment = Moment(self.wall, self.monotonic)
        before = shifted(self.alerts, uncounted(self._looked, moment))
        judgement = Judgement(seen.findings, seen.dark - {one.key for one in seen.findings})
        silences = [one for one in self.silences if self.wall < one.until]
        decided = self.rules.decide(before, judgement, self.wall, silences)
        standing = tuple(decided.alerts.values())
        told = self.stored.told(self.alerts)
        messages = notifications(decided.transitions, self.rules.rota, self.wall, standing, told)
        waiting = self.stored.waiting()
        ended = withdrawals(waiting, messages, self.rules.rota, self.wall, standing, told)
        self.stored.withdraw(ended)
        if decided.transitions or messages or ended or essence(decided.alerts) != essence(self.alerts):
            self.stored.write(decided.alerts, messages)
        self.alerts, self._looked = decided.alerts, moment
        self.transitions += decided.transitions
        self.stored.deliver(self.wall)
        self.check()
        return decided.transitions

    def restart(self) -> None:
        """Look, begin again with what was committed, and look once more."""
        again = self._last._replace(seconds=0.0)
        self.look(again)
        if self._restarting:
            self.alerts, self._looked = self.stored.read(), None
        self.look(again)

    def _acknowledge(self, event: Acknowledged) -> None:
        firing = sorted(key for key, one in self.alerts.items() if one.state is AlertState.FIRING)
        if firing:
            alert = self.alerts[firing[event.which % len(firing)]]
            until = None if event.seconds is None else self.wall + event.seconds
            mark = None if event.back else Acknowledgement("it-team", self.wall, until)
            self.alerts = {**self.alerts, alert.finding.key: replace(alert, acknowledged=mark)}
            self.stored.write(self.alerts, ())

    # --- what holds after each look ----------------------------------------------------------------------------------

    def check(self) -> None:
        """No firing alert without a message to someone, but where it says why, or no route matches."""
        heard = {one.alert.id for one in self.stored.messages.values()}
        for alert in self.alerts.values():
            if alert.state is AlertState.FIRING and route_of(alert.finding, self.settings) is not None:
                assert alert.muted is not None or alert.id in heard, alert
                assert alert.muted is None or alert.muted.reason, alert
                if alert.muted is None:
                    self._check_severity(alert)
        self._check_urgent()

    def _check_severity(self, alert: Alert) -> None:
        """Whoever of the alert's own route was told of something milder has been told how bad it is, or will be."""
        route = route_of(alert.finding, self.settings)
        assert route is not None
        said = [one for one in self.stored.messages.values() if one.alert.id == alert.id]
        for receiver in {one.receiver for one in said} & set(route.receivers):
            severities = [one.alert.finding.severity for one in said if one.receiver == receiver]
            assert any(not worse(alert.finding.severity, one) for one in severities), (receiver, alert)

    def _check_urgent(self) -> None:
        """Nothing that is due is left waiting."""
        late = [one for one in self.stored.waiting() if one.notification.not_before <= self.wall]
        assert not late, late

    @property
    def shown(self) -> tuple[Alert, ...]:
        """What page and exporters see."""
        return tuple(one for one in self.alerts.values() if listed(one, self.wall))

    @property
    def said(self) -> list[Said]:
        """Everything that was decided to be told, in order."""
        return [_said(one) for one in self.stored.messages.values()]

    @property
    def delivered(self) -> list[Notification]:
        """What went, in the order in which it went."""
        return [self.stored.messages[key] for key in self.stored.sent]


def _said(one: Notification) -> Said:
    state, severity = one.alert.state.value, one.alert.finding.severity.value
    return Said(one.key, one.receiver, state, severity, one.not_before, one.reason, one.effects, one.digest)
