"""Logins and secret headers go to whom they are meant for, and to nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from agent.contract import Harvest, ParamError, Subject, Target
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.probe import http
from collectors.probe.letter import write
from collectors.probe.params import HttpParams
from config.credentials import Credential, HttpCredential, OAuthCredential
from config.services import Service
from tests.collectors.probe.servers import Authority, series, web_server

BASIC = Credential(http=HttpCredential(username="münster", password=SecretStr("canary")))
TOKEN = Credential(token=SecretStr("canary"))


class Seen:
    """What a server is asked."""

    def __init__(self, location: str | None = None, status: int = 302) -> None:
        self.requests: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.location = location
        self.status = status

    async def handle(self, request: web.Request) -> web.Response:
        """Answer, or redirect once."""
        self.requests.append(request)
        self.bodies.append(await request.read())
        if self.location is not None and request.path == "/":
            return web.Response(status=self.status, headers={"Location": self.location})
        return web.Response(text="hello", headers={"X-Powered-By": "canary"})

    @property
    def logins(self) -> list[str | None]:
        """What each request carried."""
        return [request.headers.get("Authorization") for request in self.requests]


async def fetch(wire: LocalWire, url: str, credential: Credential | None = BASIC, **params: Any) -> Harvest:
    target = Target(Subject("service", "portal"), timeout_seconds=5, credential=credential)
    return await http.make_spec(TrustShare()).build(target, HttpParams(url=url, **params), wire).collect()


@pytest.mark.parametrize(
    ("credential", "login"), [(BASIC, "Basic bcO8bnN0ZXI6Y2FuYXJ5"), (TOKEN, "Bearer canary"), (None, None)]
)
async def test_a_login_is_sent(wire: LocalWire, credential: Credential | None, login: str | None) -> None:
    seen = Seen()
    async with web_server(seen.handle) as port:
        await fetch(wire, f"http://127.0.0.1:{port}/", credential)
    assert seen.logins == [login]


async def test_a_devices_credential_is_for_other_things() -> None:
    target = Target(Subject("device", "sw-1"), credential=BASIC)
    built: Any = http.make_spec(TrustShare()).build(target, HttpParams(url="http://127.0.0.1/"), None)  # type: ignore[arg-type]
    assert built._first.secrets == {}


@pytest.mark.parametrize(("host", "status", "logins"), [("127.0.0.1", 302, 2), ("www.example", 302, 1)])
async def test_a_redirect_takes_the_login_along_on_the_same_server_only(
    wire: LocalWire, host: str, status: int, logins: int
) -> None:
    seen = Seen(status=status)
    async with web_server(seen.handle) as port:
        seen.location = f"http://{host}:{port}/end"
        headers: dict[str, Any] = {"X-Key": SecretStr("canary"), "Cookie": "a=b", "X-Open": "yes"}
        await fetch(wire, f"http://127.0.0.1:{port}/", headers=headers)
    assert len([login for login in seen.logins if login is not None]) == logins
    last = seen.requests[-1].headers
    assert ("X-Key" in last, "Cookie" in last, last["X-Open"]) == (logins == 2, logins == 2, "yes")


async def test_an_untrusted_server_gets_no_login(wire: LocalWire, tmp_path: Path) -> None:
    seen, context = Seen(), Authority().serve(tmp_path, "127.0.0.1")
    async with web_server(seen.handle, context) as port:
        harvest = await fetch(wire, f"https://127.0.0.1:{port}/")
        await fetch(wire, f"https://127.0.0.1:{port}/", verify=False)
    assert [login is not None for login in seen.logins] == [False, True]
    assert harvest.facts == {"probe_failure": "the login was not sent: the certificate could not be verified"}


@pytest.mark.parametrize(("status", "methods"), [(302, ["POST", "GET"]), (307, ["POST", "POST"])])
async def test_a_body_is_sent_and_follows_as_the_status_says(wire: LocalWire, status: int, methods: list[str]) -> None:
    seen = Seen("/end", status)
    async with web_server(seen.handle) as port:
        await fetch(wire, f"http://127.0.0.1:{port}/", None, method="POST", body="äöü")
    assert [request.method for request in seen.requests] == methods
    assert seen.bodies == ["äöü".encode(), "äöü".encode() if status == 307 else b""]
    assert "Content-Type" not in seen.requests[0].headers


async def test_a_body_goes_to_no_other_server(wire: LocalWire) -> None:
    seen = Seen(status=307)
    async with web_server(seen.handle) as port:
        seen.location = f"http://www.example:{port}/end"
        harvest = await fetch(wire, f"http://127.0.0.1:{port}/", None, method="POST", body="x")
    assert harvest.facts == {"probe_failure": "redirects to another server, which is not sent the body"}


@pytest.mark.parametrize(
    ("expect", "reason"),
    [
        ({"absent_text": "ell"}, "text"),
        ({"matches": "^h.*o$"}, None),
        ({"matches": ["h", "^x"]}, "text"),
        ({"absent_matches": "l{2}"}, "text"),
        ({"headers": {"X-Powered-By": "canary"}}, None),
        ({"headers": {"X-Missing": ".*"}}, "header"),
        ({"absent_headers": {"x-powered-by": "."}}, "header"),
        ({"absent_headers": {"x-missing": "."}}, None),
        ({"http_version": ["1.0", 2]}, "version"),
        ({"tls": False}, None),
        ({"tls": True}, "tls"),
        ({"status": [200, 204]}, None),
        ({"status": [401, 403]}, "status"),
    ],
)
async def test_what_is_expected_of_a_page(wire: LocalWire, expect: dict[str, Any], reason: str | None) -> None:
    async with web_server(Seen().handle) as port:
        harvest = await fetch(wire, f"http://127.0.0.1:{port}/", None, expect=expect)
    got = series(harvest)
    failed = {labels[0] for (name, *labels), value in got.items() if name == "ringwacht_probe_failed" and value}
    assert failed == ({reason} if reason else set())
    assert got["probe_failed_due_to_regex",] == (reason in {"text", "header"})
    assert "canary" not in str(harvest.facts)


def test_a_credential_that_http_does_not_know_is_refused() -> None:
    of_graph = Credential(oauth=OAuthCredential(client_id="x", client_secret=SecretStr("canary")))
    for credential in (of_graph, Credential(token=SecretStr("ca\nnary"))):
        target = Target(Subject("service", "portal"), credential=credential)
        with pytest.raises(ParamError) as caught:
            http.make_spec(TrustShare()).build(target, HttpParams(url="https://a.example/"), None)  # type: ignore[arg-type]
        assert "nary" not in str(caught.value)


def test_no_repr_shows_a_secret() -> None:
    params = HttpParams.model_validate({"url": "https://a.example/", "headers": {"X-Key": SecretStr("canary")}})
    assert "canary" not in repr((write(params.url, params, BASIC), params))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"url": "http://a.example/", "credential": "x"}, "credential goes with https only"),
        ({"url": "http://a.example/", "headers": {"x-key": SecretStr("s")}}, "a secret header goes with https only"),
        ({"url": "http://a.example/", "headers": {"Cookie": "a=b"}}, "header cookie goes with https only"),
        ({"url": "http://a.example/", "headers": {"authorization": "x"}}, "header authorization goes with https only"),
        (
            {"url": "https://a.example/", "http2": False, "expect": {"http_version": 2.0}},
            "expect.http_version 2 needs https and http2: true",
        ),
        (
            {"url": "http://a.example/", "follow_redirects": False, "expect": {"tls": True}},
            "expect.tls: true can never hold",
        ),
        ({"tcp": "a.example:25", "conversation": [{"expect": "(x)", "send": "${7}"}]}, "has no group for"),
        ({"tcp": "a.example:25", "conversation": [{"send": "pa$word"}]}, "has no group for"),
        ({"url": "https://a.example/", "headers": {"Host": "b.example"}}, "said by the connection itself"),
        ({"url": "https://a.example/", "headers": {"X": "a\r\nY: b"}}, "holds what no header can hold"),
        ({"url": "https://a.example/", "headers": {"a b": "c"}}, "not the name of a header"),
        ({"url": "https://a.example/", "body": "x"}, "method GET has no body"),
        ({"url": "https://a.example/", "expect": {"matches": "("}}, "not a regular expression"),
        ({"url": "https://a.example/", "starttls": "smtp"}, "starttls goes with tcp only"),
        ({"tcp": "a.example:25", "method": "HEAD"}, "method goes with url only"),
        ({"tcp": "a.example:25", "tls": True, "starttls": "smtp"}, "TLS can begin once only"),
        (
            {"tcp": "a.example:25", "conversation": [{"starttls": False}]},
            "needs at least one of expect, send and starttls",
        ),
        ({"ntp": "a.example", "source": "192.0.2.1"}, "source goes with url and tcp only"),
    ],
)
def test_what_no_service_can_ask(raw: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Service.model_validate(raw)
