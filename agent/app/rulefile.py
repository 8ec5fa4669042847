"""``ringwacht rules``: the rule file for Prometheus, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from agent.app.loading import StartError
from agent.wire.wholefile import write_whole
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
            write_whole(path, (text.encode(),))  # another user's Prometheus reads it
    except OSError as error:
        raise StartError(f"{path} cannot be written: {error.strerror or error}") from error
