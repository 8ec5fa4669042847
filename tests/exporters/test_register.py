"""Issue 4, result 3: /api/v1/neighbours, /api/v1/traps; devices in /api/v1/assets."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from agent.contract import Event, Harvest, Heard, JobKey, JobState, Layout, Neighbour, Part, Reading, Subject, Target
from config.inventory import Inventory
from exporters.web.assetrows import asset_rows
from exporters.web.register import neighbour_rows, trap_rows
from tests.exporters.fakes import FakeCommands, make_snapshot
from tests.exporters.webserver import serve

CHASSIS = Part("chassis", "Chassis", "SW-48", "S-1", "7.1")
FACTS = {"vendor": "Maker", "model": "SW-48", "serial": "S-1", "firmware": "7.1", "sys_name": "Switch1.example.org"}


def inventory(*devices: str) -> Inventory:
    return Inventory.model_validate(
        {"sites": {"rathaus": {}}, "devices": {name: {"site": "rathaus"} for name in devices}}
    )


def job(
    device: str,
    facts: Mapping[str, str] | None = None,
    *,
    check: str = "snmp",
    neighbours: tuple[Neighbour, ...] = (),
    parts: tuple[Part, ...] = (),
) -> JobState:
    key = JobKey(Subject("device", device), check)
    target = Target(key.subject, "rathaus")
    harvest = Harvest(Layout(), (), facts or {}, neighbours, parts=parts)
    return JobState(key, target, True, reading=Reading(key, target, 0.0, 0.1, harvest))


def unread(device: str) -> JobState:
    key = JobKey(Subject("device", device), "snmp")
    return JobState(key, Target(key.subject, "rathaus"))


def far(system: str, port: str = "24") -> Neighbour:
    return Neighbour("1", system, port, "00:1B:21:AA:BB:CC", ("bridge",))


def test_an_asset_says_what_it_is_and_of_what_it_is_made() -> None:
    jobs = [job("sw-1", check="icmp"), job("sw-1", FACTS, parts=(CHASSIS,))]
    (row,) = asset_rows(make_snapshot(jobs=jobs), inventory("sw-1"))
    assert {name: value for name, value in row.items() if value is not None} == {
        "state": "unlisted",
        "source": "seen",
        "device": "sw-1",
        "site": "rathaus",
        "seen_site": "rathaus",
        "last_seen": "1970-01-01T00:00:00Z",
        "vendor": "Maker",
        "model": "SW-48",
        "serial": "S-1",
        "firmware": "7.1",
        "facts": FACTS,
        "parts": [
            {"kind": "chassis", "name": "Chassis", "model": "SW-48", "serial": "S-1", "firmware": "7.1"},
        ],
    }


def test_a_device_that_says_nothing_is_listed_all_the_same() -> None:
    rows = list(asset_rows(make_snapshot(jobs=[unread("sw-1")]), inventory("sw-1", "sw-2")))
    assert [(row["device"], row["state"], row["vendor"], row["facts"], row["parts"]) for row in rows] == [
        ("sw-1", None, None, {}, []),
        ("sw-2", None, None, {}, []),
    ]


def test_a_neighbour_with_all_that_is_known_of_it() -> None:
    jobs = [job("sw-1", neighbours=(far("SW-2"),)), job("sw-2")]
    assert neighbour_rows(make_snapshot(jobs=jobs), inventory("sw-1", "sw-2")) == [
        {
            "device": "sw-1",
            "site": "rathaus",
            "port": "1",
            "remote_device": "sw-2",
            "remote_system": "SW-2",
            "remote_port": "24",
            "remote_chassis": "00:1B:21:AA:BB:CC",
            "capabilities": ["bridge"],
        }
    ]


@pytest.mark.parametrize(
    ("system", "device"),
    [
        ("sw-2", "sw-2"),
        ("SW-2", "sw-2"),
        ("sw-2.example.org", "sw-2"),  # with its domain
        ("switch1.example.org", "sw-1"),  # its sysName
        ("Switch1", "sw-1"),  # that without its domain
        ("switch1.provider.example", None),  # a namesake
        ("provider-7", None),
        ("", None),
        (".", None),
    ],
)
def test_the_far_end_is_named_as_in_the_inventory(system: str, device: str | None) -> None:
    jobs = [job("sw-1", FACTS), job("sw-2"), job("sw-3", neighbours=(far(system),))]
    (row,) = neighbour_rows(make_snapshot(jobs=jobs), inventory("sw-1", "sw-2", "sw-3"))
    assert row["remote_device"] == device


def test_a_short_name_that_two_devices_have_is_neithers() -> None:
    jobs = [
        job("a", {"sys_name": "core.north.example"}),
        job("b", {"sys_name": "core.south.example"}),
        job("c", neighbours=(far("core"), far("core.south.example"))),
    ]
    rows = neighbour_rows(make_snapshot(jobs=jobs), inventory("a", "b", "c"))
    assert [row["remote_device"] for row in rows] == [None, "b"]


def test_the_name_in_the_inventory_goes_before_what_another_calls_itself() -> None:
    jobs = [job("sw-1", {"sys_name": "sw-2"}), job("sw-2"), job("sw-3", neighbours=(far("sw-2"),))]
    (row,) = neighbour_rows(make_snapshot(jobs=jobs), inventory("sw-1", "sw-2", "sw-3"))
    assert row["remote_device"] == "sw-2"


def heard(name: str, *, urgent: bool = True, device: str | None = "sw-1") -> Heard:
    return Heard(Event(1_800_000_000.0, "192.0.2.7", "1.3.6.1.6.3.1.1.5.3", name, urgent), device, 3)


@pytest.mark.parametrize(
    ("one", "known", "polled"),
    [
        (heard("linkDown"), True, True),
        (heard("linkDown", device=None), True, False),
        (heard("authenticationFailure", urgent=False), True, False),
        (heard("", urgent=False), False, False),
    ],
)
def test_traps_are_shown_known_or_not(one: Heard, known: bool, polled: bool) -> None:
    (row,) = trap_rows([one])
    assert (row["known"], row["polled"], row["count"], row["device"]) == (known, polled, 3, one.device)
    assert row["at"] == "2027-01-15T08:00:00Z"
    assert row["name"] == (one.last.name or None)


async def test_all_three_are_served() -> None:
    jobs = [job("sw-1", FACTS, neighbours=(far("x\u202e"),), parts=(CHASSIS,))]
    commands = FakeCommands(make_snapshot(jobs=jobs), inventory("sw-1"))
    commands.notifications = (heard("linkDown"),)
    async with serve(commands) as client:
        (asset,) = await client.json("/api/v1/assets")
        (neighbour,) = await client.json("/api/v1/neighbours")
        (trap,) = await client.json("/api/v1/traps")
        _, body, headers = await client.get("/api/v1/neighbours")
    assert (asset["serial"], asset["parts"][0]["kind"]) == ("S-1", "chassis")
    assert (neighbour["port"], neighbour["capabilities"]) == ("1", ["bridge"])
    assert (trap["name"], trap["device"]) == ("linkDown", "sw-1")
    assert headers["Content-Type"].startswith("application/json")
    assert body.isascii()
