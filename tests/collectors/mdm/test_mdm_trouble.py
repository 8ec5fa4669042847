"""Managements that are busy, slow, broken, or other than their documentation says."""

from __future__ import annotations

import asyncio
import math
from email.utils import formatdate
from typing import Any

import pytest

import collectors.mdm.client
import collectors.mdm.jamf_school
from agent.contract import AuthFailed, BadReply, Harvest, Reason, Unreachable
from agent.wire.patience import Busy
from tests.collectors.mdm.management_lab import NOW, of_intune, of_jamf, of_relution, pauses, values
from tests.harness.mdm.intune_mock import Graph, graph, intune_device
from tests.harness.mdm.jamf_mock import jamf_device, jamf_school
from tests.harness.mdm.managements import CANARY, Management, Raw
from tests.harness.mdm.relution_mock import relution, relution_device


async def told(management: Management, **keys: Any) -> Harvest:
    async with jamf_school(management) as url:
        return await of_jamf(url, **keys).collect()


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "7"}, [7.0]),
        ({"Retry-After": formatdate(NOW + 9, usegmt=True)}, [9.0]),
        ({"Retry-After": "bald"}, [2.0]),
        ({}, [2.0]),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_management_is_waited_for(status: int, headers: dict[str, str], waited: list[float]) -> None:
    management = Management([jamf_device(1)])
    management.first = [(status, headers)]
    async with jamf_school(management) as url:
        collector = of_jamf(url)
        assert len((await collector.collect()).managed) == 1
    assert pauses(collector) == waited


async def test_without_a_word_each_pause_is_longer() -> None:
    management = Graph([intune_device(number) for number in range(150)])
    management.first = [(429, {}), (500, {}), (502, {})]
    async with graph(management) as origin:
        collector = of_intune(origin)
        assert len((await collector.collect()).managed) == 150
    assert pauses(collector) == [2, 4, 8]


async def test_one_that_wants_rest_for_longer_than_there_is_time_is_left_in_peace() -> None:
    management = Management([jamf_device(1)])
    management.first = [(429, {"Retry-After": "3600"})]
    async with jamf_school(management) as url:
        collector = of_jamf(url)
        with pytest.raises(Busy, match=r"status 429.*asked again in 3600 s"):
            await collector.collect()
        with pytest.raises(Busy, match=r"status 429.*asked again in 3600 s"):
            await collector.collect()
    assert len(management.asked) == 1
    assert pauses(collector) == []


async def test_one_that_stays_broken_is_given_up_with_its_status() -> None:
    management = Management([])
    management.first = [(503, {})] * 20
    async with relution(management) as url:
        collector = of_relution(url, budget=100_000.0)
        with pytest.raises(BadReply, match="status 503"):
            await collector.collect()
    assert len(management.asked) == 8


async def test_a_right_that_lacks_and_a_page_that_moved_are_told() -> None:
    management = Management([])
    management.first = [(403, {}), (302, {"Location": "http://127.0.0.1:1/"}), (404, {})]
    async with relution(management) as url:
        with pytest.raises(AuthFailed, match="no right"):
            await of_relution(url).collect()
        with pytest.raises(BadReply, match="redirects are not followed"):
            await of_relution(url).collect()
        with pytest.raises(BadReply, match="status 404") as caught:
            await of_relution(url).collect()
    assert CANARY not in str(caught.value)


async def test_a_slow_management_is_a_timeout() -> None:
    management = Management([])
    management.hold = True
    async with jamf_school(management) as url:
        with pytest.raises(Unreachable) as caught:
            await of_jamf(url, budget=0.3).collect()
    assert caught.value.reason is Reason.TIMEOUT


async def test_nobody_at_the_address_is_told_as_such(unused_tcp_port: int) -> None:
    with pytest.raises(Unreachable) as caught:
        await of_jamf(f"http://127.0.0.1:{unused_tcp_port}/api").collect()
    assert caught.value.reason is Reason.REFUSED


async def test_a_poll_that_is_cancelled_leaves_nothing_open() -> None:
    management = Management([])
    management.hold = True
    async with jamf_school(management) as url:
        poll = asyncio.create_task(of_jamf(url).collect())
        await management.holding.wait()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll


@pytest.mark.parametrize("cut", [1, 700, 3000])
async def test_an_answer_that_breaks_off_is_no_list(cut: int) -> None:
    management = Management([jamf_device(number) for number in range(3)])
    management.cut = cut
    with pytest.raises(BadReply) as caught:
        await told(management)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "raw", [b"", b"<html>KANARIENVOGEL", b"[]", b'{"devices": [', b'{"devices": {}}', b"[" * 90_000]
)
async def test_what_is_no_list_of_devices_is_told(raw: bytes) -> None:
    management = Management([])
    management.raw = raw
    with pytest.raises(BadReply) as caught:
        await told(management)
    assert CANARY not in repr((caught.value, caught.value.__cause__, caught.value.__context__))


async def test_a_huge_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collectors.mdm.jamf_school.JamfSchool, "page_bytes", 100_000)
    management = Management([jamf_device(1)])
    management.padding = 200_000
    with pytest.raises(BadReply, match="larger than 100000 bytes"):
        await told(management)


