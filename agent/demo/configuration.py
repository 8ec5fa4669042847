"""Writes the county's configuration: complete, commented, and a reader's to keep."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from agent.demo.errors import DemoError

MARKER = (
    "# Written by `ringwacht demo`, which writes it anew at each start. Delete this line and it keeps its hands off.\n"
)
MAIN = "ringwacht.yml"

_INTERVALS = {"fast": 2.0, "normal": 5.0, "timeout": 2.0}  # seconds at speed 1
_HOLDS = {"critical": 5.0, "warning": 10.0, "clear": 5.0, "convergence": 2.0}
_POWER = {"shutdown": 15.0, "wait": 30.0}  # of a server room whose UPS lasts for 80 s
_VOLUME = 8.0  # cubic metres: so small a room warms as fast as the story wants it to
_USUAL_INTERVAL = 10.0  # of a room's sensors: so many times faster than a real one does this room live
_SHORTEST_INTERVAL, _SHORTEST_HOLD = 1.0, 0.5  # a poll needs its time, however fast the story is told


class _Template(Template):
    idpattern = r"[a-z][a-z0-9-]*"


def paces(speed: float) -> Mapping[str, str]:
    """Return intervals, timeout and hold times for a story told ``speed`` times as fast: nothing is over unseen."""
    faster = max(1.0, speed)
    intervals = {name: max(_SHORTEST_INTERVAL, seconds / faster) for name, seconds in _INTERVALS.items()}
    holds = {name: max(_SHORTEST_HOLD, seconds / faster) for name, seconds in _HOLDS.items()}
    power = {name: seconds / speed for name, seconds in _POWER.items()}
    durations = {name: _duration(seconds) for name, seconds in {**intervals, **holds, **power}.items()}
    return {**durations, "volume": f"{_VOLUME / speed:.3g}", "pace": f"{_USUAL_INTERVAL / intervals['fast']:.3g}"}


def _duration(seconds: float) -> str:
    return f"{seconds:.0f}s" if seconds.is_integer() else f"{seconds * 1000:.0f}ms"


def write(directory: Path, values: Mapping[str, str], secrets: Mapping[str, bytes], tables: Mapping[str, str]) -> Path:
    """Write the configuration, tables and the secrets (mode 0600) into ``directory``; return the main file's path.

    ``values`` fills the template's placeholders; ``secrets`` and ``tables`` are contents by path. A file that the demo
    did not write is left alone. Raises DemoError.
    """
    texts = {path: MARKER + _Template(text).substitute(values) for path, text in _templates()}
    ours = _is_ours(directory / MAIN)
    for path in (*texts, *secrets, *tables):
        if (directory / path).exists() and not (_is_ours(directory / path) if path in texts else ours):
            raise DemoError(f"{directory / path} is not the demo's own and stays as it is: name another folder")
    try:
        for path, content in secrets.items():
            _write(directory / path, content, 0o600)
        for path, text in (*texts.items(), *tables.items()):
            _write(directory / path, text.encode(), 0o644)
    except OSError as error:
        raise DemoError(f"cannot write {error.filename}: {error.strerror}") from error
    return directory / MAIN


def _templates() -> Iterator[tuple[str, str]]:
    """Yield path and text of each template."""
    root = files("agent.demo") / "template"
    yield MAIN, _text(root / MAIN)
    for name in ("network.yml", "operations.yml"):
        yield f"inventory/{name}", _text(root / "inventory" / name)


def _text(template: Traversable) -> str:
    return template.read_text(encoding="utf-8")


def _is_ours(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline() == MARKER
    except (OSError, UnicodeDecodeError):
        return False


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o755)
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    temporary.replace(path)
