"""Who speaks for whom: of a fault and all that it takes along, people hear once. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

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
    ahead = _next_ones(standing)
    heads = _Heads(ahead)
    return {one.finding.key: heads.of(one) for one in standing if one.finding.key in ahead}


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


def _next_ones(standing: Sequence[Alert]) -> dict[FindingKey, Alert]:
    """Return, for each alert about whose cause another one stands, that one; circles are opened where they close."""
    about: defaultdict[Subject, list[Alert]] = defaultdict(list)
    for alert in sorted(filter(_leads, standing), key=_weight):
        about[alert.finding.subject].append(alert)
    ahead = {one.finding.key: found for one in standing if (found := _of_cause(one, about)) is not None}
    for key in _in_circles(ahead):
        del ahead[key]
    return ahead


def _in_circles(ahead: Mapping[FindingKey, Alert]) -> set[FindingKey]:
    """Return all from which one comes back to where one began; each alert is walked over once."""
    found: set[FindingKey] = set()
    walked: set[FindingKey] = set()
    for start in ahead:
        way: dict[FindingKey, int] = {}
        key = start
        while key in ahead and key not in walked:
            walked.add(key)
            way[key] = len(way)
            key = ahead[key].finding.key
        if key in way:
            found.update(list(way)[way[key] :])
    return found


def _of_cause(alert: Alert, about: _About) -> Alert | None:
    """Return the alert about the cause; ``about``: those that may lead, by their subjects, in order of ``_weight``.

    Of several one that is told, then the worst, then the one that began nearest in time.
    """
    cause = alert.finding.cause
    known = [] if cause is None else [one for one in about.get(cause, ()) if one is not alert]
    best = takewhile(lambda one: _weight(one) == _weight(known[0]), known)

    def preference(one: Alert) -> tuple[float, bool, FindingKey]:
        return abs(one.since - alert.since), one.state is not AlertState.FIRING, one.finding.key

    return min(best, key=preference, default=None)


def _weight(alert: Alert) -> tuple[bool, int]:
    return is_excused(alert), _WORST_FIRST.index(alert.finding.severity)


def _leads(alert: Alert) -> bool:
    """Whether it may be a cause; not a lasting flaw: a wrong port known for months explains no cut of today."""
    rule = RULES.get(alert.finding.rule)
    return rule is None or rule.leads


class _Heads:
    """Who speaks for each alert at the end of its chain of causes; each is worked out once.

    Who cannot be spoken for speaks for those who come before. What does not matter at this hour speaks for nobody:
    what follows from it may matter now.
    """

    def __init__(self, ahead: Mapping[FindingKey, Alert]) -> None:
        self._ahead = ahead
        self._known: dict[FindingKey, Alert | None] = {}

    def of(self, alert: Alert) -> Alert:
        """Return it; the alert itself where nobody else speaks for it."""
        head = self._beyond(alert)
        return alert if head is None or (not _at_other_hours(alert) and _speaks(alert, head)) else head

    def _beyond(self, alert: Alert) -> Alert | None:
        """Return who speaks for all that lies ahead of the alert, or None where nothing does."""
        way: list[Alert] = []
        one = self._ahead.get(alert.finding.key)
        while one is not None and one.finding.key not in self._known:
            way.append(one)
            one = self._ahead.get(one.finding.key)
        head = None if one is None else self._known[one.finding.key]
        for one in reversed(way):
            if not _at_other_hours(one) and (head is None or _speaks(one, head)):
                head = one
            self._known[one.finding.key] = head
        return head


def _speaks(alert: Alert, head: Alert) -> bool:
    """Whether it speaks for itself though another one stands at the end: that is less bad, or excused."""
    unexplained = is_excused(head) and alert.finding.rule in NEVER_EXPLAINED
    return unexplained or worse(alert.finding.severity, head.finding.severity)


def _at_other_hours(alert: Alert) -> bool:
    return alert.muted is not None and alert.muted.by == "hours"
