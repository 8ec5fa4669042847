"""Findings as series: who speaks for each, and whether that is told already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.contract import Alert, AlertState, Muted, Subject
from exporters.prometheus.findings import standing_findings
from exporters.prometheus.page import PrometheusPage
from tests.exporters.fakes import make_alert, make_snapshot

CUT = make_alert()
SITE = Subject("site", "wadersloh")
LOST = make_alert(rule="redundancy_lost", subject=SITE)
LED = replace(LOST, finding=replace(LOST.finding, cause=CUT.finding.subject))
HELD = replace(LED, muted=Muted("cause", "", ""))
ISOLATED = make_alert(rule="site_isolated", subject=SITE)
BESIDE = replace(LOST, finding=replace(LOST.finding, cause=SITE))


def pending(alert: Alert, hold: float | None = None) -> Alert:
    return replace(alert, state=AlertState.PENDING, finding=replace(alert.finding, hold_seconds=hold))


@pytest.mark.parametrize(
    ("alerts", "cause", "leads"),
    [
        ((CUT, LED), "link:rf-kh-wad", "false"),
        ((ISOLATED, BESIDE), "site:wadersloh", "false"),  # two about one subject
        ((pending(CUT), LED), "link:rf-kh-wad", "waits"),
        ((LED,), "site:wadersloh", "true"),
        ((HELD,), "site:wadersloh", "waits"),  # its leader has ended a moment ago
        ((pending(LED),), "site:wadersloh", "true"),  # the rule of Prometheus waits
        ((pending(LED, 600.0),), "site:wadersloh", "waits"),  # that knows nothing of a fade
        ((replace(pending(LED, 600.0), state=AlertState.FIRING),), "site:wadersloh", "true"),
    ],
)
async def test_a_finding_bears_who_speaks_for_it_and_whether_that_is_told(
    alerts: tuple[Alert, ...], cause: str, leads: str
) -> None:
    _, series = standing_findings(alerts)
    (found,) = (dict(labels) for labels, _ in series if ("rule", "redundancy_lost") in labels)
    assert (found["cause"], found["leads"]) == (cause, leads)
    page = await PrometheusPage().render(make_snapshot(alerts=alerts), openmetrics=False)
    assert f'cause="{cause}",leads="{leads}"}} 1'.encode() in page


def test_what_is_over_is_no_series() -> None:
    assert standing_findings([replace(CUT, state=AlertState.RESOLVED)])[1] == ()
