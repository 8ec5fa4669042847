"""Times that devices tell, as seconds since the epoch: RFC 2579 DateAndTime, texts by a pattern, RFC 1305. Pure.

Whole seconds, as snmp_exporter gives them; without a time zone UTC is meant.
"""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime, timedelta, timezone

NTP_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970 (RFC 1305 section 3.1)."""
_OF_C = {
    "%D": "%m/%d/%y", "%F": "%Y-%m-%d", "%R": "%H:%M", "%T": "%H:%M:%S", "%h": "%b", "%e": "%d", "%k": "%H",
    "%l": "%I", "%n": " ", "%t": " ",
}  # fmt: skip
"""What strptime(3) has besides Python's."""


def date_and_time(value: object) -> float | None:
    """Return the time of a DateAndTime of 8 octets, or 11 with its time zone; None where it is no time."""
    if not isinstance(value, bytes) or len(value) not in {8, 11}:
        return None
    year, month, day, hour, minute, second = struct.unpack(">H5B", value[:7])
    zone = UTC
    try:
        if len(value) == 11:
            east = timedelta(hours=value[9], minutes=value[10])
            zone = timezone({b"+": east, b"-": -east}[value[8:9]])
        start = datetime(year, month, day, hour, minute, tzinfo=zone)
        return (start + timedelta(seconds=second)).timestamp() // 1 if second <= 60 else None
    except (KeyError, ValueError, OverflowError):
        return None


def ntp_timestamp(value: object) -> float | None:
    """Return the time of an NTP timestamp, whose first four octets are seconds since 1900; None where it is none."""
    if not isinstance(value, bytes) or len(value) != 8:
        return None
    return float(int.from_bytes(value[:4], "big") - NTP_EPOCH)


def parsed_time(text: str, pattern: str) -> float | None:
    """Return the time that a text tells in the pattern of strptime(3), or None."""
    try:
        at = datetime.strptime(text, _python(pattern))  # noqa: DTZ007 - the zone is added below where it has none
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() // 1
    except (ValueError, OverflowError):
        return None


def check_pattern(pattern: str) -> None:
    """Raise ValueError where the pattern has a directive that is not known."""
    try:
        datetime.strptime("", _python(pattern))  # noqa: DTZ007 - only the pattern matters
    except ValueError as error:
        if "does not match" not in str(error):
            raise ValueError(f"{pattern!r} is no pattern of strptime: {error}") from None


def _python(pattern: str) -> str:
    return re.sub("%.", lambda found: _OF_C.get(found[0], found[0]), pattern)
