"""One cause, one alert: what of a provider goes together is told once, and only where nothing of ours explains it."""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import Alert, AlertState, FindingKey, Judgement, Subject
from tests.agent.risk.contracts.test_book import INVENTORY, START, Story, found, ill, service, well
from tests.agent.risk.scene import failed, job, unpolled

GKD = FindingKey("provider_down", Subject("contract", "gkd"))


def story(services: dict[str, dict[str, Any]], **sections: Any) -> Story:
    contracts = {**INVENTORY["contracts"], "other": {"provider": "Other"}}
    return Story(inventory={**INVENTORY, "services": services, "contracts": contracts, **sections})


def of(*names: str, **more: Any) -> dict[str, dict[str, Any]]:
    return {name: service(contract="gkd", **more) for name in names}


def effects(judged: Judgement) -> set[str]:
    return {one.subject.id for one in found(judged, "service_failing") if one.cause == GKD.subject}


def test_a_later_failure_of_more_things_leaves_the_first_outage_as_it_is_and_is_told_as_new() -> None:
    town = story(of("a", "b", "c", "d", "e"))
    town.look(10, *(well(name) for name in "abcde"))
    town.look(70, ill("a", 60), ill("b", 60), *(well(name) for name in "cde"))
    judged = town.look(4000, ill("a", 60), ill("b", 60), *(ill(name, 3990) for name in "cde"))
    assert effects(judged) == {"a", "b"}
    assert len(found(judged, "service_failing")) == 5
    judged = town.look(4060, ill("a", 60), well("b", 4050), *(ill(name, 3990) for name in "cde"))
    assert effects(judged) == {"a"}
    judged = town.look(4120, well("a", 4110), well("b", 4050), *(ill(name, 3990) for name in "cde"))
    assert effects(judged) == {"c", "d", "e"}, "it is free for what failed together since"


def test_an_outage_of_which_nothing_can_be_told_now_is_neither_over_nor_told_anew() -> None:
    town = story(of("a", "b"))
    town.look(10, well("a"), well("b"))
    town.look(70, ill("a", 60), ill("b", 60))
    judged = town.look(80, unpolled("service:a", "http"), unpolled("service:b", "http"))
    assert GKD in judged.unverified
    judged = town.look(400, ill("a", 60), unpolled("service:b", "http"))
    assert effects(judged) == {"a"}
    assert len(found(judged, "provider_down")) == 1


def test_what_does_not_matter_at_this_hour_wakes_nobody() -> None:
    town, night = story(of("a", "b", when="office_hours")), -6 * 3600
    town.look(night, well("a", night - 5), well("b", night - 5))
    assert not found(town.look(night + 70, ill("a", night + 60), ill("b", night + 60)), "provider_down")


def test_it_is_as_patient_and_at_the_site_of_what_went() -> None:
    town = story(of("a", "b", site="rathaus"))
    up = [job("device:sw", since=START), job("device:srv", since=START)]
    town.look(10, well("a"), well("b"), *up)
    (one,) = found(town.look(70, ill("a", 60), ill("b", 60), *up), "provider_down")
    assert (one.site, one.hold_seconds) == ("rathaus", None)


def test_where_several_providers_go_at_once_it_is_not_known_that_it_is_theirs() -> None:
    services = of("a", "b") | {name: service(contract="other") for name in "xy"}
    town = story(services)
    town.look(10, *(well(name) for name in "abxy"))
    down = [ill("a", 60), ill("b", 60), ill("x", 100), ill("y", 100)]
    for at in (130, 1000):
        assert not found(town.look(at, *down), "provider_down")
    judged = town.look(1060, *down[:2], well("x", 1050), well("y", 1050))
    assert not found(judged, "provider_down"), "they go on speaking for themselves"
    assert len(found(judged, "service_failing")) == 2


def test_where_something_of_ours_went_at_the_same_moment_each_speaks_for_itself() -> None:
    town = story(of("a", "b"))
    town.look(10, well("a"), well("b"), job("device:sw", since=START))
    dead = failed("device:sw", since=START + 50)
    assert not found(town.look(130, ill("a", 60), ill("b", 60), dead), "provider_down")
    town = story(of("a", "b"))
    town.look(10, well("a"), well("b"), failed("device:sw", since=START - 9000))
    judged = town.look(130, ill("a", 60), ill("b", 60), failed("device:sw", since=START - 9000))
    assert len(found(judged, "provider_down")) == 1, "what was dead long before explains nothing"


def test_what_was_told_before_a_restart_goes_on_under_the_same_contract() -> None:
    services = {"a1": service(contract="gkd"), "b1": service(contract="b"), "b2": service(contract="b")}
    contracts = {"gkd": {"provider": "GKD"}, "b": {"provider": "GKD"}, "line": {"provider": "Telekom"}}
    town = story(services, contracts=contracts)
    town.look(10, *(well(name) for name in services))
    judged = town.look(70, well("a1"), ill("b1", 60), ill("b2", 60))
    alerts = [Alert(str(number), one, AlertState.FIRING, START, START) for number, one in enumerate(judged.findings)]
    again = story(services, contracts=contracts)
    again.books.contracts.recall(town.changes, START + 140, alerts)
    judged = again.look(160, ill("a1", 155), ill("b1", 156), ill("b2", 157))
    assert [str(one.subject) for one in found(judged, "provider_down")] == ["contract:b"]


@pytest.mark.parametrize("match", [{"contract": "gkd"}, {"subject": "contract:gkd"}])
def test_work_on_a_contract_is_on_all_that_is_owed_under_it(match: dict[str, str]) -> None:
    window = {"name": "Update", "from": "2026-06-08T08:00", "until": "2026-06-08T20:00", "match": match}
    town = Story({"alerting": {"maintenance": [window]}})
    town.look(10, well())
    town.look(70, ill(since=60))
    assert town.told() == [(0, "up"), (60, "planned")]


def test_who_is_owed_under_a_contract_and_needs_it_does_not_blame_its_neighbour() -> None:
    town = story(of("a", "b", depends_on=["gkd"]))
    town.look(10, well("a"), well("b"))
    town.look(5000, well("a"), well("b", 4990))
    judged = town.look(5070, ill("a", 5060), ill("b", 4995))
    assert {one.cause for one in found(judged, "service_failing")} <= {None, GKD.subject}
    assert [one.state for one in town.changes if one.subject.id == "a"][-1] == "down"
