from __future__ import annotations

import math
from dataclasses import replace

import pytest

from agent.contract import Harvest, Reason, Subject
from agent.engine.store import Store, advance
from agent.layout import LayoutCache, Sample
from tests.agent.engine.fakes import OCTETS, SPEED, harvest, job, reading

A, B = job("a"), job("b")


def store() -> Store:
    made = Store()
    for one in (A, B):
        made.add(one)
    return made


def speeds(kept: Store, subject: Subject | None = None) -> list[tuple[str, str, float]]:
    view = kept.view(0.0)
    return [(one.subject.id, one.labels["fan"], one.value) for one in view.series(SPEED.name, subject)]


def own(kept: Store) -> dict[str, float]:
    return {
        column.family.name: table.values[column.start]
        for table in kept.tables()
        if table.labels == A.target.labels
        for column in table.layout.columns
        if column.rows.names == ("check",)
    }


def test_before_the_first_poll_there_is_no_series() -> None:
    kept = store()
    assert kept.tables() == ()
    assert [state.up for state in kept.view(0.0).jobs()] == [None, None]


def test_a_reading_replaces_the_last_one_whole() -> None:
    kept = store()
    kept.record(reading(A, harvest(1.0, 2.0)), 0.0)
    kept.record(reading(B, harvest(7.0)), 0.0)
    kept.record(reading(A, harvest(3.0)), 1.0)
    assert sorted(speeds(kept)) == [("a", "0", 3.0), ("b", "0", 7.0)]
    assert speeds(kept, B.key.subject) == [("b", "0", 7.0)]


def test_a_family_that_vanished_from_the_layout_vanishes_from_the_view() -> None:
    kept = store()
    layout, values = LayoutCache().arrange([Sample(OCTETS, ("1",), 5.0), Sample(SPEED, ("0",), 6.0)])
    kept.record(reading(A, Harvest(layout, values)), 0.0)
    assert [one.value for one in kept.view(0.0).series(OCTETS.name)] == [5.0]
    kept.record(reading(A, harvest(6.0)), 1.0)
    assert list(kept.view(0.0).series(OCTETS.name)) == []
    assert speeds(kept) == [("a", "0", 6.0)]


def test_a_view_does_not_change_by_what_is_recorded_later() -> None:
    kept = store()
    kept.record(reading(A, harvest(1.0)), 0.0)
    view = kept.view(5.0)
    kept.record(reading(A, harvest(9.0, 9.0)), 1.0)
    kept.record(reading(B, harvest(9.0)), 1.0)
    kept.remove(A.key)
    assert [(one.subject.id, one.value) for one in view.series(SPEED.name)] == [("a", 1.0)]
    assert [state.up for state in view.jobs(A.key.subject)] == [True]
    assert view.now == 5.0


def test_a_cell_without_a_number_is_no_series() -> None:
    kept = store()
    kept.record(reading(A, harvest(math.nan, 2.0)), 0.0)
    assert speeds(kept) == [("a", "1", 2.0)]


def test_own_series_say_what_is_known_and_no_more() -> None:
    kept = store()
    kept.record(reading(A, None, reason=Reason.CONFIG), 0.0)
    assert own(kept) == {"ringwacht_collect_duration_seconds": 0.1, "ringwacht_stale": 0.0}
    kept.record(reading(A, None, reason=Reason.TIMEOUT), 1.0)
    assert own(kept)["ringwacht_up"] == 0.0
    kept.record(reading(A, harvest(1.0), at=77.0), 2.0)
    assert own(kept) == {
        "ringwacht_up": 1.0,
        "ringwacht_collect_duration_seconds": 0.1,
        "ringwacht_last_success_timestamp_seconds": 77.0,
        "ringwacht_stale": 0.0,
        "ringwacht_partial": 0.0,
    }


def test_what_is_missing_is_counted_for_as_long_as_the_reading_is_published() -> None:
    kept = store()
    kept.record(reading(A, replace(harvest(1.0), partial=("filesystem /srv: hangs", "raid: gone"))), 0.0)
    assert own(kept)["ringwacht_partial"] == 2.0
    kept.record(reading(A, None, reason=Reason.TIMEOUT), 60.0)
    assert own(kept)["ringwacht_partial"] == 2.0
    kept.expire(A.stale_after_seconds)
    assert "ringwacht_partial" not in own(kept)
    kept.record(reading(A, harvest(1.0)), 400.0)
    assert own(kept)["ringwacht_partial"] == 0.0


def test_own_layouts_are_built_once_and_share_their_rows() -> None:
    kept = store()
    for _ in range(2):
        kept.record(reading(A, harvest(1.0)), 0.0)
    _, first = kept.tables()
    kept.record(reading(A, harvest(1.0)), 0.0)
    _, second = kept.tables()
    assert first.layout is second.layout
    assert len({column.rows for column in first.layout.columns}) == 1


def test_after_stale_after_without_success_the_series_vanish_and_come_back() -> None:
    kept = store()
    kept.record(reading(A, harvest(1.0)), 100.0)
    kept.record(reading(A, None, reason=Reason.TIMEOUT), 200.0)
    kept.expire(100.0 + A.stale_after_seconds - 0.1)
    assert speeds(kept) == [("a", "0", 1.0)]
    kept.expire(100.0 + A.stale_after_seconds)
    assert speeds(kept) == []
    assert own(kept)["ringwacht_stale"] == 1.0
    assert own(kept)["ringwacht_up"] == 0.0
    assert len(kept.tables()) == 1
    assert kept.state(A.key).reading is None
    kept.record(reading(A, harvest(4.0)), 400.0)
    assert speeds(kept) == [("a", "0", 4.0)]
    assert own(kept)["ringwacht_stale"] == 0.0


def test_a_job_that_was_removed_leaves_nothing() -> None:
    kept = store()
    kept.record(reading(A, harvest(1.0)), 0.0)
    kept.remove(A.key)
    assert kept.tables() == ()
    assert list(kept.view(0.0).jobs(A.key.subject)) == []
    assert speeds(kept) == []
    with pytest.raises(KeyError):
        kept.record(reading(A, harvest(1.0)), 0.0)


def test_two_checks_of_one_subject_are_found_by_it() -> None:
    kept = store()
    other = job("a", check="host")
    kept.add(other)
    kept.record(reading(other, harvest(1.0)), 0.0)
    kept.record(reading(A, harvest(2.0)), 0.0)
    assert sorted(speeds(kept, A.key.subject)) == [("a", "0", 1.0), ("a", "0", 2.0)]
    assert len(list(kept.view(0.0).jobs(A.key.subject))) == 2


def test_failures_are_counted_in_a_row_and_since_is_when_up_changed() -> None:
    state = store().state(A.key)
    down = replace(reading(A, None), reason=Reason.TIMEOUT, detail="no answer")
    state = advance(advance(state, replace(down, at=1.0)), replace(down, at=2.0))
    assert (state.up, state.failures, state.since, state.last_attempt, state.last_success) == (False, 2, 1.0, 2.0, None)
    state = advance(state, reading(A, harvest(), at=3.0))
    assert (state.up, state.failures, state.since, state.last_success, state.detail) == (True, 0, 3.0, 3.0, "")


def test_what_the_daemon_cannot_check_is_unknown_and_no_failure() -> None:
    state = advance(store().state(A.key), replace(reading(A, None), reason=Reason.CONFIG))
    assert (state.up, state.failures, state.reason) == (None, 0, Reason.CONFIG)
