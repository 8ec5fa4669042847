"""When something was, as products write it: RFC 3339, a date with the name of a zone, seconds or milliseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_LOCAL = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,6})\d*)?\s*(\S+)?", re.ASCII)
_OFFSET = re.compile(r"[+-]\d\d:?\d\d", re.ASCII)
_ZONE = re.compile(r"[A-Za-z_]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}", re.ASCII)
_EARLIEST = 946_684_800.0  # 2000; products write 0001-01-01 or 1970-01-01 for "never"
_LEAST_MILLISECONDS = 1e11  # as seconds that would be the year 5138


def moment(value: object, zone: object = None) -> float | None:
    """Return seconds since the epoch, 0 for what products write for "never". None: it is no moment.

    ``zone`` is the name or the offset that stands beside it; without any it is taken as UTC.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _since(float(value))
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return _since(float(text))
    found = _LOCAL.fullmatch(text)
    return None if found is None else _written(found, zone)


def _since(number: float) -> float | None:
    if not 0 <= number < 1e15:
        return None
    seconds = number / 1000 if number >= _LEAST_MILLISECONDS else number
    return seconds if seconds >= _EARLIEST else 0.0


def _written(found: re.Match[str], zone: object) -> float | None:
    where = _zone(found[4] or (zone if isinstance(zone, str) and zone else "UTC"))
    if where is None:
        return None
    try:
        local = datetime.fromisoformat(f"{found[1]}T{found[2]}")
        if local.year < 2000:
            return 0.0
        return local.replace(tzinfo=where).timestamp() + float(f"0.{found[3] or 0}")
    except (ValueError, OverflowError):
        return None


@lru_cache(64)
def _zone(name: str) -> tzinfo | None:
    """Return the zone of a name in the system's table or of an offset; None where there is none."""
    if name in {"Z", "z", "UTC", "GMT"}:
        return UTC
    try:
        if _OFFSET.fullmatch(name):
            return datetime.strptime(name, "%z").tzinfo
        return ZoneInfo(name) if _ZONE.fullmatch(name) else None
    except (LookupError, ValueError, OSError):
        return None
