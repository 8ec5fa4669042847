from __future__ import annotations

import pytest

from agent.contract import Alert, AlertState, Finding, FindingKey, Judgement, Severity, Subject
from agent.risk.books import Books
from agent.risk.catalogue.hardware import DRIVE_WEARING, HARDWARE_FAILED, HARDWARE_REDUNDANCY_LOST, PDU_FEED_LOST
from agent.risk.judge import judging
from agent.risk.threshold import thresholds_of
from agent.risk.uplink import Guard
from agent.risk.watch import ThresholdBook
from tests.agent.risk.scene import Scene, drained, failed, job, the

OK = "ringwacht_hardware_ok"
GROUP = "ringwacht_hardware_redundancy_ok"
LIFE = "ringwacht_hardware_life_left_ratio"
VOLTS = "ringwacht_pdu_voltage_volts"
MAINS = "ringwacht_sensor_voltage_present"
SERVER = "device:srv-bmc"
RULES = (HARDWARE_FAILED, HARDWARE_REDUNDANCY_LOST, PDU_FEED_LOST, DRIVE_WEARING)


def scene(language: str = "en", **options: object) -> Scene:
    rules = {"alerting": {"rules": {DRIVE_WEARING: options}}}
    inventory = {"devices": {"srv-bmc": {"site": "rathaus", "role": "server"}}}
    return Scene(inventory, rules, language).jobs(job(SERVER, "redfish"))


def test_all_failed_parts_of_a_device_are_one_finding() -> None:
    made = scene("de").shows(OK, SERVER, 0, part="FAN2").shows(OK, SERVER, 0, part="Drive 1")
    found = the(made.shows(OK, SERVER, 1, part="FAN1").finding(HARDWARE_FAILED))
    assert (found.severity, found.site) == (Severity.WARNING, "rathaus")
    assert found.summary == "srv-bmc: Drive 1 meldet einen Fehler (und 1 weitere)"
    assert found.evidence == ("Drive 1: nicht in Ordnung", "FAN2: nicht in Ordnung")


def test_a_device_whose_parts_are_well_has_no_finding() -> None:
    made = scene().shows(OK, SERVER, 1, part="FAN1").shows(GROUP, SERVER, 1, group="Fans")
    made.shows(VOLTS, SERVER, 229, feed="inlet 1").shows(LIFE, SERVER, 0.5, part="SSD")
    for rule in RULES:
        assert made.finding(rule) is None
        assert not made.unverified(rule, SERVER)


@pytest.mark.parametrize("rule", RULES)
def test_what_is_not_fully_read_is_not_known_to_be_well(rule: str) -> None:
    assert Scene().jobs(job(SERVER, "redfish", partial=("Thermal: status 500",))).unverified(rule, SERVER)
    assert Scene().jobs(failed(SERVER, "redfish")).unverified(rule, SERVER)


def test_a_supply_without_mains_is_a_lost_feed_and_no_failed_part() -> None:
    made = scene().shows(OK, SERVER, 0, part="PSU2").shows(MAINS, SERVER, 0, room="serverraum", sensor="PSU2 input")
    made.shows(MAINS, SERVER, 1, room="serverraum", sensor="PSU1 input")
    found = the(made.finding(PDU_FEED_LOST))
    assert (found.summary, found.norm) == ("srv-bmc: no voltage at PSU2 input", "BSI INF.12.A14")
    assert found.evidence == ("PSU2 input: no mains",)
    assert made.finding(HARDWARE_FAILED) is None


def test_another_part_that_failed_beside_a_lost_feed_is_told() -> None:
    made = scene().shows(OK, SERVER, 0, part="PSU2").shows(OK, SERVER, 0, part="FAN1")
    made.shows(MAINS, SERVER, 0, room="", sensor="PSU2 input")
    assert the(made.finding(HARDWARE_FAILED)).evidence == ("FAN1: not well",)


