"""The same targets asked by blackbox_exporter (Debian's): names, types, help and label sets agree, values are alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from agent.contract import Unreachable
from tests.collectors.probe.peer import assert_alike, blackbox, collect, theirs
from tests.collectors.probe.real import MANY, name_server
from tests.collectors.probe.servers import Authority, raw_server, series, stays_silent, web_server
from tests.harness.process import free_port

pytestmark = pytest.mark.integration


async def portal(request: web.Request) -> web.Response:
    match request.path:
        case "/moved":
            return web.Response(status=302, headers={"Location": "/"})
        case "/broken":
            return web.Response(status=500, text="broken")
        case _:
            return web.Response(text="Serviceportal")


@pytest.mark.parametrize(
    ("module", "path", "expect"),
    [
        ("http", "/", {}),
        ("http", "/moved", {}),
        ("http", "/broken", {}),
        ("text", "/", {"text": "Wartung"}),
    ],
)
@pytest.mark.parametrize("secure", [False, True])
async def test_a_page(tmp_path: Path, module: str, path: str, expect: Mapping[str, str], secure: bool) -> None:
    context = Authority().serve(tmp_path, "127.0.0.1") if secure else None
    async with blackbox(tmp_path) as peer, web_server(portal, context) as port:
        url = f"http{'s' if secure else ''}://127.0.0.1:{port}{path}"
        metrics = await peer.probe(module, url)
        assert_alike(await collect("http", {"url": url, "expect": expect}), metrics)


@pytest.mark.parametrize(("module", "secure"), [("tcp", False), ("tls", True)])
async def test_a_port(tmp_path: Path, module: str, secure: bool) -> None:
    context = Authority().serve(tmp_path, "127.0.0.1") if secure else None
    async with blackbox(tmp_path) as peer, raw_server(stays_silent, context) as port:
        metrics = await peer.probe(module, f"127.0.0.1:{port}")
        assert_alike(await collect("tcp", {"tls": secure}, port), metrics)


@pytest.mark.parametrize(
    ("module", "params"),
    [
        ("dns", {"query": "rathaus.example"}),
        ("soa", {"query": "rathaus.example", "type": "SOA"}),
        ("soa_of_alias", {"query": "www.rathaus.example", "type": "SOA"}),
        ("nothing", {"query": "nix.rathaus.example"}),
        ("lacking", {"query": "rathaus.example", "expect": ["192.0.2.81"]}),
        ("stream", {"query": "viele.rathaus.example", "transport": "tcp"}),
    ],
)
async def test_a_name_server(tmp_path: Path, module: str, params: Mapping[str, Any]) -> None:
    async with blackbox(tmp_path) as peer, name_server(tmp_path) as port:
        metrics = await peer.probe(module, f"127.0.0.1:{port}")
        assert_alike(await collect("dns", params, port), metrics)


async def test_of_an_answer_too_long_for_a_datagram_it_sees_nothing(tmp_path: Path) -> None:
    async with blackbox(tmp_path) as peer, name_server(tmp_path) as port:
        metrics = theirs(await peer.probe("datagram", f"127.0.0.1:{port}"))
        assert (metrics["probe_success",], metrics["probe_dns_answer_rrs",]) == (1, 0)
        harvest = await collect("dns", {"query": "viele.rathaus.example"}, port)
    assert series(harvest)["probe_dns_answer_rrs",] == MANY


async def test_an_echo(tmp_path: Path) -> None:
    async with blackbox(tmp_path) as peer:
        metrics = await peer.probe("icmp", "127.0.0.1")
    if not theirs(metrics)["probe_success",]:
        pytest.skip("this machine does not let us ping")
    assert_alike(await collect("icmp", {}), metrics)


async def test_where_it_says_only_failure_we_say_why(tmp_path: Path) -> None:
    port = free_port()
    async with blackbox(tmp_path) as peer:
        assert theirs(await peer.probe("tcp", f"127.0.0.1:{port}"))["probe_success",] == 0
    with pytest.raises(Unreachable, match="refused"):
        await collect("tcp", {}, port)
