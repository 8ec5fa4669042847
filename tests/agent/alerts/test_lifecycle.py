from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent.alerts.episodes import RESOLVED_KEPT_SECONDS
from agent.alerts.lifecycle import Policy, Step, step
from agent.contract import Alert, AlertState, Finding, FindingKey, Judgement, Severity, Subject
from config.inventory import Rule
from config.settings import Settings
from tests.agent.alerts.looks import DARK, GOOD, POLICY, STANDS, SWITCH, finding, only, shown, walk


def test_own_rules_bring_their_own_times() -> None:
    raw = {"hold": {"warning": 60}, "clear": 30, "rules": {"leak": {"hold": 7}, "own": {"hold": 1}}}
    bounds = {
        "own": {"above": 1, "hold": 900},
        "plain": {"above": 1},
        "event": {"changed": 60},
        "late": {"changed": 60, "hold": 5},
    }
    own = {name: Rule.model_validate({"select": "x", **bound}) for name, bound in bounds.items()}
    policy = Policy.of(Settings.model_validate({"alerting": raw}), own)
    warnings = [policy.hold_of(finding(name, Severity.WARNING)) for name in ("leak", *bounds)]
    assert warnings == [7, 900, 60, 0, 5]
    assert policy.clear_of("own") == 30


def test_pending_until_hold_then_fires_once() -> None:
    first, second, third, fourth = walk((0, STANDS), (29, STANDS), (30, STANDS), (31, STANDS))
    assert (only(first).state, only(second).state) == (AlertState.PENDING, AlertState.PENDING)
    assert not first.transitions
    assert not second.transitions
    assert only(third).state is AlertState.FIRING
    assert (only(third).since, only(third).changed_at) == (0, 30)
    assert [t.previous for t in third.transitions] == [AlertState.PENDING]
    assert not fourth.transitions


def test_a_rule_without_hold_fires_at_once() -> None:
    (done,) = walk((0, Judgement((finding("smoke"),))))
    assert only(done).state is AlertState.FIRING
    assert done.transitions[0].previous is None


def test_hold_of_a_rule_outranks_that_of_its_severity() -> None:
    looks = Judgement((finding("link_down"),))
    assert only(walk((0, looks), (5, looks))[-1]).state is AlertState.FIRING


def test_pending_that_vanishes_says_nothing() -> None:
    done = walk((0, STANDS), (10, GOOD))[-1]
    assert not shown(done, 10)
    assert not done.transitions


def test_resolved_after_clear_kept_then_dropped() -> None:
    steps = walk((0, STANDS), (30, STANDS), (40, GOOD), (159, GOOD), (160, GOOD), (1059, GOOD), (1060, GOOD))
    assert [s.alerts and only(s).state for s in steps[3:6]] == [
        AlertState.FIRING,
        AlertState.RESOLVED,
        AlertState.RESOLVED,
    ]
    assert [t.alert.state for t in steps[4].transitions] == [AlertState.RESOLVED]
    assert RESOLVED_KEPT_SECONDS == 1060 - 160
    assert not shown(steps[6], 1060)


def test_a_relapse_within_clear_goes_on_without_a_word() -> None:
    steps = walk((0, STANDS), (30, STANDS), (40, GOOD), (100, STANDS), (110, GOOD), (229, GOOD), (230, GOOD))
    assert [len(s.transitions) for s in steps] == [0, 1, 0, 0, 0, 0, 1]


def test_refiring_after_resolution_is_a_new_episode() -> None:
    steps = walk((0, STANDS), (30, STANDS), (40, GOOD), (160, GOOD), (170, STANDS), (200, STANDS))
    assert only(steps[3]).id != only(steps[4]).id
    assert only(steps[4]).since == 170
    assert only(steps[5]).state is AlertState.FIRING


def test_unverified_neither_opens_fires_nor_resolves() -> None:
    assert not walk((0, DARK))[-1].alerts
    assert only(walk((0, STANDS), (500, DARK))[-1]).state is AlertState.PENDING
    assert only(walk((0, STANDS), (30, STANDS), (5000, DARK))[-1]).state is AlertState.FIRING


def test_time_in_the_dark_does_not_count_as_good() -> None:
    steps = walk((0, STANDS), (30, STANDS), (40, GOOD), (100, DARK), (170, GOOD), (289, GOOD), (290, GOOD))
    assert only(steps[5]).state is AlertState.FIRING
    assert only(steps[6]).state is AlertState.RESOLVED