class Looks:
    """Looks at scene after scene with the same books."""

    def __init__(self, language: str = "de", alerts: tuple[Alert, ...] = ()) -> None:
        self.language = language
        first = scene(language)
        self.books = Books(ThresholdBook(thresholds_of(first.inventory, first.settings)))
        self.books.hardware.recall(alerts)

    def judge(self, made: Scene) -> Judgement:
        outlook = Guard().look(made.view(), made.settings)
        return drained(judging(made.inventory, made.settings, outlook, made.windows(), self.books))[0]

    def volts(self, **feeds: float) -> Judgement:
        made = scene(self.language)
        for feed, volts in feeds.items():
            made.shows(VOLTS, SERVER, volts, feed=feed)
        return self.judge(made)


def of_rule(judgement: Judgement, rule: str) -> Finding | None:
    return next((one for one in judgement.findings if one.rule == rule), None)


@pytest.mark.parametrize(
    ("feed", "volts"), [("inlet 1", 0), ("inlet 1 L2", 12), ("phase 1", 3), ("pdu 2 inlet 1", 0), ("", 0)]
)
def test_a_feed_that_had_voltage_and_has_none_is_lost(feed: str, volts: float) -> None:
    looks = Looks()
    assert of_rule(looks.volts(**{feed: 229}), PDU_FEED_LOST) is None
    found = the(of_rule(looks.volts(**{feed: volts}), PDU_FEED_LOST))
    assert found.summary == f"srv-bmc: keine Spannung an {feed}"
    assert of_rule(looks.volts(**{feed: 229}), PDU_FEED_LOST) is None


@pytest.mark.parametrize(
    ("feed", "before", "volts"), [("inlet 1 L3", 0, 0), ("pole DC-", 1, 0), ("inlet 1", 48, 47.8), ("inlet 1", 69.9, 0)]
)
def test_a_phase_that_was_never_wired_is_not_dead(feed: str, before: float, volts: float) -> None:
    looks = Looks()
    for value in (before, volts):
        assert of_rule(looks.volts(**{feed: value, "inlet 2": 230}), PDU_FEED_LOST) is None


@pytest.mark.parametrize(
    ("feed", "volts"),
    [
        ("outlet 4 Drucker", 0),
        ("PDU Sockets.Socket 01", 0),
        ("Steckdose 3", 0),
        ("pdu 2 outlet 4", 0),
        ("inlet 1 N", 0),
        ("inlet 1", 207),
        ("inlet 1", 110),
        ("bank 1", 60),
    ],
)
def test_an_outlet_that_is_off_and_a_live_feed_are_none(feed: str, volts: float) -> None:
    looks = Looks()
    looks.volts(**{feed: 230})
    assert of_rule(looks.volts(**{feed: volts}), PDU_FEED_LOST) is None


def test_after_a_restart_a_feed_that_an_alert_names_is_still_dead_and_no_other() -> None:
    finding = Finding(PDU_FEED_LOST, Subject("device", "srv-bmc"), Severity.WARNING, "", ("inlet 1: 0 V",))
    alert = Alert("a", finding, AlertState.FIRING, since=0.0, changed_at=0.0)
    looks = Looks(alerts=(alert,))
    assert the(of_rule(looks.volts(**{"inlet 1": 0, "inlet 1 L3": 0}), PDU_FEED_LOST)).evidence == ("inlet 1: 0 V",)
    assert of_rule(looks.volts(**{"inlet 1": 230, "inlet 1 L3": 0}), PDU_FEED_LOST) is None


def fed(*servers: str) -> Scene:
    """Servers that a PDU feeds; each lost its first supply."""
    devices = {name: {"site": "rathaus", "powered_by": ["pdu-a", "pdu-b"]} for name in servers}
    pdus = {"pdu-a": {"site": "rathaus"}, "pdu-b": {"site": "rathaus"}}
    made = Scene({"devices": {**devices, **pdus}}, language="de")
    for name in (f"device:{server}" for server in servers):
        made.jobs(job(name, "redfish")).shows(OK, name, 0, part="PSU1").shows(OK, name, 1, part="PSU2")
        made.shows(MAINS, name, 0, room="", sensor="PSU1 input").shows(GROUP, name, 0, group="PSUs")
    return made


