"""What happened, line by line: appended by a process that may be killed after any of them, read by who judges it.

What was written to a file before ``kill -9`` is there afterwards: the page cache belongs to the kernel.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class Journal:
    """Appends entries to a file; each is one ``write``."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC, 0o600)

    def note(self, what: str, **said: Any) -> None:
        os.write(self._file, json.dumps({"what": what, **said}).encode() + b"\n")


def read(path: Path) -> list[Entry]:
    """Return every entry; a line that the kill cut off is none."""
    whole = path.read_bytes().rpartition(b"\n")[0] if path.exists() else b""
    return [json.loads(line) for line in whole.splitlines()]
