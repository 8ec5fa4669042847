"""Which episode of a finding an alert is: names that come out the same after a restart, and never a second time. Pure.

A name is made of rule, subject and a stamp: the time in microseconds, or one more than the newest stamp that is
remembered, where the clock stepped back. So that one always is, the newest of all that fired is never forgotten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from agent.contract import Alert, AlertState, FindingKey

# So long a resolved alert is still listed and handed to Alertmanager, which may have missed the first message.
RESOLVED_KEPT_SECONDS = 900.0

_HASH_CHARS = 16  # of hexadecimal; links carry the first twelve


def listed(alert: Alert, now: float) -> bool:
    """Whether it is shown: it stands, or was lately resolved. What never fired was not resolved either."""
    if alert.state is not AlertState.RESOLVED:
        return True
    return alert.clear_since is not None and now - alert.changed_at < RESOLVED_KEPT_SECONDS


def next_stamp(alerts: Iterable[Alert], now: float) -> int:
    """Return the stamp of the episodes that begin at ``now`` (seconds since the epoch)."""
    newest = max((stamp for one in alerts if (stamp := stamp_of(one)) is not None), default=None)
    present = round(now * 1e6)
    return present if newest is None else max(present, newest + 1)


def stamp_of(alert: Alert) -> int | None:
    """Return the stamp in the name of an alert; None where an earlier release named it."""
    text = alert.id.partition("-")[2]
    try:
        return int(text, 16)
    except ValueError:
        return None


def name_of(key: FindingKey, stamp: int) -> str:
    """Return the name of the episode that begins with the stamp."""
    told = hashlib.sha256(f"{key.rule} {key.subject} {stamp:x}".encode()).hexdigest()
    return f"{told[:_HASH_CHARS]}-{stamp:x}"


def carrier(gone: Iterable[Alert], left: Iterable[Alert]) -> Alert | None:
    """Return the one of those to be forgotten that must stay, since it has the newest stamp; None where none must.

    What never fired was never told to anybody: its name may come again.
    """
    told = (one for one in gone if one.clear_since is not None or one.flaps is not None)
    stamped = [(stamp, one.finding.key, one) for one in told if (stamp := stamp_of(one)) is not None]
    if not stamped:
        return None
    newest = max(stamped, key=lambda entry: entry[:2])
    known = (stamp for one in left if (stamp := stamp_of(one)) is not None)
    return newest[2] if newest[0] > max(known, default=newest[0] - 1) else None
