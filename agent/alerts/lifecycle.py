"""From findings to alerts: a pure function of the alerts so far, what judgement found, and now.

A finding is pending for ``hold``, then fires; good for ``clear``, it is resolved, and stays listed as such for
``RESOLVED_KEPT_SECONDS``. What could not be judged stays where it is (unknown is never healthy).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from agent.contract import Alert, AlertState, Finding, FindingKey, Judgement, Severity, Transition
from agent.risk.rules import RULES
from config.inventory import Rule
from config.rules import RuleOptions
from config.settings import Settings

# So long a resolved alert is still handed to Alertmanager, which may have missed the first message.
RESOLVED_KEPT_SECONDS = 900.0

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
        """Seconds a finding stands before it fires."""
        return self.rule_hold.get(finding.rule, self.hold[finding.severity])

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
    alerts: Mapping[FindingKey, Alert], judgement: Judgement, policy: Policy, now: float, new_id: Callable[[], str]
) -> Step:
    """Advance every alert by one look.

    Transitions are made where an alert fires, becomes worse while firing, or is resolved; what is only pending is
    nobody's business yet. A clock that stepped back counts as no time passed.
    """
    found = _worst_of_each(judgement.findings)
    after: dict[FindingKey, Alert] = {}
    transitions: list[Transition] = []
    for key in dict.fromkeys((*alerts, *found)):
        before = alerts.get(key)
        finding = found.get(key)
        if finding is not None:
            alert: Alert | None = _standing(before, finding, policy, now, new_id)
        elif before is not None:
            alert = _absent(before, key in judgement.unverified, policy, now)
        else:
            alert = None
        if alert is not None:
            after[key] = alert
            if _concerns_outside(before, alert):
                transitions.append(Transition(alert, before.state if before is not None else None, now))
    return Step(after, tuple(transitions))


def _worst_of_each(findings: Iterable[Finding]) -> dict[FindingKey, Finding]:
    worst: dict[FindingKey, Finding] = {}
    for finding in findings:
        known = worst.get(finding.key)
        if known is None or worse(finding.severity, known.severity):
            worst[finding.key] = finding
    return worst


def _standing(before: Alert | None, finding: Finding, policy: Policy, now: float, new_id: Callable[[], str]) -> Alert:
    """The finding stands: open an episode, keep waiting, fire, or keep firing."""
    if before is None or before.state is AlertState.RESOLVED:
        alert = Alert(new_id(), finding, AlertState.PENDING, now, now)
    else:
        alert = replace(
            before,
            finding=finding,
            since=min(before.since, now),
            changed_at=min(before.changed_at, now),
            clear_since=None,
            unverified=False,
        )
    if alert.state is AlertState.PENDING and now - alert.since >= policy.hold_of(finding):
        return replace(alert, state=AlertState.FIRING, changed_at=now)
    return alert


def _absent(before: Alert, unverified: bool, policy: Policy, now: float) -> Alert | None:
    """The finding does not stand: forget it, wait for ``clear``, resolve, or keep what is unverified."""
    if before.state is AlertState.RESOLVED:
        resolved_at = min(before.changed_at, now)
        return replace(before, changed_at=resolved_at) if now - resolved_at < RESOLVED_KEPT_SECONDS else None
    if unverified:
        # Time in the dark is not time known to be good: the wait for `clear` begins anew.
        return replace(before, clear_since=None, unverified=True)
    if before.state is AlertState.PENDING:
        return None
    good_since = now if before.clear_since is None else min(before.clear_since, now)
    if now - good_since >= policy.clear_of(before.finding.rule):
        return replace(before, state=AlertState.RESOLVED, changed_at=now, clear_since=good_since, unverified=False)
    return replace(before, clear_since=good_since, unverified=False)


def _concerns_outside(before: Alert | None, after: Alert) -> bool:
    if before is None or before.state is not AlertState.FIRING:
        return after.state is AlertState.FIRING
    return after.state is AlertState.RESOLVED or worse(after.finding.severity, before.finding.severity)