def test_a_dead_pdu_and_all_that_it_feeds_are_one_cause_and_one_alert_each() -> None:
    looks = Looks()
    alive = fed().jobs(job("device:pdu-a", "snmp")).shows(VOLTS, "device:pdu-a", 230, feed="inlet 1")
    assert looks.judge(alive).findings == ()
    dead = fed("srv-1", "srv-2", "srv-3").jobs(job("device:pdu-a", "snmp"))
    found = [one for one in looks.judge(dead.shows(VOLTS, "device:pdu-a", 0, feed="inlet 1")).findings]
    assert [(one.rule, one.subject.id) for one in found] == [
        (PDU_FEED_LOST, name) for name in ("pdu-a", "srv-1", "srv-2", "srv-3")
    ]
    assert {one.cause for one in found[1:]} == {Subject("device", "pdu-a")}
    assert found[0].cause is None
    assert found[1].summary == "srv-1: keine Spannung an PSU1 input (wegen: pdu-a ist ohne Strom oder stumm)"
    assert found[1].evidence == ("PSU1 input: keine Netzspannung", "PSUs: keine Reserve")


def test_a_pdu_that_fell_silent_with_its_feed_is_the_cause_too() -> None:
    made = fed("srv-1").jobs(failed("device:pdu-a", "snmp"), job("device:pdu-b", "snmp"))
    assert the(made.finding(PDU_FEED_LOST)).cause == Subject("device", "pdu-a")


def test_a_supply_without_mains_whose_pdus_are_well_stands_for_itself() -> None:
    made = fed("srv-1").jobs(job("device:pdu-a", "snmp"), job("device:pdu-b", "snmp"))
    assert the(made.finding(PDU_FEED_LOST)).cause is None


def test_a_group_without_a_spare_is_evidence_of_the_part_that_failed() -> None:
    made = scene().shows(OK, SERVER, 0, part="FAN2").shows(GROUP, SERVER, 0, group="fans")
    judgement = made.judge()
    assert the(of_rule(judgement, HARDWARE_FAILED)).evidence == ("FAN2: not well", "fans: nothing to spare")
    assert of_rule(judgement, HARDWARE_FAILED) == made.finding(HARDWARE_FAILED)
    assert of_rule(judgement, HARDWARE_REDUNDANCY_LOST) is None
    assert FindingKey(HARDWARE_REDUNDANCY_LOST, Subject("device", "srv-bmc")) in judgement.unverified


def test_a_group_without_a_spare_is_told() -> None:
    made = scene().shows(GROUP, SERVER, 0, group="power supplies").shows(GROUP, SERVER, 1, group="fans")
    found = the(made.finding(HARDWARE_REDUNDANCY_LOST))
    assert found.summary == "srv-bmc: power supplies with nothing to spare"
    assert found.evidence == ("power supplies: nothing to spare",)


def test_a_worn_drive_is_a_hint_unless_it_failed_already() -> None:
    made = scene("de").shows(LIFE, SERVER, 0.07, part="SSD 1").shows(LIFE, SERVER, 0.02, part="SSD 0")
    made.shows(OK, SERVER, 0, part="SSD 0")
    found = the(made.finding(DRIVE_WEARING))
    assert found.severity is Severity.INFO
    assert found.summary == "srv-bmc: SSD 1 ist fast verschlissen, 7 % der Lebensdauer übrig"
    assert found.evidence == ("SSD 1: 7 % der Lebensdauer übrig",)


def test_how_worn_is_an_option() -> None:
    made = scene(below=0.05).shows(LIFE, SERVER, 0.07, part="SSD")
    assert made.finding(DRIVE_WEARING) is None


def test_what_a_device_calls_its_parts_is_cleaned() -> None:
    found = the(scene().shows(OK, SERVER, 0, part="FAN\x1b[31m{name}\u202e").finding(HARDWARE_FAILED))
    assert found.summary.isprintable()
    assert "{name}" in found.summary
