"""Where Microsoft Graph is asked, and that nobody else is handed the secret."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from agent.contract import ParamError
from agent.wire.graph import graph_door
from config.credentials import Credential, OAuthCredential
from config.schools import Source

LOGIN = Credential(oauth=OAuthCredential.model_construct(client_id="app", client_secret=SecretStr("canary-secret")))


def source(**keys: Any) -> Source:
    return Source.model_validate({"cloud": "microsoft365", "tenant": "havixbeck.example", "credential": "m365", **keys})


def test_a_tenant_is_asked_at_the_usual_place() -> None:
    door = graph_door(source(), LOGIN)
    assert door.base == "https://graph.microsoft.com/v1.0"
    assert door.tokens.url == "https://login.microsoftonline.com/havixbeck.example/oauth2/v2.0/token"
    assert door.tokens.scope == "https://graph.microsoft.com/.default"
    assert "canary" not in repr(door)


def test_a_national_cloud_has_its_own() -> None:
    door = graph_door(source(url="https://graph.example.us/v1.0/", login_url="https://login.example.us/t/token"), LOGIN)
    assert (door.base, door.tokens.scope) == ("https://graph.example.us/v1.0", "https://graph.example.us/.default")
    assert (door.place, door.tokens.url) == ("graph.example.us:443", "https://login.example.us/t/token")


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"url": "http://graph.example/v1.0"}, "url"),
        ({"login_url": "http://login.example/token"}, "login_url"),
        ({"tenant": "../../evil"}, "tenant"),
        ({"tenant": "a?b"}, "tenant"),
    ],
)
def test_what_others_could_read_or_lead_astray_is_refused(keys: dict[str, str], path: str) -> None:
    with pytest.raises(ParamError) as caught:
        graph_door(source(**keys), LOGIN)
    assert caught.value.path == path


@pytest.mark.parametrize("credential", [None, Credential(token=SecretStr("canary-token"))])
def test_it_needs_an_application(credential: Credential | None) -> None:
    with pytest.raises(ParamError, match="oauth"):
        graph_door(source(), credential)


def test_this_machine_itself_may_be_asked_without_tls() -> None:
    keys = {"url": "http://127.0.0.1:8080/v1.0", "login_url": "http://localhost:8080/token"}
    assert graph_door(source(**keys), LOGIN).base == "http://127.0.0.1:8080/v1.0"
