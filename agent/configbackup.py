"""What is known of configuration backups: how an attempt ends, and what such an end means; values, all frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

BackupFailure = Literal[
    "unknown_key",
    "changed_key",
    "revoked_key",
    "auth",
    "enable",
    "rights",
    "held_back",
    "config",
    "timeout",
    "unreachable",
    "unresolved",
    "algorithms",
    "bad_reply",
    "repository",
    "damaged",
    "internal",
]
BackupOutcome = Literal["stored", "unchanged"] | BackupFailure

GOOD: Final[frozenset[BackupOutcome]] = frozenset({"stored", "unchanged"})
KEY_REFUSED: Final[frozenset[BackupFailure]] = frozenset({"changed_key", "revoked_key"})
PASSWORD_REFUSED: Final[frozenset[BackupFailure]] = frozenset({"auth", "enable"})  # counted by whoever locks logins
# the credential's fault
LOGIN_REFUSED: Final[frozenset[BackupFailure]] = frozenset({*PASSWORD_REFUSED, "rights", "held_back", "config"})
NOT_KEPT: Final[frozenset[BackupFailure]] = frozenset({"repository", "damaged", "internal"})  # this machine's
DEVICE_ITSELF: Final[frozenset[BackupFailure]] = frozenset(
    {"unknown_key", "timeout", "unreachable", "unresolved", "algorithms", "bad_reply"}
)
FAILURES: Final[frozenset[BackupFailure]] = KEY_REFUSED | LOGIN_REFUSED | NOT_KEPT | DEVICE_ITSELF
# the server has shown its key
KEY_SEEN: Final[frozenset[BackupOutcome]] = frozenset(
    {*GOOD, *KEY_REFUSED, *PASSWORD_REFUSED, "unknown_key", "rights", "bad_reply"}
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A configuration, normalised and masked; ``unsaved`` None: it cannot be told."""

    configuration: str
    unsaved: bool | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How many lines a text has gained and lost; ``fresh``: there was none before."""

    added: int
    removed: int
    fresh: bool = False

    def __bool__(self) -> bool:
        """Whether there is any."""
        return self.fresh or bool(self.added or self.removed)


@dataclass(frozen=True, slots=True)
class ConfigBackup:
    """What is known of a device's configuration backup. Times are seconds since the epoch, None where it never was.

    ``outcome`` of the last attempt: "stored", "unchanged", or why it failed; "" before the first. The key of its
    server: ``unknown_key``, ``changed_key``, ``revoked_key``; the login: ``auth``, ``enable`` (the privileged mode),
    ``rights`` (to read the configuration), ``held_back`` (not asked, since others refused the same login), ``config``
    (a file or a password of the credential is no use); the device: ``timeout``, ``unreachable``, ``unresolved`` (its
    name), ``algorithms``, ``bad_reply``; this machine: ``repository``, ``damaged`` (the same), ``internal``. ``value``:
    what belongs to it and is no word, such as a fingerprint, a file with its line, what the system calls it.
    ``detail``: both in English. ``form``: under which rules of masking, and with which key, the text was made.
    ``unsaved``: the running configuration is not the one it would start with; None: not known. ``unsaved_since``: when
    that was first seen. ``changed_at``: when another configuration than the night before was last found, with the lines
    ``added`` and ``removed``.
    """

    device: str
    awaited_since: float
    attempted_at: float | None = None
    succeeded_at: float | None = None
    outcome: BackupOutcome | Literal[""] = ""
    detail: str = ""
    unsaved: bool | None = None
    changed_at: float | None = None
    added: int = 0
    removed: int = 0
    commit: str = ""
    unsaved_since: float | None = None
    value: str = ""
    form: str = ""
