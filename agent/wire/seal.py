"""Signs what a link in a message may do, so that nobody else can make such a link (HMAC, RFC 2104; SHA-256)."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import NamedTuple

from agent.wire.keyfile import load_key

KEY_NAME = "seal.key"
VALID_SECONDS = 7 * 86400.0
_SIGNATURE_CHARS = 24  # of hexadecimal: 96 bits; a link must fit into a text message
_ALERT_CHARS = 12
_TOKEN = re.compile(r"([0-9a-f]{12})~([A-Za-z0-9_.-]{1,100})~([0-9a-f]{1,10})~([0-9a-f]{24})", re.ASCII)


class Claim(NamedTuple):
    """What a link says: the first characters of an alert's id, the role that it was sent to, when it runs out."""

    alert: str
    role: str
    until: float


class Seal:
    """Makes and reads tokens with one key. A token is made of characters that need no quoting in an address."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, alert_id: str, role: str, made_at: float) -> str:
        """Return the token for an alert and a role; the same for the same moment (seconds since the epoch)."""
        body = f"{alert_id[:_ALERT_CHARS]}~{role}~{int(made_at + VALID_SECONDS):x}"
        return f"{body}~{self._sign(body)}"

    def open(self, token: str) -> Claim | None:
        """Return what a token says, also when it has run out, or None where it was not made with this key."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(self._sign(token[: found.end(3)]), found[4]):
            return None
        return Claim(found[1], found[2], float(int(found[3], 16)))

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()[:_SIGNATURE_CHARS]


def load_seal(directory: Path) -> Seal:
    """Return the seal whose key lies in the folder (0600), made at the first time.

    Where it can neither be read nor made, one that lasts as long as this run: its links die with it.
    """
    return Seal(load_key(directory / KEY_NAME))
