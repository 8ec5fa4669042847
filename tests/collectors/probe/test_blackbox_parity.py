"""What blackbox_exporter's modules can ask for, asked by ours on the same servers: success and series agree."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from config.credentials import Credential, HttpCredential
from tests.collectors.probe.peer import LAX, assert_alike, blackbox, collect, dns_module, theirs
from tests.collectors.probe.real import name_server
from tests.collectors.probe.servers import Authority, raw_server, web_server
from tests.collectors.probe.test_http2 import Served, server
from tests.collectors.probe.test_tcp_talk import SERVERS, speaks

pytestmark = pytest.mark.integration

CREDENTIAL = Credential(http=HttpCredential(username="u", password=SecretStr("p")))
IP4 = {"preferred_ip_protocol": "ip4"}


def http_module(**more: Any) -> dict[str, Any]:
    return {"prober": "http", "http": {**LAX, **more}}


async def page(request: web.Request) -> web.Response:
    if request.path == "/private" and request.headers.get("Authorization") != "Basic dTpw":
        return web.Response(status=401)
    headers = {"X-Kind": "page", "Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"}
    response = web.Response(text="hello " * 100 + request.method + (await request.text()), headers=headers)
    if request.path == "/packed":
        response.enable_compression(web.ContentCoding.gzip)
    return response


CASES: Mapping[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "statuses": ({"valid_status_codes": [401, 403]}, {"expect": {"status": [401, 403]}}, "/private"),
    "absent text": ({"fail_if_body_matches_regexp": ["hel+o"]}, {"expect": {"absent_matches": ["hel+o"]}}, "/"),
    "matches": ({"fail_if_body_not_matches_regexp": ["GET$"]}, {"expect": {"matches": ["GET$"]}}, "/"),
    "header": (
        {"fail_if_header_not_matches": [{"header": "X-Kind", "regexp": "^pa"}]},
        {"expect": {"headers": {"X-Kind": "^pa"}}},
        "/",
    ),
    "missing header": (
        {"fail_if_header_not_matches": [{"header": "X-None", "regexp": "."}]},
        {"expect": {"headers": {"X-None": "."}}},
        "/",
    ),
    "absent header": (
        {"fail_if_header_matches": [{"header": "X-Kind", "regexp": "page"}]},
        {"expect": {"absent_headers": {"X-Kind": "page"}}},
        "/",
    ),
    "post": (
        {"method": "POST", "body": "twice"},
        {"method": "POST", "body": "twice", "expect": {"text": "POSTtw"}},
        "/",
    ),
    "head": ({"method": "HEAD"}, {"method": "HEAD"}, "/"),
    "version": ({"valid_http_versions": ["HTTP/2.0"]}, {"expect": {"http_version": 2}}, "/"),
    "tls": ({"fail_if_ssl": True}, {"expect": {"tls": False}}, "/"),
    "no tls": ({"fail_if_not_ssl": True}, {"expect": {"tls": True}}, "/"),
    "packed": ({"compression": "gzip"}, {"compression": "gzip"}, "/packed"),
    "login": ({"basic_auth": {"username": "u", "password": "p"}}, {}, "/private"),
    "stays": ({"follow_redirects": False}, {"follow_redirects": False}, "/"),
}


@pytest.mark.parametrize("secure", [False, True])
async def test_what_a_page_may_be_asked(tmp_path: Path, secure: bool) -> None:
    modules = {name.replace(" ", "_"): http_module(**module) for name, (module, _, _) in CASES.items()}
    context = Authority().serve(tmp_path, "127.0.0.1") if secure else None
    async with blackbox(tmp_path, **modules) as peer, web_server(page, context) as port:
        for name, (_, params, path) in CASES.items():
            url = f"http{'s' if secure else ''}://127.0.0.1:{port}{path}"
            metrics = await peer.probe(name.replace(" ", "_"), url)
            login = CREDENTIAL if name == "login" else None
            assert_alike(await collect("http", {"url": url, "verify": False, **params}, credential=login), metrics)


async def test_a_page_over_http_2_with_a_chain_that_is_verified(tmp_path: Path) -> None:
    async def hello(served: Served) -> None:
        await served.answer([(":status", "200"), ("content-length", "13")], b"Serviceportal")

    async with server(tmp_path, hello) as (port, authority):
        ca = authority.write(tmp_path / "ca.pem")
        module = {"prober": "http", "http": {**IP4, "tls_config": {"ca_file": str(ca)}}}
        async with blackbox(tmp_path, known=module) as peer:
            url = f"https://127.0.0.1:{port}/"
            metrics = await peer.probe("known", url)
            harvest = await collect("http", {"url": url, "ca": ca}, None)
    assert_alike(harvest, metrics)


TURNS = [{"expect": "^220", "send": "EHLO x"}, {"expect": "^250-STARTTLS", "send": "STARTTLS"}]


async def test_tls_that_begins_in_a_conversation(tmp_path: Path) -> None:
    query = [*TURNS, {"expect": "^220 go"}, {"starttls": True}]
    module = {"prober": "tcp", "tcp": {**LAX, "query_response": query}}
    said = [
        (line, request.replace(b"\r\n", b"\n").replace(b"ringwacht.invalid", b"x")) for line, request in SERVERS["smtp"]
    ]
    async with blackbox(tmp_path, smtp=module) as peer, speaks(said, Authority().serve(tmp_path, "127.0.0.1")) as port:
        metrics = await peer.probe("smtp", f"127.0.0.1:{port}")
        assert_alike(await collect("tcp", {"conversation": query}, port), metrics)


@pytest.mark.parametrize("wanted", ["^ECHO (.*)$", "^never"])
async def test_a_conversation(tmp_path: Path, wanted: str) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello 4711\n")
        writer.write(b"ECHO " + await reader.readline())
        await writer.drain()
        writer.write_eof()
        await reader.read()

    query = [{"expect": "^hello ([0-9]+)", "send": "n${1}"}, {"expect": wanted}]
    module = {"prober": "tcp", "tcp": {**IP4, "query_response": query}}
    async with blackbox(tmp_path, talk=module) as peer, raw_server(echo) as port:
        metrics = await peer.probe("talk", f"127.0.0.1:{port}")
        assert_alike(await collect("tcp", {"conversation": query}, port), metrics)


RECORDS: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "every": ({"fail_if_not_matches_regexp": ["\tA\t192"]}, {"every": "\tA\t192"}),
    "not every": ({"fail_if_not_matches_regexp": ["192.0.2.81"]}, {"every": "192.0.2.81"}),
    "some": ({"fail_if_none_matches_regexp": ["^rathaus.example.\t300\tIN"]}, {"some": "^rathaus.example.\t300\tIN"}),
    "none": ({"fail_if_matches_regexp": ["192.0.2"]}, {"none": "192.0.2"}),
}


async def test_what_records_may_be_asked(tmp_path: Path) -> None:
    modules: dict[str, Any] = {
        name.replace(" ", "_"): dns_module("rathaus.example", validate_answer_rrs=rule)
        for name, (rule, _) in RECORDS.items()
    }
    modules["authority"] = dns_module("nix.rathaus.example", valid_rcodes=["NXDOMAIN"], validate_authority_rrs={
        "fail_if_not_matches_regexp": ["^rathaus.example.\t.*\tSOA\tns1.rathaus.example. hostmaster"]
    })  # fmt: skip
    modules["any"] = dns_module("rathaus.example", "ANY")
    modules["chaos"] = dns_module("version.server", "TXT", query_class="CH", valid_rcodes=["NOERROR", "REFUSED"])
    async with blackbox(tmp_path, **modules) as peer, name_server(tmp_path) as port:
        where = f"127.0.0.1:{port}"
        for name, (_, tests) in RECORDS.items():
            metrics = await peer.probe(name.replace(" ", "_"), where)
            assert_alike(await collect("dns", {"query": "rathaus.example", "answer": tests}, port), metrics)
        absent = {"query": "nix.rathaus.example", "rcode": "NXDOMAIN"}
        soa = {"authority": {"every": "^rathaus.example.\t.*\tSOA\tns1.rathaus.example. hostmaster"}}
        assert_alike(await collect("dns", {**absent, **soa}, port), await peer.probe("authority", where))
        chaos = {"query": "version.server", "type": "TXT", "query_class": "CH", "rcode": ["NOERROR", "REFUSED"]}
        assert_alike(await collect("dns", chaos, port), await peer.probe("chaos", where))
        everything = {"query": "rathaus.example", "type": "ANY", "transport": "tcp"}
        await collect("dns", everything, port)


async def test_an_echo_of_a_small_packet_that_may_go_one_hop(tmp_path: Path) -> None:
    module = {"prober": "icmp", "icmp": {**IP4, "ttl": 1, "dont_fragment": True, "payload_size": 36}}
    async with blackbox(tmp_path, near=module) as peer:
        metrics, plain = await peer.probe("near", "127.0.0.1"), await peer.probe("icmp", "127.0.0.1")
    if not theirs(plain)["probe_success",]:
        pytest.skip("this machine does not let us ping")
    assert theirs(metrics)["probe_success",]
    assert_alike(await collect("icmp", {"ttl": 1, "dont_fragment": True}), metrics)
