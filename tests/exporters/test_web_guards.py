from __future__ import annotations

import pytest

from exporters.address import is_loopback
from tests.exporters.webserver import make_commands, serve


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_reload_is_not_for_pages_of_other_sites(headers: dict[str, str]) -> None:
    commands = make_commands()
    async with serve(commands) as client:
        assert (await client.get("/-/reload", "POST", **headers))[0] == 403
        own = {"Origin": client.url, "Sec_Fetch_Site": "same-origin"}
        assert (await client.get("/-/reload", "POST", **own))[0] == 200
    assert commands.reloads == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Forwarded": "for=192.0.2.7"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"X_Real_IP": ""},
        {"via": "1.1 proxy"},
    ],
)
async def test_reload_is_not_for_what_a_proxy_passes_on(headers: dict[str, str]) -> None:
    commands = make_commands()
    async with serve(commands) as client:
        status, body, _ = await client.get("/-/reload", "POST", **headers)
        assert (status, body) == (403, b"Only from the machine that the daemon runs on, not through a proxy.\n")
        assert (await client.get("/-/healthy", **headers))[0] == 200
    assert commands.reloads == 0


async def test_who_asks_by_the_name_of_the_proxy_came_through_it() -> None:
    """It passes on the name, and may add nothing else."""
    commands = make_commands()
    async with serve(commands, host="0.0.0.0") as client:
        assert (await client.get("/-/reload", "POST", Host="wacht.example.org"))[0] == 403
        assert (await client.get("/-/reload", "POST", Host="localhost:9595"))[0] == 200
    assert commands.reloads == 1


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("", False),
        ("evil.example", False),
    ],
)
def test_only_loopback_is_local(host: str, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:9595", 200),
        ("LOCALHOST", 200),
        ("127.0.0.1", 200),
        ("[::1]:9595", 200),
        ("evil.example", 403),
        ("evil.example:9595", 403),
        ("127.0.0.1.evil.example", 403),
        ("[nonsense", 403),
    ],
)
async def test_another_name_is_refused_on_loopback(host: str, status: int) -> None:
    async with serve(make_commands()) as client:
        assert (await client.get("/-/healthy", Host=host))[0] == status


async def test_any_name_is_answered_where_others_may_reach_us() -> None:
    async with serve(make_commands(), host="0.0.0.0") as client:
        assert (await client.get("/-/healthy", Host="monitoring.example"))[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/static/page.css",
        "/runbooks/link_down",
        "/runbooks/x",
        "/metrics",
        "/api/v1/alerts",
        "/nowhere",
        "/-/reload",
    ],
)
async def test_every_answer_carries_the_security_headers_and_no_banner(path: str) -> None:
    async with serve(make_commands()) as client:
        _, _, headers = await client.get(path)
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


async def test_a_large_body_is_refused() -> None:
    commands = make_commands()
    async with serve(commands) as client, client.session.post(f"{client.url}/-/reload", data=b"x" * 100_000) as answer:
        assert answer.status == 413
    assert commands.reloads == 0
