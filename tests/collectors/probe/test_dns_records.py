"""What records of each section must look like, and questions over TLS."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path
from typing import Any

import dns.message
import dns.rrset
import pytest

from agent.contract import Harvest, Subject, Target
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.probe.dns import make_spec
from collectors.probe.parse_dns import wrong_records
from config.dns import DnsParams, Records
from tests.collectors.probe.servers import Authority, raw_server, series

LINES = ("a.example.\t300\tIN\tA\t192.0.2.1", "a.example.\t300\tIN\tA\t192.0.2.2")


@pytest.mark.parametrize(
    ("tests", "lines", "wrong"),
    [
        ({"every": "192.0.2"}, LINES, None),
        ({"every": ["192.0.2", "2$"]}, LINES, "a record is not what every one must be"),
        ({"some": ["2$", "never"]}, LINES, None),
        ({"some": "never"}, LINES, "no record is what one must be"),
        ({"none": "2$"}, LINES, "a record is what none may be"),
        ({"not_all": "2$"}, LINES, None),
        ({"not_all": "192"}, LINES, "all records are what not all may be"),
        ({"every": "x"}, (), "there is no record"),
        ({"none": "x", "not_all": "x"}, (), None),
    ],
)
def test_what_records_must_look_like(tests: dict[str, Any], lines: tuple[str, ...], wrong: str | None) -> None:
    assert wrong_records(lines, Records.model_validate(tests)) == wrong


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one question over a connection: an address, and the zone as authority."""
    (size,) = struct.unpack("!H", await reader.readexactly(2))
    message = dns.message.make_response(dns.message.from_wire(await reader.readexactly(size)))
    message.answer.append(dns.rrset.from_text("a.example.", 300, "IN", "A", "192.0.2.1"))
    message.authority.append(dns.rrset.from_text("example.", 300, "IN", "NS", "ns1.example."))
    wire = message.to_wire()
    writer.write(struct.pack("!H", len(wire)) + wire)
    await writer.drain()
    await reader.read()


async def ask(wire: LocalWire, port: int, **params: Any) -> Harvest:
    asked = DnsParams.model_validate({"query": "a.example", "transport": "tls", **params})
    target = Target(Subject("service", "names"), host="127.0.0.1", port=port)
    return await make_spec(TrustShare()).build(target, asked, wire).collect()


async def test_a_question_over_tls(wire: LocalWire, tmp_path: Path) -> None:
    authority = Authority()
    async with raw_server(answer, authority.serve(tmp_path, "127.0.0.1")) as port:
        ca = authority.write(tmp_path / "ca.pem")
        got = series(await ask(wire, port, ca=ca, verify=True, authority={"every": "\tNS\tns1"}))
        distrusted = await ask(wire, port, verify=True)
        looked_at = await ask(wire, port)
    assert (got["probe_success",], got["ringwacht_probe_tls_verified",]) == (1, 1)
    assert got["probe_dns_authority_rrs",] == 1
    assert distrusted.facts["probe_failure"].startswith("certificate of 127.0.0.1 not trusted")
    assert series(looked_at)["probe_success",] == 1


async def test_a_section_that_is_not_as_it_must_be(wire: LocalWire, tmp_path: Path) -> None:
    async with raw_server(answer, Authority().serve(tmp_path, "127.0.0.1")) as port:
        harvest = await ask(wire, port, additional={"some": "A"}, answer={"none": "192.0.2.9"})
    assert harvest.facts == {"probe_failure": "additional: there is no record"}
    assert series(harvest)["ringwacht_probe_failed", "records"] == 1


async def test_any_type_of_record_is_an_answer(wire: LocalWire, tmp_path: Path) -> None:
    async with raw_server(answer, Authority().serve(tmp_path, "127.0.0.1")) as port:
        assert series(await ask(wire, port, type="ANY"))["probe_success",] == 1
