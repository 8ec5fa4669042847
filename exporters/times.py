"""How programs are told a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal


def rfc3339(at: float, to: Literal["seconds", "milliseconds"] = "seconds") -> str:
    """Return a time (seconds since the epoch) as RFC 3339 in UTC, cut to the second or millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec=to).replace("+00:00", "Z")
