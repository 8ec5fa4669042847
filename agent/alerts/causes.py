"""Who speaks for whom: of a fault and all that it takes along, people hear once. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from agent.alerts.lifecycle import worse
from agent.contract import Alert, AlertState, Finding, FindingKey, Severity, Subject
from agent.risk.rules import RULES

# No work explains that a whole site is gone.
NEVER_EXPLAINED = frozenset({"site_isolated"})

_WORST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)

_About = Mapping[Subject, Sequence[Alert]]


def leaders(alerts: Iterable[Alert]) -> dict[FindingKey, Alert]:
    """Return, for each alert about whose cause an alert stands, the alert that is told of it all.

    That is the one at the end of the chain of causes; the alert itself where it is worse than that, or is one that no
    work explains while the end is accepted or explained by work. Causes in a circle lead nobody of the circle.
    """
    standing = [alert for alert in alerts if alert.state is not AlertState.RESOLVED]
    about: defaultdict[Subject, list[Alert]] = defaultdict(list)
    for alert in standing:
        about[alert.finding.subject].append(alert)
    chains = (_chain(alert, about) for alert in standing if alert.finding.cause is not None)
    return {chain[0].finding.key: _spokesman(chain) for chain in chains if len(chain) > 1}


def taken_along(alerts: Sequence[Alert]) -> dict[str, list[Finding]]:
    """Return, by the id of each leader, what fires and is not told because of it; ``alerts`` are marked."""
    led = [alert for alert in alerts if alert.state is AlertState.FIRING and is_led(alert)]
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    if led:
        heads = leaders(alerts)
        for alert in led:
            head = heads.get(alert.finding.key)
            if head is not None:
                found[head.id].append(alert.finding)
    return dict(found)


def is_led(alert: Alert) -> bool:
    """Whether nobody is told of it because its cause is told."""
    return alert.muted is not None and alert.muted.by == "cause"


def is_excused(alert: Alert) -> bool:
    """Whether someone accepted it, or announced work explains it."""
    return alert.muted is not None and not is_led(alert)


def _chain(alert: Alert, about: _About) -> list[Alert]:
    """Return the alert, the one about its cause, and so on; of a circle no more than where it is entered."""
    chain = [alert]
    while (ahead := _of_cause(chain[-1], about)) is not None:
        if ahead in chain:
            return chain[: chain.index(ahead) + 1]
        chain.append(ahead)
    return chain


def _of_cause(alert: Alert, about: _About) -> Alert | None:
    """Return the alert about the cause.

    Not one of a lasting flaw: a wrong port that has been known for months explains no cut of today. Of several one that
    is told, then the worst, then the one that began nearest in time.
    """
    cause = alert.finding.cause
    known = [] if cause is None else [one for one in about.get(cause, ()) if _leads(one)]

    def preference(one: Alert) -> tuple[bool, int, float, bool, FindingKey]:
        rank = _WORST_FIRST.index(one.finding.severity)
        pending = one.state is not AlertState.FIRING
        return is_excused(one), rank, abs(one.since - alert.since), pending, one.finding.key

    return min((one for one in known if one is not alert), key=preference, default=None)


def _leads(alert: Alert) -> bool:
    rule = RULES.get(alert.finding.rule)
    return rule is None or rule.leads


def _spokesman(chain: Sequence[Alert]) -> Alert:
    """Go back from the end of the chain: who cannot be spoken for speaks for those who come before."""
    *followers, head = chain
    for one in reversed(followers):
        unexplained = is_excused(head) and one.finding.rule in NEVER_EXPLAINED
        if unexplained or worse(one.finding.severity, head.finding.severity):
            head = one
    return head
