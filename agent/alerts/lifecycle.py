"""From findings to alerts: a pure function of the alerts so far, what judgement found, and now.

A finding is pending for ``hold``, then fires; good for ``clear``, it is resolved, and stays listed as such for a while
(``agent.alerts.episodes``). It is remembered for as long as its flapping counts (``agent.alerts.flaps``). What could
not be judged stays where it is (unknown is never healthy). The clock's own jumps: ``agent.alerts.passage``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from agent.alerts.episodes import carrier, listed, name_of, next_stamp
from agent.alerts.flaps import begun, eased, remembered
from agent.contract import Alert, AlertState, Finding, FindingKey, Judgement, Severity, Transition
from agent.risk.rules import RULES
from config.inventory import Rule
from config.rules import RuleOptions
from config.settings import Settings

_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient each rule is, in seconds; a rule's own time outranks that of its severity."""

    hold: Mapping[Severity, float]
    clear: float
    rule_hold: Mapping[str, float] = field(default_factory=dict[str, float])
    rule_clear: Mapping[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def of(cls, settings: Settings, own: Mapping[str, Rule]) -> Policy:
        """Return the shipped rules' times, adjusted as configured, and those of the ``own`` rules of the inventory."""
        alerting = settings.alerting
        hold = {severity: float(getattr(alerting.hold, severity.value)) for severity in Severity}
        rule_hold = {name: rule.hold for name, rule in RULES.items() if rule.hold is not None}
        rule_clear = {name: rule.clear for name, rule in RULES.items() if rule.clear is not None}
        # what changed does not stand: waiting would say nothing more
        rule_hold |= {name: 0.0 for name, rule in own.items() if rule.changed is not None}
        given: Mapping[str, RuleOptions | Rule] = {**alerting.rules, **own}
        for name, options in given.items():
            if options.hold is not None:
                rule_hold[name] = options.hold
            if options.clear is not None:
                rule_clear[name] = options.clear
        return cls(hold, alerting.clear, rule_hold, rule_clear)

    def hold_of(self, finding: Finding) -> float:
        """Seconds a finding stands before it fires: the rule's or its severity's, longer where judgement says so."""
        configured = self.rule_hold.get(finding.rule, self.hold[finding.severity])
        return max(configured, finding.hold_seconds or 0.0)

    def clear_of(self, rule: str) -> float:
        """Seconds without the finding before its alert is resolved."""
        return self.rule_clear.get(rule, self.clear)


@dataclass(frozen=True, slots=True)
class Step:
    """All alerts after one look, and what changed in a way that the outside is told."""

    alerts: Mapping[FindingKey, Alert]
    transitions: tuple[Transition, ...] = ()


def worse(one: Severity, other: Severity) -> bool:
    """Whether ``one`` is worse than ``other``."""
    return _RANK[one] > _RANK[other]


def step(
    alerts: Mapping[FindingKey, Alert],
    judgement: Judgement,
    policy: Policy,
    now: float,
    skipped: Container[FindingKey] = frozenset(),
) -> Step:
    """Advance every alert by one look.

    Transitions are made where an alert fires, becomes worse while firing, or is resolved; what is only pending is
    nobody's business yet. ``skipped``: what announced work lets become no alert, which stays pending. A clock that
    stepped back counts as no time passed. The order is that of the findings, then of the keys: alerts that were read
    back from disk come out the same.
    """
    found = _worst_of_each(judgement.findings)
    look = _Look(policy, now, skipped, judgement.unverified)
    stamp = next_stamp(alerts.values(), now) if any(_is_over(alerts.get(key)) for key in found) else 0
    after: dict[FindingKey, Alert] = {}
    gone: list[Alert] = []
    transitions: list[Transition] = []
    for key in (*found, *sorted(alerts.keys() - found.keys())):
        before = alerts.get(key)
        alert = look.standing(before, found[key], stamp) if key in found else look.absent(alerts[key])
        if not (listed(alert, now) or remembered(alert.flaps, now)):
            gone.append(alert)
            continue
        after[key] = alert
        if _concerns_outside(before, alert):
            transitions.append(Transition(alert, None if before is None else before.state, now))
    kept = carrier(gone, after.values())
    return Step(after if kept is None else {**after, kept.finding.key: kept}, tuple(transitions))


def essence(alerts: Mapping[FindingKey, Alert]) -> dict[str, tuple[object, ...]]:
    """Return what decides and must survive a restart; a summary whose figure moved is no reason to write."""
    return {
        one.id: (
            one.state,
            one.finding.severity,
            one.finding.cause,
            one.finding.site,
            one.since,
            one.changed_at,
            one.clear_since,
            one.milder_since,
            one.unled_since,
            one.flaps,
            one.acknowledged,
            one.muted is not None and one.muted.by == "cause",
            one.work,
            one.unmuted_at,
            one.dark_since,
        )
        for one in alerts.values()
    }


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one alert after the other."""

    policy: Policy
    now: float
    skipped: Container[FindingKey]
    unverified: Container[FindingKey]

    def standing(self, before: Alert | None, finding: Finding, stamp: int) -> Alert:
        """The finding stands: open an episode, keep waiting, fire, or keep firing."""
        if before is None or _is_over(before):
            flaps = None if before is None else eased(before.flaps, self.now)
            name = name_of(finding.key, stamp)
            alert = Alert(name, finding, AlertState.PENDING, self.now, self.now, flaps=flaps)
        else:
            alert = self._relapsed(self._graded(before, finding))
        hold = self.policy.hold_of(finding)
        if (
            alert.state is AlertState.PENDING
            and self.now - alert.changed_at >= hold
            and finding.key not in self.skipped
        ):
            flaps = begun(alert.flaps, self.now)
            return replace(alert, state=AlertState.FIRING, changed_at=self.now, flaps=flaps)
        return alert

    def absent(self, before: Alert) -> Alert:
        """The finding does not stand: forget it, wait for ``clear``, resolve, or keep what is unverified."""
        flaps = eased(before.flaps, self.now)
        if _is_over(before):
            return replace(before, changed_at=min(before.changed_at, self.now), flaps=flaps)
        if self._is_dark(before.finding.key):
            # Time in the dark is not time known to be good: the waits begin anew.
            dark_since = before.dark_since
            if before.state is AlertState.PENDING:
                dark_since = self.now if dark_since is None else min(dark_since, self.now)
            return replace(
                before, clear_since=None, milder_since=None, unverified=True, flaps=flaps, dark_since=dark_since
            )
        over = replace(
            before, state=AlertState.RESOLVED, changed_at=self.now, acknowledged=None, unverified=False, flaps=flaps
        )
        if before.state is AlertState.PENDING:
            return over  # it never fired: nobody is told, it is not listed
        good_since = self.now if before.clear_since is None else min(before.clear_since, self.now)
        restless = flaps is not None and flaps.damped
        if self.now - good_since >= self.policy.clear_of(before.finding.rule) and not restless:
            return replace(over, clear_since=good_since)
        return replace(before, clear_since=good_since, unverified=False, flaps=flaps)

    def _is_dark(self, key: FindingKey) -> bool:
        """Whether it could not be judged: itself, or the whole of which it is a part (a service of ``source:x``)."""
        whole = key.subject._replace(id=key.subject.id.partition("/")[0])
        return key in self.unverified or FindingKey(key.rule, whole) in self.unverified

    def _graded(self, before: Alert, finding: Finding) -> Alert:
        """Take in the finding; one that is less bad than what fires counts as such only after ``clear``."""
        milder_since = None
        if before.state is AlertState.FIRING and worse(before.finding.severity, finding.severity):
            milder_since = self.now if before.milder_since is None else min(before.milder_since, self.now)
            if self.now - milder_since < self.policy.clear_of(finding.rule):
                finding = replace(finding, severity=before.finding.severity)
            else:
                milder_since = None
        return replace(before, finding=finding, milder_since=milder_since)

    def _relapsed(self, before: Alert) -> Alert:
        """It stands again, or still: a beginning anew while it fires is counted and not told."""
        again = before.state is AlertState.FIRING and before.clear_since is not None
        return replace(
            before,
            since=min(before.since, self.now),
            changed_at=min(before.changed_at + self._in_the_dark(before), self.now),
            clear_since=None,
            dark_since=None,
            unverified=False,
            flaps=begun(before.flaps, self.now) if again else eased(before.flaps, self.now),
        )

    def _in_the_dark(self, before: Alert) -> float:
        """Seconds for which it could not be judged while it was pending."""
        return 0.0 if before.dark_since is None else max(0.0, self.now - before.dark_since)


def _is_over(alert: Alert | None) -> bool:
    return alert is None or alert.state is AlertState.RESOLVED


def _worst_of_each(findings: Iterable[Finding]) -> dict[FindingKey, Finding]:
    worst: dict[FindingKey, Finding] = {}
    for finding in findings:
        known = worst.get(finding.key)
        if known is None or worse(finding.severity, known.severity):
            worst[finding.key] = finding
    return worst


def _concerns_outside(before: Alert | None, after: Alert) -> bool:
    if before is None or before.state is not AlertState.FIRING:
        return after.state is AlertState.FIRING
    return after.state is AlertState.RESOLVED or worse(after.finding.severity, before.finding.severity)
