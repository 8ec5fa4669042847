from __future__ import annotations

from dataclasses import replace

import pytest

from agent.contract import Harvest, JobState, MetricFamily, Reading, Severity
from agent.layout import LayoutCache, Sample
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE, PROBE_FAILING
from tests.agent.risk.scene import NOW, Scene, failed, job, the, unpolled

INVENTORY = {"devices": {"ns-1": {"site": "rathaus", "address": "192.0.2.53"}}}
SUCCESS = MetricFamily("probe_success", "gauge", "success")


def probe(check: str, success: float, why: str = "", subject: str = "device:ns-1") -> JobState:
    polled = job(subject, check)
    facts = {"probe_failure": why} if why else {}
    layout, values = LayoutCache().arrange([Sample(SUCCESS, (), success)])
    return replace(polled, reading=Reading(polled.key, polled.target, NOW, 0.1, Harvest(layout, values, facts)))


def scene(*jobs: JobState, language: str = "en") -> Scene:
    return Scene(INVENTORY, language=language).jobs(*jobs)


@pytest.mark.parametrize("check", ["http", "tcp", "dns", "ntp"])
def test_a_device_that_answers_wrongly_says_why(check: str) -> None:
    found = the(scene(job(), probe(check, 0, "the answer lacks 192.0.2.80")).finding(PROBE_FAILING))
    assert (str(found.subject), found.severity, found.site) == ("device:ns-1", Severity.WARNING, "rathaus")
    assert found.summary == f"ns-1 does not answer as expected: {check}: the answer lacks 192.0.2.80"
    assert found.evidence == (f"{check}: the answer lacks 192.0.2.80",)


def test_all_of_a_device_are_one_finding() -> None:
    found = the(
        scene(probe("dns", 0, "rcode"), probe("http", 1), probe("ntp", 0), language="de").finding(PROBE_FAILING)
    )
    assert found.summary == "ns-1 antwortet nicht wie erwartet: dns: rcode; ntp: Antwort nicht wie erwartet"


def test_a_right_answer_is_no_finding() -> None:
    made = scene(probe("dns", 1))
    assert made.finding(PROBE_FAILING) is None
    assert not made.unverified(PROBE_FAILING, "device:ns-1")


def test_no_answer_is_not_a_wrong_one() -> None:
    made = scene(job(), failed("device:ns-1", "dns"))
    assert made.finding(PROBE_FAILING) is None
    assert made.finding(DEVICE_UNREACHABLE) is not None
    assert made.unverified(PROBE_FAILING, "device:ns-1")
    assert scene(unpolled("device:ns-1", "ntp")).unverified(PROBE_FAILING, "device:ns-1")


def test_a_device_without_probes_is_not_judged() -> None:
    made = scene(failed("device:ns-1", "snmp"))
    assert not made.unverified(PROBE_FAILING, "device:ns-1")


def test_what_a_scraped_exporter_probes_is_not_the_devices_own() -> None:
    assert scene(probe("scrape", 0)).finding(PROBE_FAILING) is None


def test_services_have_their_own_rule() -> None:
    assert scene(probe("dns", 0, subject="service:names")).finding(PROBE_FAILING) is None
