"""Alerts that get worse, milder, restless, or are not to begin yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agent.alerts.lifecycle import Step, step
from agent.contract import Acknowledgement, Alert, AlertState, FindingKey, Judgement, Severity
from tests.agent.alerts.looks import DARK, GOOD, POLICY, STANDS, finding, only, shown, walk

MILD = Judgement((finding(severity=Severity.WARNING),))
BARELY = Judgement((finding(severity=Severity.INFO),))


def test_what_gets_worse_is_told_at_once_and_relief_never() -> None:
    steps = walk((0, MILD), (120, MILD), (130, STANDS), (140, MILD), (260, MILD))
    assert [t.alert.finding.severity for t in steps[2].transitions] == [Severity.CRITICAL]
    assert steps[2].transitions[0].previous is AlertState.FIRING
    assert not steps[3].transitions
    assert not steps[4].transitions


def test_a_milder_severity_counts_only_after_clear() -> None:
    steps = walk((0, STANDS), (30, STANDS), (40, MILD), (159, BARELY), (160, MILD))
    assert [only(s).finding.severity for s in steps[2:]] == [Severity.CRITICAL, Severity.CRITICAL, Severity.WARNING]
    assert [only(s).milder_since for s in steps[2:]] == [40, 40, None]


def test_a_severity_that_sways_is_told_once() -> None:
    steps = walk((0, STANDS), (30, STANDS), (40, MILD), (100, STANDS), (110, MILD), (200, STANDS))
    assert [len(s.transitions) for s in steps] == [0, 1, 0, 0, 0, 0]
    assert only(steps[4]).milder_since == 110


def test_time_in_the_dark_is_not_known_to_be_milder() -> None:
    steps = walk((0, STANDS), (30, STANDS), (40, MILD), (100, DARK), (170, MILD))
    assert only(steps[3]).milder_since is None
    assert only(steps[4]).finding.severity is Severity.CRITICAL


def test_time_in_the_dark_is_not_time_for_which_it_stood() -> None:
    steps = walk((0, STANDS), (10, STANDS), (11, DARK), (300, DARK), (301, STANDS), (319, STANDS), (320, STANDS))
    assert [only(s).state for s in steps[4:]] == [AlertState.PENDING, AlertState.PENDING, AlertState.FIRING]
    assert only(steps[-1]).since == 0


def test_judgement_may_ask_for_a_longer_hold_and_take_it_back() -> None:
    fades = Judgement((replace(finding("link_down"), hold_seconds=600.0),))
    steps = walk((0, fades), (599, fades), (600, fades))
    assert [only(s).state for s in steps] == [AlertState.PENDING, AlertState.PENDING, AlertState.FIRING]
    shorter = Judgement((replace(finding("link_down"), hold_seconds=1.0),))
    assert only(walk((0, shorter), (4, shorter))[-1]).state is AlertState.PENDING
    sudden = Judgement((finding("link_down"),))
    assert only(walk((0, fades), (10, sudden))[-1]).state is AlertState.FIRING


def test_an_acknowledgement_ends_with_the_episode() -> None:
    fired = walk((0, STANDS), (30, STANDS))[-1]
    marked = replace(only(fired), acknowledged=Acknowledgement("it-team", 31.0))
    alerts: Mapping[FindingKey, Alert] = {marked.finding.key: marked}
    worse = step(alerts, STANDS, POLICY, 40)
    assert only(worse).acknowledged == marked.acknowledged
    good = step(worse.alerts, GOOD, POLICY, 50)
    assert only(step(good.alerts, GOOD, POLICY, 170)).acknowledged is None


def test_what_work_skips_stays_pending_and_fires_at_its_end_with_its_true_beginning() -> None:
    alerts: Mapping[FindingKey, Alert] = {}
    for now in (0, 30, 5000):
        done = step(alerts, STANDS, POLICY, now, frozenset({finding().key}))
        alerts = done.alerts
        assert only(done).state is AlertState.PENDING
    done = step(alerts, STANDS, POLICY, 5001)
    assert only(done).state is AlertState.FIRING
    assert only(done).since == 0


def test_alerts_that_were_read_back_in_another_order_come_out_the_same() -> None:
    both = Judgement((finding("smoke"), finding("leak")))
    (done,) = walk((0, both))
    other = {key: done.alerts[key] for key in reversed(list(done.alerts))}
    assert step(other, GOOD, POLICY, 500) == step(done.alerts, GOOD, POLICY, 500)


def test_what_flaps_stays_one_alert_until_it_is_calm() -> None:
    stands, steps, now = Judgement((finding("smoke"),)), list[Step](), 0.0
    alerts: Mapping[FindingKey, Alert] = {}
    for minute in range(60):
        now = minute * 60.0
        judgement = stands if minute < 20 and minute % 2 == 0 else GOOD
        steps.append(step(alerts, judgement, POLICY, now))
        alerts = steps[-1].alerts
    states = [change.alert.state for one in steps for change in one.transitions]
    firing, resolved = AlertState.FIRING, AlertState.RESOLVED
    assert states == [firing, resolved, firing, resolved, firing, resolved]
    last = next(one for one in reversed(steps) if one.transitions)
    assert last.transitions[0].at >= 18 * 60 + 900


def test_a_resolved_alert_is_remembered_for_its_flaps_but_not_listed() -> None:
    stands = Judgement((finding("smoke"),))
    steps = walk((0, stands), (10, GOOD), (1000, GOOD), (1100, stands), (1101, GOOD), (1200, stands))
    assert not shown(steps[2], 1000)
    flaps = only(steps[5]).flaps
    assert flaps is not None
    assert flaps.count == 3
