from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from agent.contract import BadReply, CannotCheck, Harvest, ParamError, Reason, Subject, Target, Unreachable
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.probe import http, tcp
from collectors.probe.params import HttpParams, TcpParams
from tests.collectors.probe.servers import (
    DAY,
    NOW,
    Authority,
    local_wire,
    raw_server,
    series,
    stays_silent,
    web_server,
)
from tests.harness.process import free_port

SERVICE = Subject("service", "portal")


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def ca(authority: Authority, tmp_path: Path) -> Path:
    return authority.write(tmp_path / "ca.pem")


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def https(wire: LocalWire, context: ssl.SSLContext, host: str = "127.0.0.1", **params: Any) -> Harvest:
    async with web_server(hello, context) as port:
        settings = HttpParams(url=f"https://{host}:{port}/", **params)
        return await http.make_spec(TrustShare()).build(Target(SERVICE), settings, wire).collect()


async def test_a_trusted_certificate(wire: LocalWire, authority: Authority, ca: Path, tmp_path: Path) -> None:
    got = series(await https(wire, authority.serve(tmp_path, "www.example"), "www.example", ca=ca))
    assert got["probe_success",] == got["probe_http_ssl",] == got["ringwacht_probe_tls_verified",] == 1
    assert got["probe_tls_version_info", "TLS 1.3"] == 1
    assert got["probe_ssl_earliest_cert_expiry",] == (NOW + 90 * DAY).timestamp()
    assert got["probe_http_duration_seconds", "tls"] > 0


async def test_the_earliest_of_the_chain_counts(
    wire: LocalWire, authority: Authority, ca: Path, tmp_path: Path
) -> None:
    intermediate = Authority("Intermediate", authority, expires=NOW + 5 * DAY)
    got = series(await https(wire, intermediate.serve(tmp_path, "www.example"), "www.example", ca=ca))
    assert got["ringwacht_probe_tls_verified",] == 1
    assert got["probe_ssl_earliest_cert_expiry",] == (NOW + 5 * DAY).timestamp()


@pytest.mark.parametrize(
    ("host", "verify", "success"),
    [
        ("www.example", None, 0),
        ("www.example", False, 1),
        ("127.0.0.1", None, 1),
        ("127.0.0.1", True, 0),
    ],
)
async def test_an_untrusted_certificate_fails_names_and_is_reported_for_addresses(
    wire: LocalWire, tmp_path: Path, host: str, verify: bool | None, success: int
) -> None:
    harvest = await https(wire, Authority().serve(tmp_path, host), host, verify=verify)
    got = series(harvest)
    assert got["probe_success",] == success
    assert got["ringwacht_probe_tls_verified",] == 0
    assert got["ringwacht_probe_failed", "certificate"] == 1 - success
    assert got["probe_http_status_code",] == 200
    assert got["probe_ssl_earliest_cert_expiry",] == (NOW + 90 * DAY).timestamp()
    assert harvest.facts.get("probe_failure", "").startswith("" if success else f"certificate of {host} not trusted")


async def test_an_expired_certificate_still_tells_its_date(
    wire: LocalWire, authority: Authority, ca: Path, tmp_path: Path
) -> None:
    context = authority.serve(tmp_path, "www.example", expires=NOW - 3 * DAY)
    harvest = await https(wire, context, "www.example", ca=ca)
    got = series(harvest)
    assert got["probe_success",] == 0
    assert got["probe_ssl_earliest_cert_expiry",] == (NOW - 3 * DAY).timestamp()
    assert "expired" in harvest.facts["probe_failure"]


async def test_a_certificate_of_another_name_fails(
    wire: LocalWire, authority: Authority, ca: Path, tmp_path: Path
) -> None:
    harvest = await https(wire, authority.serve(tmp_path, "other.example"), "www.example", ca=ca)
    assert series(harvest)["ringwacht_probe_failed", "certificate"] == 1
    assert "mismatch" in harvest.facts["probe_failure"]


async def test_plain_http_where_tls_is_expected_is_a_bad_reply(wire: LocalWire) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 canary\r\n\r\n")
        await stays_silent(reader, writer)

    async with raw_server(refuse) as port:
        params = HttpParams(url=f"https://127.0.0.1:{port}/")
        collector = http.make_spec(TrustShare()).build(Target(SERVICE), params, wire)
        with pytest.raises(BadReply, match="TLS handshake failed") as caught:
            await collector.collect()
    assert "canary" not in str(caught.value)


