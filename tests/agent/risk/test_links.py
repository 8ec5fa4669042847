from __future__ import annotations

import pytest

from agent.contract import Reason, Severity
from agent.risk.catalogue.links import LINK_DOWN, LINK_END_MISSING
from tests.agent.risk.scene import NOW, Scene, failed, job, the, unpolled

# Nobody needs anything here: what a cut costs the sites is judged in tests/courses.
INVENTORY = {
    "sites": {"rathaus": {"name": "Rathaus"}, "kreishaus": {"name": "Kreishaus"}},
    "rings": {"sued": {"name": "Süd"}},
    "devices": {
        "rr-a": {"site": "kreishaus", "address": "127.0.0.1"},
        "rr-b": {"site": "rathaus", "address": "127.0.0.1"},
        "sw-1": {"site": "rathaus", "address": "127.0.0.1"},
    },
    "links": {
        "hop": {"kind": "radio", "ring": "sued", "ends": ["rr-a/1", "rr-b/1"]},
        "fibre": {"kind": "fibre", "ends": ["sw-1/49", "kreishaus"]},
        "lte": {"kind": "mobile", "ends": ["rathaus", "kreishaus"], "standby": True, "probe": {"icmp": "127.0.0.1"}},
        "leased": {"kind": "leased", "ends": ["rathaus", "kreishaus"], "probe": {"icmp": "127.0.0.1"}},
        "dark": {"kind": "leased", "ends": ["rathaus", "kreishaus"]},
    },
}
RADIO = "ringwacht_radio_link_up"


def scene() -> Scene:
    return Scene(INVENTORY)


def interface(made: Scene, oper: float, admin: float, **labels: str) -> Scene:
    return made.shows("ifOperStatus", "device:sw-1", oper, **labels).shows(
        "ifAdminStatus", "device:sw-1", admin, **labels
    )


def test_one_radio_that_says_down_is_enough_and_both_ends_are_evidence() -> None:
    made = scene().shows(RADIO, "device:rr-a", 0, port="1").shows(RADIO, "device:rr-b", 1, port="1")
    found = the(made.finding(LINK_DOWN))
    assert (str(found.subject), found.severity) == ("link:hop", Severity.WARNING)
    assert found.summary == "hop Kreishaus–Rathaus (hop) is down (rr-a/1: radio down)"
    assert found.evidence == ("rr-a/1: radio down", "rr-b/1: radio up")


def test_the_radio_outranks_its_ethernet_port() -> None:
    made = scene().shows(RADIO, "device:rr-a", 1, port="1").shows("ifOperStatus", "device:rr-a", 2, ifName="1")
    made.shows(RADIO, "device:rr-b", 1, port="1")
    assert made.finding(LINK_DOWN) is None
    assert not made.unverified(LINK_DOWN, "link:hop")


@pytest.mark.parametrize("label", ["ifName", "ifDescr", "ifAlias", "ifIndex"])
def test_a_port_is_found_by_any_of_its_names(label: str) -> None:
    found = the(interface(scene(), 2, 1, **{label: "49"}).finding(LINK_DOWN))
    assert (str(found.subject), found.severity) == ("link:fibre", Severity.CRITICAL)


def test_a_port_is_found_by_its_name_before_its_index() -> None:
    made = interface(scene(), 2, 1, ifIndex="49", ifName="1")
    interface(made, 1, 1, ifIndex="7", ifName="49")
    assert made.finding(LINK_DOWN) is None


def test_a_port_switched_off_on_purpose_is_no_finding() -> None:
    made = interface(scene(), 2, 2, ifName="49")
    assert made.finding(LINK_DOWN) is None
    assert not made.unverified(LINK_DOWN, "link:fibre")


def test_a_port_whose_state_is_unknown_is_unknown() -> None:
    made = interface(scene(), 4, 1, ifName="49")
    assert made.finding(LINK_DOWN) is None
    assert made.unverified(LINK_DOWN, "link:fibre")


@pytest.mark.parametrize("link", ["hop", "fibre"])
def test_without_a_word_from_either_end_it_is_unverified(link: str) -> None:
    assert scene().finding(LINK_DOWN) is None
    assert scene().unverified(LINK_DOWN, f"link:{link}")


