"""The check ``dns`` against answers that a name server could send, and those that only an enemy would."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import uvloop

from agent.contract import BadReply, Harvest, ParamError, Reason, Subject, Target, Unreachable
from agent.wire.trust import TrustShare
from collectors.probe.datagram import MAX_STRAYS
from collectors.probe.dns import MAX_STREAMED, DnsCollector, make_spec
from config.dns import DnsParams
from tests.collectors.probe.datagrams import Answers, answer_to, datagram_server
from tests.collectors.probe.servers import local_wire, raw_server, series
from tests.harness.fakes import FakeWire
from tests.harness.process import free_port

DEVICE = Subject("device", "ns-1")
A = "rathaus.example. 300 IN A 192.0.2.80"


def collector(port: int | None, wire: Any, seconds: float = 5.0, **params: Any) -> DnsCollector:
    target = Target(DEVICE, host="127.0.0.1", port=port, timeout_seconds=seconds)
    built = make_spec(TrustShare()).build(
        target, DnsParams.model_validate({"query": "rathaus.example", **params}), wire
    )
    assert isinstance(built, DnsCollector)
    return built


async def ask(answers: Answers, seconds: float = 5.0, **params: Any) -> Harvest:
    async with local_wire() as wire, datagram_server(answers) as port:
        return await collector(port, wire, seconds, **params).collect()


def failed(harvest: Harvest) -> tuple[float, list[str], str]:
    """Success, the reasons why not, and the sentence."""
    got = series(harvest)
    reasons = [key[1] for key, value in got.items() if key[0] == "ringwacht_probe_failed" and value]
    return got["probe_success",], reasons, harvest.facts.get("probe_failure", "")


async def test_an_answer_as_expected() -> None:
    def answers(request: bytes) -> list[bytes]:
        return [answer_to(request, A, flags="AA", extra=["ns1.example. 300 IN A 192.0.2.53"]).to_wire()]

    harvest = await ask(answers, expect=["192.0.2.80"], authoritative=True)
    got = series(harvest)
    assert failed(harvest) == (1, [], "")
    assert [got[f"probe_dns_{section}_rrs",] for section in ("answer", "authority", "additional")] == [1, 0, 1]
    assert (got["probe_dns_query_succeeded",], got["probe_ip_protocol",]) == (1, 4)
    phases = {key[1] for key in got if key[0] == "probe_dns_duration_seconds"}
    assert phases == {"resolve", "connect", "request"}
    assert ("probe_dns_serial",) not in got


@pytest.mark.parametrize(
    ("params", "records", "rcode", "reasons", "sentence"),
    [
        ({}, [], "NXDOMAIN", ["rcode"], "response code NXDOMAIN, not NOERROR"),
        ({}, [], "NOERROR", ["answer"], "the answer holds no A record"),
        ({"expect": ["192.0.2.81", "192.0.2.80"]}, [A], "NOERROR", ["answer"], "the answer lacks 192.0.2.81"),
        ({"authoritative": True}, [A], "NOERROR", ["authoritative"], "the server is not authoritative for the name"),
        ({"rcode": "NXDOMAIN"}, [A], "NOERROR", ["rcode"], "response code NOERROR, not NXDOMAIN"),
        ({"rcode": "REFUSED"}, [], "REFUSED", [], ""),
        ({"type": "AAAA"}, [A], "NOERROR", ["answer"], "the answer holds no AAAA record"),
    ],
)
async def test_an_answer_that_is_not_as_expected(
    params: Mapping[str, Any], records: list[str], rcode: str, reasons: list[str], sentence: str
) -> None:
    harvest = await ask(lambda request: [answer_to(request, *records, rcode=rcode).to_wire()], **params)
    assert failed(harvest) == (float(not reasons), reasons, sentence)


@pytest.mark.parametrize(
    ("kind", "record", "expect"),
    [
        ("A", "192.0.2.80", "192.0.2.80"),
        ("AAAA", "2001:db8::25", "2001:0DB8:0:0::25"),
        ("CNAME", "Www.Rathaus.Example.", "www.rathaus.example"),
        ("MX", "10 Mail.rathaus.example.", "10 mail.rathaus.example"),
        ("NS", "ns1.rathaus.example.", "NS1.rathaus.example."),
        ("PTR", "xn--mnster-3ya.example.", "münster.example"),
        ("SRV", "0 100 389 dc1.rathaus.example.", "0 100 389 DC1.rathaus.example"),
        ("TXT", '"v=spf1 " "-all"', "v=spf1 -all"),
        ("TXT", '"v=spf1 -all"', '"v=spf1 -all"'),
        ("CAA", '0 issue "ca.example; policy=ev"', "0 issue ca.example; policy=ev"),
        ("SOA", "ns1.example. host.example. 7 2 3 4 5", "NS1.example host.example 7 2 3 4 5"),
    ],
)
async def test_records_are_compared_by_what_they_mean(kind: str, record: str, expect: str) -> None:
    rr = f"rathaus.example. 300 IN {kind} {record}"
    harvest = await ask(lambda request: [answer_to(request, rr).to_wire()], type=kind, expect=[expect])
    assert failed(harvest) == (1, [], "")


async def test_the_serial_of_a_zone() -> None:
    soa = "rathaus.example. 300 IN SOA ns1.example. hostmaster.example. 2026112201 3600 900 604800 300"
    harvest = await ask(lambda request: [answer_to(request, soa).to_wire()], type="SOA")
    assert series(harvest)["probe_dns_serial",] == 2026112201


async def test_what_is_asked() -> None:
    asked: list[bytes] = []

    def answers(request: bytes) -> list[bytes]:
        asked.append(request)
        return [answer_to(request).to_wire()]

    await ask(answers, recursion=False, type="PTR", query="192.0.2.80")
    await ask(answers)
    reverse, forward = ([*struct.unpack_from("!HHHHHH", one), one[12:]] for one in asked)
    assert reverse[1:] == [0, 1, 0, 0, 0, b"\x0280\x012\x010\x03192\x07in-addr\x04arpa\x00\x00\x0c\x00\x01"]
    assert forward[1:] == [0x100, 1, 0, 0, 0, b"\x07rathaus\x07example\x00\x00\x01\x00\x01"]


async def test_the_server_may_be_another_than_the_device() -> None:
    async with local_wire() as wire, datagram_server(lambda request: [answer_to(request, A).to_wire()]) as port:
        harvest = await collector(free_port(), wire, server=f"www.example:{port}").collect()
    assert failed(harvest) == (1, [], "")


async def test_a_refusal_need_not_repeat_the_question() -> None:
    harvest = await ask(lambda request: [request[:2] + b"\x80\x01" + bytes(8)])
    assert failed(harvest) == (0, ["rcode"], "response code FORMERR, not NOERROR")


async def test_a_truncated_answer_is_asked_for_again_over_tcp() -> None:
    async def full(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readexactly(struct.unpack("!H", await reader.readexactly(2))[0])
        answer = answer_to(request, A).to_wire()
        writer.write(struct.pack("!H", len(answer)) + answer)
        await writer.drain()

    async with raw_server(full) as port, local_wire() as wire:
        cut = datagram_server(lambda request: [answer_to(request, flags="TC").to_wire()], port=port)
        async with cut:
            assert failed(await collector(port, wire).collect()) == (1, [], "")
        assert failed(await collector(port, wire, transport="tcp").collect()) == (1, [], "")


# --- bad servers -----------------------------------------------------------------------------------------------------


SPOILS: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "wrong id": lambda _request, good: bytes([good[0] ^ 0xFF]) + good[1:],
    "another question": lambda _request, good: good.replace(b"\x07rathaus", b"\x07rathauz"),
    "not the answer to a query": lambda request, _good: request,
    "shorter than a DNS header": lambda _request, good: good[:11],
    "broken off": lambda _request, good: good[:-12],
    "broken off within a record": lambda _request, good: good[:-1],
    "a record that cannot be read": lambda _request, good: good[:-6] + b"\x00\x03" + good[-4:-1],
    "a label of an unknown kind": lambda request, good: good[: len(request)] + b"\x80" + good[len(request) + 1 :],
    "longer than 4096 bytes": lambda _request, good: good + bytes(5000),
}


def spoil(request: bytes, what: str) -> bytes:
    return SPOILS[what](request, answer_to(request, A).to_wire())


@pytest.mark.parametrize("what", SPOILS)
async def test_a_datagram_that_answers_nothing_is_named(what: str) -> None:
    with pytest.raises(BadReply, match=f"1 datagrams came, none of them an answer; the last one: {what}"):
        await ask(lambda request: [spoil(request, what)], seconds=0.05)


@pytest.mark.parametrize("what", SPOILS)
async def test_the_true_answer_is_waited_for(what: str) -> None:
    harvest = await ask(lambda request: [spoil(request, what), answer_to(request, A).to_wire()])
    assert failed(harvest) == (1, [], "")


async def test_a_flood_is_given_up() -> None:
    with pytest.raises(BadReply, match=f"{MAX_STRAYS} datagrams"):
        await ask(lambda request: [spoil(request, "wrong id")] * (MAX_STRAYS + 5), seconds=3600)


async def test_an_answer_from_elsewhere_does_not_count() -> None:
    async with local_wire() as wire:
        loop = asyncio.get_running_loop()
        other, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
        senders: list[Any] = []

        def answers(request: bytes) -> list[bytes]:
            other.sendto(answer_to(request, A).to_wire(), senders[0])
            return []

        async with datagram_server(answers, heard=senders) as port:
            with pytest.raises(Unreachable, match=r"no answer within 0\.05 s"):
                await collector(port, wire, 0.05).collect()
        other.close()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "closed the connection without a whole answer"),
        (b"\x00\x20half", "closed the connection without a whole answer"),
        (struct.pack("!H", MAX_STREAMED + 1), f"longer than {MAX_STREAMED} bytes"),
        (b"\x00\x0cx" + bytes(11), "wrong id"),
    ],
)
async def test_over_tcp_what_cannot_be_read_is_final(answer: bytes, why: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(2)
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with raw_server(talk) as port, local_wire() as wire:
        with pytest.raises(BadReply, match=why):
            await collector(port, wire, transport="tcp").collect()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_closed_port(transport: str) -> None:
    async with local_wire() as wire:
        with pytest.raises(Unreachable) as caught:
            await collector(free_port(), wire, transport=transport).collect()
    assert caught.value.reason is Reason.REFUSED


def test_a_closed_port_on_uvloop_and_then_a_server_there() -> None:
    async def refused_then_back() -> None:
        async with local_wire() as wire:
            async with datagram_server(lambda request: [answer_to(request, A).to_wire()]) as port:
                probe = collector(port, wire)
                assert failed(await probe.collect()) == (1, [], "")
            await asyncio.sleep(0)  # the server's socket closes
            for _ in range(3):
                with pytest.raises(Unreachable) as caught:
                    await probe.collect()
                assert caught.value.reason is Reason.REFUSED
            async with datagram_server(lambda request: [answer_to(request, A).to_wire()], port=port):
                assert failed(await probe.collect()) == (1, [], "")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(refused_then_back())


async def test_it_tells_what_it_does() -> None:
    told: list[str] = []
    async with local_wire() as wire, datagram_server(lambda request: [answer_to(request, A).to_wire()]) as port:
        probe = collector(port, wire)
        probe.trace = told.append
        await probe.collect()
    assert [line.split(": ")[0].rsplit(maxsplit=1)[-1] for line in told[:3]] == ["resolve", "connect", "request"]
    assert told[3].endswith("NOERROR; records: 1 answer, 0 authority, 0 additional")
    assert told[4].endswith("A 192.0.2.80")


def test_a_device_without_an_address_needs_a_server() -> None:
    with pytest.raises(ParamError):
        make_spec(TrustShare()).build(Target(DEVICE), DnsParams(query="a.example"), FakeWire())
