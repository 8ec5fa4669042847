"""Why a service fails: what it needs is known to be down."""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import Finding, JobState, Reason, Severity, Subject
from agent.risk.catalogue.services import PLUGIN_FAILING, SERVICE_FAILING
from agent.risk.dependencies import unheld
from tests.agent.risk.scene import Scene, failed, job, the, unpolled


def service(*needs: str, **more: Any) -> dict[str, Any]:
    return {"url": "https://127.0.0.1/", "depends_on": list(needs), **more}


INVENTORY = {
    "services": {
        "portal": service("db", name="Portal"),
        "db": service("srv", "leitung", name="Datenbank"),
        "mail": service("srv"),
        "wiki": {"plugin": {"command": ["/bin/true"]}, "depends_on": ["srv"]},
    },
    "devices": {"srv": {"site": "rathaus", "address": "127.0.0.1"}},
    "links": {"leitung": {"ends": ["rathaus", "kreishaus"], "kind": "leased", "probe": {"icmp": "127.0.0.1"}}},
}


def causes(*jobs: JobState) -> dict[str, str | None]:
    judged = Scene(INVENTORY).jobs(*jobs).judge()
    found = [one for one in judged.findings if one.rule == SERVICE_FAILING]
    return {one.subject.id: None if one.cause is None else str(one.cause) for one in found}


def test_a_contract_is_a_cause_once_all_that_is_owed_under_it_is_down() -> None:
    owed = {"id": service(contract="gkd"), "pay": service(contract="gkd"), "shop": service("gkd")}
    made = {"services": owed, "contracts": {"gkd": {"provider": "GKD"}}}
    shop, login, payment = (failed(f"service:{name}", "http") for name in ("shop", "id", "pay"))

    def cause(*jobs: JobState) -> str:
        found = {one.subject.id: one for one in Scene(made).jobs(*jobs).judge().findings if one.rule == SERVICE_FAILING}
        return str(found["shop"].cause)

    assert cause(shop, login, job("service:pay", "http")) == "None"
    assert cause(shop, login, unpolled("service:pay", "http")) == "None"
    assert cause(shop, login, payment) == "service:id"


def test_a_service_whose_server_is_silent_fails_because_of_it() -> None:
    jobs = failed("service:mail", "http"), failed("device:srv", "icmp")
    assert causes(*jobs) == {"mail": "device:srv"}
    found = the(Scene(INVENTORY).jobs(*jobs).finding(SERVICE_FAILING))
    assert found.summary == "mail is failing: no answer (because srv is down)"


def test_what_is_needed_of_a_needed_service_counts_too_and_the_nearest_first() -> None:
    portal, server = failed("service:portal", "http"), failed("device:srv", "icmp")
    assert causes(portal, job("service:db", "http"), server) == {"portal": "device:srv"}
    database = failed("service:db", "http")
    assert causes(portal, database, server) == {"portal": "service:db", "db": "device:srv"}


def test_a_link_that_is_down_is_a_cause() -> None:
    jobs = failed("service:db", "http"), job("device:srv", "icmp"), failed("link:leitung", "icmp")
    assert causes(*jobs) == {"db": "link:leitung"}


@pytest.mark.parametrize(
    "server", [unpolled("device:srv"), failed("device:srv", failures=1), failed("device:srv", reason=Reason.AUTH)]
)
def test_what_is_not_known_to_be_down_is_no_cause(server: JobState) -> None:
    assert causes(failed("service:mail", "http"), server) == {"mail": None}


def test_a_device_that_answers_one_of_its_checks_is_no_cause() -> None:
    jobs = failed("device:srv", "snmp"), job("device:srv", "icmp")
    assert causes(failed("service:mail", "http"), *jobs) == {"mail": None}


def test_a_needed_service_that_answers_wrong_is_a_cause() -> None:
    made = Scene(INVENTORY).jobs(failed("service:portal", "http"), job("service:db", "http"))
    made.shows("probe_success", "service:db", 0)
    found = {one.subject.id: one.cause for one in made.judge().findings if one.rule == SERVICE_FAILING}
    assert found == {"portal": Subject("service", "db"), "db": None}


def test_what_a_plugin_says_of_a_service_has_a_cause_as_well() -> None:
    made = Scene(INVENTORY).jobs(job("service:wiki", "plugin"), failed("device:srv", "icmp"))
    made.shows("ringwacht_plugin_status", "service:wiki", 2)
    assert the(made.finding(PLUGIN_FAILING)).cause == Subject("device", "srv")


def test_a_cut_that_takes_a_service_along_is_not_waited_for() -> None:
    hop = Subject("link", "hop")
    cut = Finding("link_down", hop, Severity.WARNING, "cut", hold_seconds=600.0)
    poorer = Finding("redundancy_lost", Subject("site", "a"), Severity.WARNING, "one way", cause=hop)
    hurt = Finding("service_failing", Subject("service", "a"), Severity.WARNING, "fails", cause=hop)
    assert unheld((cut, poorer)) == (cut, poorer)
    assert unheld((cut, hurt))[0].hold_seconds is None
