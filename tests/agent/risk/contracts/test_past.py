"""What was kept of states: nothing of it is lost to a failed look, a late file or a wrong clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from agent.contract import FindingKey, Judgement, Subject
from agent.estate import StateChange
from agent.risk import judge
from agent.risk.contracts.past import Past, marker
from tests.agent.risk.contracts.test_book import (
    BERLIN,
    INVENTORY,
    PORTAL,
    START,
    Story,
    contract_of,
    found,
    ill,
    service,
    state_of,
    well,
)

OWED = StateChange(START - 9e6, marker("gkd", PORTAL), "up")
DAY = 86400.0


def changed(at: float, state: str) -> StateChange:
    return StateChange(START + at, PORTAL, state)  # type: ignore[arg-type]  # one of STANDINGS


def moment(year: int, month: int, day: int, hour: int, minute: int = 0) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN).timestamp() - START


def about_contracts(judged: Judgement) -> set[str]:
    return {one.rule for one in judged.findings if one.rule.startswith("contract_")}


def test_what_a_look_found_that_failed_is_handed_out_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Iterator[None]:
        raise RuntimeError
        yield

    story = Story()
    story.look(10, well())
    with monkeypatch.context() as patch:
        patch.setattr(judge, "judge_thresholds", broken)
        with pytest.raises(RuntimeError):
            story.look(70, ill(since=60))
    for at in (71, 80):
        story.look(at, ill(since=60))
    assert story.told() == [(0, "up"), (60, "down")]


def test_what_was_seen_before_the_file_could_be_read_comes_after_what_was_kept() -> None:
    story = Story()
    story.look(10, well())
    story.look(70, ill(since=60))
    story.books.contracts.recall([OWED, changed(-9000, "up")], START - 1800)
    story.look(80, ill(since=60))
    assert story.told()[2:] == [(-1800, "blind"), (0, "up"), (60, "down")]
    judged = story.look(140, well(since=130))
    assert contract_of(judged).month[PORTAL].down_seconds == 70
    assert contract_of(judged).month[PORTAL].up_seconds == 70 + 1800, "the hours begin at eight"


def test_with_a_clock_that_is_behind_nothing_is_noted_and_nothing_judged_until_it_is_right() -> None:
    story = Story()
    kept = [OWED, *(changed(-200 * DAY + number * DAY, "down" if number % 2 else "up") for number in range(200))]
    story.books.contracts.recall(kept, START - 60)
    judged = story.look(-700 * DAY, ill(since=-700 * DAY - 60))
    assert story.told() == [(-60, "blind")]
    assert state_of(judged).state == "down"
    assert FindingKey("contract_missed", Subject("contract", "gkd")) in judged.unverified
    judged = story.look(20, well(since=15))
    assert story.told() == [(-60, "blind"), (15, "up")]
    assert contract_of(judged).year[PORTAL].down_seconds > 0, "what was kept is still there"


def test_who_comes_under_a_contract_is_not_charged_for_what_was_before() -> None:
    story = Story(inventory={**INVENTORY, "services": {"portal": service()}})
    story.look(10, well())
    story.look(70, ill(since=60))
    story.look(9000, well(since=8990))
    story.scene = Story().scene
    judged = story.look(9010, well(since=8990))
    assert not about_contracts(judged)
    month = contract_of(judged).month[PORTAL]
    assert (month.down_seconds, month.up_seconds) == (0, 0)
    assert contract_of(story.look(9070, well(since=8990))).month[PORTAL].up_seconds == 60
    again = Story()
    again.books.contracts.recall(story.changes, START + 9070)
    again.look(9100, well(since=9090))
    assert contract_of(again.look(9200, well(since=9090))).month[PORTAL].up_seconds == 60 + 110, "also after a restart"


def test_a_contract_that_has_ended_is_not_judged() -> None:
    ended = {**INVENTORY["contracts"]["gkd"], "ends": "2026-06-07"}
    story = Story(inventory={**INVENTORY, "contracts": {**INVENTORY["contracts"], "gkd": ended}})
    story.look(10, well())
    judged = story.last(range(100, 20000, 100), ill(since=60))
    assert not about_contracts(judged)
    assert contract_of(judged).missed is None


def test_a_new_month_is_good_before_its_first_hour_and_the_last_one_can_still_be_read() -> None:
    story = Story()
    story.books.contracts.recall([OWED, changed(0, "up"), changed(3600, "down"), changed(7200, "up")], START + 7300)
    saturday = moment(2026, 8, 1, 0, 2)
    story.look(saturday - 20 * DAY, well(since=7400))
    judged = story.look(saturday, well(since=7400))
    assert not about_contracts(judged)
    assert not [key for key in judged.unverified if key.rule == "contract_missed"]
    july = story.look(moment(2026, 7, 1, 9), well(since=7400))
    assert (contract_of(july).last_month[PORTAL].down_seconds, len(contract_of(july).bad_days)) == (3600, 1)
    assert contract_of(july).last_month[PORTAL].budget_seconds == pytest.approx(22 * 360 - 3600)


def test_bad_days_with_many_changes_have_their_first_and_last_and_how_many_there_were() -> None:
    kept = [
        changed(-7 * DAY + day * DAY + number * 600, "down" if number % 2 else "up")
        for day in range(7)
        for number in range(40)
    ]
    story = Story()
    story.books.contracts.recall([OWED, *kept], START - 60)
    days = contract_of(story.look(0, well(since=-10))).bad_days
    assert [(one.total, len(one.changes)) for one in days][:5] == [(40, 20)] * 5, "five days of service"
    assert days[0].changes[0].at < days[0].changes[-1].at


def test_what_failed_just_before_the_end_of_announced_work_was_planned_until_then() -> None:
    window = {"name": "W", "from": "2026-06-08T08:59", "until": "2026-06-08T09:02", "match": {"service": "portal"}}
    story = Story({"alerting": {"maintenance": [window]}})
    story.look(10, well())
    story.look(110, ill(since=100, failures=1))
    for at in (125, 126):
        story.look(at, ill(since=100))
    assert story.told() == [(0, "up"), (100, "planned"), (120, "down")]


def test_a_share_is_told_with_as_many_decimals_as_are_agreed() -> None:
    exact = {**INVENTORY["contracts"]["gkd"], "availability": "99.995%"}
    story = Story(inventory={**INVENTORY, "contracts": {**INVENTORY["contracts"], "gkd": exact}})
    story.look(10, well())
    (one,) = found(story.last(range(100, 500, 100), ill(since=60)), "contract_missed")
    assert "99.995%" in one.summary


def test_many_kept_changes_are_taken_up_with_pauses() -> None:
    past = Past()
    past.keep([changed(-9e6 + number, "up") for number in range(25_000)], START - 60)
    assert len(list(past.take_up([]))) == 2
