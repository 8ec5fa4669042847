"""Critical functions: are both legs alive and fresh, and what would take both along?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.contract import Finding, FindingKey, FunctionState, Measure, Severity, Subject
from agent.figures import FUNCTION_LEG_UP, FUNCTION_STATE
from agent.risk.catalogue.functions import (
    FAILOVER_TEST_DUE,
    FUNCTION_DOWN,
    FUNCTION_ON_STANDBY,
    FUNCTION_UNVERIFIED,
    FUNCTION_WITHOUT_STANDBY,
    LEGS_SHARE_RISK,
    STANDBY_LOST,
)
from agent.risk.deadlines import next_test
from agent.risk.function.legs import Stand, sites_of, stand_of
from agent.risk.function.shared import element_of
from agent.risk.network.picture import Picture
from agent.risk.retests import Retest, judge_retest
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from config.inventory import Function

State = Literal["redundant", "standby_lost", "on_standby", "down"]

_STATES = ("redundant", "standby_lost", "on_standby", "down", "unknown")
_RULE_OF: dict[State, str] = {
    "down": FUNCTION_DOWN,
    "on_standby": FUNCTION_ON_STANDBY,
    "standby_lost": STANDBY_LOST,
}


def judge_functions(sight: Sight, picture: Picture) -> Iterator[Outcome | None]:
    """Yield the state of each function, its figures and what is found of it; reads the network of this look."""
    for name, function in sight.inventory.functions.items():
        judged = _Judged.of(sight, picture, name, function)
        yield judged.state
        yield from judged.measures()
        yield from judged.found()
        yield from _of_test(sight, judged)
        yield None


@dataclass(frozen=True, slots=True)
class _Judged:
    """One function at one look. ``possible``: where it may stand, by what is known of its legs."""

    sight: Sight
    picture: Picture
    function: Function
    primary: Stand
    standby: tuple[Stand, ...]
    possible: frozenset[State]
    state: FunctionState

    @classmethod
    def of(cls, sight: Sight, picture: Picture, name: str, function: Function) -> _Judged:
        """Judge the legs and what they share."""
        primary = stand_of(sight, picture, function.primary, spare=False)
        standby = tuple(stand_of(sight, picture, one, spare=True) for one in function.standby)
        possible = _possible(primary, standby)
        due = None
        if function.failover_tested is not None and function.test_every:
            due = next_test(function.failover_tested, function.test_every).isoformat()
        said = next(iter(possible)) if len(possible) == 1 else "unknown"
        state = FunctionState(
            name, said, primary.leg, tuple(one.leg for one in standby), picture.declared.shared[name], due
        )
        return cls(sight, picture, function, primary, standby, possible, state)

    @property
    def subject(self) -> Subject:
        """What the findings are about."""
        return Subject("function", self.state.id)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.function.name or self.state.id

    @property
    def stands(self) -> tuple[Stand, ...]:
        """All legs, the primary first."""
        return (self.primary, *self.standby)

    def measures(self) -> Iterator[Measure]:
        """Yield its state as a set, and which legs are alive."""
        for state in _STATES:
            yield Measure(FUNCTION_STATE, (self.state.id, state), float(self.state.state == state))
        for number, one in enumerate(self.stands):
            if one.alive is not None:
                role = "standby" if number else "primary"
                yield Measure(FUNCTION_LEG_UP, (self.state.id, str(one.leg.subject), role), float(one.alive))

    def found(self) -> Iterator[Outcome]:
        """Yield what is found of the legs now, and what could not be judged; then what is so by design."""
        if len(self.possible) > 1:
            yield from (FindingKey(rule, self.subject) for state, rule in _RULE_OF.items() if state in self.possible)
        elif any(one.asking for one in self.stands):
            yield from (FindingKey(rule, self.subject) for rule in _RULE_OF.values())
        else:
            yield from self._as_it_stands()
        yield from self._unverified()
        if not self.standby:
            said = self.sight.words.say("function_without_standby", name=self.name, primary=self.called(self.primary))
            yield self.by_design(FUNCTION_WITHOUT_STANDBY, said, RULES[FUNCTION_WITHOUT_STANDBY].norm)
        yield from self._shared()

    def _as_it_stands(self) -> Iterator[Finding]:
        words = self.sight.words
        if self.state.state == "down":
            said = words.say("function_down", name=self.name, legs=self.all_called(self.stands))
            yield self.finding(FUNCTION_DOWN, Severity.CRITICAL, said, self._common(self.stands))
        elif self.state.state == "on_standby":
            left = self.all_called(one for one in self.standby if one.alive)
            said = words.say("function_on_standby", name=self.name, primary=self.called(self.primary), standby=left)
            yield self.finding(FUNCTION_ON_STANDBY, Severity.WARNING, said, self._common((self.primary,)))
        elif self.state.state == "standby_lost" and self.standby:
            said = words.say("standby_lost", name=self.name, standby=self.all_called(self.standby))
            yield self.finding(STANDBY_LOST, Severity.WARNING, said, self._common(self.standby))
        elif self.state.state == "redundant" and not any(one.leg.state == "up" for one in self.standby):
            yield from self._restricted()

    def _restricted(self) -> Iterator[Finding]:
        """No standby is without restrictions."""
        alive = [one for one in self.standby if one.alive]
        said = self.sight.words.say("standby_degraded", name=self.name, standby=self.all_called(alive))
        yield self.finding(STANDBY_LOST, Severity.INFO, said, self._common(alive))

    def _unverified(self) -> Iterator[Outcome]:
        """Say of which legs nothing is known; not while that is to be expected."""
        unknown = [one for one in self.stands if one.alive is None]
        told = [one for one in unknown if not one.awaited]
        if told:
            severity = Severity.WARNING if self.primary.alive is False else Severity.INFO
            said = self.sight.words.say("function_unverified", name=self.name, legs=self.all_called(told))
            yield self.finding(FUNCTION_UNVERIFIED, severity, said, self._common(told))
        elif unknown:
            yield FindingKey(FUNCTION_UNVERIFIED, self.subject)

    def _shared(self) -> Iterator[Finding]:
        if self.state.shared:
            names = self.picture.names
            risks = self.sight.words.joined([names.element(element_of(one.kind, one.id)) for one in self.state.shared])
            legs = self.all_called(self.stands)
            said = self.sight.words.say("legs_share_risk", name=self.name, legs=legs, risks=risks)
            links = all(one.leg.subject.kind == "link" for one in self.stands)
            yield self.by_design(LEGS_SHARE_RISK, said, RULES[LEGS_SHARE_RISK].norm if links else None)

    def finding(self, rule: str, severity: Severity, said: str, cause: Subject | None = None) -> Finding:
        """Return a finding about it, with where each leg stands as evidence."""
        return Finding(rule, self.subject, severity, said, tuple(self._evidence()), cause, RULES[rule].norm, self._site)

    def by_design(self, rule: str, said: str, norm: str | None) -> Finding:
        """Return a finding about how it is made: where its legs stand today is not to the point."""
        return Finding(rule, self.subject, Severity.INFO, said, norm=norm, site=self._site)

    @property
    def _site(self) -> str | None:
        return next(iter(sites_of(self.sight, self.primary.leg.subject)), None)

    def _common(self, stands: Iterable[Stand]) -> Subject | None:
        """Return the one thing that took all of them, if there is one.

        Of links that end at a site that is dark it is this: its alert tells of the cut, whichever of them it hit.
        """
        causes = [self._causes(one) for one in stands]
        common = frozenset[Subject].intersection(*causes)
        return min(common, key=lambda one: (one.kind != "site", one.id), default=None)

    def _causes(self, stand: Stand) -> frozenset[Subject]:
        known = frozenset[Subject]() if stand.cause is None else frozenset({stand.cause})
        if stand.leg.subject.kind != "link":
            return known
        leader = self.picture.leader
        sites = sites_of(self.sight, stand.leg.subject)
        return known | {Subject("site", leader[site]) for site in sites if site in leader}

    def _evidence(self) -> Iterator[str]:
        words = self.sight.words
        for number, one in enumerate(self.stands):
            state = words.say(f"leg_{one.leg.state}")
            said = f"{state}, {one.leg.detail}" if one.leg.detail else state
            yield words.say("leg_standby" if number else "leg_primary", leg=self.called(one), state=said)

    def called(self, stand: Stand) -> str:
        """Return what people call a leg."""
        subject = stand.leg.subject
        return self.picture.names.label(subject.id) if subject.kind == "link" else self.sight.name(subject)

    def all_called(self, stands: Iterable[Stand]) -> str:
        """Return what people call these legs, joined."""
        return self.sight.words.joined([self.called(one) for one in stands])


def _possible(primary: Stand, standby: Sequence[Stand]) -> frozenset[State]:
    """Return where the function may stand: an unknown leg may be alive or not."""
    alive = [one.alive for one in standby]
    spares = {True} if True in alive else {False, True} if None in alive else {False}
    mains = {False, True} if primary.alive is None else {primary.alive}
    return frozenset(_state(main=main, spare=spare) for main in mains for spare in spares)


def _state(*, main: bool, spare: bool) -> State:
    if main:
        return "redundant" if spare else "standby_lost"
    return "on_standby" if spare else "down"


def _of_test(sight: Sight, judged: _Judged) -> Iterator[Finding]:
    every = judged.function.test_every
    if every:
        tested = judged.function.failover_tested
        test = Retest(FAILOVER_TEST_DUE, "failover", judged.subject, judged.name, None, tested, every)
        yield from judge_retest(sight, test)
