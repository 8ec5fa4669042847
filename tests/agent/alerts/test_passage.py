from __future__ import annotations

import pytest

from agent.alerts.passage import LONGEST_GAP_SECONDS, Moment, Steps, shifted, uncounted
from agent.contract import Alert, AlertState, Finding, Flaps, Severity, Subject

FOUND = Finding("link_down", Subject("link", "hop"), Severity.WARNING, "gone")


@pytest.mark.parametrize(
    ("wall", "monotonic", "expected"),
    [
        (101.0, 1.0, 0.0),
        (101.4, 1.0, 0.0),  # slewed
        (3701.0, 1.0, 3600.0),
        (-3499.0, 1.0, -3600.0),
        (100.0 + LONGEST_GAP_SECONDS + 1, LONGEST_GAP_SECONDS + 1, LONGEST_GAP_SECONDS + 1),  # nobody looked
    ],
)
def test_what_the_wall_clock_says_beyond_the_time_that_passed(wall: float, monotonic: float, expected: float) -> None:
    assert uncounted(Moment(100.0, 0.0), Moment(wall, monotonic)) == pytest.approx(expected)
    assert uncounted(None, Moment(wall, monotonic)) == 0.0


def alert(state: AlertState) -> Alert:
    return Alert("a1", FOUND, state, 10.0, 20.0, 30.0, milder_since=50.0, unled_since=60.0, flaps=Flaps(1.0, 40.0))


def moved(state: AlertState) -> Alert:
    (one,) = shifted({FOUND.key: alert(state)}, 3600.0).values()
    return one


def test_waits_go_on_from_where_they_were_and_beginnings_stay() -> None:
    firing = moved(AlertState.FIRING)
    assert (firing.since, firing.changed_at) == (10.0, 20.0)
    assert (firing.clear_since, firing.milder_since, firing.unled_since) == (3630.0, 3650.0, 3660.0)
    assert firing.flaps == Flaps(1.0, 3640.0)
    pending = moved(AlertState.PENDING)
    assert (pending.since, pending.changed_at) == (10.0, 3620.0)


def test_an_end_stays_when_it_was() -> None:
    over = moved(AlertState.RESOLVED)
    assert (over.changed_at, over.clear_since) == (20.0, 30.0)
    assert over.flaps == Flaps(1.0, 3640.0)


def test_the_last_step_is_remembered_but_not_a_small_one() -> None:
    steps = Steps()
    looks = [(100.0, 10.0), (101.0, 11.0), (131.0, 12.0), (3731.0, 12.5), (3732.0, 13.5), (32.0, 14.0), (33.0, 15.0)]
    assert [steps.last(Moment(*one)) for one in looks] == [0.0, 0.0, 0.0, 3731.0, 3731.0, 32.0, 32.0]


def test_where_no_time_was_lost_nothing_is_touched() -> None:
    known = {FOUND.key: alert(AlertState.FIRING)}
    assert shifted(known, 0.0) is known
