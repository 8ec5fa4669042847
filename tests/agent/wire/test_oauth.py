"""Tokens of OAuth 2.0 client credentials, from a server that gives them."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from agent.contract import AuthFailed, BadReply, CollectError
from agent.wire.oauth import MAX_BYTES, TokenDoor, TokenKeeper
from agent.wire.patience import Busy
from agent.wire.session import may_carry_secrets, open_session
from config.credentials import OAuthCredential
from tests.harness.fakes import FakeWire
from tests.harness.mdm.intune_mock import CLIENT, CLIENT_SECRET, Graph, graph

WIRE = FakeWire()


async def test_a_token_is_asked_for_once_by_all_who_want_one() -> None:
    server = Graph([])
    async with graph(server) as origin, open_session(WIRE, None, 5.0) as session:
        kept = TokenKeeper(door(origin), WIRE.now)
        assert await asyncio.gather(*(kept.token(session) for _ in range(5))) == ["token-1"] * 5
        kept.forget()
        assert await kept.token(session) == "token-2"


def door(origin: str, secret: str = CLIENT_SECRET) -> TokenDoor:
    login = OAuthCredential(client_id=CLIENT, client_secret=SecretStr(secret))
    return TokenDoor(f"{origin}/token", f"{origin}/.default", login)


@pytest.mark.parametrize(("lifetime", "asked"), [(3600, 1), ("3600", 1), (60, 2), (0, 2), (None, 1), (-5, 1), ([], 1)])
async def test_a_token_is_kept_until_a_minute_before_its_end(lifetime: object, asked: int) -> None:
    server = Graph([])
    server.lifetime = lifetime
    async with graph(server) as origin, open_session(WIRE, None, 5.0) as session:
        kept = TokenKeeper(door(origin), WIRE.now)
        await kept.token(session)
        await kept.token(session)
    assert server.tokens == asked


async def failing(server: Graph, secret: str = CLIENT_SECRET) -> CollectError:
    async with graph(server) as origin, open_session(WIRE, None, 5.0) as session:
        with pytest.raises(CollectError) as caught:
            await TokenKeeper(door(origin, secret), WIRE.now).token(session)
    assert secret not in repr((caught.value, caught.value.__context__, vars(caught.value)))
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, {"error": "invalid_scope", "error_description": "scope app-secret"}, "invalid_scope"),
        (400, {"error": "app-secret"}, "status 400"),
        (
            401,
            {"error": "invalid_client", "error_description": "AADSTS7000222: app-secret"},
            "invalid_client (AADSTS7000222)",
        ),
        (401, {"error": ["app-secret"], "error_description": 7}, "status 401"),
        (403, {}, "status 403"),
    ],
)
async def test_a_refused_application_is_told_by_codes_only(status: int, body: dict[str, object], words: str) -> None:
    server = Graph([])
    server.refuse_token = (status, body)
    error = await failing(server)
    assert isinstance(error, AuthFailed)
    assert words in error.detail


async def test_a_wrong_secret_is_refused_and_not_quoted() -> None:
    assert isinstance(await failing(Graph([]), "ganz-anderes-geheimnis"), AuthFailed)


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"access_token": 7}, {"access_token": ""}, {"access_token": "app-secret\r\nX: y"}),
        *({"access_token": "a", "token_type": "mac"}, {"access_token": "a", "token_type": None}),
        {"access_token": "x" * (MAX_BYTES + 1)},
    ],
)
async def test_what_is_no_token_is_none(body: dict[str, object]) -> None:
    server = Graph([])
    server.refuse_token = (200, body)
    assert isinstance(await failing(server), BadReply)


@pytest.mark.parametrize(
    ("status", "body"), [(429, {}), (502, {}), (500, {}), (400, {"error": "temporarily_unavailable"})]
)
async def test_a_server_that_is_busy_or_fails_for_now_is_asked_again_and_no_reason_to_doubt_the_secret(
    status: int, body: dict[str, object]
) -> None:
    server = Graph([])
    server.refuse_token = (status, body)
    assert isinstance(await failing(server), Busy)


async def test_nobody_sees_the_token_by_looking_at_the_keeper() -> None:
    async with graph(Graph([])) as origin, open_session(WIRE, None, 5.0) as session:
        keeper = TokenKeeper(door(origin), WIRE.now)
        token = await keeper.token(session)
    assert token not in repr(vars(keeper))


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://graph.example/v1.0", True),
        ("http://127.0.0.1:8081/api", True),
        ("http://[::1]:8081", True),
        ("http://localhost", True),
        ("http://schule.jamfcloud.example/api", False),
        ("http://localhost.example", False),
        ("http://192.0.2.1", False),
    ],
)
def test_credentials_go_out_encrypted_or_not_at_all(url: str, may: bool) -> None:
    assert may_carry_secrets(url) is may
