"""What holds for every course of findings, acknowledgements, silences, clocks and restarts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agent.contract import AlertState, Finding, FindingKey, Notification, Severity, Silence, SilenceMode, Subject
from config.inventory import Inventory
from config.settings import Match, Settings
from tests.agent.alerts.pipeline import Acknowledged, Event, Look, Pipeline, Restarted, Silenced, Stepped
from tests.agent.alerts.routes import TUESDAY, at

HOP, SWITCH, SITE, LUNCH = (
    Subject("link", "hop"),
    Subject("device", "sw-1"),
    Subject("site", "school"),
    Subject("service", "lunch"),
)
INVENTORY = Inventory.model_validate(
    {
        "sites": {"school": {}},
        "services": {"lunch": {"tcp": "127.0.0.1:80", "when": "school_hours"}},
    }
)
RECEIVERS = {name: {"apprise": [{"env": "PATH"}]} for name in ("on-call", "it-team", "head-of-it")}
ROUTES: list[dict[str, Any]] = [
    {
        "match": {"severity": "critical"},
        "receivers": ["on-call"],
        "escalate": [{"after": "15m", "to": ["head-of-it"]}],
        "repeat": "1h",
    },
    {"match": {"rule": "smoke"}, "receivers": ["on-call", "it-team"]},
    {
        "match": {"severity": "warning"},
        "receivers": ["it-team", "head-of-it"],
        "when": "office_hours",
        "repeat": "8h",
        "escalate": [{"after": "30m", "to": ["on-call"]}],
    },
    {"match": {"rule": "link_down"}, "receivers": ["it-team"], "digest": "07:30"},
]
WORK = [
    {
        "name": mode,
        "mode": mode,
        "from": f"2026-11-24T{10 + number}:20",
        "until": f"2026-11-24T{10 + number}:50",
        "match": {"link": "hop"},
    }
    for number, mode in enumerate(("mute", "skip", "run"))
]
SETTINGS = Settings.model_validate(
    {
        "alerting": {
            "receivers": RECEIVERS,
            "routes": ROUTES,
            "maintenance": WORK,
            "accept": [{"match": {"device": "sw-1", "severity": "info"}, "until": "2026-11-24", "reason": "known"}],
            "rules": {"smoke": {"clear": "0s"}},
        }
    }
)
PLAIN = SETTINGS.model_copy(update={"alerting": SETTINGS.alerting.model_copy(update={"maintenance": ()})})


def found(what: tuple[str, Subject], severity: Severity, cause: Subject | None, hold: float | None) -> Finding:
    return Finding(what[0], what[1], severity, what[0], cause=cause, site="school", hold_seconds=hold)


def window(mode: SilenceMode, match: Match, seconds: float) -> Silenced:
    return Silenced(Silence("s", match, "it-team", "digging", 0, 0, mode), seconds)


MILD, BAD = (found(("smoke", SITE), severity, None, None) for severity in (Severity.WARNING, Severity.CRITICAL))

FAULTY, GRAVE = (
    found(("device_unreachable", SWITCH), severity, None, None) for severity in (Severity.WARNING, Severity.CRITICAL)
)


def key_of(one: Finding) -> FindingKey:
    return one.key


MODES: list[SilenceMode] = ["mute", "skip", "run"]
FINDINGS = st.builds(
    found,
    st.sampled_from(
        [
            ("smoke", SITE),
            ("link_down", HOP),
            ("site_isolated", SITE),
            ("device_unreachable", SWITCH),
            ("service_failing", LUNCH),
        ]
    ),
    st.sampled_from(list(Severity)),
    st.sampled_from([None, None, HOP, SITE, SWITCH]),
    st.sampled_from([None, None, 600.0]),
)
KEYS = FINDINGS.map(key_of)
LOOKS = st.builds(
    Look,
    st.sampled_from([0.0, 1.0, 5.0, 60.0, 200.0, 1000.0, 30_000.0]),
    st.lists(FINDINGS, max_size=4).map(tuple),
    st.frozensets(KEYS, max_size=2),
)
SILENCES = st.builds(
    window,
    st.sampled_from(MODES),
    st.sampled_from([Match(site="school"), Match(rule="smoke"), Match(link="hop")]),
    st.sampled_from([60.0, 4000.0]),
)
HAPPENINGS: st.SearchStrategy[Event] = st.one_of(
    LOOKS,
    LOOKS,
    LOOKS,
    st.builds(Acknowledged, st.integers(0, 3), st.sampled_from([None, 100.0, 4000.0]), st.booleans()),
    SILENCES,
)
# Few faults, so that random courses let one get worse while it is muted, waits or is acknowledged.
STAGES: st.SearchStrategy[Event] = st.one_of(
    st.builds(Look, st.sampled_from([1.0, 60.0, 200.0]), st.sampled_from([(), (MILD,), (BAD,), (FAULTY,), (GRAVE,)])),
    st.builds(window, st.just("mute"), st.just(Match(site="school")), st.sampled_from([60.0, 600.0])),
    st.builds(Acknowledged, st.integers(0, 1), st.sampled_from([None, 100.0]), st.booleans()),
)
STEPS = st.sampled_from([Stepped(-3600.0), Stepped(3600.0), Stepped(-86_400.0)])
STARTS = st.sampled_from([TUESDAY, at("2026-11-24T21:00"), at("2026-10-25T01:30")])

thorough = hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def played(events: list[Event], start: float, *, restarting: bool = True) -> Pipeline:
    return Pipeline(INVENTORY, SETTINGS, start, restarting=restarting).run(events)


def by_pair(notes: list[Notification]) -> dict[tuple[str, str], list[AlertState]]:
    found: defaultdict[tuple[str, str], list[AlertState]] = defaultdict(list)
    for one in notes:
        found[one.alert.id, one.receiver].append(one.alert.state)
    return found


@thorough
@given(st.lists(HAPPENINGS | STEPS, max_size=20), STARTS)
def test_no_end_is_told_without_its_beginning_and_nothing_after_its_end(events: list[Event], start: float) -> None:
    done = played(events, start)
    for states in by_pair(done.delivered).values():
        assert states[0] is AlertState.FIRING
        assert AlertState.RESOLVED not in states[:-1]


@thorough
@given(st.lists(HAPPENINGS | STEPS, max_size=20), STARTS)
def test_what_was_told_to_somebody_ends_for_everybody_who_was_told(events: list[Event], start: float) -> None:
    done = played([*events, Look(1.0), Look(250.0), *[Look(250.0)] * 20], start)
    waiting = {one.alert.id for key, one in done.stored.messages.items() if key not in done.stored.sent}
    for (name, _), states in by_pair(done.delivered).items():
        assert states[-1] is AlertState.RESOLVED or name in waiting


@thorough
@given(st.lists(HAPPENINGS | STEPS, max_size=20), STARTS)
def test_each_episode_goes_its_way_in_order_and_under_one_name(events: list[Event], start: float) -> None:
    done = played(events, start)
    states: defaultdict[str, list[AlertState]] = defaultdict(list)
    keys: dict[str, FindingKey] = {}
    for change in done.transitions:
        states[change.alert.id].append(change.alert.state)
        assert keys.setdefault(change.alert.id, change.alert.finding.key) == change.alert.finding.key
    for known in states.values():
        assert known[0] is AlertState.FIRING
        assert AlertState.RESOLVED not in known[:-1]


@thorough
@given(st.lists(HAPPENINGS | STEPS, max_size=20), STARTS)
@example([Look(0.0, (MILD,)), Look(1.0, (BAD,)), Look(3600.0, (BAD,))], TUESDAY)
def test_no_two_messages_have_one_key(events: list[Event], start: float) -> None:
    assert played(events, start).stored.clashes == []


@thorough
@given(st.lists(HAPPENINGS | STEPS | st.builds(Restarted), max_size=20), STARTS)
def test_a_restart_at_any_point_changes_nothing_that_is_told(events: list[Event], start: float) -> None:
    restarted, uninterrupted = played(events, start), played(events, start, restarting=False)
    assert restarted.said == uninterrupted.said
    assert list(restarted.stored.sent) == list(uninterrupted.stored.sent)
    assert restarted.shown == uninterrupted.shown


def critical_since(done: Pipeline, name: str) -> float:
    """Return when the alert that fires became critical."""
    changes = (one for one in done.transitions if one.alert.id == name)
    return next(one.at for one in changes if one.alert.finding.severity is Severity.CRITICAL)


@thorough
@given(st.lists(STAGES, max_size=20), STARTS)
@example([Look(0.0, (MILD,)), window("mute", Match(site="school"), 60.0)], TUESDAY)
def test_who_heard_of_something_milder_hears_how_bad_it_is(events: list[Event], start: float) -> None:
    """``Pipeline.check`` looks after each event; here are courses in which that matters."""
    played([*events, *[Look(30.0, (BAD, GRAVE))] * 10], start)


@thorough
@given(st.lists(LOOKS | SILENCES, max_size=12), STARTS)
@example([Look(0.0, (FAULTY,)), Look(200.0, (FAULTY,))], at("2026-11-24T21:00"))
def test_what_stands_as_critical_and_nobody_acknowledges_is_escalated(events: list[Event], start: float) -> None:
    """Whatever was told of it before, and by which route; ``ROUTES[0]`` waits for no hour."""
    done = played([*events, *[Look(60.0, (GRAVE,))] * 20], start)
    alert = done.alerts[GRAVE.key]
    if alert.state is not AlertState.FIRING or alert.muted is not None:
        return
    # where it was muted the time counts from the end of that
    if done.wall - max(critical_since(done, alert.id), alert.unmuted_at or 0.0) >= 960.0:
        heads = [one for one in done.delivered if one.alert.id == alert.id and one.receiver == "head-of-it"]
        assert any(one.alert.finding.severity is Severity.CRITICAL for one in heads)


@thorough
@given(st.lists(LOOKS, min_size=1, max_size=10), st.sampled_from([3600.0, -3600.0, 86_400.0]))
def test_a_clock_that_jumps_fires_and_ends_nothing(looks: list[Look], seconds: float) -> None:
    """Without announced work, which begins and ends by the clock."""
    again = looks[-1]._replace(seconds=1.0)
    jumped, steady = (Pipeline(INVENTORY, PLAIN, TUESDAY).run(looks) for _ in range(2))
    jumped.wall += seconds
    changes, expected = (
        [(one.alert.finding.key, one.alert.state, one.previous) for one in course.look(again)]
        for course in (jumped, steady)
    )
    assert changes == expected