async def test_a_server_that_says_nothing_to_a_greeting_is_a_timeout(wire: LocalWire) -> None:
    async with raw_server(stays_silent) as port:
        target = Target(SERVICE, host="127.0.0.1", port=port, timeout_seconds=0.1)
        with pytest.raises(Unreachable) as caught:
            await tcp.make_spec(TrustShare()).build(target, TcpParams(tls=True), wire).collect()
    assert caught.value.reason is Reason.TIMEOUT


async def connect(wire: LocalWire, port: int, **params: Any) -> Harvest:
    target = Target(SERVICE, host="127.0.0.1", port=port)
    collector = tcp.make_spec(TrustShare()).build(target, TcpParams(**params), wire)
    try:
        return await collector.collect()
    finally:
        await collector.close()


async def test_a_port_that_accepts(wire: LocalWire) -> None:
    async with raw_server(stays_silent) as port:
        got = series(await connect(wire, port))
    assert got["probe_success",] == 1
    assert got["probe_ip_protocol",] == 4
    assert {name for name, *_ in got} == {
        *("probe_success", "probe_duration_seconds", "probe_dns_lookup_time_seconds", "probe_ip_protocol"),
        *("probe_ip_addr_hash", "probe_failed_due_to_regex"),
    }


async def test_a_port_is_left_in_order(wire: LocalWire) -> None:
    left: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        try:
            left.set_result(await reader.read())
        except ConnectionError as error:
            left.set_exception(error)

    async with raw_server(listen) as port:
        await connect(wire, port)
        assert await left == b""


async def test_a_port_that_refuses(wire: LocalWire) -> None:
    with pytest.raises(Unreachable) as caught:
        await connect(wire, free_port())
    assert caught.value.reason is Reason.REFUSED


@pytest.mark.parametrize(("verify", "success"), [(None, 1), (True, 0)])
async def test_a_port_with_tls(wire: LocalWire, tmp_path: Path, verify: bool | None, success: int) -> None:
    async with raw_server(stays_silent, Authority().serve(tmp_path, "127.0.0.1")) as port:
        got = series(await connect(wire, port, tls=True, verify=verify))
    assert got["probe_success",] == success
    assert got["ringwacht_probe_tls_verified",] == 0
    assert got["probe_ssl_earliest_cert_expiry",] == (NOW + 90 * DAY).timestamp()


async def test_a_port_is_needed(wire: LocalWire) -> None:
    with pytest.raises(ParamError):
        tcp.make_spec(TrustShare()).build(Target(SERVICE, host="127.0.0.1"), TcpParams(), wire)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOBUFS, errno.EPERM])
async def test_our_own_shortage_is_not_the_ports_fault(
    wire: LocalWire, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    async def fail(*_args: object, **_keys: object) -> None:
        raise OSError(number, "text")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", fail)
    with pytest.raises(CannotCheck):
        await connect(wire, 1)


async def test_a_renewed_file_of_authorities_is_read_at_the_next_poll(
    wire: LocalWire, authority: Authority, ca: Path, tmp_path: Path
) -> None:
    renewed = Authority("Renewed CA")
    async with raw_server(stays_silent, renewed.serve(tmp_path, "127.0.0.1")) as port:
        target = Target(SERVICE, host="127.0.0.1", port=port)
        collector = tcp.make_spec(TrustShare()).build(target, TcpParams(tls=True, ca=ca), wire)
        before = series(await collector.collect())
        renewed.write(ca)
        after = series(await collector.collect())
        await wire.blocking("default", ca.unlink)
        with pytest.raises(CannotCheck, match="No such file"):
            await collector.collect()
    assert [got["ringwacht_probe_tls_verified",] for got in (before, after)] == [0, 1]


async def test_authorities_are_loaded_once_and_forgotten_with_their_last_user(wire: LocalWire, ca: Path) -> None:
    share = TrustShare()
    first = await share.borrow(ca, wire)
    assert await share.borrow(ca, wire) is first
    assert await share.borrow(None, wire) is not first
