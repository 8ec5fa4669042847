"""What is drift of a product's answers and what is not, and what batteries say."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest
from pydantic import SecretStr
from yarl import URL

from agent.contract import Harvest, Reason, Unreachable
from collectors.mdm.jamf_school import JamfSchool
from collectors.mdm.kinds import Kinds
from collectors.mdm.moments import moment
from tests.collectors.mdm.management_lab import build, of_intune, of_jamf, token
from tests.harness.mdm.intune_mock import Graph, graph
from tests.harness.mdm.jamf_mock import TOKEN, jamf_device, jamf_school
from tests.harness.mdm.managements import Management, Raw


async def told(*devices: Raw, **keys: Any) -> Harvest:
    async with jamf_school(Management(list(devices))) as url:
        return await of_jamf(url, **keys).collect()


def without(name: str, **fields: object) -> Raw:
    return {key: value for key, value in jamf_device(1, **fields).items() if key != name}


async def test_a_device_in_the_trash_hides_no_drift() -> None:
    devices = [without("batteryLevel", serialNumber=f"S{number}") for number in range(8)]
    assert (await told(*devices, jamf_device(9, inTrash=True))).partial == ("batteryLevel: none of 8 devices has it",)


@pytest.mark.parametrize("empty", [None, [], {}])
async def test_a_device_that_is_waited_for_need_not_say_anything(empty: object) -> None:
    waiting = without("lastCheckin", os=empty, model=empty, enrollType="depPending", serialNumber="W1")
    harvest = await told(jamf_device(3), waiting)
    assert harvest.partial == ()
    assert [one.enrolment for one in harvest.managed] == ["automatic", "pending"]


async def test_an_empty_object_is_as_unknown_as_a_null_and_a_missing_one_is_told() -> None:
    assert (await told(jamf_device(1, os=None), jamf_device(2, os=[]), jamf_device(3))).partial == ()
    assert (await told(without("os"), jamf_device(3))).partial == ("os.version: 1 of 2 devices lack it",)


async def test_one_battery_that_cannot_be_changes_none_of_the_others() -> None:
    harvest = await told(*(jamf_device(number, batteryLevel=1.01 if number == 8 else 0.8) for number in range(9)))
    assert [one.battery_ratio for one in harvest.managed] == [0.8] * 8 + [None]
    assert harvest.partial == ("batteryLevel: cannot be understood of 1 of 9 devices",)


async def test_an_empty_one_tells_no_scale_and_per_cent_are_per_cent() -> None:
    levels: list[object] = [0, 0, 0, 80, "60%", -1]
    harvest = await told(*(jamf_device(number, batteryLevel=level) for number, level in enumerate(levels)))
    assert [one.battery_ratio for one in harvest.managed] == [0, 0, 0, 0.8, 0.6, None]
    assert harvest.partial == ()


async def test_one_serial_number_in_two_spellings_is_one_device() -> None:
    assert (await told(jamf_device(1), jamf_device(1, serialNumber="dmpx000001"))).facts["repeated"] == "1"


async def test_a_zone_that_is_none_costs_no_device() -> None:
    assert moment("2027-01-15 08:00:00 +25:00") is None
    harvest = await told(jamf_device(1, lastCheckin="2027-01-15 08:00:00 +25:00"))
    assert harvest.partial == ("lastCheckin: cannot be understood of 1 of 1 devices",)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        *(("20W0003AGE", "notebook"), ("21F8002TGE", "notebook"), ("82GK", "notebook"), ("IdeaPad 3", "notebook")),
        *(("Precision 3560", "notebook"), ("Precision 3650 Tower", "pc"), ("HP Elite Dragonfly", "notebook")),
        *(("SM-T505", "tablet"), ("SM-X200", "tablet"), ("SM-A525F", "phone"), ("Pixel 7", "phone")),
        *(("OptiPlex 7090", "pc"), ("Apple TV HD", "apple_tv"), ("Virtual Machine", "other"), ("", "other")),
    ],
)
def test_kinds_are_guessed_by_models_and_nothing_is_a_pc_for_want_of_a_better_word(model: str, kind: str) -> None:
    assert Kinds({}).of(model, model, "Windows") == kind


async def test_a_kind_is_as_configured() -> None:
    harvest = await told(jamf_device(1), kinds={"iPad (9*": "other", "*": "phone"})
    assert [one.kind for one in harvest.managed] == ["other"]


async def test_a_server_that_never_shakes_hands_is_a_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/api"
        with pytest.raises(Unreachable) as caught:
            await build(token(TOKEN), timeout=0.05, mdm="jamf_school", url=url).collect()
    assert caught.value.reason is Reason.TIMEOUT


async def test_who_gives_no_token_is_blamed_for_it(unused_tcp_port: int) -> None:
    async with graph(Graph([])) as origin:
        with pytest.raises(Unreachable, match=re.escape(f"127.0.0.1:{unused_tcp_port}: ")):
            await of_intune(origin, login_url=f"http://127.0.0.1:{unused_tcp_port}/token").collect()


def test_nobody_sees_the_key_by_looking_at_a_question() -> None:
    question = JamfSchool(URL("https://jamf.example/api"), SecretStr(TOKEN), Kinds({})).first()
    assert "Basic" in question.headers["Authorization"]
    assert "Basic" not in repr(question)
