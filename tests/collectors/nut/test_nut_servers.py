"""Servers that refuse, lie, fall silent or flood; the collector ends in time and says why."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

import pytest

from agent.contract import AuthFailed, BadReply, CollectError, ParamError, Reason, Unreachable
from agent.families import VALUES_REFUSED
from collectors.nut import SPEC
from collectors.nut.collector import build
from collectors.nut.params import NutParams
from tests.collectors.nut.upsd import TARGET, VARIABLES, Answer, collector, failure, good, listed, serving, values
from tests.harness.fakes import FakeTelemetry, FakeWire
from tests.harness.process import free_port


def instead_of_the_list(reply: bytes) -> Answer:
    return lambda line: [reply] if line.startswith("LIST VAR") else good(line)


async def test_a_good_answer() -> None:
    async with serving(good) as (server, target):
        found = collector(target)
        told: list[str] = []
        found.trace = told.append
        harvest, again = await found.collect(), await found.collect()
        await found.close()
    assert values(harvest)["ups_on_battery"] == 1
    assert values(harvest)["ups_shutdown_clients"] == 3
    assert harvest.facts == {"model": 'a "b" c'}
    assert again.layout is harvest.layout
    assert server.heard == ["LIST VAR usv1", "GET NUMLOGINS usv1"] * 2  # never LOGIN: that would make us a client
    assert told[:2] == ["LIST VAR usv1: 3 variables", "ups.status: OB LB"]


async def test_what_is_refused_is_counted_and_traced() -> None:
    telemetry = FakeTelemetry()
    lines = (*VARIABLES, 'VAR usv1 battery.mfr.date "CPS"', 'VAR usv1 battery.temperature "0"')
    async with serving(instead_of_the_list(listed(*lines))) as (_, target):
        found = build(target, NutParams(name="usv1"), FakeWire(telemetry))
        told: list[str] = []
        found.trace = told.append
        harvest = await found.collect()
    assert harvest.partial == ()
    assert telemetry.values[VALUES_REFUSED.name, (*target.labels, ("check", "nut"))] == 2
    assert [line for line in told if line.startswith("refused")] == [
        "refused: battery.temperature: '0' is what a UPS without a sensor says",
        "refused: battery.mfr.date: 'CPS' is no date",
    ]


async def test_the_number_of_clients_may_be_missing() -> None:
    async with serving(lambda line: [b"ERR UNKNOWN-COMMAND\n"] if "NUMLOGINS" in line else good(line)) as (_, target):
        harvest = await collector(target).collect()
    assert "ups_shutdown_clients" not in values(harvest)
    assert values(harvest)["ups_on_battery"] == 1
    assert len(harvest.partial) == 1
    assert harvest.partial[0].endswith("the server answers UNKNOWN-COMMAND")


async def test_bytes_of_any_coding_and_lines_of_windows_blind_nobody() -> None:
    latin, german = 'VAR usv1 device.location "Keller Süd"'.encode("latin-1"), 'VAR usv1 ups.model "Käte"'.encode()
    lines = [b"BEGIN LIST VAR usv1", b'VAR usv1 ups.status "OB LB"', latin, german, b"END LIST VAR usv1", b""]
    for end in (b"\n", b"\r\n"):
        reply = end.join(lines)
        async with serving(instead_of_the_list(reply)) as (_, target):
            harvest = await collector(target).collect()
        assert values(harvest)["ups_on_battery"] == 1
        assert harvest.facts["model"] == "Käte"


async def test_a_line_that_is_no_variable_of_the_ups_is_passed_over() -> None:
    lines = ("VAR usv1", 'VAR usv10 ups.status "OL"', "nonsense", *VARIABLES)
    async with serving(instead_of_the_list(listed(*lines))) as (_, target):
        harvest = await collector(target).collect()
    assert values(harvest)["ups_on_battery"] == 1


@pytest.mark.parametrize("number", ["-1", "x", "", "1234567", "٣"])
async def test_a_number_of_clients_that_is_none(number: str) -> None:
    def answer(line: str) -> Iterable[bytes]:
        return [f"NUMLOGINS usv1 {number}\n".encode()] if "NUMLOGINS" in line else good(line)

    async with serving(answer) as (_, target):
        harvest = await collector(target).collect()
    assert "ups_shutdown_clients" not in values(harvest)
    assert harvest.partial


async def test_a_name_that_the_server_does_not_know_brings_those_that_it_does() -> None:
    error = await failure(good, "usv9")
    assert isinstance(error, BadReply)
    assert error.detail.endswith("has no UPS usv9; it has keller, dach")


@pytest.mark.parametrize(
    ("listed_ups", "words"),
    [
        (b"BEGIN LIST UPS\nEND LIST UPS\n", "it has none at all"),
        (b"BEGIN LIST UPS\nUPS x\nEND LIST UPS\n", "what it has cannot be told"),
        (b"ERR ACCESS-DENIED\n", "what it has cannot be told"),
    ],
)
async def test_a_server_that_cannot_say_what_it_has(listed_ups: bytes, words: str) -> None:
    error = await failure(lambda line: [listed_ups] if line == "LIST UPS" else good(line), "usv9")
    assert words in error.detail


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (b"ERR DATA-STALE\n", BadReply, "the server has lost it: its driver brings no data (DATA-STALE)"),
        (b"ERR DRIVER-NOT-CONNECTED\n", BadReply, "its driver does not run on the server"),
        (b"ERR ACCESS-DENIED\n", AuthFailed, "refused (ACCESS-DENIED)"),
        (b"ERR USERNAME-REQUIRED\n", AuthFailed, "refused (USERNAME-REQUIRED)"),
        (b"ERR INVALID-PASSWORD\n", AuthFailed, "refused (INVALID-PASSWORD)"),
        (b"ERR SOMETHING-ELSE\n", BadReply, "the server answers SOMETHING-ELSE"),
        (b"ERR\n", BadReply, "the server answers an error without a name"),
        (b"ERR TLS-NOT-ENABLED\n", BadReply, "the server answers TLS-NOT-ENABLED"),
        (b"HTTP/1.1 400 Bad Request\n", BadReply, "no answer of NUT: HTTP/1.1 400"),
        (b"\xff\xfe\x00\n", BadReply, "no answer of NUT"),
        (b"x" * 100_000 + b"\n", BadReply, "endless"),
        (listed(*(f'VAR usv1 v{number} "{"x" * 100}"' for number in range(2000))), BadReply, "endless"),
        (listed("VAR usv1"), BadReply, "says nothing of usv1"),
        (listed('VAR usv10 ups.status "OL"'), BadReply, "says nothing of usv1"),
        (listed('VAR usv1 ups.status "OL"', ups="usv10"), BadReply, "no answer of NUT: BEGIN LIST VAR usv10"),
        (listed(ups="usv1"), BadReply, "says nothing of usv1"),
        (listed('VAR usv1 ups.status "WAIT"'), BadReply, "says nothing yet (WAIT)"),
    ],
)
async def test_what_cannot_be_used_is_named(reply: bytes, kind: type[CollectError], words: str) -> None:
    error = await failure(instead_of_the_list(reply))
    assert type(error) is kind or isinstance(error, kind)
    assert words in error.detail


async def test_a_server_that_hangs_up_in_the_middle() -> None:
    error = await failure(lambda _: None)
    assert isinstance(error, BadReply)
    assert "closed" in error.detail


CUT = b"BEGIN LIST VAR usv1\nVAR usv1 ups.status"


async def test_an_answer_that_is_cut_short() -> None:
    error = await failure(lambda _: [CUT], timeout_seconds=0.3)
    assert error.reason is Reason.TIMEOUT


async def test_a_server_that_hangs_up_within_an_answer() -> None:
    def hang_up(_: str) -> Iterable[bytes]:
        yield CUT
        raise ConnectionAbortedError

    error = await failure(hang_up)
    assert error.reason is Reason.BAD_REPLY
    assert "cut short" in error.detail


async def test_a_server_that_stays_silent_is_given_up_in_time() -> None:
    error = await failure(lambda _: [], timeout_seconds=0.2)
    assert isinstance(error, Unreachable)
    assert error.reason is Reason.TIMEOUT


@pytest.mark.parametrize(("pause_seconds", "reason"), [(0, Reason.BAD_REPLY), (0.01, Reason.TIMEOUT)])
async def test_a_server_that_never_ends_does_not_hold_us_up(pause_seconds: float, reason: Reason) -> None:
    """At 64 KiB, and before that when the time is over; the library alone would give each line its time, twice."""
    endless = itertools.chain([b"BEGIN LIST VAR usv1\n"], itertools.repeat(b'VAR usv1 a "b"\n'))
    timeout_seconds = 5.0 if reason is Reason.BAD_REPLY else 0.5
    error = await failure(lambda _: endless, pause_seconds=pause_seconds, timeout_seconds=timeout_seconds)
    assert error.reason is reason


async def test_a_closed_port_is_refused() -> None:
    with pytest.raises(Unreachable) as caught:
        await collector(replace(TARGET, port=free_port())).collect()
    assert caught.value.reason is Reason.REFUSED


def test_a_device_without_an_address_is_refused() -> None:
    with pytest.raises(ParamError, match="needs a host and a port"):
        SPEC.build(replace(TARGET, host=None), NutParams(name="usv1"), FakeWire())
