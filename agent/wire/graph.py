"""Where Microsoft Graph v1.0 is asked by an application, and where its tokens are given."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yarl import URL

from agent.contract import ParamError
from agent.wire.oauth import TokenDoor
from agent.wire.session import may_carry_secrets
from config.credentials import Credential
from config.schools import Source

GRAPH = "https://graph.microsoft.com/v1.0"
TOKENS = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", re.ASCII)


@dataclass(frozen=True, slots=True)
class GraphDoor:
    """Where Graph is asked (``base``: up to the version, no slash at its end), and where its tokens are given."""

    base: str
    tokens: TokenDoor

    @property
    def place(self) -> str:
        """Host and port."""
        return URL(self.base).authority


def graph_door(source: Source, credential: Credential | None) -> GraphDoor:
    """Return where a source is asked. Raises ParamError where a credential is missing or others could read it."""
    if credential is None or credential.oauth is None:
        raise ParamError("credential", "Microsoft Graph needs a credential with an `oauth` part (id and secret)")
    base = (source.url or GRAPH).rstrip("/")
    url = source.login_url or _tokens_of(source.tenant)
    for key, address in (("url", base), ("login_url", url)):
        if not may_carry_secrets(address):
            raise ParamError(key, "needs https: the application's secret or its token would be readable by others")
    return GraphDoor(base, TokenDoor(url, f"{URL(base).origin()}/.default", credential.oauth))


def _tokens_of(tenant: str | None) -> str:
    if tenant is None or not _TENANT.fullmatch(tenant):
        raise ParamError("tenant", "is no id (00000000-0000-...) and no domain of a tenant")
    return TOKENS.format(tenant=tenant)
