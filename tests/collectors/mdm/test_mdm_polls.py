"""One poll of each product, against stand-ins that page, refuse, and say how many devices they have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.contract import AuthFailed, BadReply
from agent.estate import Managed
from tests.collectors.mdm.management_lab import (
    NOW,
    build,
    of_intune,
    of_jamf,
    of_relution,
    token,
    values,
)
from tests.harness.mdm.intune_mock import Graph, graph, intune_device
from tests.harness.mdm.jamf_mock import jamf_device, jamf_school
from tests.harness.mdm.managements import CANARY, Management
from tests.harness.mdm.relution_mock import NO_COUNT, relution, relution_device


async def test_jamf_school_gives_all_devices_at_once() -> None:
    management = Management([jamf_device(number) for number in range(12)])
    async with jamf_school(management) as url:
        harvest = await of_jamf(url, site="afg").collect()
    assert harvest.partial == ()
    assert management.asked == ["GET /api/devices"]
    assert harvest.managed[3] == Managed(
        kind="tablet",
        site="afg",
        serial="DMPX000003",
        asset_tag="T0003",
        model="iPad (9th generation)",
        os="iPadOS",
        os_version="17.5.1",
        enrolment="automatic",
        supervised=True,
        checked_in_at=NOW - 3600,
        storage_free_ratio=0.5,
        battery_ratio=0.8,
    )
    found = values(harvest)
    assert found["managed_devices"] == 12
    assert found["devices afg tablet iPad (9th generation)"] == 12
    assert found["devices_by_os afg tablet iPadOS 17.5.1"] == 12
    assert found["devices_by_checkin afg tablet 1d"] == 12
    assert found["battery_ratio afg tablet 0.5"] == 0.8


async def test_relution_is_read_page_by_page() -> None:
    management = Management([relution_device(number) for number in range(1201)])
    async with relution(management) as url:
        harvest = await of_relution(url, organisation="org-1").collect()
    assert harvest.partial == ()
    assert len(management.asked) == 3
    assert management.asked[0] == "POST /api/v2/devices/baseInfo/query?tenantOrganizationUuid=org-1"
    assert len(harvest.managed) == 1201
    assert harvest.managed[7] == Managed(
        kind="tablet",
        serial="GG7X000007",
        model="iPad (9th generation)",
        os="iPadOS",
        os_version="17.5.1",
        compliance="compliant",
        checked_in_at=NOW - 3600,
    )


async def test_intune_is_read_as_an_application_from_page_to_page() -> None:
    management = Graph([intune_device(number) for number in range(250)])
    async with graph(management) as origin:
        collector = of_intune(origin, locations={"Rathaus": "rathaus"})
        harvest = await collector.collect()
        await collector.collect()
    assert harvest.partial == ()
    assert management.tokens == 1
    assert len(management.asked) == 6
    asked_for = management.asked[0].partition("$select=")[2].partition("&")[0].split(",")
    assert not [name for name in asked_for if CANARY in str(intune_device(1)[name])]
    assert len(harvest.managed) == 250
    assert replace(harvest.managed[7], checked_in_at=None) == Managed(
        kind="notebook",
        site="rathaus",
        serial="PF000007",
        model="ThinkPad L13",
        os="Windows",
        os_version="10.0.22631.3593",
        enrolment="automatic",
        compliance="compliant",
        supervised=False,
        encrypted=True,
        storage_free_ratio=0.078125,
    )
    assert harvest.managed[7].checked_in_at == pytest.approx(NOW - 3599.876543)
    assert values(harvest)["devices_by_storage rathaus notebook low"] == 250


async def test_a_wrong_key_is_refused_and_not_quoted() -> None:
    async with jamf_school(Management([])) as url:
        with pytest.raises(AuthFailed) as caught:
            await build(token("4711:falsch"), mdm="jamf_school", url=url).collect()
    assert "falsch" not in str(caught.value)
    assert "status 401" in str(caught.value)


async def test_a_wrong_secret_of_an_application_is_named_by_its_number_only() -> None:
    async with graph(Graph([])) as origin:
        with pytest.raises(AuthFailed) as caught:
            await of_intune(origin, "anderes-geheimnis").collect()
    assert "AADSTS7000215" in str(caught.value)
    assert "geheimnis" not in str(caught.value)


async def test_a_token_that_is_not_taken_any_more_is_asked_for_anew_once() -> None:
    management = Graph([intune_device(1)])
    async with graph(management) as origin:
        collector = of_intune(origin)
        await collector.collect()
        management.good.clear()
        assert len((await collector.collect()).managed) == 1
        assert management.tokens == 2
        management.first = [(401, {}), (401, {})]
        with pytest.raises(AuthFailed):
            await collector.collect()


@pytest.mark.parametrize("link", ["http://127.0.0.1:1{}", "https://graph.example{}", "{}/../users", "/relative", 7, ""])
async def test_a_next_page_elsewhere_gets_no_token(link: object) -> None:
    management = Graph([intune_device(number) for number in range(150)])
    path = "/v1.0/deviceManagement/managedDevices"
    management.next_link = lambda _: link.format(path) if isinstance(link, str) else link
    async with graph(management) as origin:
        with pytest.raises(BadReply, match="none of this list"):
            await of_intune(origin).collect()
    assert len(management.asked) == 1


async def test_pages_that_go_round_in_a_circle_are_left() -> None:
    management = Graph([intune_device(number) for number in range(350)])
    management.next_link = lambda link: link.replace("=200", "=100").replace("=300", "=100")
    async with graph(management) as origin:
        with pytest.raises(BadReply, match="read already"):
            await of_intune(origin).collect()


@pytest.mark.parametrize("count", [3, 600])
async def test_a_number_of_devices_that_does_not_fit_is_told(count: int) -> None:
    async with relution(Management([relution_device(number) for number in range(5)]), count) as url:
        harvest = await of_relution(url).collect()
    assert harvest.partial == (f"5 of {count} devices came",)
    assert len(harvest.managed) == 5


async def test_jamf_school_may_refuse_within_a_good_answer() -> None:
    management = Management([])
    async with jamf_school(management) as url:
        management.raw = b'{"code": 401, "message": "no"}'
        with pytest.raises(AuthFailed):
            await of_jamf(url).collect()
        management.raw = f'{{"message": "{CANARY}"}}'.encode()
        with pytest.raises(BadReply, match="no list of 'devices'") as caught:
            await of_jamf(url).collect()
    assert CANARY not in str(caught.value)


ANSWERS = [
    b'{"code": 200, "message": "ok"}',
    b'{"code": 200, "devices": null}',
    b'{"code": 200, "count": 450, "items": [{}]}',
    b'{"code": 200, "count": 2, "devices": {"1": {"serialNumber": "A"}, "2": {}}}',
]


@pytest.mark.parametrize("raw", ANSWERS)
async def test_an_answer_without_a_list_is_not_taken_for_no_devices(raw: bytes) -> None:
    management = Management([])
    management.raw = raw
    async with jamf_school(management) as url:
        with pytest.raises(BadReply, match="no list of 'devices'"):
            await of_jamf(url).collect()


async def test_neither_is_one_of_another_product_unless_it_says_that_there_are_none() -> None:
    server = Graph([])
    server.raw = b'{"@odata.count": 450}'
    async with graph(server) as origin:
        with pytest.raises(BadReply, match="no list of 'value'"):
            await of_intune(origin).collect()
    management = Management([])
    async with relution(management) as url:
        management.raw = b'{"nonpagedCount": "0"}'
        assert (await of_relution(url).collect()).managed == ()
        management.raw = b'{"nonpagedCount": "3"}'
        with pytest.raises(BadReply, match="no list of 'results'"):
            await of_relution(url).collect()


async def test_without_a_number_of_devices_it_is_asked_until_none_comes() -> None:
    management = Management([relution_device(number) for number in range(1100)])
    async with relution(management, count=NO_COUNT, most=100) as url:
        harvest = await of_relution(url).collect()
    assert len(harvest.managed) == 1100
    assert len(management.asked) == 12


async def test_devices_that_belong_to_persons_are_none_of_the_stock() -> None:
    async with graph(
        Graph([intune_device(n, managedDeviceOwnerType=("personal", "company")[n % 2]) for n in range(9)])
    ) as origin:
        harvest = await of_intune(origin).collect()
    assert len(harvest.managed) == 4
    assert harvest.facts == {"devices": "4", "private": "5"}
    assert values(harvest)["managed_devices"] == 4


@pytest.mark.parametrize(
    ("state", "way", "enrolment"),
    [
        ("managed", "windowsAzureADJoin", "automatic"),
        ("managed", "windowsCoManagement", "automatic"),
        ("managed", "windowsAutoEnrollment", "manual"),
        ("managed", "unknownFutureValue", ""),
        ("retireFailed", "appleBulkWithUser", "automatic"),
        ("wipePending", "appleBulkWithUser", "removed"),
    ],
)
async def test_how_a_device_came_into_intune(state: str, way: str, enrolment: str) -> None:
    device = intune_device(1, managementState=state, deviceEnrollmentType=way)
    async with graph(Graph([device])) as origin:
        (found,) = (await of_intune(origin).collect()).managed
    assert found.enrolment == enrolment


async def test_what_lies_in_the_trash_is_no_device() -> None:
    management = Management([jamf_device(number, inTrash=number < 2) for number in range(9)])
    async with jamf_school(management) as url:
        harvest = await of_jamf(url).collect()
    assert len(harvest.managed) == 7
    assert harvest.facts == {"devices": "7", "in_trash": "2"}