def test_a_clock_that_steps_back_neither_fires_nor_blocks_for_good() -> None:
    steps = walk((10_000, STANDS), (5_000, STANDS), (5_029, STANDS), (5_030, STANDS))
    assert [only(s).state for s in steps[1:]] == [AlertState.PENDING, AlertState.PENDING, AlertState.FIRING]


def test_of_two_findings_with_one_identity_the_worse_counts() -> None:
    both = Judgement((finding(severity=Severity.CRITICAL), finding(severity=Severity.WARNING)))
    assert only(walk((0, both))[-1]).finding.severity is Severity.CRITICAL


RULES = st.sampled_from(["device_unreachable", "link_down", "smoke"])
FINDINGS = st.builds(
    finding, RULES, st.sampled_from(list(Severity)), st.sampled_from([SWITCH, Subject("device", "sw-2")])
)


def judged(found: list[Finding], dark: list[Finding]) -> Judgement:
    return Judgement(tuple(found), frozenset(f.key for f in dark))


JUDGEMENTS = st.builds(judged, st.lists(FINDINGS, max_size=5), st.lists(FINDINGS, max_size=3))


@given(looks=st.lists(st.tuples(st.floats(-1000, 1000), JUDGEMENTS), max_size=12))
def test_the_same_look_twice_changes_nothing_more(looks: list[tuple[float, Judgement]]) -> None:
    alerts, now = dict[FindingKey, Alert](), 0.0
    for delta, judgement in looks:
        now += delta
        once = step(alerts, judgement, POLICY, now)
        twice = step(once.alerts, judgement, POLICY, now)
        assert twice.alerts == once.alerts
        assert not twice.transitions
        alerts = dict(once.alerts)


class Life(RuleBasedStateMachine):
    """Looks at random times with random findings; keeps its own record of what stood since when."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.alerts: Mapping[FindingKey, Alert] = {}
        self.last = Step({})
        self.before: Mapping[FindingKey, Alert] = {}
        self.judgement = GOOD
        self.names: set[str] = set()
        self.stood: dict[FindingKey, float] = {}
        self.good: dict[FindingKey, float] = {}

    @rule(seconds=st.floats(0, 300), judgement=JUDGEMENTS)
    def look(self, seconds: float, judgement: Judgement) -> None:
        self.now += seconds
        self._look(judgement)

    @precondition(lambda self: bool(self.alerts))
    @rule(seconds=st.floats(0, 300))
    def same_again(self, seconds: float) -> None:
        self.now += seconds
        self._look(self.judgement)

    def _look(self, judgement: Judgement) -> None:
        self.judgement, self.before = judgement, self.alerts
        found = {f.key for f in judgement.findings}
        for key in found:
            self.stood.setdefault(key, self.now)
            self.good.pop(key, None)
        for key in {*self.stood, *self.alerts} - found:
            if key in judgement.unverified:
                self.good.pop(key, None)
                continue
            self.stood.pop(key, None)
            self.good.setdefault(key, self.now)
        self.last = step(self.alerts, judgement, POLICY, self.now)
        self.alerts = self.last.alerts

    @invariant()
    def never_fires_without_hold(self) -> None:
        for change in self.last.transitions:
            if change.alert.state is AlertState.FIRING and change.previous is not AlertState.FIRING:
                key = change.alert.finding.key
                assert self.now - self.stood[key] >= POLICY.hold_of(change.alert.finding)

    @invariant()
    def never_resolves_without_clear_nor_in_the_dark(self) -> None:
        for change in self.last.transitions:
            if change.alert.state is AlertState.RESOLVED:
                key = change.alert.finding.key
                assert key not in self.judgement.unverified
                assert self.now - self.good[key] >= POLICY.clear_of(key.rule)

    @invariant()
    def a_live_alert_never_just_vanishes(self) -> None:
        for key, alert in self.before.items():
            if alert.state is AlertState.FIRING:
                assert self.alerts[key].id == alert.id

    @invariant()
    def every_finding_has_its_alert_and_ids_are_unique(self) -> None:
        for found in self.judgement.findings:
            assert self.alerts[found.key].state is not AlertState.RESOLVED
        assert len({alert.id for alert in self.alerts.values()}) == len(self.alerts)

    @invariant()
    def no_two_episodes_have_one_name(self) -> None:
        for key, alert in self.alerts.items():
            if alert.id not in {one.id for one in self.before.values()}:
                assert alert.id not in self.names  # what never fired was told to nobody: its name may come again
                assert key not in self.before or self.before[key].state is AlertState.RESOLVED
        self.names |= {alert.id for alert in self.alerts.values() if alert.state is not AlertState.PENDING}


TestLife = Life.TestCase
