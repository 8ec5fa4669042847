"""What a series of pings to a site tells: loss and latency, and what is unknown once the site falls silent."""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import Reason, Severity
from agent.families import SITE_LATENCY, SITE_LOSS
from agent.layout import Sample
from agent.risk.catalogue.daemon import CHECK_NOT_POSSIBLE
from agent.risk.catalogue.devices import READING_INCOMPLETE
from agent.risk.rules import RULES
from agent.risk.uplink import Guard
from config.settings import Settings
from tests.agent.risk.ground import Ground, queue
from tests.agent.risk.scene import NOW, Scene, failed, job, subject_of, the
from tests.harness.fakes import FakeView

LOSS, LATENCY = "site_loss", "site_latency"
WAY = "site:wadersloh"


def measured(ground: Ground, loss: float, latency: float = 0.01, at: str = WAY) -> Ground:
    ground.job(at, "icmp", site=at.partition(":")[2])
    return ground.reads(Sample(SITE_LATENCY, (), latency), Sample(SITE_LOSS, (), loss), subject=at, check="icmp")


def test_a_lost_packet_of_ten_is_found_and_none_is_not() -> None:
    ground = measured(Ground(), 0.1)
    (finding,) = ground.found(LOSS).values()
    assert (str(finding.subject), finding.severity, finding.site) == (WAY, Severity.WARNING, "wadersloh")
    assert finding.summary == "packets are lost on the way to site wadersloh (share 0.1)"
    assert finding.evidence == ("ringwacht_site_loss_ratio: 0.1",)
    assert measured(ground, 0.0).found(LOSS) == {}


def test_loss_is_told_only_once_several_series_in_a_row_show_it() -> None:
    hold = RULES[LOSS].hold
    assert hold is not None
    assert hold > 4 * 60


@pytest.mark.parametrize(("latency", "found"), [(0.15, False), (0.151, True)])
def test_a_slow_site_is_info(latency: float, found: bool) -> None:
    got = measured(Ground(), 0.0, latency).found(LATENCY)
    assert [finding.severity for finding in got.values()] == [Severity.INFO] * found


def test_the_bounds_can_be_set() -> None:
    rules = {LOSS: {"above": "25%"}, LATENCY: {"above": "500ms"}}
    ground = measured(Ground(settings={"alerting": {"rules": rules}}), 0.2, 0.4)
    assert ground.found(LOSS) == ground.found(LATENCY) == {}
    assert set(measured(ground, 0.3, 0.6).found(LOSS)) == set(ground.found(LATENCY)) == {WAY}


def test_german_says_it_too() -> None:
    ground = measured(Ground(settings={"municipality": {"language": "de"}}), 0.2, 0.4)
    said = [one.summary for rule in (LOSS, LATENCY) for one in ground.found(rule).values()]
    assert said == [
        "Auf dem Weg zum Standort wadersloh gehen Pakete verloren (Anteil 0,2)",
        "Der Standort wadersloh antwortet langsam (im Mittel nach 0,4 s)",
    ]


def test_a_site_that_fell_silent_does_not_end_its_alert() -> None:
    ground = measured(Ground(), 0.4)
    ground.fails(WAY, "icmp").wait(200)
    assert ground.found(LOSS) == {}
    assert ground.unverified(LOSS, WAY)


def test_a_silent_site_is_no_finding_about_its_readings() -> None:
    ground = measured(Ground(), 0.0).fails(WAY, "icmp").fails(WAY, "icmp")
    assert ground.found(READING_INCOMPLETE) == {}


ABSENT: dict[str, Any] = {"mine": {"select": "print_jobs", "absent": True}}


def test_what_no_site_can_show_is_absent_although_a_site_is_silent() -> None:
    ground = Ground(ABSENT).fails(WAY, "icmp").reads()
    assert set(ground.found("mine")) == {"rule:mine"}
    assert ground.reads(queue("hp", 1.0)).found("mine") == {}


def test_an_own_rule_on_a_site_s_series_waits_for_a_silent_site() -> None:
    ground = Ground({"mine": {"select": 'ringwacht_site_jitter_seconds{site="wadersloh"}', "absent": True}})
    measured(ground, 0.0)
    assert set(ground.found("mine")) == {"rule:mine"}
    assert ground.removed(WAY, "icmp").fails(WAY, "icmp").found("mine") == {}
    assert ground.unverified("mine", "rule:mine")


def test_a_daemon_that_may_not_ping_says_so_once_and_blames_no_site() -> None:
    scene = Scene().jobs(*(job(f"site:{name}", up=None, reason=Reason.CONFIG, detail="forbidden") for name in "ab"))
    found = the(scene.finding(CHECK_NOT_POSSIBLE))
    assert found.evidence == ("site:a/icmp: forbidden", "site:b/icmp: forbidden")
    assert all(scene.unverified(LOSS, f"site:{name}") for name in "ab")


def test_while_the_daemon_itself_is_cut_off_a_silent_site_proves_nothing() -> None:
    settings = Settings.model_validate({"uplink": {"site": "rathaus", "gateway": "192.0.2.1"}})
    view = FakeView([failed("uplink:192.0.2.1"), failed(WAY)], [], NOW)
    believed = Guard().look(view, settings).view
    assert [state.up for state in believed.jobs(subject_of(WAY))] == [None]
