"""``ringwacht rules``: the rule file for Prometheus, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from agent.app.loading import StartError
from config.loader import Loaded
from exporters.rules.document import render


def rule_file(loaded: Loaded) -> str:
    """Return the text of the file for a configuration."""
    return render(loaded.inventory, loaded.settings)


def write_rule_file(loaded: Loaded, path: Path) -> None:
    """Write it in place of what is there; a Prometheus that reloads meanwhile sees the old one. Raises StartError.

    A link stays, and what it leads to is replaced; a pipe or a terminal is written to.
    """
    text = rule_file(loaded)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(Path(os.path.realpath(path)), text)
    except OSError as error:
        raise StartError(f"{path} cannot be written: {error.strerror or error}") from error


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o644)  # another user's Prometheus reads it
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
