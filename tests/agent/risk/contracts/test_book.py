"""States of what is followed, look by look: each change once, at its own moment, with whose fault it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.contract import Finding, JobState, Judgement, Silence, Subject
from agent.estate import ContractState, ServiceState, StateChange
from agent.risk.books import Books
from agent.risk.contracts.following import PATIENCE_SECONDS
from agent.risk.contracts.past import marker
from agent.risk.judge import judging
from agent.risk.threshold import thresholds_of
from agent.risk.uplink import Guard
from agent.risk.watch import ThresholdBook
from config.settings import Match
from tests.agent.risk.scene import Scene, drained, failed, job, unpolled

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 6, 8, 9, tzinfo=BERLIN).timestamp()  # a Monday
PORTAL, MAIL, LINE = Subject("service", "portal"), Subject("service", "mail"), Subject("link", "line")


def service(**more: Any) -> dict[str, Any]:
    return {"url": "https://127.0.0.1/", **more}


INVENTORY: Mapping[str, Any] = {
    "sites": {"rathaus": {"name": "Rathaus"}, "kreishaus": {"core": True}, "wald": {}},
    "services": {
        "portal": service(contract="gkd", name="Portal"),
        "mail": service(contract="gkd"),
        "wiki": service(depends_on=["srv"], contract="gkd"),
        "shop": service(depends_on=["line"]),
        "form": service(depends_on=["gkd"]),
    },
    "devices": {"srv": {"site": "rathaus", "address": "127.0.0.1"}, "sw": {"site": "rathaus", "address": "127.0.0.1"}},
    "links": {
        "line": {
            "ends": ["rathaus", "kreishaus"],
            "kind": "leased",
            "probe": {"icmp": "127.0.0.1"},
            "contract": "line",
        }
    },
    "contracts": {
        "gkd": {
            "provider": "GKD",
            "availability": "99%",
            "hours": "Mo-Fr 08:00-18:00",
            "hotline": "02361 1",
            "reaction": "2h",
        },
        "line": {"provider": "Telekom", "bandwidth": {"down": "100Mbit/s", "up": "50Mbit/s"}},
    },
}


class Story:
    """Looks one after the other at what the test lets the jobs say."""

    def __init__(self, settings: Mapping[str, Any] | None = None, inventory: Mapping[str, Any] = INVENTORY) -> None:
        self.scene = Scene(inventory, settings)
        book = ThresholdBook(thresholds_of(self.scene.inventory, self.scene.settings))
        self.books = Books(book)
        self.guard = Guard()
        self.changes: list[StateChange] = []

    def look(self, at: float, *jobs: JobState, silences: Sequence[Silence] = ()) -> Judgement:
        made = Scene(INVENTORY)
        view = made.jobs(*jobs).view(START + at)
        outlook = self.guard.look(view, self.scene.settings)
        books = replace(self.books, silences=tuple(silences))
        judging_now = judging(self.scene.inventory, self.scene.settings, outlook, made.windows(), books)
        judged = drained(judging_now)[0]
        self.changes.extend(judged.changes)
        return judged

    def last(self, moments: Iterable[int], *jobs: JobState) -> Judgement:
        """Look at these moments at the same jobs; return the last judgement."""
        return [self.look(at, *jobs) for at in moments][-1]

    def told(self, subject: Subject = PORTAL) -> list[tuple[float, str]]:
        return [(one.at - START, one.state) for one in self.changes if one.subject == subject]


def well(name: str = "portal", since: float = 0.0) -> JobState:
    return job(f"service:{name}", "http", since=START + since)


def ill(name: str = "portal", since: float = 0.0, **more: Any) -> JobState:
    return failed(f"service:{name}", "http", since=START + since, **more)


def state_of(judged: Judgement, name: str = "portal") -> ServiceState:
    assert judged.estate is not None
    return judged.estate.services[name]


def contract_of(judged: Judgement, name: str = "gkd") -> ContractState:
    assert judged.estate is not None
    return judged.estate.contracts[name]


def found(judged: Judgement, rule: str) -> list[Finding]:
    return [one for one in judged.findings if one.rule == rule]


def test_a_failure_begins_with_its_first_poll_and_is_told_once() -> None:
    story = Story()
    story.look(10, well(since=5))
    story.look(70, ill(since=65, failures=1))
    for at in (75, 76, 77):
        story.look(at, ill(since=65))
    judged = story.look(140, well(since=135))
    assert story.told() == [(5, "up"), (65, "down"), (135, "up")]
    (bad,) = contract_of(judged).bad_days
    assert (bad.down_seconds, [one.state for one in bad.changes]) == (70, ["up", "down", "up"])
    assert contract_of(judged).month[PORTAL].down_seconds == 70
    assert [one.state for one in state_of(judged).history] == ["up", "down", "up"]
    assert state_of(judged).month == contract_of(judged).month[PORTAL]


def test_what_is_needed_and_is_ours_is_no_fault_of_the_provider() -> None:
    story = Story()
    story.look(10, well("wiki"), job("device:srv", since=START))
    story.look(20, ill("wiki", 15), job("device:srv", since=START))
    story.look(30, ill("wiki", 15), failed("device:srv", since=START + 16), job("device:sw", last_attempt=START + 29))
    wiki = Subject("service", "wiki")
    assert story.told(wiki) == [(0, "up"), (15, "down"), (15, "upstream")], "known later, it held from the beginning"
    assert story.changes[-1].cause == Subject("device", "srv")


def test_who_is_cut_off_by_another_provider_is_not_to_blame() -> None:
    story = Story()
    line_down = failed("link:line", since=START + 12)
    story.look(10, well("shop"), job("link:line", since=START))
    judged = story.look(20, ill("shop", 12), line_down)
    assert story.told(Subject("service", "shop"))[-1] == (12, "upstream")
    assert story.told(LINE)[-1] == (12, "down")
    assert not found(judged, "provider_down")


def test_work_that_was_announced_is_planned_and_what_outlasts_it_is_not() -> None:
    window = {"name": "Update", "from": "2026-06-08T09:01", "until": "2026-06-08T09:02", "match": {"service": "portal"}}
    story = Story({"alerting": {"maintenance": [window]}})
    story.look(10, well())
    story.look(75, ill(since=70))
    story.look(125, ill(since=70))
    assert story.told() == [(0, "up"), (70, "planned"), (120, "down")]
    assert [one.why for one in story.changes if one.subject == PORTAL][1] == "Update"


def test_a_silence_explains_only_what_fails_after_it_began() -> None:
    story, match = Story(), Match(service="portal")
    late = Silence("s", match, "it", "quiet", START + 100, START + 9e4)
    story.look(10, well())
    story.look(110, ill(since=70), silences=[late])
    early = Silence("s", match, "it", "works", START + 5, START + 9e4)
    assert story.told()[-1] == (70, "down")
    story = Story()
    story.look(10, well())
    story.look(110, ill(since=70), silences=[early])
    assert story.told()[-1] == (70, "planned")


def test_what_cannot_be_told_for_long_was_not_known_from_the_start_and_a_moment_of_doubt_is_none() -> None:
    story = Story()
    story.look(10, well())
    story.look(20, unpolled("service:portal", "http"))
    story.look(30, well())
    judged = story.look(40, unpolled("service:portal", "http"))
    assert (state_of(judged).state, state_of(judged).since) == ("unknown", START + 40)
    for at in range(50, 300, 10):
        story.look(at, unpolled("service:portal", "http"))
    story.look(310, well())
    assert story.told() == [(0, "up"), (40, "blind"), (310, "up")]


def test_after_a_start_nothing_is_known_of_the_time_in_between() -> None:
    story = Story()
    kept = [
        StateChange(START - 9000, marker("gkd", PORTAL), "up"),
        StateChange(START - 600, PORTAL, "up"),
        StateChange(START - 500, PORTAL, "down", "no answer"),
    ]
    story.books.contracts.recall(kept, START - 60)
    story.look(0, unpolled("service:portal", "http"))
    judged = story.look(10, ill(since=5))
    assert story.told() == [(-60, "blind"), (5, "down")]
    month = contract_of(judged).month[PORTAL]
    assert (month.down_seconds, month.blind_seconds) == (440 + 5, month.service_seconds - 545)


def test_a_daemon_that_stood_still_saw_nothing() -> None:
    story = Story()
    story.look(10, well())
    story.look(PATIENCE_SECONDS + 1000, well())
    assert story.told() == [(0, "up"), (10, "blind"), (PATIENCE_SECONDS + 1000, "up")]


def test_a_clock_that_is_set_back_takes_back_what_then_lies_ahead() -> None:
    story = Story()
    story.look(4000, well(since=3000))
    story.look(4010, ill(since=4005))
    judged = story.look(500, ill(since=490))
    account = contract_of(judged).month[PORTAL]
    assert story.told() == [(3000, "up"), (4005, "down"), (500, "down")]
    assert account.down_seconds == 0
    assert min(account.up_seconds, account.blind_seconds) >= 0
    later = contract_of(story.look(570, ill(since=490))).month[PORTAL]
    assert later.down_seconds == 70
    assert later.service_seconds == account.service_seconds + 70


def test_a_service_that_is_not_watched_any_more_is_not_known_any_more() -> None:
    story = Story()
    story.look(10, well())
    story.scene = Scene({**INVENTORY, "services": {"mail": service(contract="gkd")}})
    story.look(20)
    assert story.told()[-1] == (20, "blind")


def test_two_things_of_one_provider_that_go_at_once_are_one_alert_with_its_number() -> None:
    story = Story()
    story.look(10, well(), well("mail"))
    story.look(70, ill(since=60), well("mail"))
    judged = story.look(130, ill(since=60), ill("mail", 120))
    (one,) = found(judged, "provider_down")
    assert (str(one.subject), one.summary) == ("contract:gkd", "GKD: failed at the same time: Portal and mail")
    assert one.evidence[:2] == ("hotline of GKD: 02361 1", "agreed reaction time: 2 h")
    effects = {each.subject: each.cause for each in found(judged, "service_failing")}
    assert effects == {PORTAL: one.subject, MAIL: one.subject}
    assert story.told() == [(0, "up"), (60, "down")], "it is the provider's fault all the same"


def test_failures_of_different_days_are_no_outage_even_after_a_restart() -> None:
    story = Story()
    kept = [StateChange(START - 90000, PORTAL, "down"), StateChange(START - 600, MAIL, "down")]
    story.books.contracts.recall(kept, START - 60)
    judged = story.look(10, ill(since=5), ill("mail", 5))
    assert not found(judged, "provider_down")


def test_who_needs_a_contract_fails_because_of_it_once_all_under_it_is_down() -> None:
    story = Story()
    server = job("device:srv")
    all_up = [well(name) for name in ("portal", "mail", "wiki", "form")]
    story.look(10, *all_up, server)
    partly = story.look(70, ill(since=60), well("mail"), well("wiki"), ill("form", 60), server)
    assert {one.subject.id: one.cause for one in found(partly, "service_failing")} == {"portal": None, "form": None}
    down = story.look(130, *(ill(name, 60) for name in ("portal", "mail", "wiki", "form")), server)
    causes = {one.subject.id: str(one.cause) for one in found(down, "service_failing")}
    assert causes == {
        "portal": "contract:gkd",
        "mail": "contract:gkd",
        "wiki": "contract:gkd",
        "form": "service:portal",
    }


def test_a_contract_is_at_risk_and_then_missed_until_the_month_is_over() -> None:
    story = Story()
    story.look(10, well(), well("mail"))
    allowed = 22 * 36000 * 0.01  # weekdays of June 2026
    story.look(70, ill(since=60), well("mail", since=0))
    judged = story.last(range(100, int(allowed * 0.8), 100), ill(since=60), well("mail"))
    (risk,) = found(judged, "contract_at_risk")
    assert not found(judged, "contract_missed")
    assert contract_of(judged).missed is False
    assert risk.summary == "contract GKD (gkd): 75% or more of this month's error budget is used up: Portal"
    judged = story.last(range(int(allowed * 0.8), int(allowed) + 200, 100), ill(since=60), well("mail"))
    (missed,) = found(judged, "contract_missed")
    assert not found(judged, "contract_at_risk")
    assert contract_of(judged).missed is True
    assert missed.evidence[1].startswith("2026-06-08: Portal failed for 2 h 1")
    figures = {(one.family.name, one.labels): one.value for one in judged.measures}
    assert figures["ringwacht_contract_error_budget_remaining_seconds", ("gkd",)] < 0


def test_of_a_month_of_which_nothing_was_seen_nothing_is_said() -> None:
    judged = Story().look(10, unpolled("service:portal", "http"))
    assert contract_of(judged).missed is None
    assert Subject("contract", "gkd") in {one.subject for one in judged.unverified if one.rule == "contract_missed"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_all_is_said_in_both_languages(language: str) -> None:
    story = Story({"municipality": {"language": language}})
    story.look(10, well(), well("mail"))
    judged = story.last(range(100, 9000, 100), ill(since=60), ill("mail", 60))
    assert found(judged, "contract_missed")
    assert found(judged, "provider_down")
