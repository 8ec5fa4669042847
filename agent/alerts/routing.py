"""Who is told of what, and when: first match of ``alerting.routes``. Pure; called at every look.

What was told is told once: each notification has an idempotency key, and ``told`` says when each receiver last heard
that an alert fires. What is muted (``Alert.muted``, see ``agent.alerts.muting``) is not told while that lasts; what
still stands afterwards is. Who would be told of what is muted because its cause is told is told of that cause instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.alerts.causes import taken_along
from agent.alerts.hours import Calendar
from agent.alerts.muting import matches
from agent.contract import Alert, AlertState, Finding, Notification, Transition
from config.settings import Route, Settings

# (alert id, receiver) -> when it last was, or will be, told that the alert fires
Told = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Rota:
    """What of the settings decides who is told and when; built once for each settings."""

    settings: Settings
    calendar: Calendar

    @classmethod
    def of(cls, settings: Settings) -> Rota:
        """Return the routes with the office hours as configured."""
        return cls(settings, Calendar.of(settings))


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
    (muting has ended, nobody acknowledged in time), and again after ``repeat``.
    """
    standing = tuple(standing)
    desk = _Desk(rota.settings, rota.calendar, now, told, taken_along(standing))
    made: dict[str, Notification] = {}
    for change in transitions:
        for notification in desk.of_change(change):
            made.setdefault(notification.key, notification)
    fresh = {(one.alert.id, one.receiver) for one in made.values()}
    for alert in standing:
        if alert.state is AlertState.FIRING:
            for notification in desk.of_standing(alert):
                if (alert.id, notification.receiver) not in fresh:
                    made.setdefault(notification.key, notification)
    return tuple(made.values())


def message_key(alert: Alert, receiver: str) -> str:
    """Return the idempotency key of the first message to a receiver about the alert as it is."""
    return f"{alert.id}:{alert.state.value}:{alert.finding.severity.value}:{receiver}"


def route_of(finding: Finding, settings: Settings) -> Route | None:
    """Return the first route that matches, or None: then nobody is told."""
    return next((route for route in settings.alerting.routes if matches(route.match, finding)), None)


@dataclass(frozen=True, slots=True)
class _Way:
    """A route by which an alert is told, and those of its receivers who are not told by one before it."""

    route: Route
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    """One look: the settings, the hours, what was told before, and what each alert (by its id) takes along."""

    settings: Settings
    calendar: Calendar
    now: float
    told: Told | None
    along: Mapping[str, Sequence[Finding]]

    def of_change(self, change: Transition) -> Iterator[Notification]:
        alert = change.alert
        if alert.state is AlertState.RESOLVED:
            yield from self._resolved(alert)
            return
        if alert.muted is None:
            # an alert may get worse more than once, and each time is told
            again = f":{int(change.at)}" if change.previous is AlertState.FIRING else ""
            routes = self._routes(alert)
            for way in _ways(routes):
                for receiver in way.receivers:
                    yield self._notification(alert, receiver, self._earliest(receiver, way.route, routes), again)

    def of_standing(self, alert: Alert) -> Iterator[Notification]:
        if self.told is None or alert.muted is not None:
            return
        routes = self._routes(alert)
        for way in _ways(routes):
            for receiver in self._concerned(alert, way, self.told):
                last = self.told.get((alert.id, receiver))
                earliest = self._earliest(receiver, way.route, routes)
                # the second: it waits for its own route to open, and what it takes along may be told earlier
                if last is None or earliest < min(last, self._not_before(way.route)):
                    yield self._notification(alert, receiver, earliest)
                elif self._due_again(alert, way.route, last):
                    yield self._notification(alert, receiver, self.now, again=f":{last:.0f}")

    def _routes(self, alert: Alert) -> tuple[Route, ...]:
        """Return the alert's own route, then those of what it takes along."""
        found: list[Route] = []
        for finding in (alert.finding, *self.along.get(alert.id, ())):
            route = route_of(finding, self.settings)
            if route is not None and route not in found:
                found.append(route)
        return tuple(found)

    def _concerned(self, alert: Alert, way: _Way, told: Told) -> tuple[str, ...]:
        """The way's receivers, and those who are told when nobody acknowledges what these were told."""
        heard = [told[alert.id, receiver] for receiver in way.receivers if (alert.id, receiver) in told]
        if _is_acknowledged(alert, self.now) or not heard:
            return way.receivers
        waited = self.now - min(heard)
        late = [to for step in way.route.escalate if waited >= step.after for to in step.to]
        return tuple(dict.fromkeys((*way.receivers, *late)))

    def _due_again(self, alert: Alert, route: Route, last: float) -> bool:
        if route.repeat is None or _is_acknowledged(alert, self.now) or self.now - last < route.repeat:
            return False
        return route.when == "always" or self.calendar.is_open(self.now)

    def _resolved(self, alert: Alert) -> Iterator[Notification]:
        if self.told is None:
            route = route_of(alert.finding, self.settings)
            receivers: dict[str, float] = {} if route is None else dict.fromkeys(route.receivers, self.now)
        else:
            receivers = {to: at for (name, to), at in self.told.items() if name == alert.id}
        for receiver, at in receivers.items():
            yield self._notification(alert, receiver, max(self.now, at))

    def _earliest(self, receiver: str, route: Route, routes: Iterable[Route]) -> float:
        """Return when the first of the routes to the receiver is open; ``route`` is the one that names it now."""
        return min(self._not_before(one) for one in (route, *(one for one in routes if receiver in one.receivers)))

    def _not_before(self, route: Route) -> float:
        if route.digest is not None:
            return self.calendar.next_time(route.digest, self.now)
        return self.now if route.when == "always" else self.calendar.next_opening(self.now)

    def _notification(self, alert: Alert, receiver: str, not_before: float, again: str = "") -> Notification:
        return Notification(message_key(alert, receiver) + again, receiver, alert, self.now, not_before)


def _is_acknowledged(alert: Alert, now: float) -> bool:
    return alert.acknowledged is not None and alert.acknowledged.holds(now)


def _ways(routes: Iterable[Route]) -> Iterator[_Way]:
    seen: set[str] = set()
    for route in routes:
        yield _Way(route, tuple(to for to in route.receivers if to not in seen))
        seen.update(route.receivers)
