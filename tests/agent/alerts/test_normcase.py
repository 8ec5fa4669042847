"""What requirements are judged from: who is told of what, when, and what a running daemon knows."""

from __future__ import annotations

import pytest

from agent.alerts.normcase import declared_case, live_case, tellings_of
from agent.contract import Alert, AlertState, Finding, House, JobKey, Severity, Snapshot, Subject
from agent.risk.norms.case import NEVER, Telling
from agent.risk.rules import RULE_OPTIONS
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.agent.risk.scene import NOW, job
from tests.harness.fakes import FakeView

INVENTORY = Inventory.model_validate(
    {
        "sites": {"rathaus": {}, "bauhof": {}},
        "rooms": {"serverraum": {"site": "rathaus"}},
        "devices": {"usv": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.1", "role": "ups"}},
    }
)


def settings(**alerting: object) -> Settings:
    receivers = {name: {"apprise": [{"env": "PATH"}]} for name in ("anna", "bert")}
    receivers["rota"] = {"duty": {"url": {"env": "PATH"}, "otherwise": ["anna"]}}  # type: ignore[dict-item]  # by duty
    raw = {"alerting": {"receivers": receivers, **alerting}}
    return Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))


def telling(rule: str, room: str | None = None, **alerting: object) -> Telling:
    return tellings_of(INVENTORY, settings(**alerting), NOW)[rule, room]


def test_who_is_told_at_once_and_after_which_hold() -> None:
    routes = [{"receivers": ["anna"]}]
    assert telling("leak", "serverraum", routes=routes, rules={"leak": {"hold": "20s"}}) == Telling(
        "at_once", 20.0, frozenset({"anna"})
    )
    assert telling("device_unreachable", None, routes=routes).receivers == {"anna"}


def test_of_a_duty_everybody_may_be_meant() -> None:
    assert telling("smoke", "serverraum", routes=[{"receivers": ["rota"]}]).receivers == {"anna", "bert"}


@pytest.mark.parametrize("route", [{"when": "office_hours"}, {"digest": "07:00"}], ids=["office hours", "digest"])
def test_what_waits_is_told_later(route: dict[str, str]) -> None:
    assert telling("smoke", "serverraum", routes=[{"receivers": ["anna"], **route}]).when == "later"


@pytest.mark.parametrize(
    "alerting",
    [
        {},
        {"routes": [{"receivers": ["anna"], "match": {"severity": "info"}}]},
        {"routes": [{"receivers": ["anna"], "match": {"site": "bauhof"}}]},
        {
            "routes": [{"receivers": ["anna"]}],
            "accept": [{"match": {"rule": "smoke"}, "until": "2099-01-01", "reason": "x"}],
        },
    ],
    ids=["no route", "other severity", "other site", "accepted"],
)
def test_what_nobody_hears_of_is_told_never(alerting: dict[str, object]) -> None:
    assert telling("smoke", "serverraum", **alerting) == NEVER


def test_the_gravest_must_be_told_at_once_and_the_milder_at_all() -> None:
    urgent = {"receivers": ["anna"], "match": {"severity": "critical"}}
    slow = {"receivers": ["bert"], "when": "office_hours"}
    assert telling("temperature_high", "serverraum", routes=[urgent, slow]).when == "at_once"
    assert telling("temperature_high", "serverraum", routes=[urgent]) == NEVER


def test_a_site_without_a_route_is_enough_for_the_network_and_no_matter_of_a_room() -> None:
    routes = [{"receivers": ["anna"], "match": {"site": "rathaus"}}]
    assert telling("link_down", None, routes=routes) == NEVER
    assert telling("leak", "serverraum", routes=routes).when == "at_once"


def test_a_route_for_the_ups_of_a_room_is_taken() -> None:
    routes = [{"receivers": ["bert"], "match": {"device": "usv"}}]
    assert telling("ups_on_battery", "serverraum", routes=routes).receivers == {"bert"}
    assert telling("leak", "serverraum", routes=routes) == NEVER


def test_the_files_alone_say_what_is_planned() -> None:
    key = JobKey(Subject("device", "usv"), "snmp")
    made = declared_case(INVENTORY, settings(), [(key, "snmp")], NOW)
    assert (made.live, made.planned, made.jobs) == (False, {key.subject: frozenset({"snmp"})}, {})


def test_a_running_daemon_adds_what_stands_and_what_answers() -> None:
    leak = Finding("leak", Subject("room", "serverraum"), Severity.CRITICAL, "wet")
    states = (AlertState.PENDING, AlertState.RESOLVED)
    alerts = tuple(Alert(str(state), leak, state, NOW, NOW) for state in states)
    answering = job("device:usv", "snmp")
    snapshot = Snapshot(NOW, FakeView([answering], [], NOW), (), alerts, (), house=House(NOW))
    made = live_case(snapshot, INVENTORY, settings(), {})
    assert (made.live, made.findings) == (True, (leak,))
    assert made.jobs == {answering.key.subject: (answering,)}
    assert made.planned == {answering.key.subject: frozenset({"snmp"})}
