"""A municipality's token shows what is its own, and nothing else, on every page and by every path."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from agent.contract import Subject
from agent.estate import StateChange
from exporters.web.sharing.viewers import COOKIE, SHARED
from tests.exporters.fakes import FakeCommands
from tests.exporters.sharing.towns import FOREIGN, FOREIGN_TOKEN, OWN_TOKEN, WHOLE_TOKEN, load_towns, look
from tests.exporters.webserver import Client, serve

# Behind a proxy nobody is the local machine.
PROXY = {"X_Forwarded_For": "192.0.2.9", "Accept_Encoding": "identity"}
OPEN_PATHS = ("/-/healthy", "/-/ready", "/static/page.css", "/view")


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> AsyncGenerator[Client]:
    loaded = load_towns(tmp_path)
    commands = FakeCommands(look(), loaded.inventory, loaded.settings)
    commands.judged = look().network or commands.judged
    commands.past = [
        StateChange(1_798_800_000.0, Subject("service", f"{name}-seite"), "down", f"{name}: why")
        for name in ("a", "zyx")
    ]
    async with serve(commands) as client:
        yield client


async def get(client: Client, path: str, token: str | None) -> tuple[int, str]:
    bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
    status, body, _ = await client.get(path, **PROXY, **bearer)
    return status, body.decode()


@pytest.mark.parametrize("path", sorted(SHARED))
async def test_nothing_of_another_municipality_is_in_an_answer(path: str, client: Client) -> None:
    status, whole = await get(client, path, WHOLE_TOKEN)
    assert status == 200, path
    status, own = await get(client, path, OWN_TOKEN)
    assert status == 200, path
    assert FOREIGN not in own.casefold()
    status, foreign = await get(client, path, FOREIGN_TOKEN)
    assert status == 200
    assert own != foreign
    if FOREIGN in foreign.casefold():
        assert FOREIGN in whole.casefold()


async def test_what_is_shown_is_the_municipalitys(client: Client) -> None:
    _, alerts = await get(client, "/api/v1/alerts", OWN_TOKEN)
    assert "link:a-kh" in alerts
    assert "a-switch: no light" in alerts
    assert "kh-zyx-switch" not in alerts
    assert "daemon:" not in alerts
    _, devices = await get(client, "/api/v1/devices", OWN_TOKEN)
    assert "a-switch" in devices
    assert "kh-" not in devices
    _, page = await get(client, "/", OWN_TOKEN)
    assert "Gemeinde Adorf" in page
    assert "a is cut" in page
    _, deadlines = await get(client, "/api/v1/deadlines", OWN_TOKEN)
    assert "a-frist" in deadlines
    assert "iPad" in deadlines


async def test_the_price_of_a_contract_that_others_share_stays_with_those_who_run_it(client: Client) -> None:
    _, own = await get(client, "/api/v1/contracts", OWN_TOKEN)
    assert "1234" in own
    assert "4711" not in own
    _, whole = await get(client, "/api/v1/contracts", WHOLE_TOKEN)
    assert "4711" in whole


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/api/v1/topology",
        "/api/v1/neighbours",
        "/api/v1/traps",
        "/api/v1/audit",
        "/api/v1/risk",
        "/nowhere",
    ],
)
async def test_what_is_not_made_for_sharing_is_refused(path: str, client: Client) -> None:
    status, text = await get(client, path, OWN_TOKEN)
    assert status == 403
    assert FOREIGN not in text.casefold()


async def test_the_history_of_anothers_service_is_not_there(client: Client) -> None:
    span = "history?from=2027-01-01&until=2027-01-02"
    for path, status in (("services/zyx-seite", 404), ("services/a-seite", 200), ("links/zyx-kh", 404)):
        assert (await get(client, f"/api/v1/{path}/{span}", OWN_TOKEN))[0] == status
    assert "zyx: why" in (await get(client, f"/api/v1/services/zyx-seite/{span}", WHOLE_TOKEN))[1]
    assert "a: why" in (await get(client, f"/api/v1/services/a-seite/{span}", OWN_TOKEN))[1]


async def test_a_municipality_changes_nothing(client: Client) -> None:
    for path in ("/-/reload", "/api/v1/silences", "/api/v1/alerts/id-a-kh/ack", "/"):
        status, _, _ = await client.get(path, "POST", Authorization=f"Bearer {OWN_TOKEN}", **PROXY)
        assert status in {403, 405}, path


async def test_without_a_token_only_this_machine_sees_everything(client: Client) -> None:
    status, _, _ = await client.get("/api/v1/alerts")
    assert status == 200
    for path in ("/metrics", "/api/v1/alerts"):
        assert (await get(client, path, None))[0] == 401
        assert (await get(client, path, "wrong"))[0] == 401
    for path in OPEN_PATHS:
        assert (await get(client, path, None))[0] == 200, path


async def test_a_browser_without_a_token_is_led_to_the_form_and_back(client: Client) -> None:
    status, body, _ = await client.get("/", **PROXY)
    assert (status, b'name="token"' in body) == (200, True)
    posted = {"X-Forwarded-For": "192.0.2.9"}
    async with client.session.post(
        client.url + "/view", data={"token": "wrong"}, headers=posted, allow_redirects=False
    ) as answer:
        assert answer.status == 403
        assert COOKIE not in answer.cookies
    async with client.session.post(
        client.url + "/view", data={"token": OWN_TOKEN}, headers=posted, allow_redirects=False
    ) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/")
        cookie = answer.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    status, page, _ = await client.get("/", Cookie=f"{COOKIE}={OWN_TOKEN}", **PROXY)
    assert status == 200
    assert b"Gemeinde Adorf" in page
    assert FOREIGN.encode() not in page.lower()


@pytest.mark.parametrize("header", ["X_Forwarded_Proto", "X_Forwarded_Host", "X_Real_IP", "Via", "Forwarded"])
async def test_who_comes_through_a_proxy_is_not_this_machine(header: str, client: Client) -> None:
    assert (await client.get("/api/v1/alerts", **{header: "https"}))[0] == 401


async def test_behind_a_proxy_that_says_nothing_of_itself_a_token_is_asked_for(tmp_path: Path) -> None:
    loaded = load_towns(tmp_path)
    web = loaded.settings.web.model_copy(update={"external_url": "https://ringwacht.example/"})
    settings = loaded.settings.model_copy(update={"web": web})
    async with serve(FakeCommands(look(), loaded.inventory, settings)) as client:
        assert (await client.get("/api/v1/alerts"))[0] == 401
        assert (await client.get("/api/v1/alerts", Authorization=f"Bearer {WHOLE_TOKEN}"))[0] == 200


async def test_no_other_sites_page_gives_a_browser_a_token_or_takes_it_away(client: Client) -> None:
    for path in ("/view", "/view/leave"):
        async with client.session.post(
            client.url + path,
            data={"token": OWN_TOKEN},
            headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
            allow_redirects=False,
        ) as answer:
            assert answer.status == 403
            assert COOKIE not in answer.cookies


async def test_a_cookie_that_is_worth_nothing_any_more_locks_nobody_out(client: Client) -> None:
    assert (await client.get("/api/v1/alerts", Cookie=f"{COOKIE}=old-and-gone"))[0] == 200


async def test_wrong_tokens_are_answered_only_so_often(client: Client) -> None:
    found = [(await get(client, "/api/v1/alerts", f"wrong-{number}"))[0] for number in range(40)]
    assert found[0] == 401
    assert found[-1] == 429
    assert (await get(client, "/api/v1/alerts", OWN_TOKEN))[0] == 200


async def test_where_no_municipality_has_a_token_nothing_is_asked_for(tmp_path: Path) -> None:
    loaded = load_towns(tmp_path)
    settings = loaded.settings.model_copy(update={"municipalities": {}})
    async with serve(FakeCommands(look(), loaded.inventory, settings)) as client:
        assert (await get(client, "/api/v1/alerts", None))[0] == 200
