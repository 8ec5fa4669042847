"""When a receiver, or who stands in for it, hears of something while links are cut; who may have a duty."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agent.alerts.roster import Roster
from agent.alerts.routing import route_of
from agent.app.rosters import duties
from agent.contract import Finding
from config.settings import Receiver, Route, Settings

# Who hears within the time of two fallbacks hears; beyond that nobody who waits for it calls it an alarm.
PROMPT_SECONDS = 600.0
_NOBODY: frozenset[str] = frozenset()


class Gap(NamedTuple):
    """A route whose receivers are cut off by what it tells of: its number, and they, in words.

    ``first``: the receiver whose way is cut. ``late``: who hears of it later, ``after`` seconds; nobody and infinite
    where there is none. ``stands_in``: these do so as a fallback.
    """

    route: int
    receivers: tuple[str, ...]
    first: str
    late: tuple[str, ...] = ()
    after: float = math.inf
    stands_in: bool = False


class Heard(NamedTuple):
    """After how many seconds it is heard, infinite for never, and by which receiver."""

    after: float
    who: str


def possible_roles(settings: Settings, roster: Roster, now: float) -> dict[str, tuple[str, ...]]:
    """Return, by duty receiver, who may have the duty.

    A calendar file says so for 90 days from ``now`` (seconds since the epoch) on, with ``otherwise`` where it leaves
    gaps. What a calendar elsewhere says, or one that was not read, is not known: then everybody may.
    """
    everybody = tuple(name for name, one in settings.alerting.receivers.items() if one.duty is None)
    found: dict[str, tuple[str, ...]] = {}
    for name, duty in duties(settings).items():
        plan = roster.plans.get(name)
        if duty.file is None or plan is None:
            found[name] = everybody
            continue
        edges = {now, *(edge for one in plan.shifts for edge in (one.start, one.end) if now < edge < plan.end)}
        who = (one for edge in sorted(edges) for one in roster.expand((name,), settings, edge))
        found[name] = tuple(dict.fromkeys(who))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Ears:
    """Who is told what while some are cut off. ``roles``: who may have the duty, by duty receiver."""

    settings: Settings
    roles: Mapping[str, tuple[str, ...]]
    cut: frozenset[str]

    def gap(self, finding: Finding) -> Gap | None:
        """Return the gap in the finding's route, or None where nobody is to be told, or somebody hears soon.

        A fallback over another way is such a somebody. An escalation is not, unless it begins at once: it waits for
        nobody to acknowledge.
        """
        route = route_of(finding, self.settings)
        if route is None:
            return None
        told = [self.heard(name) for name in route.receivers]
        steps = [(step.after, self.heard(name)) for step in route.escalate for name in step.to]
        soon = (*told, *(heard for after, heard in steps if after <= 0))
        if any(heard.after <= PROMPT_SECONDS for heard in soon):
            return None
        later = [Heard(after + heard.after, heard.who) for after, heard in steps]
        return self._gap(route, told, later)

    def heard(self, name: str, seen: frozenset[str] = _NOBODY) -> Heard:
        """Return when it is heard by a receiver, or by who is told in its place; of a duty the worst case."""
        one = self._receivers.get(name)
        if one is None or name in seen:
            return Heard(math.inf, name)
        seen |= {name}
        if one.duty is None:
            own = Heard(math.inf if name in self.cut else 0.0, name)
        else:
            own = max((self.heard(role, seen) for role in self.roles[name]), default=Heard(math.inf, name))
        if one.fallback is None:
            return own
        other = self.heard(one.fallback, seen)
        return min(own, Heard(one.fallback_after + other.after, other.who))

    @property
    def _receivers(self) -> Mapping[str, Receiver]:
        return self.settings.alerting.receivers

    def _gap(self, route: Route, told: list[Heard], later: list[Heard]) -> Gap:
        number = next(number for number, one in enumerate(self.settings.alerting.routes) if one is route)
        cut = [role for name in route.receivers for role in self.roles.get(name, (name,)) if role in self.cut]
        names = tuple(map(self._named, route.receivers))
        gap = Gap(number, names, cut[0] if cut else route.receivers[0])
        after = min(heard.after for heard in (*told, *later))
        if math.isinf(after):
            return gap
        late = dict.fromkeys(heard.who for heard in (*told, *later) if heard.after == after)
        return gap._replace(late=tuple(late), after=after, stands_in=any(heard.after == after for heard in told))

    def _named(self, name: str) -> str:
        """Return a receiver's name; of a duty receiver with those that may have the duty and are cut off."""
        roles = [role for role in self.roles.get(name, ()) if role in self.cut]
        return f"{name} (when {' or '.join(roles)} has duty)" if roles else name
