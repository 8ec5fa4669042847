"""Whom the login is told to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.contract import BadReply, ParamError, Reason, Subject, Target, Unreachable
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.redfish.door import Doorkeeper
from collectors.redfish.params import RedfishParams
from collectors.redfish.spec import make_spec
from tests.collectors.probe.servers import Authority, local_wire, raw_server
from tests.collectors.redfish.lab import SERVER, collector, values
from tests.harness.mockups import ROOT, older
from tests.harness.process import free_port
from tests.harness.redfish import Controller, served


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    return Authority().serve(tmp_path, "bmc.example")


async def test_a_certificate_of_nobody_is_good_enough_on_this_machine(
    wire: LocalWire, own_certificate: ssl.SSLContext
) -> None:
    controller = Controller(older())
    async with served(controller, own_certificate) as port:
        found = await collector(wire, port).collect()
    assert values(found)["hardware_ok FAN1"] == 1
    assert controller.ended == 1


async def test_elsewhere_a_certificate_of_nobody_gets_no_login_and_its_fingerprint_is_told(
    wire: LocalWire, own_certificate: ssl.SSLContext
) -> None:
    controller = Controller(older())
    async with served(controller, own_certificate) as port:
        with pytest.raises(BadReply, match="certificate: ") as told:
            await collector(wire, port, verify=True).collect()
        assert controller.asked == []
        fingerprint = told.value.detail.rpartition("SHA-256 fingerprint ")[2].rstrip(")")
        found = await collector(wire, port, fingerprint=fingerprint).collect()
        assert values(found)["hardware_ok FAN1"] == 1
        with pytest.raises(BadReply, match="the certificate is another one"):
            await collector(wire, port, fingerprint="00" * 32).collect()


async def test_an_own_authority_vouches_for_a_name(wire: LocalWire, tmp_path: Path) -> None:
    authority = Authority()
    controller = Controller(older())
    async with served(controller, authority.serve(tmp_path, "www.example")) as port:
        ca = authority.write(tmp_path / "ca.pem")
        await collector(wire, port, "www.example", ca=ca).collect()
        with pytest.raises(BadReply, match="certificate: "):
            await collector(wire, port, "other.example", ca=ca).collect()
    assert controller.passwords_seen == 1


async def test_plain_http_is_spoken_to_this_machine_by_itself(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        await collector(wire, port).collect()
        await collector(wire, port, scheme="http").collect()
    assert controller.passwords_seen == 2


async def test_where_no_tls_is_spoken_nothing_is_told_and_the_reason_is(wire: LocalWire) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        with pytest.raises(BadReply, match=r"no TLS is spoken there; `redfish: \{scheme: http\}`"):
            await collector(wire, port, scheme="https").collect()
    assert controller.passwords_seen == 0
    assert not [one for one in controller.asked if one.startswith("POST")]


async def test_plain_http_is_not_even_tried_elsewhere(wire: LocalWire, monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(_host: str) -> str:
        return "192.0.2.7"

    monkeypatch.setattr(wire, "resolve", resolve)
    for scheme, verified in (("auto", True), ("https", True)):
        params = RedfishParams.model_validate({"scheme": scheme})
        keeper = Doorkeeper(Target(Subject("device", "bmc"), host="bmc"), params, TrustShare())
        door = await keeper.find(wire)
        assert isinstance(door.tls, ssl.SSLContext)
        assert (door.port, door.tls.check_hostname) == (443, verified)


async def test_a_name_that_the_dns_says_is_this_machine_is_none_that_may_be_trusted(
    wire: LocalWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(_host: str) -> str:
        return "127.0.0.1"

    monkeypatch.setattr(wire, "resolve", resolve)
    controller = Controller(older())
    async with served(controller) as port:
        with pytest.raises(BadReply, match="no TLS is spoken there"):
            await collector(wire, port, "bmc.rathaus.example").collect()
        assert controller.passwords_seen == 0
        await collector(wire, port, "localhost").collect()
    assert controller.passwords_seen == 1


async def test_what_is_no_redfish_service_gets_no_login(wire: LocalWire) -> None:
    controller = Controller({ROOT: {"name": "a printer"}})
    async with served(controller) as port:
        with pytest.raises(BadReply, match="no Redfish service"):
            await collector(wire, port).collect()
    assert controller.passwords_seen == 0


async def test_redirects_are_not_followed(wire: LocalWire) -> None:
    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/redfish/v1/\r\nContent-Length: 0\r\n\r\n")

    async with raw_server(elsewhere) as port:
        with pytest.raises(BadReply, match=r"no Redfish service at /redfish/v1/ \(status 302\)"):
            await collector(wire, port, scheme="http").collect()


async def test_an_answer_without_end_is_given_up(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.raw = {ROOT: (200, b"[" + b" " * 3_000_000)}
    async with served(controller) as port:
        with pytest.raises(BadReply, match="an answer is larger than"):
            await collector(wire, port).collect()


async def test_a_closed_port_is_told(wire: LocalWire) -> None:
    with pytest.raises(Unreachable) as told:
        await collector(wire, free_port()).collect()
    assert told.value.reason is Reason.REFUSED


def test_a_controller_without_a_login_is_refused_at_once(wire: LocalWire) -> None:
    target = Target(SERVER, host="127.0.0.1")
    with pytest.raises(ParamError, match="credential"):
        make_spec().build(target, RedfishParams(), wire)


@pytest.mark.parametrize(
    "keys",
    [
        {"fingerprint": "AB:CD"},
        {"fingerprint": "zz" * 32},
        {"fingerprint": "00" * 32, "verify": False},
        {"scheme": "http", "verify": True},
        {"scheme": "ftp"},
    ],
)
def test_parameters_that_contradict_each_other_are_refused(keys: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"fingerprint|https|scheme"):
        RedfishParams.model_validate(keys)
