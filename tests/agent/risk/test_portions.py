"""A look over many devices is cut up, so that the loop turns in between."""

from __future__ import annotations

import pytest

from agent.contract import Subject
from agent.layout import Sample
from agent.risk import filesystems, judge, reachability
from agent.risk.network import survey
from agent.risk.network.book import NetworkBook
from agent.risk.sight import Sight
from tests.agent.risk.ground import AVAILABLE, Ground
from tests.agent.risk.scene import Scene, Windows, failed, job
from tests.harness.fakes import FakeView

DEVICES = 1000


def sight_of(ground: Ground) -> Sight:
    return Sight.of(ground.inventory, ground.settings, ground.store.view(0.0), Windows({}))


@pytest.mark.parametrize("judged", [reachability.judge_reachability, filesystems.judge_filesystems])
def test_devices_are_judged_some_at_a_time(judged: judge.RuleFamily) -> None:
    ground = Ground()
    for number in range(DEVICES):
        ground.reads(Sample(AVAILABLE, ("sda", "/"), 1.0), subject=f"device:srv-{number}")
    assert [outcome for outcome in judged(sight_of(ground))].count(None) == DEVICES // 200


def test_links_are_looked_at_some_at_a_time() -> None:
    named = {f"l{number}": {"kind": "fibre", "ends": ["rathaus", "kreishaus"]} for number in range(100)}
    made = Scene({"links": named})
    sight = Sight.of(made.inventory, made.settings, FakeView((), (), 0.0), Windows({}))
    assert len(list(NetworkBook().look(sight))) >= 100 // survey.LINKS_AT_ONCE


def test_between_two_fields_there_is_a_pause() -> None:
    ground = Ground()
    ground.judge()
    assert ground.portions > len(judge.RULE_FAMILIES)


def test_who_is_not_fully_read_is_worked_out_once() -> None:
    jobs = (
        job("device:well", "snmp"),
        job("device:silent", "icmp", up=None),
        failed("device:dark", "snmp"),
        job("device:dark", "icmp"),
        job("device:partly", "host", partial=("md",)),
    )
    made = Scene()
    sight = Sight.of(made.inventory, made.settings, FakeView(jobs, (), 0.0), Windows({}))
    assert sight.dark == {Subject("device", "dark"), Subject("device", "partly")}
    assert {key.subject.id for key in sight.unseen("rule", "device", {Subject("device", "partly")})} == {"dark"}
