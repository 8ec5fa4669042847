"""What can be wrong with a configuration, said to the person who wrote it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

_SHOWN = 80


class Mark(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """Return ``file:line:column``."""
        return f"{printable(self.file)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: where, in which field, what, and what was perhaps meant."""

    file: str
    line: int
    column: int
    field: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """Return the one line that ``ringwacht check`` prints."""
        text = f"{self.file}:{self.line}:{self.column}: "
        if self.field:
            text += f"{self.field}: "
        text += self.message
        if self.hint:
            text += f" ({self.hint})"
        return printable(text)


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` holds everything that was found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Wrong(ValueError):
    """A value is wrong; ``hint`` says what was perhaps meant. Never quotes a secret."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def problem_at(mark: Mark, field: str, message: str, hint: str | None = None) -> Problem:
    """Return a Problem at a mark."""
    return Problem(mark.file, mark.line, mark.column, field, message, hint)


def did_you_mean(wrong: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return "did you mean …?" for the nearest known word, or None when nothing is near; ``cutoff`` 1 is the same."""
    # Ratcliff-Obershelp is quadratic; what is longer than any key is not a typing error
    if len(wrong) > 64:
        return None
    words = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(wrong.casefold(), words, n=1, cutoff=cutoff)
    return f"did you mean {words[near[0]]}?" if near else None


def printable(text: str) -> str:
    """Return the text on one line: what a terminal would act upon is escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape", "replace").decode() for char in text)


def shown(value: object) -> str:
    """Return a value as a message quotes it: short, in single quotes."""
    text = str(value)
    return f"'{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}'"


def field_name(path: Iterable[str | int]) -> str:
    """Return ``links.rf-kh-wad.ends[0]`` for a path."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
