"""The check ``ntp`` against a fake server: offsets, refusals, and packets that are none of ours."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import BadReply, Harvest, ParamError, Reason, Subject, Target, Unreachable
from collectors.probe import parse_ntp
from collectors.probe.ntp import NtpCollector, make_spec
from collectors.probe.params import NtpParams
from collectors.probe.parse import NotAnAnswerError
from collectors.probe.parse_ntp import Measured, best, measured, read, request
from tests.collectors.probe.datagrams import Answers, datagram_server
from tests.collectors.probe.servers import local_wire, series
from tests.collectors.probe.timeserver import TimeServer
from tests.harness.fakes import FakeWire
from tests.harness.process import free_port

DEVICE = Subject("device", "dc-1")
NOW = 1_800_000_000.0  # the fake clock's
ERA_1 = 2_085_978_496.0  # 2036-02-07 06:28:16 UTC: NTP's seconds begin anew
RIGHT = TimeServer(NOW, NOW)


def collector(port: int | None, wire: Any, seconds: float = 5.0, count: int = 1) -> NtpCollector:
    target = Target(DEVICE, host="127.0.0.1", port=port, timeout_seconds=seconds)
    built = make_spec().build(target, NtpParams(count=count), wire)
    assert isinstance(built, NtpCollector)
    return built


async def ask(answers: Answers, seconds: float = 5.0, count: int = 1) -> Harvest:
    async with local_wire() as wire, datagram_server(answers) as port:
        return await collector(port, wire, seconds, count).collect()


async def ask_server(server: TimeServer) -> Harvest:
    return await ask(lambda data: [server.answer(data)])


def failed(harvest: Harvest) -> tuple[float, list[str], str]:
    """Success, the reasons why not, and the sentence."""
    got = series(harvest)
    reasons = [key[1] for key, value in got.items() if key[0] == "ringwacht_probe_failed" and value]
    return got["probe_success",], reasons, harvest.facts.get("probe_failure", "")


@pytest.mark.parametrize("ahead", [0.0, 3600.0, -3600.0, 0.25])
async def test_the_offset_is_how_far_the_server_is_ahead(ahead: float) -> None:
    harvest = await ask_server(TimeServer(NOW + ahead, NOW + ahead))
    got = series(harvest)
    assert failed(harvest) == (1, [], "")
    assert got["probe_ntp_offset_seconds",] == pytest.approx(ahead, abs=got["probe_ntp_rtt_seconds",] / 2 + 1e-6)
    assert got["probe_ntp_rtt_seconds",] > 0
    named = {name: got[f"probe_ntp_{name}",] for name in ("stratum", "leap", "root_delay_seconds")}
    assert named == {"stratum": 2, "leap": 0, "root_delay_seconds": 0.5}
    assert got["probe_ntp_root_dispersion_seconds",] == 1.25
    assert got["probe_ntp_reference_timestamp_seconds",] == NOW - 100


@pytest.mark.parametrize(
    ("changed", "reason", "sentence"),
    [
        ({"leap": 3}, "unsynchronised", "the server's clock is not synchronised (leap 3, stratum 2)"),
        ({"stratum": 16}, "unsynchronised", "the server's clock is not synchronised (leap 0, stratum 16)"),
        ({"leap": 3, "stratum": 0, "identity": b"INIT"}, "unsynchronised",
         "the server's clock is not synchronised (leap 3, stratum 0, INIT)"),
        ({"leap": 3, "stratum": 0, "identity": bytes(4)}, "unsynchronised",
         "the server's clock is not synchronised (leap 3, stratum 0)"),
        ({"leap": 3, "stratum": 0, "identity": b"RATE"}, "kiss_of_death",
         "the server refuses to tell the time (kiss-o'-death RATE)"),
        ({"stratum": 0, "identity": b"DENY"}, "kiss_of_death",
         "the server refuses to tell the time (kiss-o'-death DENY)"),
    ],
)  # fmt: skip
async def test_a_server_that_is_no_source_of_time(changed: dict[str, Any], reason: str, sentence: str) -> None:
    harvest = await ask_server(replace(RIGHT, **changed))
    assert failed(harvest) == (0, [reason], sentence)
    assert (("probe_ntp_offset_seconds",) in series(harvest)) == (reason != "kiss_of_death")


async def test_a_server_that_says_no_time_has_no_offset() -> None:
    got = series(await ask_server(TimeServer(None, None, leap=3, stratum=0, reference=None)))
    assert {key[0] for key in got} >= {"probe_ntp_stratum", "probe_ntp_leap"}
    assert not {key[0] for key in got} & {"probe_ntp_offset_seconds", "probe_ntp_reference_timestamp_seconds"}


WRONG: dict[str, Callable[[bytes], bytes]] = {
    "wrong origin timestamp": lambda data: RIGHT.answer(data[:40] + bytes(8)),
    "not an NTP server's packet of version 3 or 4": replace(RIGHT, mode=5).answer,
    "shorter than an NTP packet": lambda data: RIGHT.answer(data)[:47],
}


@pytest.mark.parametrize("why", WRONG)
async def test_a_packet_that_answers_nothing_is_named_and_the_true_one_waited_for(why: str) -> None:
    with pytest.raises(BadReply, match=f"1 datagrams came, none of them an answer; the last one: {why}"):
        await ask(lambda data: [WRONG[why](data)], seconds=0.05)
    harvest = await ask(lambda data: [WRONG[why](data), RIGHT.answer(data)])
    assert failed(harvest) == (1, [], "")


@pytest.mark.parametrize("version", [1, 2, 5])
async def test_other_versions_are_not_believed(version: int) -> None:
    with pytest.raises(BadReply, match="version 3 or 4"):
        await ask(lambda data: [replace(RIGHT, version=version).answer(data)], seconds=0.05)


async def test_what_is_asked_tells_nothing_and_differs_each_time() -> None:
    asked: list[bytes] = []

    def answers(data: bytes) -> list[bytes]:
        asked.append(data)
        return [RIGHT.answer(data)]

    for _ in range(2):
        await ask(answers)
    assert [data[:40] for data in asked] == [b"\x23" + bytes(39)] * 2
    assert asked[0][40:] != asked[1][40:]


async def test_of_several_samples_the_one_that_travelled_least_counts() -> None:
    # the later the server says it answered, the less of the way was the network's
    processing = iter([0.0, -5.0, -1e-6])

    def answers(data: bytes) -> list[bytes]:
        return [TimeServer(NOW + 100, NOW + 100 + next(processing)).answer(data)]

    got = series(await ask(answers, count=3))
    assert got["probe_ntp_rtt_seconds",] < 5
    assert got["probe_ntp_offset_seconds",] == pytest.approx(100, abs=0.5)


async def test_who_answers_once_may_leave_out_the_rest() -> None:
    asked: list[bytes] = []

    def first_only(data: bytes) -> list[bytes]:
        asked.append(data)
        return [RIGHT.answer(data)] if len(asked) == 1 else []

    assert failed(await ask(first_only, seconds=0.05, count=4)) == (1, [], "")
    assert len(asked) == 2


async def test_who_refuses_is_not_asked_again() -> None:
    asked: list[bytes] = []

    def refuse(data: bytes) -> list[bytes]:
        asked.append(data)
        return [replace(RIGHT, stratum=0, identity=b"RSTR").answer(data)]

    assert failed(await ask(refuse, count=4))[1] == ["kiss_of_death"]
    assert len(asked) == 1


async def test_silence() -> None:
    with pytest.raises(Unreachable, match=r"no answer within 0\.05 s"):
        await ask(lambda _data: [], seconds=0.05)


def test_a_closed_port_on_uvloop_and_then_a_server_there() -> None:
    async def refused_then_back() -> None:
        port = free_port()
        async with local_wire() as wire:
            probe = collector(port, wire)
            for _ in range(3):
                with pytest.raises(Unreachable) as caught:
                    await probe.collect()
                assert caught.value.reason is Reason.REFUSED
            async with datagram_server(lambda data: [RIGHT.answer(data)], port=port):
                assert failed(await probe.collect()) == (1, [], "")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(refused_then_back())


async def test_it_tells_what_it_does() -> None:
    told: list[str] = []
    async with local_wire() as wire, datagram_server(lambda data: [RIGHT.answer(data)]) as port:
        probe = collector(port, wire)
        probe.trace = told.append
        await probe.collect()
    assert "request: " in told[0]
    assert told[1].endswith("leap 0, stratum 2")
    assert "offset " in told[2]


def test_it_needs_an_address() -> None:
    with pytest.raises(ParamError):
        make_spec().build(Target(DEVICE), NtpParams(), FakeWire())


# --- the arithmetic --------------------------------------------------------------------------------------------------

ORIGIN = b"\x00\x01\x02\x03\x04\x05\x06\x07"


@pytest.mark.parametrize("moment", [ERA_1 - 0.5, ERA_1 + 1e-3, ERA_1 + 0.5, ERA_1 + 2**31, NOW, 0.5])
@pytest.mark.parametrize("ahead", [-3600.0, 0.0, 3600.0])
def test_the_year_2036_is_a_year_like_any_other(moment: float, ahead: float) -> None:
    server = TimeServer(moment + ahead, moment + ahead)
    packet = read(server.answer(request(ORIGIN)), ORIGIN, moment)
    clock = measured(packet, moment, 0.0)
    assert clock is not None
    assert clock.offset == pytest.approx(ahead, abs=1e-6)


@given(
    ahead=st.floats(-1e6, 1e6), there=st.floats(0, 10), back=st.floats(0, 10), within=st.floats(0, 10)
)  # fmt: skip
def test_the_offset_is_wrong_by_half_the_delay_at_most(ahead: float, there: float, back: float, within: float) -> None:
    server = TimeServer(NOW + ahead + there, NOW + ahead + there + within)
    clock = measured(read(server.answer(request(ORIGIN)), ORIGIN, NOW), NOW, there + within + back)
    assert clock is not None
    assert clock.delay == pytest.approx(there + back, abs=1e-5)
    assert abs(clock.offset - ahead) <= clock.delay / 2 + 1e-5


def test_the_best_of_none_is_none() -> None:
    assert best([]) is None
    assert best([Measured(1, 0.5), Measured(2, 0.1), Measured(3, 0.2)]) == Measured(2, 0.1)


@given(st.binary(max_size=120), st.booleans())
def test_any_bytes(data: bytes, ours: bool) -> None:
    if ours and len(data) >= 48:
        data = data[:24] + ORIGIN + data[32:]
    try:
        packet = read(data, ORIGIN, NOW)
    except NotAnAnswerError:
        return
    said = parse_ntp.failures(packet).values()
    assert all(sentence.isascii() and sentence.isprintable() for sentence in said)
    clock = measured(packet, NOW, 0.1)
    assert clock is None or abs(clock.offset) <= 2**31


@given(st.integers(0, 255), st.integers(0, 255), st.binary(min_size=4, max_size=4), st.binary(min_size=32, max_size=32))
def test_any_packet_that_echoes_us(head: int, stratum: int, identity: bytes, times: bytes) -> None:
    data = struct.pack("!BBbbII", head, stratum, 0, 0, 1, 1) + identity + times[:8] + ORIGIN + times[8:24]
    try:
        packet = read(data, ORIGIN, NOW)
    except NotAnAnswerError:
        return
    refused = parse_ntp.failures(packet)
    assert bool(refused) == (packet.leap == 3 or not 1 <= stratum <= 15)
