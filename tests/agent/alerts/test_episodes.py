from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agent.alerts.episodes import RESOLVED_KEPT_SECONDS, carrier, listed, name_of, next_stamp, stamp_of
from agent.contract import Alert, AlertState, Finding, Severity, Subject

NOON = 1_800_000_000.0
FOUND = Finding("link_down", Subject("link", "hop"), Severity.WARNING, "gone")
STANDS = Alert(name_of(FOUND.key, 5), FOUND, AlertState.FIRING, NOON, NOON)
OVER = replace(STANDS, state=AlertState.RESOLVED, clear_since=NOON)


@given(st.integers(-(2**60), 2**60))
def test_the_stamp_is_read_back_from_the_name(stamp: int) -> None:
    assert stamp_of(replace(STANDS, id=name_of(FOUND.key, stamp))) == stamp


def test_a_name_of_an_earlier_release_has_no_stamp() -> None:
    old = replace(STANDS, id="0f" * 16)
    assert stamp_of(old) is None
    assert next_stamp([old], NOON) == NOON * 1e6
    assert carrier([old], []) is None


def test_a_clock_that_stepped_back_gives_no_stamp_twice() -> None:
    later = replace(STANDS, id=name_of(FOUND.key, 7_000_000))
    assert next_stamp([STANDS, later], 1.0) == 7_000_001
    assert next_stamp([], 1.0) == 1_000_000


def test_the_newest_stamp_is_never_forgotten() -> None:
    newer = replace(OVER, id=name_of(FOUND.key, 6))
    assert carrier([OVER, newer], []) is newer
    assert carrier([OVER], [newer]) is None
    assert carrier([newer], [OVER]) is newer
    assert carrier([replace(newer, clear_since=None)], [OVER]) is None  # it never fired


def test_a_resolved_alert_is_listed_for_a_while_and_what_never_fired_is_not() -> None:
    assert listed(STANDS, NOON)
    assert listed(OVER, NOON + RESOLVED_KEPT_SECONDS - 1)
    assert not listed(OVER, NOON + RESOLVED_KEPT_SECONDS)
    assert not listed(replace(OVER, clear_since=None), NOON)