async def test_too_many_devices_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collectors.mdm.client, "MAX_DEVICES", 5)
    with pytest.raises(BadReply, match="more than 5 devices"):
        await told(Management([jamf_device(number) for number in range(6)]))


def renamed(raw: Raw) -> Raw:
    return {"lastSeen" if name == "lastCheckin" else name: value for name, value in raw.items()}


async def test_a_field_that_was_renamed_is_named_with_the_number_of_devices() -> None:
    management = Management([jamf_device(number) for number in range(8)])
    management.edit = renamed
    harvest = await told(management)
    assert harvest.partial == ("lastCheckin: 8 of 8 devices lack it",)
    assert values(harvest)["devices_by_checkin  tablet never"] == 8


async def test_a_usual_field_that_some_devices_lack_is_no_drift() -> None:
    management = Management([jamf_device(number) for number in range(8)])
    management.edit = lambda raw: raw if raw["serialNumber"].endswith("1") else without(raw, "batteryLevel")
    assert (await told(management)).partial == ()
    management.edit = lambda raw: without(raw, "batteryLevel")
    assert (await told(management)).partial == ("batteryLevel: none of 8 devices has it",)


def without(raw: Raw, *names: str) -> Raw:
    return {name: value for name, value in raw.items() if name not in names}


async def test_values_of_another_type_are_not_known_and_never_quoted() -> None:
    odd: Raw = {"batteryLevel": [CANARY], "os": CANARY, "lastCheckin": CANARY, "isSupervised": CANARY, "assetTag": {}}
    management = Management([jamf_device(1), jamf_device(2, **odd)])
    harvest = await told(management)
    assert len(harvest.managed) == 2
    assert CANARY not in str(harvest)
    assert harvest.partial == (
        "os.version: 1 of 2 devices lack it",
        "assetTag: cannot be understood of 1 of 2 devices",
        "batteryLevel: cannot be understood of 1 of 2 devices",
        "isSupervised: cannot be understood of 1 of 2 devices",
        "lastCheckin: cannot be understood of 1 of 2 devices",
    )


async def test_one_device_that_cannot_be_read_costs_no_other() -> None:
    management = Management([jamf_device(number) for number in range(6)])
    management.edit = lambda raw: CANARY if raw["serialNumber"].endswith("3") else raw
    harvest = await told(management)
    assert harvest.partial == ("1 of 6 devices cannot be read",)
    assert values(harvest)["unreadable_devices"] == 1
    assert values(harvest)["managed_devices"] == 5


async def test_a_wrong_clock_is_told_and_nobody_reported_after_now() -> None:
    management = Management([jamf_device(number, lastCheckin="2031-01-01T00:00:00Z") for number in range(5)])
    harvest = await told(management)
    assert harvest.partial == ("lastCheckin: lies ahead of our clock for 5 of 5 devices; taken as now",)
    assert {one.checked_in_at for one in harvest.managed} == {NOW}


@pytest.mark.parametrize(("raw", "ratio"), [((80, 1, 100), (0.8, 0.01, 1.0)), ((0.8, 1, 0.02), (0.8, 1.0, 0.02))])
async def test_whether_batteries_are_told_in_per_cent_shows_by_all_of_them(
    raw: tuple[float, ...], ratio: tuple[float, ...]
) -> None:
    management = Management([jamf_device(number, batteryLevel=level) for number, level in enumerate(raw)])
    assert tuple(one.battery_ratio for one in (await told(management)).managed) == ratio


async def test_a_battery_and_a_storage_that_cannot_be_are_not_known() -> None:
    odd: list[Raw] = [{"batteryLevel": -1}, {"availableCapacity": 99}, {"totalCapacity": 0}, {"batteryLevel": math.nan}]
    management = Management([jamf_device(number, **fields) for number, fields in enumerate(odd)])
    found = (await told(management)).managed
    assert [one.battery_ratio for one in found] == [None, 0.8, 0.8, None]
    assert [one.storage_free_ratio for one in found] == [0.5, None, None, 0.5]


async def test_a_device_that_was_enrolled_anew_counts_once() -> None:
    old = jamf_device(1, lastCheckin="2026-01-01 08:00:00", assetTag="ALT")
    nameless = [jamf_device(number, serialNumber="To be filled by O.E.M.") for number in (7, 8)]
    harvest = await told(Management([old, jamf_device(1), *nameless]))
    assert [one.asset_tag for one in harvest.managed] == ["T0001", "T0007", "T0008"]
    assert harvest.facts == {"devices": "3", "repeated": "1"}


async def test_a_page_of_relution_whose_fields_are_spelt_otherwise_is_read_all_the_same() -> None:
    other = {"operatingSystemVersion": "14", "deviceModel": "Galaxy Tab A8", "platform": "ANDROID_ENTERPRISE"}
    management = Management([without(relution_device(number), "osVersion", "model") | other for number in range(5)])
    async with relution(management) as url:
        harvest = await of_relution(url).collect()
    assert harvest.partial == ()
    assert {(one.kind, one.os, one.os_version) for one in harvest.managed} == {("tablet", "Android", "14")}
