"""Projectors that answer, sleep, refuse, lie or fall silent; the collector ends in time and says why."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from agent.contract import AuthFailed, BadReply, CollectError, Harvest, ParamError, Reason, Subject, Target, Unreachable
from collectors.projector.collector import ProjectorCollector
from collectors.projector.spec import make_spec
from config.schools import Projector as Params
from tests.harness.fakes import FakeWire
from tests.harness.pjlink import CLASS_2, IN_STANDBY, Projector
from tests.harness.process import free_port

TARGET = Target(Subject("projector", "beamer"), site="schule", host="127.0.0.1", timeout_seconds=5.0)
PARAMS = Params.model_validate({"site": "schule", "address": "127.0.0.1"})
PASSWORD = "JBMIAProjectorLink"


def collector(port: int, password: str | None = None, **target: Any) -> ProjectorCollector:
    secret = None if password is None else SecretStr(password)
    params = PARAMS.model_copy(update={"password": secret})
    made = make_spec().build(replace(TARGET, port=port, **target), params, FakeWire())
    assert isinstance(made, ProjectorCollector)
    return made


def values(harvest: Harvest) -> dict[str, float]:
    return {
        " ".join((column.family.name.removeprefix("ringwacht_projector_"), *row)): harvest.values[column.start + number]
        for column in harvest.layout.columns
        for number, row in enumerate(column.rows.values)
    }


async def polled(projector: Projector, password: str | None = None, **target: Any) -> Harvest:
    async with projector.serving() as port:
        return await collector(port, password, **target).collect()


async def failure(projector: Projector, password: str | None = None, **target: Any) -> CollectError:
    with pytest.raises(CollectError) as caught:
        await polled(projector, password, **target)
    return caught.value


async def test_a_projector_of_class_1() -> None:
    projector = Projector()
    harvest = await polled(projector)
    found = values(harvest)
    assert found["power_state on"] == 1
    assert found["lamp_seconds_total 1"] == 2120 * 3600
    assert found["input_info digital 1"] == 1
    assert found["error lamp"] == 0
    assert harvest.facts == {"vendor": "EPSON", "model": "EB-L200F"}
    assert harvest.partial == ()
    assert projector.heard == [
        *("%1POWR ?", "%1CLSS ?", "%1ERST ?", "%1LAMP ?", "%1INPT ?"),
        *("%1INF1 ?", "%1INF2 ?"),
    ]


async def test_a_projector_of_class_2_tells_more_and_its_facts_once() -> None:
    projector = Projector(dict(CLASS_2))
    async with projector.serving() as port:
        beamer = collector(port)
        first, second = await beamer.collect(), await beamer.collect()
    assert values(first)["filter_seconds"] == 350 * 3600
    assert first.facts["serial"] == "X4YZ0100123"
    assert first.facts["firmware"] == "1.11"
    assert second.facts == first.facts
    assert second.layout is first.layout
    assert projector.heard.count("%2SNUM ?") == 1
    assert (projector.connections, projector.most_at_once) == (2, 1)


async def test_its_name_is_never_asked_for() -> None:
    projector = Projector(dict(CLASS_2))
    harvest = await polled(projector)
    assert not any("NAME" in line for line in projector.heard)
    assert "Muster" not in str(harvest)


async def test_the_password_is_proved_once_and_never_sent() -> None:
    projector = Projector(password=PASSWORD)
    assert values(await polled(projector, PASSWORD))["power_state on"] == 1
    assert PASSWORD not in "".join(projector.heard)


@pytest.mark.parametrize(
    ("known", "detail"),
    [("wrong", "it refuses the password"), (None, "it asks for a password, and none is configured")],
)
async def test_a_password_that_is_wrong_or_missing(known: str | None, detail: str) -> None:
    error = await failure(Projector(password=PASSWORD), known)
    assert isinstance(error, AuthFailed)
    assert error.detail.endswith(detail)


async def test_a_projector_that_sends_everybody_away() -> None:
    assert isinstance(await failure(Projector(greeting=b"PJLINK ERRA\r")), AuthFailed)


async def test_what_it_does_not_tell_in_standby_is_not_missing() -> None:
    harvest = await polled(Projector({**CLASS_2, **IN_STANDBY}))
    assert harvest.partial == ()
    found = values(harvest)
    assert found["power_state standby"] == 1
    assert found["error fan"] == 0
    assert not any(name.startswith("lamp") for name in found)


async def test_what_it_does_not_tell_while_it_runs_is() -> None:
    harvest = await polled(Projector({**CLASS_2, "LAMP": "ERR3"}))
    assert harvest.partial == ("LAMP: not now (ERR3)",)


async def test_a_projector_that_says_that_it_failed() -> None:
    harvest = await polled(Projector({**CLASS_2, "POWR": "ERR4", "ERST": "ERR4"}))
    assert values(harvest)["error other"] == 2
    assert harvest.partial == ()


async def test_a_failure_counts_though_the_parts_are_well() -> None:
    harvest = await polled(Projector({**CLASS_2, "POWR": "ERR4", "LAMP": "ERR4"}))
    assert values(harvest)["error other"] == 2
    assert values(harvest)["error lamp"] == 0
    assert harvest.partial == ("LAMP: it cannot tell (ERR4)",)


async def test_an_answer_that_cannot_be_leaves_the_rest() -> None:
    harvest = await polled(Projector({**CLASS_2, "LAMP": "-7 1", "ERST": "999999"}))
    assert values(harvest)["power_state on"] == 1
    assert harvest.partial == (
        "ERST: '999999' is no answer that can be",
        "LAMP: '-7 1' is no answer that can be",
    )


REFUSED: Mapping[str, tuple[Projector, type[CollectError], str]] = {
    "another protocol": (Projector(greeting=b"SSH-2.0-x\r"), BadReply, "no greeting of PJLink: 'SSH-2.0-x'"),
    "garbage": (Projector(replies={"POWR": b"\x00\xff\r"}), BadReply, "no answer of PJLink to POWR"),
    "endless": (Projector(greeting=b"x" * 5000), BadReply, "an answer longer than 136 bytes"),
    "hangs up": (Projector(hangs_up_after=0), Unreachable, "it hangs up without an answer"),
    "cut short": (Projector(greeting=b"PJLI", hangs_up_after=0), BadReply, "it hangs up in the middle of an answer"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_is_no_projector_is_told_by_a_reason(case: str) -> None:
    projector, kind, detail = REFUSED[case]
    error = await failure(projector)
    assert isinstance(error, kind)
    assert detail in error.detail
    assert error.detail.isprintable()


async def test_an_echo_of_what_proves_the_password_is_not_quoted() -> None:
    proof = b"5d8409bc1c3fa39749434aa3a5c38682"
    error = await failure(Projector(password=PASSWORD, replies={"POWR": proof + b"%1POWR ?\r"}), PASSWORD)
    assert isinstance(error, BadReply)
    assert proof.decode() not in error.detail


async def test_a_silent_projector_is_given_up_in_time() -> None:
    error = await failure(Projector(replies={"POWR": b""}), timeout_seconds=0.05)
    assert isinstance(error, Unreachable)
    assert error.reason is Reason.TIMEOUT


async def test_a_slow_drip_ends_with_what_was_heard() -> None:
    """Each answer is in time, all of them are not."""
    projector = Projector(dict(CLASS_2), drip_seconds=0.01)
    harvest = await polled(projector, timeout_seconds=5.0, budget_seconds=1.0)
    assert values(harvest)["power_state on"] == 1
    assert harvest.partial[0].endswith("no answer in time")
    assert len(harvest.partial) == 1


async def test_one_that_hangs_up_half_way_leaves_what_was_heard() -> None:
    harvest = await polled(Projector(hangs_up_after=3))
    assert values(harvest)["error lamp"] == 0
    assert len(harvest.partial) == 1


async def test_who_does_not_listen_refuses() -> None:
    with pytest.raises(Unreachable) as caught:
        await collector(free_port()).collect()
    assert caught.value.reason is Reason.REFUSED


async def test_a_second_connection_is_sent_away() -> None:
    projector = Projector()
    async with projector.serving() as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises(Unreachable) as caught:
            await collector(port).collect()
        assert caught.value.reason is Reason.REFUSED
        writer.close()
        await writer.wait_closed()


async def test_an_operator_can_follow_a_poll() -> None:
    told: list[str] = []
    async with Projector().serving() as port:
        beamer = collector(port)
        beamer.trace = told.append
        await beamer.collect()
        await beamer.close()
    assert told[:3] == ["connected, no password is asked for", "POWR: 1", "CLSS: 1"]


def test_a_projector_needs_a_host() -> None:
    with pytest.raises(ParamError):
        make_spec().build(replace(TARGET, host=None, port=None), PARAMS, FakeWire())
