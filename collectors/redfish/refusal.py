"""Why a controller refuses a login, from what it says (DSP0266 §8.6, ``@Message.ExtendedInfo``). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.contract import AuthFailed, BadReply, CollectError
from collectors.redfish.resource import Resource, child, rows, text

_FULL = re.compile(
    r"SessionLimitExceeded|CreateLimitReachedForResource|MaxSessions|RAC0218"
    r"|(limit|max(imum)?|too many)\b.{0,40}\bsessions?\b|\bsessions?\b.{0,40}\b(limit|max(imum)?|exceeded|full)\b",
    re.IGNORECASE,
)
_LONGEST = 400
_MOST = 8


def refusal(status: int, body: Resource, place: str) -> CollectError:
    """Return why nobody is let in. Only a message says that the table of sessions is full: a status does not."""
    if any(_FULL.search(one) for one in _said(body)):
        return BadReply(f"{place}: no session is left on the controller (status {status}); end old ones there")
    if status in {401, 403}:
        return AuthFailed(f"{place}: the login is refused (status {status})")
    if status == 503:
        return BadReply(f"{place}: the controller is not ready (status 503), it may be starting")
    return BadReply(f"{place}: the login fails with status {status}")


def is_redfish(headers: Mapping[str, str], body: Resource) -> bool:
    """Whether this comes from a Redfish service: the header it must send (DSP0266 §8.4), or its form of an error."""
    error = child(body, "error")
    return bool(headers.get("OData-Version")) or bool(text(error, "code") and rows(error, "@Message.ExtendedInfo"))


def _said(body: Resource) -> list[str]:
    error = child(body, "error")
    told = (error, *rows(error, "@Message.ExtendedInfo")[:_MOST])
    return [text(one, name)[:_LONGEST] for one in told for name in ("MessageId", "Message", "code", "message")]
