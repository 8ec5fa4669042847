"""What the daemon finds about itself: its memory, its messages, and who is to hear of them."""

from __future__ import annotations

from collections.abc import Generator

from agent.alerts.roster import Roster, roster_findings
from agent.contract import Finding
from agent.risk.alarmtests import judge_alarm_tests
from agent.risk.delivery import judge_delivery
from agent.risk.found import adjusted
from agent.risk.reachability import state_not_written
from agent.state.store import StateStore
from config.settings import Settings


def own_findings(
    store: StateStore, unwritten: bool, roster: Roster, settings: Settings, now: float
) -> Generator[Finding]:
    """Yield them, each with the severity that the configuration sets."""
    found = [state_not_written(settings)] if unwritten else []
    found += roster_findings(roster, settings, now)
    found += judge_delivery(store.troubles, store.damaged, settings, now)
    found += judge_alarm_tests(store.alarm_tests(), settings, now)
    for finding in found:
        yield adjusted(finding, settings)
