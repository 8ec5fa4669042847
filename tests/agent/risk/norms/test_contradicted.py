"""Nothing is fulfilled by what was not seen, nor against a finding that stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from agent.contract import (
    ElementState,
    Finding,
    House,
    LinkVerdict,
    Network,
    PowerState,
    Severity,
    Subject,
)
from agent.risk.norms.case import Case, Telling
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.norms.test_norms import NOW, RAW, SETTINGS, case, room, row, tellings
from tests.agent.risk.scene import job

FAILING = Finding("receiver_failing", Subject("receiver", "anna"), Severity.CRITICAL, "anna is not reached")


def stands(*found: tuple[str, str]) -> Case:
    return case(
        findings=tuple(
            Finding(rule, Subject(*subject.split(":")), Severity.WARNING, f"{rule} stands")  # type: ignore[arg-type]  # as the test names it
            for rule, subject in found
        )
    )


@pytest.mark.parametrize(
    ("rule", "subject", "name", "state"),
    [
        ("sensor_frozen", "room:serverraum", "INF.2.A5", "partly"),
        ("sensor_disagrees", "room:serverraum", "INF.2.A16", "partly"),
        ("room_overheating", "room:serverraum", "INF.2.A5", "partly"),
        ("room_not_measured", "room:serverraum", "INF.2.A11", "partly"),
        ("device_unreachable", "device:klima", "INF.2.A11", "unknown"),
        ("device_unreachable", "device:usv", "INF.2.A25", "unknown"),
        ("pdu_feed_lost", "device:srv", "INF.2.A25", "partly"),
        ("ups_on_bypass", "device:usv-2", "INF.2.A25", "partly"),
        ("feeds_share_ups", "device:usv", "INF.2.A25", "partly"),
    ],
)
def test_a_finding_that_speaks_against_a_room_is_seen(rule: str, subject: str, name: str, state: str) -> None:
    found = row(stands((rule, subject)), name)
    assert (found.state, found.gaps) == (state, (f"{rule} stands",))


def test_a_watch_that_is_cut_off_does_not_work_cut_off() -> None:
    assert row(stands(("uplink_down", "daemon:ringwacht")), "OPS.1.1.1.A25", None).gaps == ("uplink_down stands",)


@pytest.mark.parametrize("name", ["INF.2.A8", "INF.2.A11", "INF.2.A17", "INF.2.A29"])
def test_what_goes_to_a_receiver_that_is_not_reached_is_not_told(name: str) -> None:
    found = row(case(findings=(FAILING,)), name)
    assert "anna is not reached" in found.gaps
    assert found.state != "fulfilled"


def test_what_is_told_later_is_not_told_at_once() -> None:
    later = case(tellings=tellings(smoke=Telling("later")))
    assert row(later, "INF.2.A17").gaps == ("“Smoke in the room” is told later only (office hours or digest)",)
    assert row(later, "INF.2.A29").state == "fulfilled"


def test_how_long_smoke_takes_is_the_time_between_polls_and_the_hold() -> None:
    assert "told after 60 s at the latest" in row(case(), "INF.2.A17").evidence
    slow = case(tellings=tellings(smoke=Telling("at_once", 30.0, frozenset({"anna"}))))
    assert row(slow, "INF.2.A17").gaps == ("perhaps told after 90 s only",)


def test_each_quantity_of_a_room_must_be_told() -> None:
    found = row(case(tellings=tellings(humidity_out_of_range=Telling("never"))), "INF.2.A11")
    assert (found.state, len(found.gaps), len(found.evidence)) == ("partly", 1, 9)


def test_a_clock_that_is_compared_and_does_not_answer_is_unknown() -> None:
    silent = case()
    jobs = {**silent.jobs, Subject("service", "zeit"): (job("service:zeit", "ntp", up=False),)}
    found = row(replace(silent, jobs=jobs), "NET.1.2.A8", None)
    assert (found.state, found.gaps) == ("unknown", ("clock not compared now: service:zeit",))


def test_a_ups_that_is_gone_is_unknown() -> None:
    made = case()
    left = {"usv": made.house.power["usv"]}
    found = row(replace(made, house=replace(made.house, power=left)), "INF.2.A3")
    assert found.state == "unknown"
    assert found.gaps[0] == "usv-2: runtime not known"


def test_a_ups_that_never_said_when_it_was_tested_or_who_shuts_down_is_unknown() -> None:
    made = case()
    dumb = {name: replace(one, tested_at=None, clients=None) for name, one in made.house.power.items()}
    found = row(replace(made, house=replace(made.house, power=dumb)), "INF.2.A3")
    assert (found.state, len(found.gaps)) == ("unknown", 2)
    raw = {**RAW, "rooms": {"keller": {"site": "rathaus", "kind": "distribution", "shutdown_time": "5m"}}}
    own = {"usv": PowerState("usv", "keller", runtime=2000.0, required=600.0)}
    cellar = case(inventory=Inventory.model_validate({**raw, "devices": {}}), house=House(NOW, power=own))
    assert row(cellar, "INF.5.A16", "keller").gaps == (
        "usv: not known whether computers are registered for the shutdown",
    )


def test_tests_of_which_nothing_is_known_are_unknown() -> None:
    for name in ("INF.2.A13", "INF.2.A19"):
        found = row(case(tests={}), name, None)
        assert (found.state, found.gaps) == ("unknown", ("tests of anna and bert: not known",))


def test_a_device_of_which_only_the_ping_answers_is_not_all_read() -> None:
    made, sw = case(), Subject("device", "sw")
    jobs = {**made.jobs, sw: (job("device:sw", "icmp"), job("device:sw", "snmp", up=False))}
    planned = {**made.planned, sw: frozenset({"icmp", "snmp"})}
    assert row(replace(made, jobs=jobs, planned=planned), "OPS.1.1.1.A9", None).state == "unknown"
    tcp = {**made.jobs, sw: (job("device:sw", "tcp"),)}
    port = replace(made, jobs=tcp, planned={**made.planned, sw: frozenset({"tcp"})})
    assert row(port, "NET.1.2.A25", None).state == "gap"


def contracted(**more: object) -> Case:
    raw = {
        **RAW,
        "contracts": {"c": {"provider": "P", "availability": "99%"}},
        "services": {"s": {"tcp": "127.0.0.1:1", "site": "rathaus", "contract": "c"}},
    }
    made = case(inventory=Inventory.model_validate({**raw, **more}))
    return replace(made, planned={**made.planned, Subject("service", "s"): frozenset({"tcp"})})


def test_a_service_under_contract_must_be_polled() -> None:
    made = contracted()
    assert row(made, "OPS.1.1.1.A11", None).gaps == ("P: not measured now by s",)
    polled = replace(made, jobs={**made.jobs, Subject("service", "s"): (job("service:s", "tcp"),)})
    assert row(polled, "OPS.1.1.1.A11", None).state == "fulfilled"


@pytest.mark.parametrize(("state", "verdict"), [("up", "fulfilled"), ("down", "fulfilled"), ("unknown", "unknown")])
def test_a_line_under_contract_must_be_known(state: str, verdict: str) -> None:
    link = {"ends": ["rathaus", "bauhof"], "contract": "c", "kind": "leased"}
    made = contracted(sites={"rathaus": {}, "bauhof": {}}, services={}, links={"l": link})
    seen = LinkVerdict("l", ("rathaus", "bauhof"), ElementState(state))  # type: ignore[arg-type]  # as the test names it
    assert row(replace(made, network=Network(NOW, {"l": seen})), "OPS.1.1.1.A11", None).state == verdict


RAILS: Mapping[str, object] = {
    "usv": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.1", "role": "ups"},
    "usv-2": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.2", "role": "ups"},
    "pdu-a": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.3", "role": "pdu", "powered_by": ["usv"]},
    "pdu-b": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.4", "role": "pdu", "powered_by": ["usv-2"]},
    "srv": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.5", "powered_by": ["pdu-a", "pdu-b"]},
}


def test_two_rails_with_a_ups_each_are_two_feeds() -> None:
    found = row(case(inventory=Inventory.model_validate({**RAW, "devices": RAILS})), "INF.2.A25")
    assert (found.state, found.evidence) == ("fulfilled", ("srv: fed by pdu-a and pdu-b",))
    more = {**RAILS, "nas": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.6"}}
    found = row(case(inventory=Inventory.model_validate({**RAW, "devices": more})), "INF.2.A25")
    assert (found.state, found.gaps) == ("unknown", ("feeds not declared (`powered_by`): nas",))


def test_second_ways_must_take_other_links_and_say_so() -> None:
    def found(anna: list[str], bert: list[str]) -> tuple[str, ...]:
        receivers = {
            "anna": {"apprise": [{"env": "PATH"}], "fallback": "bert", "via": anna},
            "bert": {"apprise": [{"env": "PATH"}], "fallback": "anna", "via": bert},
        }
        raw = {"municipality": {"language": "en"}, "alerting": {"receivers": receivers}, "uplink": {"site": "rathaus"}}
        raw["uplink"] = {"site": "rathaus", "gateway": "127.0.0.1"}
        return row(case(settings=Settings.model_validate(raw)), "OPS.1.1.1.A25", None).gaps

    assert found(["rf-1"], ["lte"]) == ()
    assert found(["rf-1"], ["rf-1"]) == ("both ways over the same link: anna and bert",)
    assert found([], []) == ("not declared which links the ways take (`via`): anna and bert",)


def test_files_alone_count_declared_sensors_and_ups_as_expected() -> None:
    made = replace(case(), live=False, house=House(NOW), jobs={}, network=None)
    assert "water: expected, not measured now" in row(made, "INF.2.A29").gaps
    assert "UPS: expected, not measured now" in row(made, "INF.2.A3").gaps
    assert row(made, "NET.1.2.A8", None).gaps == ("planned, not measured: service:zeit",)
    bare = replace(made, inventory=Inventory.model_validate({**RAW, "devices": {}}))
    assert "water: not under `expected`" in row(bare, "INF.2.A29").gaps


def test_one_is_one_in_german() -> None:
    german = SETTINGS.model_copy(update={"municipality": Settings().municipality})
    made = case(settings=german)
    assert "1 Gerät mit Messwerten" in row(made, "NET.1.2.A25", None).evidence
    assert row(made, "NET.1.2.A8", None).evidence == ("1 Uhr verglichen: service:zeit",)
    one = {**RAW, "rooms": {"serverraum": {"site": "rathaus", "cooling_units": 1}}}
    spare = case(settings=german, inventory=Inventory.model_validate(one))
    assert "1 Klimagerät, keine Reserve" in row(spare, "INF.2.A16").gaps


def test_cooling_of_which_nothing_is_heard_is_unknown() -> None:
    made = case()
    mute = replace(room("serverraum"), cooling_state=None)
    dark = replace(made, house=replace(made.house, rooms={**made.house.rooms, "serverraum": mute}))
    assert row(dark, "INF.2.A16").gaps == ("not known whether the cooling units work",)
