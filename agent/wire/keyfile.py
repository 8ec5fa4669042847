"""A random key that lasts, in a file for our eyes only."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from agent.wire.wholefile import write_whole

KEY_BYTES = 32


def load_key(path: Path, *, make: bool = True) -> bytes:
    """Return the key of the file (0600), which is made at the first time unless ``make`` is False.

    Where it can neither be read nor made, one that lasts as long as this run; what cannot be read is left as it is.
    """
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    except OSError:
        return secrets.token_bytes(KEY_BYTES)
    if len(key) == KEY_BYTES:
        return key
    key = secrets.token_bytes(KEY_BYTES)
    if make:
        with contextlib.suppress(OSError):
            write_whole(path, (key,), 0o600)
    return key