def test_a_link_that_nothing_measures_is_not_judged() -> None:
    assert not scene().unverified(LINK_DOWN, "link:dark")


@pytest.mark.parametrize(("link", "severity"), [("lte", Severity.WARNING), ("leased", Severity.CRITICAL)])
def test_a_probe_that_does_not_answer(link: str, severity: Severity) -> None:
    found = the(scene().jobs(failed(f"link:{link}", "icmp")).finding(LINK_DOWN))
    assert (str(found.subject), found.severity) == (f"link:{link}", severity)
    assert found.summary == f"link Rathaus–Kreishaus ({link}) is down (no reply to the probe)"


def test_german_names_what_says_so() -> None:
    made = interface(Scene(INVENTORY, language="de"), 2, 1, ifName="49")
    assert (
        the(made.finding(LINK_DOWN)).summary
        == "Strecke Rathaus–Kreishaus (fibre) ist ausgefallen (sw-1/49: Port ausgefallen)"
    )


def test_a_probe_that_says_nothing_leaves_the_link_unverified() -> None:
    for silent in (
        failed("link:lte", failures=1),
        unpolled("link:lte"),
        job("link:lte", up=None, reason=Reason.CONFIG),
    ):
        made = scene().jobs(silent)
        assert made.finding(LINK_DOWN) is None
        assert made.unverified(LINK_DOWN, "link:lte")
    assert not scene().jobs(job("link:lte")).unverified(LINK_DOWN, "link:lte")


def test_a_measurement_of_the_rate_is_no_word_on_the_link() -> None:
    refused = failed("link:leased", "throughput", Reason.BAD_REPLY)
    assert scene().jobs(job("link:leased"), refused).finding(LINK_DOWN) is None
    old = job("link:leased", "throughput", last_attempt=NOW - 72_000)
    made = scene().jobs(failed("link:leased"), old)
    assert the(made.finding(LINK_DOWN)).evidence == ("no reply to the probe",)
    assert old.key not in made.judge().repoll
    assert scene().jobs(unpolled("link:leased"), old).unverified(LINK_DOWN, "link:leased")
    assert not scene().jobs(old).unverified(LINK_DOWN, "link:dark")


def test_the_configured_severity_wins() -> None:
    made = Scene(INVENTORY, {"alerting": {"rules": {"link_down": {"severity": "critical"}}}})
    made.shows(RADIO, "device:rr-a", 0, port="1")
    assert the(made.finding(LINK_DOWN)).severity is Severity.CRITICAL


def test_a_port_that_the_device_does_not_have_is_told() -> None:
    made = interface(scene().jobs(job("device:sw-1", "snmp")), 1, 1, ifName="48")
    found = the(made.finding(LINK_END_MISSING))
    assert (str(found.subject), found.severity) == ("link:fibre", Severity.WARNING)
    assert found.summary == "link fibre: there is no sw-1/49"


def test_a_port_is_not_missing_because_its_device_is_silent_or_incomplete() -> None:
    made = scene().jobs(failed("device:sw-1", "snmp"))
    assert made.finding(LINK_END_MISSING) is None
    assert made.unverified(LINK_END_MISSING, "link:fibre")
    assert interface(scene().jobs(job("device:sw-1", "snmp")), 1, 1, ifName="49").finding(LINK_END_MISSING) is None


def test_an_end_that_fell_silent_may_have_been_the_one_that_said_down() -> None:
    made = scene().shows(RADIO, "device:rr-a", 1, port="1").jobs(failed("device:rr-b", "snmp"))
    assert made.finding(LINK_DOWN) is None
    assert made.unverified(LINK_DOWN, "link:hop")


def test_a_port_that_vanished_does_not_clear_its_link() -> None:
    made = interface(scene().jobs(job("device:sw-1", "snmp")), 1, 1, ifName="48")
    assert made.unverified(LINK_DOWN, "link:fibre")


def test_a_partial_poll_keeps_no_missing_port_alert_standing() -> None:
    made = interface(scene().jobs(job("device:sw-1", "snmp", partial=("ups",))), 1, 1, ifName="49")
    assert not made.unverified(LINK_END_MISSING, "link:fibre")
