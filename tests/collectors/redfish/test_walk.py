from __future__ import annotations

import asyncio
import itertools

import pytest

from collectors.redfish.limits import MAX_ALL_ROWS, MAX_MEMBERS, MAX_RESOURCES, MAX_ROWS, MAX_TEXT
from collectors.redfish.reduce import Reduced, reduced
from collectors.redfish.resource import path_of, session_path
from collectors.redfish.walk import Enough, Missing, Walk
from tests.collectors.redfish.lab import read, walked
from tests.harness.mockups import ROOT, WELL, at, newer, older


@pytest.mark.parametrize(
    "reference",
    [
        "http://elsewhere.example/redfish/v1/Chassis",
        "//elsewhere.example/redfish/v1/Chassis",
        "/etc/passwd",
        "/redfish/v1/../../etc/passwd",
        "/redfish/v1/%2e%2E/x",
        "/redfish/v1/a b",
        "/redfish/v1/a\\b",
        "/redfish/v1/" + "x" * 600,
        "/redfish/v1/ü",
        "http://[",
        "",
        7,
        None,
    ],
)
def test_no_link_leads_out_of_the_service(reference: object) -> None:
    assert path_of(reference) is None


def test_links_within_the_service() -> None:
    assert path_of("/redfish/v1/Chassis/1/Thermal#/Fans/0") == "/redfish/v1/Chassis/1/Thermal"
    assert path_of("/redfish/v1/Chassis?$skip=50") == "/redfish/v1/Chassis?$skip=50"
    whole = "https://10.0.0.1/redfish/v1/SessionService/Sessions/3"
    assert session_path(whole) == "/redfish/v1/SessionService/Sessions/3"
    assert session_path("http://[") is session_path("") is None


def test_members_come_page_after_page() -> None:
    tree = older()
    tree[f"{ROOT}/Managers"] = {
        "Members": [at(f"{ROOT}/Managers/bmc")],
        "Members@odata.nextLink": f"{ROOT}/Managers?$skip=1",
    }
    tree[f"{ROOT}/Managers?$skip=1"] = {
        "Members": [at(f"{ROOT}/Managers/2")],
        "Members@odata.nextLink": f"{ROOT}/Managers",
    }
    tree[f"{ROOT}/Managers/2"] = {"FirmwareVersion": "1"}
    assert len(walked(tree).managers) == 2


def test_a_collection_without_end_is_cut() -> None:
    tree = older()
    tree[f"{ROOT}/Systems"]["Members"] = [at(f"{ROOT}/Systems/{number}") for number in range(5000)]
    found = walked(tree)
    assert found.remarks == (f"{ROOT}/Systems Members: 5000 of them, {MAX_MEMBERS} are read",)


def test_pages_that_lead_to_ever_new_pages_are_bounded() -> None:
    numbers, asked = itertools.count(), list[str]()

    async def get(path: str) -> Reduced:
        asked.append(path)
        number = next(numbers)
        following = f"{ROOT}/Chassis/{number}"
        return reduced({"Members": [], "Members@odata.nextLink": following, "Chassis": at(f"{ROOT}/x{number}")})

    walk = Walk(get)
    asyncio.run(walk.machine({"Chassis": at(f"{ROOT}/Chassis")}))
    assert len(asked) == MAX_RESOURCES
    assert walk.remarks == [f"not everything was read: more than {MAX_RESOURCES} resources"]


def test_a_tree_that_bites_its_tail_is_read_once() -> None:
    tree = older()
    tree[f"{ROOT}/Chassis/1"] |= {"Thermal": at(f"{ROOT}/Chassis/1"), "Power": at(f"{ROOT}/Chassis")}
    assert walked(tree).remarks == ()


def test_what_cannot_be_read_is_told_and_the_rest_is_read() -> None:
    tree = newer()

    async def get(path: str) -> Reduced | None:
        if path.endswith("/Power"):
            raise Missing("status 500")
        if path.endswith("/Managers"):
            raise Enough("the time for one poll is used up")
        return read(tree.get(path))

    found = asyncio.run(Walk(get).machine(tree[ROOT]))
    assert found.remarks == (
        "/redfish/v1/Chassis/1/Power: status 500",
        "not everything was read: the time for one poll is used up",
    )
    assert found.systems
    assert not found.managers


def test_every_cut_is_told_with_the_number_that_came() -> None:
    tree = older()
    tree[f"{ROOT}/Chassis/1/Thermal"]["Fans"] = [{"Name": f"FAN{number}", "Status": WELL} for number in range(301)]
    tree[f"{ROOT}/Managers"] = {
        "Members": [at(f"{ROOT}/Managers/{number}") for number in range(MAX_MEMBERS)],
        "Members@odata.nextLink": f"{ROOT}/Managers?$skip={MAX_MEMBERS}",
    }
    assert walked(tree).remarks == (
        f"{ROOT}/Chassis/1/Thermal Fans: 301 of them, {MAX_ROWS} are read",
        f"{ROOT}/Managers: more than {MAX_MEMBERS} members, the others are not read",
    )


def test_of_a_resource_only_what_is_understood_is_kept() -> None:
    rows = [{"Name": "FAN", "Oem": {"Huge": "x" * 1000}, "Status": {"Health": "OK", "Oem": [1]}}, 7, None]
    found = reduced({"Name": "n" * 5000, "Oem": {"a": "b"}, "Fans": rows, "Members": [{"@odata.id": "/redfish/v1/a"}]})
    assert found.resource["Fans"] == [{"Name": "FAN", "Status": {"Health": "OK"}}]
    assert set(found.resource) == {"Name", "Fans", "Members"}
    assert len(found.resource["Name"]) == MAX_TEXT
    assert (found.cuts, found.rows) == ({}, 2)


def test_the_entries_of_all_resources_together_are_bounded() -> None:
    tree = older()
    fans = [{"Name": f"FAN{number}"} for number in range(MAX_ROWS)]
    names = [f"{ROOT}/Chassis/{number}" for number in range(2, 2 + MAX_ALL_ROWS // MAX_ROWS)]
    tree[f"{ROOT}/Chassis"]["Members"] += list(map(at, names))
    tree |= {name: {"Thermal": at(f"{name}/Thermal")} for name in names}
    tree |= {f"{name}/Thermal": {"Fans": fans} for name in names}
    found = walked(tree)
    assert found.remarks[-1] == f"not everything was read: more than {MAX_ALL_ROWS} entries"
    assert sum(len(chassis.thermal.get("Fans", ())) for chassis in found.chassis) <= MAX_ALL_ROWS


def test_what_will_be_asked_for_is_said_ahead() -> None:
    tree, ahead, asked = newer(), list[str](), list[str]()

    async def get(path: str) -> Reduced | None:
        asked.append(path)
        return read(tree.get(path))

    asyncio.run(Walk(get, ahead.extend).machine(tree[ROOT]))
    assert ahead[:3] == [f"{ROOT}/{name}" for name in ("Chassis", "Systems", "Managers")]
    assert {f"{ROOT}/Chassis/1/PowerSubsystem", f"{ROOT}/Systems/1/Storage/RAID/Drives/1"} <= set(ahead)
    assert set(ahead) <= set(asked)
