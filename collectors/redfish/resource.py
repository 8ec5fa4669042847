"""Reads single properties of a Redfish resource: whatever a controller may have put there. No I/O, no clock.

JSON values are what the network brings. A property that is missing, null or of another type counts as missing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

Resource = Mapping[str, Any]
NOTHING: Resource = {}

ROOT = "/redfish/v1/"
SESSIONS = "/redfish/v1/SessionService/Sessions"
MAX_PATH = 512


class ResourceError(ValueError):
    """The bytes are no resource; the message quotes nothing of them."""


def decode(body: bytes) -> Resource:
    """Return the JSON object of a body. Raises ResourceError."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        raise ResourceError("is no JSON") from None
    if not isinstance(found, dict):
        raise ResourceError("is no JSON object")
    return cast("Resource", found)


def text(resource: Resource, *names: str) -> str:
    """Return the first of these properties that is a text and not blank, without surrounding blanks; else ''."""
    for name in names:
        found = resource.get(name)
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def number(resource: Resource, *names: str) -> float | None:
    """Return the first of these properties that is a finite number, or None. "21", true and 1e999 are no numbers."""
    for name in names:
        found = resource.get(name)
        if isinstance(found, int | float) and not isinstance(found, bool):
            value = _float(found)
            if value is not None:
                return value
    return None


def _float(found: float) -> float | None:
    try:
        value = float(found)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def child(resource: Resource, name: str) -> Resource:
    """Return a property that is an object, else an empty one."""
    found = resource.get(name)
    return cast("Resource", found) if isinstance(found, dict) else {}


def rows(resource: Resource, name: str) -> Sequence[Resource]:
    """Return the objects of an array; what is no object is left out."""
    found = resource.get(name)
    if not isinstance(found, list):
        return ()
    return [cast("Resource", one) for one in cast("list[object]", found) if isinstance(one, dict)]


def link(resource: Resource, name: str) -> str | None:
    """Return where a property leads to (``@odata.id``, DSP0266 §8.4), if that is within the service."""
    return path_of(child(resource, name).get("@odata.id"))


def links(resource: Resource, name: str) -> Sequence[str]:
    """Return where the entries of an array lead to, each once, in their order."""
    found = (path_of(one.get("@odata.id")) for one in rows(resource, name))
    return tuple(dict.fromkeys(path for path in found if path is not None))


def path_of(reference: object) -> str | None:
    """Return the path of a reference if it is one of this service: never another host, nothing above the root."""
    if not isinstance(reference, str) or len(reference) > MAX_PATH or not reference.isascii():
        return None
    try:
        parts = urlsplit(reference)
    except ValueError:
        return None
    path = parts.path
    if parts.scheme or parts.netloc or not path.startswith(ROOT) or not path.isprintable():
        return None
    if any(segment in {".", ".."} for segment in path.replace("%2e", ".").replace("%2E", ".").split("/")):
        return None
    if " " in path or "\\" in path:
        return None
    return f"{path}?{parts.query}" if parts.query and parts.query.isprintable() and " " not in parts.query else path


def session_path(location: str, collection: str = SESSIONS) -> str | None:
    """Return the path of a new session (``Location``, DSP0266 §13.3.4), a whole URL or relative to the collection."""
    try:
        path = urlsplit(location).path
        return path_of(urljoin(collection, path)) if path else None
    except ValueError:
        return None
