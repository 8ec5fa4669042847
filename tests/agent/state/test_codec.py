from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Acknowledgement, Alert, AlertState, Finding, Flaps, Heartbeat, Muted, Severity, Subject
from agent.state.codec import dump_alert, dump_heartbeat, load_alert, load_heartbeat

TEXT = st.text(max_size=50)
TIMES = st.floats(0, 4e9)
SUBJECTS = st.builds(
    Subject, st.sampled_from(["device", "link", "room"]), st.from_regex(r"[A-Za-z0-9_.:-]+", fullmatch=True)
)
FINDINGS = st.builds(
    Finding,
    rule=TEXT,
    subject=SUBJECTS,
    severity=st.sampled_from(list(Severity)),
    summary=TEXT,
    evidence=st.lists(TEXT, max_size=3).map(tuple),
    cause=st.none() | SUBJECTS,
    norm=st.none() | TEXT,
    site=st.none() | TEXT,
    runbook=st.none() | TEXT,
    hold_seconds=st.none() | TIMES,
    about=st.lists(SUBJECTS, max_size=2).map(tuple),
)
ALERTS = st.builds(
    Alert,
    id=TEXT,
    finding=FINDINGS,
    state=st.sampled_from(list(AlertState)),
    since=TIMES,
    changed_at=TIMES,
    clear_since=st.none() | TIMES,
    acknowledged=st.none() | st.builds(Acknowledgement, TEXT, TIMES, st.none() | TIMES),
    muted=st.none() | TEXT.map(lambda reason: Muted("cause", reason, "")),
    unled_since=st.none() | TIMES,
    milder_since=st.none() | TIMES,
    flaps=st.none() | st.builds(Flaps, TIMES, TIMES, st.integers(1, 1000), st.booleans()),
    work=st.none() | TEXT,
)


@given(ALERTS)
def test_an_alert_comes_back_as_it_was(one: Alert) -> None:
    assert load_alert(dump_alert(one)) == one


@given(ALERTS)
def test_what_follows_from_the_settings_is_not_kept(one: Alert) -> None:
    accepted = replace(one, muted=Muted("accepted", "known", "2027-06-30"), unled_since=1.0)
    assert load_alert(dump_alert(accepted)) == replace(one, muted=None, unled_since=1.0)


@given(st.lists(st.tuples(TIMES, st.none() | st.floats(0, 1e18)), max_size=30).map(tuple))
def test_a_heartbeat_comes_back_with_its_sizes(sizes: tuple[tuple[float, float | None], ...]) -> None:
    known = Heartbeat("backup", 100.0, succeeded_at=300.0, sizes=sizes)
    assert load_heartbeat(dump_heartbeat(known)) == known


def test_a_heartbeat_of_before_sizes_were_kept_loads() -> None:
    assert load_heartbeat('{"service":"backup","awaited_since":100.0}') == Heartbeat("backup", 100.0)


@pytest.mark.parametrize(
    "sizes",
    [
        "7",
        '"x"',
        "[1]",
        "[[1]]",
        '[[1,"x"]]',
        "[[null,1]]",
        "[[1,-1]]",
        "[[1,NaN]]",
        "[[1,1e999]]",
        "[[NaN,1]]",
        "[[-5,1]]",
    ],
)
def test_sizes_that_are_none_are_no_heartbeat(sizes: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        load_heartbeat(f'{{"service":"backup","awaited_since":100.0,"sizes":{sizes}}}')
