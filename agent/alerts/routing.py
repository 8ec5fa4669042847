"""Who is told of what, and when: first match of ``alerting.routes``. Pure; called at every look.

What was told is told once: each notification has an idempotency key, and ``told`` says what each receiver heard of
an alert that fires (``agent.alerts.hearing``). What is muted (``Alert.muted``, see ``agent.alerts.muting``) is not
told while that lasts; what still stands afterwards is, to who heard of something milder as well. Who would be told of
what is muted because its cause is told is told of that cause instead. A duty receiver is whoever has duty at the
moment of sending; who comes on duty hears of what fires and nobody has acknowledged. What waits for its hour is
decided anew until then: ``withdrawals``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from agent.alerts.causes import taken_along
from agent.alerts.hearing import Hearing, Told, heard_at_all, hearing, is_waiting
from agent.alerts.rota import Rota
from agent.contract import Alert, AlertState, Finding, Notification, Sent, Transition
from agent.risk.texts import Words
from agent.risk.work import matches
from config.settings import Route, Settings

MOST_EFFECTS = 10


def notifications(
    transitions: Iterable[Transition],
    rota: Rota,
    now: float,
    standing: Iterable[Alert] = (),
    told: Told | None = None,
) -> tuple[Notification, ...]:
    """Return what is to be sent after one look.

    ``transitions``: what was just decided; resolved ones go to whoever was told that the alert fires (by the route
    where ``told`` is None). ``standing``: all alerts now; of these the firing ones are told to who was not yet
    (muting has ended, a shift began, nobody acknowledged in time), and again after ``repeat``.
    """
    standing = tuple(standing)
    desk = _Desk.of(rota, now, told, standing)
    made: dict[str, Notification] = {}
    for notification in chain.from_iterable(map(desk.of_change, transitions)):
        made.setdefault(notification.key, notification)
    fresh = {(one.alert.id, one.receiver) for one in made.values()}
    firing = (alert for alert in standing if alert.state is AlertState.FIRING)
    for notification in chain.from_iterable(map(desk.of_standing, firing)):
        if (notification.alert.id, notification.receiver) not in fresh:
            made.setdefault(notification.key, notification)
    return tuple(made.values())


def withdrawals(  # noqa: PLR0913, PLR0917 - one look
    waiting: Iterable[Sent],
    messages: Iterable[Notification],
    rota: Rota,
    now: float,
    standing: Iterable[Alert],
    told: Told,
) -> tuple[Sent, ...]:
    """Return what waits for its hour and is not to be told then, ended, with the reason.

    ``messages``: what was decided at this look; the rest as for ``notifications``. Where the reason ends before the
    hour, or after it, a later look decides anew.
    """
    held = [one for one in waiting if is_waiting(one, now) and one.notification.alert.state is AlertState.FIRING]
    if not held:
        return ()
    desk = _Desk.of(rota, now, told, standing)
    alerts = {alert.id: alert for alert in desk.standing}
    renewed = {(one.alert.id, one.receiver) for one in messages if one.alert.state is AlertState.FIRING}
    known = [(one, alerts[one.notification.alert.id]) for one in held if one.notification.alert.id in alerts]
    reasons = (
        "told anew" if (alert.id, one.notification.receiver) in renewed else desk.objection(alert, one.notification)
        for one, alert in known
    )
    ended = zip(known, reasons, strict=True)
    return tuple(replace(one, outcome="withdrawn", finished_at=now, why=why) for (one, _), why in ended if why)


def message_key(alert: Alert, receiver: str) -> str:
    """Return the idempotency key of the first message to a receiver about the alert as it is."""
    return f"{alert.id}:{alert.state.value}:{alert.finding.severity.value}:{receiver}"


def route_of(finding: Finding, settings: Settings) -> Route | None:
    """Return the first route that matches, or None: then nobody is told."""
    return next((route for route in settings.alerting.routes if matches(route.match, finding)), None)


class _Way(NamedTuple):
    """A route by which an alert is told: when it is open, to whom, and who of these is not told by one before it."""

    route: Route
    opens: float
    everyone: tuple[str, ...]
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    """One look: the rota, what was told before, and what each alert (by its id) takes along.

    ``known``: the ids of alerts of which anybody has heard.
    """

    rota: Rota
    now: float
    told: Told | None
    standing: Sequence[Alert]
    known: frozenset[str]
    along: Mapping[str, Sequence[Finding]]

    @classmethod
    def of(cls, rota: Rota, now: float, told: Told | None, standing: Iterable[Alert]) -> _Desk:
        alerts = tuple(standing)
        return cls(rota, now, told, alerts, heard_at_all(told or {}, now), taken_along(alerts))

    def of_change(self, change: Transition) -> Iterator[Notification]:
        alert = change.alert
        if alert.state is AlertState.RESOLVED:
            yield from self._resolved(alert)
            return
        if alert.muted is not None:
            return
        # an alert may get worse more than once, and each time is told
        again = f":{int(change.at)}" if change.previous is AlertState.FIRING else ""
        ways = self._ways(alert)
        for way in ways:
            for receiver in way.receivers:
                first = self._first(alert, receiver, way, ways)
                knows = again != "" and bool(self._hearing(alert, receiver).heard)
                yield replace(first, key=first.key + again, reason="worse" if knows else "new")

    def of_standing(self, alert: Alert) -> Iterator[Notification]:
        if self.told is None or alert.muted is not None:
            return
        ways = self._ways(alert)
        for way in ways:
            for receiver in way.receivers:
                yield from self._of_receiver(alert, receiver, way, ways)
            if not _is_acknowledged(alert, self.now):
                yield from self._escalated(alert, way)

    def objection(self, alert: Alert, message: Notification) -> str:
        """Return why a message that waits is not to be told when its hour comes; empty where it is."""
        known = _is_acknowledged(alert, self.now) and alert.id in self.known
        if alert.state is AlertState.RESOLVED:
            return "over" if self._hearing(alert, message.receiver).heard else ""
        if alert.muted is not None:
            return f"muted: {alert.muted.reason}"
        if known:
            return "acknowledged"
        meant = [receiver for way in self._ways(alert) for receiver in way.everyone]
        own = message.instead_of is None and message.reason != "escalated"
        return "somebody else is told" if own and meant and message.receiver not in meant else ""

    def _hearing(self, alert: Alert, receiver: str) -> Hearing:
        return hearing(self.told or {}, alert.id, receiver, self.now)

    def _of_receiver(self, alert: Alert, receiver: str, way: _Way, ways: Iterable[_Way]) -> Iterator[Notification]:
        """Tell who has not heard of it, or not how bad it is; remind who has."""
        severity, said = alert.finding.severity, self._hearing(alert, receiver)
        known = _is_acknowledged(alert, self.now) and alert.id in self.known
        if said.first(severity) is None and (said.heard or not known):
            first, waits = self._first(alert, receiver, way, ways), said.knows_when(severity)
            # the second: it waits for its own route to open, and what it takes along may be told earlier
            if waits is None or first.not_before < min(waits, way.opens):
                key = f"{first.key}:{int(self.now)}"
                yield replace(first, key=key, reason="worse" if said.heard else "new")
        elif said.last is not None and said.waits is None:
            yield from self._again(alert, receiver, way.route, said.last)

    def _ways(self, alert: Alert) -> tuple[_Way, ...]:
        """Return the alert's own route, then those of what it takes along."""
        routes: list[Route] = []
        for finding in (alert.finding, *self.along.get(alert.id, ())):
            route = route_of(finding, self.rota.settings)
            if route is not None and route not in routes:
                routes.append(route)
        found: list[_Way] = []
        seen: set[str] = set()
        for route in routes:
            opens = self.rota.opens(route, self.now)
            everyone = self.rota.told_of(alert.finding, route.receivers, opens)
            found.append(_Way(route, opens, everyone, tuple(to for to in everyone if to not in seen)))
            seen.update(everyone)
        return tuple(found)

    def _first(self, alert: Alert, receiver: str, way: _Way, ways: Iterable[_Way]) -> Notification:
        """Return the first message, at the moment when the first of the receiver's routes is open."""
        chosen = min((way, *(one for one in ways if receiver in one.everyone)), key=lambda one: one.opens)
        return self._notification(alert, receiver, chosen.opens, chosen.route.digest is not None)

    def _again(self, alert: Alert, receiver: str, route: Route, last: float) -> Iterator[Notification]:
        """Remind after ``repeat``, and where an acknowledgement has run out; at the digest where the route has one."""
        opens = self.rota.opens(route, self.now)
        if self._is_due_again(alert, route, last) and (opens <= self.now or route.digest is not None):
            made = self._notification(alert, receiver, opens, route.digest is not None)
            yield replace(made, key=f"{made.key}:again:{last:.0f}", reason="repeated")

    def _is_due_again(self, alert: Alert, route: Route, last: float) -> bool:
        mark = alert.acknowledged
        if _is_acknowledged(alert, self.now) or last > self.now:
            return False
        ran_out = mark is not None and mark.until is not None and last < mark.until
        return ran_out or (route.repeat is not None and self.now - last >= route.repeat)

    def _escalated(self, alert: Alert, way: _Way) -> Iterator[Notification]:
        """Tell those who are told when nobody acknowledges what the receivers of the way were told.

        Decided while the route is open, so that it goes to who has duty then. A digest is read when it comes: what
        nobody acknowledges after that waits for no other one.
        """
        since = self._unanswered_since(alert, way)
        if since is None or self.rota.next_open(way.route, self.now) > self.now:
            return
        severity = alert.finding.severity
        for step in way.route.escalate:
            if self.now - since < step.after:
                continue
            for receiver in self.rota.expand(step.to, self.now):
                said = self._hearing(alert, receiver)
                if receiver in way.everyone:
                    continue
                made = replace(self._notification(alert, receiver, self.now, False), reason="escalated")
                if said.first(severity) is None:
                    yield replace(made, key=f"{made.key}:escalated")
                elif said.last is not None and self._is_due_again(alert, way.route, said.last):
                    yield replace(made, key=f"{made.key}:again:{said.last:.0f}")

    def _unanswered_since(self, alert: Alert, way: _Way) -> float | None:
        """Return since when nobody acknowledges how bad it is; None where nobody has heard that.

        That is the first message of this severity, or the end of the last acknowledgement, or that of the time in which
        nobody was told.
        """
        ever = self.rota.ever(way.route.receivers) if way.route.escalate else frozenset[str]()
        heard = (self._hearing(alert, one).first(alert.finding.severity) for one in {*ever, *way.everyone})
        first = min((at for at in heard if at is not None), default=None)
        mark = alert.acknowledged
        until = None if mark is None else mark.until
        return None if first is None else max(first, until or first, alert.unmuted_at or first)

    def _resolved(self, alert: Alert) -> Iterator[Notification]:
        route = route_of(alert.finding, self.rota.settings)
        by_route: frozenset[str] = frozenset() if route is None else self.rota.ever(route.receivers)
        for receiver, at in self._told_of_it(alert, route).items():
            waits = route is not None and receiver in by_route and self.rota.opens(route, at) == at
            # who was told at other times than those of the route is awake, and hears the end at once
            opens = self.rota.opens(route, self.now) if waits and route is not None else self.now
            digest = waits and route is not None and route.digest is not None
            made = self._notification(alert, receiver, max(opens, at), digest)
            yield replace(made, reason="resolved", effects=())

    def _told_of_it(self, alert: Alert, route: Route | None) -> dict[str, float]:
        """Return who is told of the end: when they last heard that it fires, or when they will, where that waits."""
        if self.told is None:
            return {} if route is None else dict.fromkeys(self.rota.expand(route.receivers, self.now), self.now)
        said = {to: self._hearing(alert, to) for name, to in self.told if name == alert.id}
        found = {to: one.waits if one.last is None else one.last for to, one in said.items()}
        return {to: at for to, at in found.items() if at is not None}

    def _notification(self, alert: Alert, receiver: str, not_before: float, digest: bool) -> Notification:
        key, effects = message_key(alert, receiver), self._effects(alert)
        return Notification(key, receiver, alert, self.now, not_before, effects=effects, digest=digest)

    def _effects(self, alert: Alert) -> tuple[str, ...]:
        """Return what is not told because of it, in words: the first ones, and how many more."""
        found = [finding.summary for finding in self.along.get(alert.id, ())]
        more = len(found) - MOST_EFFECTS
        if more <= 0:
            return tuple(found)
        words = Words(self.rota.settings.municipality.language)
        return (*found[:MOST_EFFECTS], words.say("further", count=more))


def _is_acknowledged(alert: Alert, now: float) -> bool:
    return alert.acknowledged is not None and alert.acknowledged.holds(now)
