from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Acknowledgement, Alert, AlertState, Finding, Flaps, Muted, Severity, Subject
from agent.state.codec import dump_alert, load_alert

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
