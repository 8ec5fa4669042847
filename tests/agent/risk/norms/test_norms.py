"""What fulfils the requirements of norms, what does not, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from agent.contract import (
    AlarmTest,
    Coverage,
    Finding,
    House,
    Limits,
    PowerState,
    Quantity,
    RoomState,
    Severity,
    Subject,
)
from agent.risk.norms.answer import NormRow, judge_norms
from agent.risk.norms.case import Case, Point, Telling, Verdict
from agent.risk.norms.network import ALARMING
from agent.risk.norms.rooms import TOLD_OF
from agent.risk.norms.table import REQUIREMENTS
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import job

HOUSE = Path(__file__).parents[4]
NOW = 1_800_000_000.0
DAY = 86400.0
QUANTITIES: tuple[Quantity, ...] = ("temperature", "humidity", "leak", "smoke", "door", "ups")
SETTINGS = Settings.model_validate(
    {
        "municipality": {"language": "en"},
        "uplink": {"site": "rathaus", "gateway": "127.0.0.1"},
        "alerting": {
            "receivers": {
                "anna": {"apprise": [{"env": "PATH"}], "fallback": "bert", "via": ["rf-1"]},
                "bert": {"apprise": [{"env": "PATH"}, {"env": "PATH"}], "via": ["lte"]},
            },
            "routes": [{"receivers": ["anna"]}],
        },
        "credentials": {
            "new": {
                "snmp": {
                    "version": "3",
                    "username": "x",
                    "auth_protocol": "SHA-256",
                    "auth_password": {"env": "PATH"},
                    "priv_protocol": "AES-128",
                    "priv_password": {"env": "PATH"},
                }
            },
        },
    }
)
RAW: Mapping[str, object] = {
    "sites": {"rathaus": {}},
    "rooms": {
        "serverraum": {
            "site": "rathaus",
            "name": "Serverraum",
            "shutdown_time": "12m",
            "cooling_units": 2,
            "limits": {"temperature": {"warning": "27C", "critical": "32C"}, "source": "data sheet"},
        },
        "keller": {"site": "rathaus", "kind": "distribution"},
        "abstellkammer": {"site": "rathaus", "kind": "other"},
    },
    "devices": {
        "usv": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.1", "role": "ups"},
        "usv-2": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.1", "role": "ups"},
        "srv": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.1", "powered_by": ["usv", "usv-2"]},
        "sw": {"site": "rathaus", "address": "127.0.0.1", "role": "switch", "credential": "new"},
        "klima": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.1", "role": "sensor"},
    },
}


def room(name: str, states: Mapping[Quantity, str] | None = None) -> RoomState:
    found = {one: "measured" for one in QUANTITIES} | dict(states or {})
    coverage = tuple(Coverage(one, True, state, ("klima/1",)) for one, state in found.items())  # type: ignore[arg-type]  # as the test names it
    return RoomState(name, Limits(27.0, 32.0, "data sheet"), coverage=coverage, cooling_state="ok")


def tellings(**changes: Telling) -> dict[tuple[str, str | None], Telling]:
    """All are told at once, but for the rules that are named."""
    found = {rule: Telling("at_once", 0.0, frozenset({"anna"})) for rule in (*ALARMING, *TOLD_OF.values())} | changes
    return {(rule, where): one for rule, one in found.items() for where in (None, "serverraum", "keller")}


def case(**changes: object) -> Case:
    power = {
        name: PowerState(
            name, "serverraum", on_battery=False, runtime=2000.0, required=1740.0, tested_at=NOW - DAY, clients=1
        )
        for name in ("usv", "usv-2")
    }
    rooms = {name: room(name) for name in ("serverraum", "keller")}
    jobs = {
        Subject("device", name): (job(f"device:{name}", check),)
        for name, check in (("usv", "snmp"), ("usv-2", "snmp"), ("srv", "scrape"), ("sw", "snmp"), ("klima", "snmp"))
    }
    jobs[Subject("service", "zeit")] = (job("service:zeit", "ntp"),)
    made = Case(
        NOW,
        live=True,
        inventory=Inventory.model_validate(RAW),
        settings=SETTINGS,
        house=House(NOW, rooms, power=power),
        jobs=jobs,
        planned={subject: frozenset(one.key.check for one in own) for subject, own in jobs.items()},
        tests={name: AlarmTest(name, 0.0, NOW - DAY) for name in ("anna", "bert")},
        tellings=tellings(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # as the test names it


def rows(of: Case) -> dict[tuple[str | None, str], NormRow]:
    return {(one.room, one.id): one for one in judge_norms(of, "2027-01-15T08:00:00Z").rows}


def row(of: Case, name: str, where: str | None = "serverraum") -> NormRow:
    return rows(of)[where, name]


def with_room(state: RoomState) -> Case:
    made = case()
    return replace(made, house=replace(made.house, rooms={**made.house.rooms, state.id: state}))


def stands(rule: str, subject: str = "room:serverraum") -> Case:
    kind, _, name = subject.partition(":")
    return case(findings=(Finding(rule, Subject(kind, name), Severity.WARNING, f"{rule} stands"),))  # type: ignore[arg-type]  # as above


def test_a_house_in_which_all_is_done_fulfils_all_that_can_be_measured() -> None:
    missing = {key: one for key, one in rows(case()).items() if one.state != "fulfilled"}
    assert {key: one.gaps for key, one in missing.items()} == {
        ("keller", "INF.5.A10"): ("no origin of the limits (`limits.source`)",),
        ("keller", "INF.5.A16"): ("`shutdown_time` is not declared", "keller: runtime not known"),
        ("keller", "INF.5.A24"): ("number of cooling units not declared (`cooling_units`)",),
        (None, "NET.1.2.A30"): (
            "nobody would notice its failure",
            "a second one that takes over cannot be measured",
        ),
        (None, "OPS.1.1.1.A11"): (),  # there are no contracts
    }


def test_rooms_are_judged_by_their_kind() -> None:
    found = rows(case())
    assert {name for where, name in found if where == "serverraum"} == {
        f"INF.2.A{number}" for number in (3, 5, 8, 11, 14, 16, 17, 25, 29)
    }
    assert {name for where, name in found if where == "keller"} == {f"INF.5.A{number}" for number in (10, 11, 16, 24)}
    assert "abstellkammer" not in {where for where, _ in found}


def test_what_a_silent_sensor_should_measure_is_unknown_and_what_nobody_measures_is_a_gap() -> None:
    silent = row(with_room(room("serverraum", {"leak": "silent"})), "INF.2.A29")
    assert (silent.state, silent.gaps) == ("unknown", ("water: klima/1 does not answer",))
    missing = row(with_room(room("serverraum", {"leak": "missing"})), "INF.2.A29")
    assert (missing.state, missing.gaps) == ("partly", ("water: not watched",))
    assert missing.evidence == ("“Water in the room” is told",)


def test_a_room_of_which_nothing_is_known_fulfils_nothing() -> None:
    made = case()
    dark = replace(made, house=House(NOW))
    assert row(dark, "INF.2.A11").state == "unknown"
    assert row(dark, "INF.2.A3").evidence == ()


def test_what_nobody_is_told_of_is_a_gap() -> None:
    found = row(case(tellings={}), "INF.2.A8")
    assert (found.state, found.gaps) == ("partly", ("“Smoke in the room” is told to nobody",))


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("climate_beyond_norm", "INF.2.A5"),
        ("cooling_failed", "INF.2.A16"),
        ("leak", "INF.2.A29"),
    ],
)
def test_a_finding_that_stands_is_a_gap(rule: str, name: str) -> None:
    found = row(stands(rule), name)
    assert (found.state, found.gaps) == ("partly", (f"{rule} stands",))


def test_a_worn_battery_is_a_gap_of_the_room_of_its_ups() -> None:
    found = row(stands("ups_battery_replace", "device:usv"), "INF.2.A3")
    assert (found.state, found.gaps) == ("partly", ("ups_battery_replace stands",))
    assert row(stands("ups_battery_replace", "device:elsewhere"), "INF.2.A3").state == "fulfilled"


def test_a_ups_that_lasts_too_short_says_by_how_much() -> None:
    made = case()
    short = {**made.house.power, "usv": PowerState("usv", "serverraum", runtime=600.0, required=1740.0)}
    found = row(replace(made, house=replace(made.house, power=short)), "INF.2.A14")
    assert (found.state, found.gaps) == ("partly", ("usv: only 10 min at the present load, 29 min needed",))


def test_two_feeds_from_one_ups_are_not_two() -> None:
    raw = {
        **RAW,
        "devices": {
            "usv": {"site": "rathaus", "address": "127.0.0.1", "role": "ups"},
            "pdu-1": {"site": "rathaus", "address": "127.0.0.1", "powered_by": ["usv"]},
            "pdu-2": {"site": "rathaus", "address": "127.0.0.1", "powered_by": ["usv"]},
            "srv": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.1", "powered_by": ["pdu-1", "pdu-2"]},
        },
    }
    assert row(case(inventory=Inventory.model_validate(raw)), "INF.2.A25").state == "gap"
    nothing = Inventory.model_validate({**RAW, "devices": {}})
    assert row(case(inventory=nothing), "INF.2.A25").gaps == ("no feeds are declared (`powered_by`)",)


def test_a_network_that_is_only_pinged_is_not_measured() -> None:
    jobs = {Subject("device", "sw"): (job("device:sw", "icmp"),)}
    made = replace(case(), jobs=jobs, planned={Subject("device", "sw"): frozenset({"icmp"})})
    assert row(made, "NET.1.2.A25", None).gaps == ("no readings planned: sw",)
    assert row(made, "NET.1.2.A7", None).state == "fulfilled"


def test_a_device_that_does_not_answer_is_not_known_to_be_watched() -> None:
    jobs = {Subject("device", "sw"): (job("device:sw", "snmp", up=False),)}
    found = row(replace(case(), jobs=jobs), "NET.1.2.A7", None)
    assert (found.state, found.gaps) == ("unknown", ("not read, or not all of it: sw",))


def test_a_path_that_was_never_tested_or_long_ago_is_a_gap() -> None:
    tests = {"anna": AlarmTest("anna", NOW), "bert": AlarmTest("bert", 0.0, NOW - 200 * DAY)}
    found = row(case(tests=tests), "INF.2.A13", None)
    assert found.state == "partly"
    assert found.gaps == ("anna: never tested", "bert: last tested on 2026-06-29")


def test_without_a_server_room_its_requirements_do_not_apply() -> None:
    bare = case(inventory=Inventory())
    assert row(bare, "INF.2.A19", None).state == "not_applicable"


def test_what_is_only_configured_is_never_fulfilled_by_a_sensor() -> None:
    found = judge_norms(replace(case(), live=False, house=House(NOW), jobs={}), "2027-01-15T08:00:00Z")
    assert not found.live
    assert {one.state for one in found.rows if one.room == "keller"} <= {"gap", "unknown", "partly"}
    assert all("measured by" not in said for one in found.rows for said in one.evidence)


def test_a_verdict_is_the_sum_of_its_points() -> None:
    def state(*met: str) -> str:
        return Verdict.of(Point(one, one) for one in met).state  # type: ignore[arg-type]  # as the test names it

    assert state() == "not_applicable"
    assert state("yes", "yes") == "fulfilled"
    assert state("yes", "unknown") == state("unknown") == "unknown"
    assert state("yes", "no") == state("yes", "no", "unknown") == "partly"
    assert state("no") == state("no", "unknown") == "gap"


def test_every_requirement_is_in_the_document_and_the_other_way_round() -> None:
    text = (HOUSE / "docs" / "norms.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ((?:INF|NET|OPS)[0-9A-Z.]+) \| ([BSE]) \| ([A-Z0-9.]*) \|", text, re.MULTILINE)
    assert listed == [(known.id, known.level, known.successor) for known in REQUIREMENTS]
