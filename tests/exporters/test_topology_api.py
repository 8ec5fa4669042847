from __future__ import annotations

import json

import pytest

from agent.contract import ElementState, LinkVerdict, Network, RingVerdict, SiteVerdict
from config.settings import Settings
from tests.agent.risk.county import county
from tests.exporters.fakes import FakeCommands, make_snapshot
from tests.exporters.webserver import serve

SETTINGS = Settings.model_validate({"defaults": {"needs": ["kreishaus", "rz"]}})


def commands() -> FakeCommands:
    """The ring is open at the Kreishaus; what the fibre does is not known."""
    made = FakeCommands(make_snapshot(), county(), SETTINGS)
    links = {
        name: LinkVerdict(name, (link.ends[0].site, link.ends[1].site), ElementState("up"), capacity=link.capacity)
        for name, link in made.inventory().links.items()
    }
    links["rf-kh-wad"] = LinkVerdict("rf-kh-wad", ("kreishaus", "wadersloh"), ElementState("down", "cut", 60.0))
    links["rh-fibre"] = LinkVerdict("rh-fibre", ("rathaus", "kreishaus"), ElementState("unknown", "silent"))
    sites = {"wadersloh": SiteVerdict("wadersloh", "redundancy_lost", ("kreishaus", "rz"), 1, 1, 2, 2)}
    rings = {"sued": RingVerdict("sued", False, ("rf-kh-wad",), ("rf-kh-wad",), 60.0, 5.0)}
    made.judged = Network(120.0, links, sites=sites, rings=rings, demand={"wadersloh": (60e6, True)})
    return made


async def test_topology_says_what_is_declared_and_what_was_judged() -> None:
    async with serve(commands()) as client:
        found = await client.json("/api/v1/topology")
    assert found["at"] == "1970-01-01T00:02:00Z"
    assert found["links"]["rf-kh-wad"]["state"] == "down"
    assert found["links"]["rf-kh-wad"]["since"] == "1970-01-01T00:01:00Z"
    assert found["links"]["rf-kh-wad"]["ends"] == ["rr-kh-a/1", "rr-wad/1"]
    assert found["sites"]["wadersloh"]["paths"] == 1
    assert found["sites"]["afg"] == {
        "name": "afg",
        "needs": ["kreishaus"],
        "state": None,
        "paths": None,
        "paths_possible": None,
        "paths_designed": None,
        "paths_required": 1,
        "unreachable": [],
    }
    assert found["rings"]["sued"]["closed"] is False
    elements = {row["element"]: row for row in found["elements"]}
    assert elements["link:rf-wad-sas"] == {
        "element": "link:rf-wad-sas",
        "isolates_by_design": [],
        "isolates_now": ["wadersloh"],
    }


async def test_before_the_first_look_nothing_is_known() -> None:
    async with serve(FakeCommands(make_snapshot(), county(), SETTINGS)) as client:
        found = await client.json("/api/v1/topology")
    assert found["links"]["rf-kh-wad"]["state"] == "unknown"
    assert found["rings"]["sued"]["closed"] is None


async def test_a_what_if_starts_from_the_links_that_are_down_now() -> None:
    async with serve(commands()) as client:
        found = await client.json("/api/v1/whatif?fail=link:rf-wad-sas&demand=sassenberg=100Mbit/s")
    assert found["isolated_sites"] == ["wadersloh"]
    assert found["down_before"] == ["rf-kh-wad"]
    assert found["unknown"]["links"] == ["rh-fibre"]
    assert found["links"]["rf-sas-kh"] == {"utilisation": 0.25}


@pytest.mark.parametrize("yes", ["1", "true"])
async def test_all_ranks_every_single_failure(yes: str) -> None:
    async with serve(commands()) as client:
        found = await client.json(f"/api/v1/whatif?all={yes}")
    assert len(found["failures"][0]["isolated_sites"]) == 6


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("fail=link:nothing", "there is no link 'nothing'"),
        ("fail=link:rf-kh-wad&demand=rathaus=viel", "demand of rathaus: 'viel' is not a rate, e.g. 400Mbit/s"),
        ("", "nothing fails: say fail=kind:id, or all=1"),
        ("all=1&fail=link:rf-kh-wad", "all=1 is about every single failure: leave out fail"),
        ("all=2", "all='2': write all=1, or leave it out"),
        ("all=1&all=no", "all='no': write all=1, or leave it out"),
        ("fails=link:rf-kh-wad", "fails: not asked for here; there are fail, demand and all"),
    ],
)
async def test_a_wrong_question_is_answered_with_400_and_why(query: str, message: str) -> None:
    async with serve(commands()) as client:
        status, body, _ = await client.get(f"/api/v1/whatif?{query}")
    assert (status, json.loads(body)) == (400, {"error": message})
