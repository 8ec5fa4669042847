"""Looks at made-up findings, one after the other."""

from __future__ import annotations

from collections.abc import Mapping

from agent.alerts.episodes import listed
from agent.alerts.lifecycle import Policy, Step, step
from agent.contract import Alert, Finding, FindingKey, Judgement, Severity, Subject

POLICY = Policy(
    hold={Severity.CRITICAL: 30.0, Severity.WARNING: 120.0, Severity.INFO: 600.0},
    clear=120.0,
    rule_hold={"link_down": 5.0, "smoke": 0.0},
    rule_clear={"smoke": 0.0},
)
SWITCH = Subject("device", "sw-1")


def finding(
    rule_name: str = "device_unreachable", severity: Severity = Severity.CRITICAL, subject: Subject = SWITCH
) -> Finding:
    return Finding(rule_name, subject, severity, "summary")


def walk(*looks: tuple[float, Judgement]) -> list[Step]:
    alerts: Mapping[FindingKey, Alert] = {}
    steps: list[Step] = []
    for now, judgement in looks:
        steps.append(step(alerts, judgement, POLICY, now))
        alerts = steps[-1].alerts
    return steps


STANDS = Judgement((finding(),))
GOOD = Judgement(())
DARK = Judgement((), frozenset({finding().key}))


def shown(done: Step, now: float) -> list[Alert]:
    return [alert for alert in done.alerts.values() if listed(alert, now)]


def only(done: Step) -> Alert:
    (alert,) = done.alerts.values()
    return alert
