"""What is worked out once and kept: the same as if it were worked out anew, and bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.contract import Judgement
from agent.risk import matching, thresholds, watch
from agent.risk.catalogue.daemon import RULE_TOO_BROAD
from tests.agent.risk.ground import Ground, queue

RULES = {
    "viele": {"select": "print_jobs", "above": 1},
    "eine": {"select": 'print_jobs{queue=~"a|b", device!="srv-2"}', "below": 1},
    "alle": {"select": '{queue!=""}', "above": 0},
    "keine": {"select": 'print_jobs{device="srv-1", queue="c"}', "absent": True},
}
DEVICES = ("device:srv-1", "device:srv-2", "service:srv-1")

STEPS = st.lists(
    st.tuples(
        st.sampled_from(DEVICES),
        st.sampled_from(["a", "plugin"]),
        st.one_of(
            st.dictionaries(st.sampled_from("abcd"), st.sampled_from([0.0, 1.0, 2.0]), max_size=4),
            st.sampled_from(["fails", "removed", "waits"]),
        ),
    ),
    max_size=12,
)


def take(ground: Ground, step: tuple[str, str, dict[str, float] | str]) -> None:
    subject, check, what = step
    if isinstance(what, dict):
        ground.reads(*(queue(name, value) for name, value in what.items()), subject=subject, check=check)
    elif what == "fails":
        ground.fails(subject, check)
    elif what == "removed":
        ground.removed(subject, check)
    else:
        ground.wait(100.0)


@given(STEPS)
@settings(deadline=None)
def test_look_by_look_it_is_as_if_all_were_looked_at_anew(steps: list[tuple[str, str, dict[str, float] | str]]) -> None:
    ground = Ground(RULES)
    for step in steps:
        take(ground, step)
        kept = ground.judge()
        book, ground.book = ground.book, None
        ground.restart()
        assert ground.judge() == kept
        ground.book = book


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MAX_SERIES", 10)
    monkeypatch.setattr(watch, "MAX_CHANGING_SERIES", 5)
    monkeypatch.setattr(thresholds, "MAX_SUBJECTS", 3)


def broad(judgement: Judgement) -> dict[str, str]:
    return {one.subject.id: one.summary for one in judgement.findings if one.rule == RULE_TOO_BROAD}


def test_a_rule_that_selects_a_hundred_thousand_series_is_bounded_and_named() -> None:
    ground = Ground(
        {"viele": {"select": "print_jobs", "above": 0}, "eine": {"select": 'print_jobs{queue="7"}', "above": 6}}
    )
    ground.reads(*(queue(str(number), float(number)) for number in range(100_000)))
    judgement = ground.judge()
    (named,) = [one for one in judgement.findings if one.rule == RULE_TOO_BROAD]
    assert str(named.subject) == "rule:viele"
    assert named.summary == "rule viele selects 100000 series; 50000 of them are looked at"
    assert named.evidence == ("print_jobs",)
    assert set(ground.found("eine")) == set(ground.found("viele")) == {"device:srv-1"}
    assert len(ground.found("viele")["device:srv-1"].evidence) == 21


def test_long_work_is_done_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    def portions() -> int:
        ground = Ground(RULES).reads(*(queue(str(number), 0.0) for number in range(1000)))
        ground.judge()
        return ground.portions

    few = portions()
    monkeypatch.setattr(matching, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr(watch, "PORTION", 10)
    assert portions() > few + 100


@pytest.mark.usefixtures("small")
def test_what_is_beyond_the_limit_is_unverified_until_there_is_room() -> None:
    ground = Ground({"viele": {"select": "print_jobs", "above": 0}})
    ground.reads(*(queue(str(number), 0.0) for number in range(8)), subject="device:a")
    ground.reads(*(queue(str(number), float(number)) for number in range(8)), subject="device:b")
    assert broad(ground.judge()) == {"viele": "rule viele selects 16 series; 10 of them are looked at"}
    assert ground.found("viele")["device:b"].evidence == ('print_jobs{queue="1"}: 1',)
    ground.reads(*(queue(str(number), 0.0) for number in range(7)), queue("7", 1.0), subject="device:b")
    assert not ground.found("viele")
    assert ground.unverified("viele", "device:b")
    assert not ground.unverified("viele", "device:a")
    ground.reads(queue("0", 0.0), subject="device:a").judge()
    assert set(ground.found("viele")) == {"device:b"}
    assert broad(ground.judge()) == {}


@pytest.mark.usefixtures("small")
def test_of_too_many_subjects_the_same_are_told_and_the_others_neither_open_nor_end() -> None:
    ground = Ground({"viele": {"select": "print_jobs", "above": 0}})
    for number in range(5):
        ground.reads(queue("hp", float(9 - number)), subject=f"device:srv-{number}")
    assert set(ground.found("viele")) == {f"device:srv-{number}" for number in range(3)}
    assert broad(ground.judge()) == {"viele": "rule viele finds 5 devices, links or services; 3 are told"}
    assert ground.unverified("viele", "device:srv-3")
    ground.reads(queue("hp", 1000.0), subject="device:srv-4")
    assert set(ground.found("viele")) == {f"device:srv-{number}" for number in range(3)}


@pytest.mark.usefixtures("small")
def test_before_all_is_read_no_rule_is_known_to_be_narrow_enough() -> None:
    ground = Ground({"viele": {"select": 'print_jobs{site="rathaus"}', "above": 0}})
    ground.reads(*(queue(str(number), 0.0) for number in range(11)))
    assert broad(ground.judge())
    ground.fails().wait(200)
    assert broad(ground.judge()) == {}
    assert ground.unverified(RULE_TOO_BROAD, "rule:viele")
    ground.reads(queue("0", 0.0))
    assert not ground.unverified(RULE_TOO_BROAD, "rule:viele")
    ground.reads(queue("0", 0.0), partial=("max_series 1 reached: 10 series left out",))
    assert ground.unverified(RULE_TOO_BROAD, "rule:viele")


@pytest.mark.parametrize(
    ("select", "unsure"),
    [
        ("print_jobs", True),
        ('print_jobs{site="rathaus", queue="a"}', True),
        ('print_jobs{site!="rathaus"}', False),
        ('print_jobs{instance=~"srv-[2-9]"}', False),
        ('print_jobs{device="other"}', True),  # a family may have a label `device` of its own
    ],
)
def test_whom_a_rule_cannot_mean_leaves_nothing_open(select: str, unsure: bool) -> None:
    ground = Ground({"viele": {"select": select, "above": 0}}).fails()
    assert ground.unverified(RULE_TOO_BROAD, "rule:viele") is unsure


def test_families_come_and_go_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MAX_KNOWN_FAMILIES", 1)
    ground = Ground(RULES)
    for _ in range(2):
        ground.reads(queue("a", 5.0))
        assert set(ground.found("viele")) == {"device:srv-1"}
        ground.reads()
        assert ground.found("viele") == {}


def test_no_rule_that_selects_anything_costs_no_pause() -> None:
    ground = Ground().reads(*(queue(str(number), 0.0) for number in range(10_000)))
    ground.judge()
    few = ground.portions
    ground.judge()
    assert ground.portions <= few
