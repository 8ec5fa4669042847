"""What is sent to a server, and to which of them: a secret goes to nobody but whom it was meant for."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import SecretStr

from collectors.probe.parse import Peer
from collectors.probe.parse_http import origin
from config.credentials import Credential
from config.services import may_hold_secrets
from config.webpage import PERSONAL, Request


@dataclass(frozen=True, slots=True)
class Letter:
    """One request: headers for everybody, and those for ``origin`` alone, which no repr shows."""

    method: str
    url: str
    headers: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    origin: tuple[str, str, int]

    @property
    def is_at_home(self) -> bool:
        """Whether it goes to the server that the configuration names."""
        return origin(self.url) == self.origin

    def forwarded(self, url: str, status: int) -> Letter:
        """Return the letter to where a redirect leads: 301, 302 and 303 turn it into a plain GET, as browsers do."""
        if status in {307, 308} or self.method == "HEAD":
            return replace(self, url=url)
        return replace(self, url=url, method="GET", body=b"")

    def may_be_opened(self, peer: Peer | None, verify: bool | None) -> bool:
        """Whether the secrets go along, now that it is known who will read them."""
        if not self.is_at_home or not may_hold_secrets(self.url):
            return False
        return peer is None or peer.distrust is None or verify is False


def write(url: str, request: Request, credential: Credential | None) -> Letter:
    """Return the first letter of a visit. Raises ValueError where the credential is nothing that HTTP knows."""
    plain = {"user-agent": "Ringwacht", "accept": "*/*", "accept-encoding": request.compression}
    secrets = {} if credential is None else {"authorization": _login(credential)}
    for name, value in request.headers.items():
        if isinstance(value, SecretStr):
            secrets[name] = value.get_secret_value()
        elif name in PERSONAL:
            secrets[name] = value
        else:
            plain[name] = value
    return Letter(request.method, url, plain, secrets, (request.body or "").encode(), origin(url))


def _login(credential: Credential) -> str:
    """The value of ``Authorization`` (RFC 7617, RFC 6750). Raises ValueError."""
    if credential.http is not None:
        pair = f"{credential.http.username}:{credential.http.password.get_secret_value()}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"
    if credential.token is None:
        raise ValueError("the credential has neither an http part nor a token")
    token = credential.token.get_secret_value()
    if not (token.isascii() and token.isprintable()):
        raise ValueError("the token holds what no header can hold")
    return f"Bearer {token}"
