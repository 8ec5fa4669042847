"""Whose configuration is due, and what is known after an attempt. Pure; all times in seconds since the epoch."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from agent.configbackup import KEY_REFUSED, BackupFailure, ConfigBackup, Difference, Fetched

AHEAD_SECONDS = 60.0  # what lies further in the future was written under a wrong clock
AGAIN_SECONDS = 3600.0
# Asked again before the next night: once known_hosts was changed; and each hour, as far as the repository is at fault.
AGAIN_AFTER_TRUST: Final[frozenset[BackupFailure]] = frozenset({*KEY_REFUSED, "unknown_key", "config"})
AGAIN_EACH_HOUR: Final[frozenset[BackupFailure]] = frozenset({"repository", "damaged"})


def is_due(known: ConfigBackup, night: float, trusted_at: float, now: float) -> bool:
    """Whether a device was not asked since ``night``; or not since its known_hosts changed, if its key was refused.

    ``trusted_at`` 0: not known. A device that is new waits for its first night. What could not be kept is asked for
    each hour: that is no fault of the device.
    """
    last = known.awaited_since if known.attempted_at is None else known.attempted_at
    if last < night or (known.outcome in AGAIN_AFTER_TRUST and last < trusted_at):
        return True
    return known.outcome in AGAIN_EACH_HOUR and now - last >= AGAIN_SECONDS


class Text(NamedTuple):
    """A configuration, the ``form`` of its text (``Visit.form``), how it differs from the last one, when it was had."""

    fetched: Fetched
    form: str
    difference: Difference
    at: float


def after(known: ConfigBackup, text: Text, commit: str = "") -> ConfigBackup:
    """Return what is known once a configuration was fetched, and kept in ``commit`` where it differed.

    A text that was made under other rules than the last one (``form``) differs without a change on the device.
    """
    fetched, form, difference, at = text
    since = (known.unsaved_since or at) if fetched.unsaved else None
    good = replace(known, attempted_at=at, succeeded_at=at, detail="", value="", form=form)
    good = replace(good, unsaved=fetched.unsaved, unsaved_since=since)
    if not difference:
        return replace(good, outcome="unchanged")
    if difference.fresh or known.form != form:
        return replace(good, outcome="stored", commit=commit)
    return replace(
        good, outcome="stored", commit=commit, changed_at=at, added=difference.added, removed=difference.removed
    )


def mended(known: ConfigBackup, now: float) -> ConfigBackup:
    """Return it with what lies in the future taken for now: a clock that was years ahead must not count as success."""
    moments = (known.attempted_at, known.succeeded_at, known.changed_at, known.unsaved_since)
    if max(known.awaited_since, *(one or 0.0 for one in moments)) <= now + AHEAD_SECONDS:
        return known
    attempted, succeeded, changed, unsaved = (None if one is None else min(one, now) for one in moments)
    return replace(
        known,
        awaited_since=min(known.awaited_since, now),
        attempted_at=attempted,
        succeeded_at=succeeded,
        changed_at=changed,
        unsaved_since=unsaved,
    )
