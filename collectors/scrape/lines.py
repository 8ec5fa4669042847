"""A page, line by line: which are samples, where their values stand, what is declared. Pure.

Sources: Prometheus text format 0.0.4 (docs/instrumenting/exposition_formats), OpenMetrics 1.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.layout import clean_text

# Labels of a sane exporter stay far below; the parser's time grows with the square of a hostile line's length.
MAX_LINE = 16_384
QUOTED_BYTES = 100
MAX_HELP_BYTES = 512
EOF = "# EOF"
CHUNK = 4096  # values that are read at once: what is made on the way stays small

_VALUE = r"(?P<value>[-+]?(?:[0-9.]+(?:e[-+]?[0-9]+)?|inf(?:inity)?|nan))"
_REST = r"(?:[ \t]+[-+.0-9e]+)?(?:[ \t]+#[ \t].*)?[ \t\r]*"  # a timestamp, an exemplar
_LABELS = r"""\{[^"}]*(?:"[^"\\]*(?:\\.[^"\\]*)*"[^"}]*)*\}"""
_SAMPLE = re.compile(
    rf"[ \t]*(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t]*{_LABELS}[ \t]*|[ \t]+){_VALUE}{_REST}",
    re.IGNORECASE | re.ASCII,
)
_TAIL = re.compile(_VALUE + _REST, re.IGNORECASE | re.ASCII)
_DECLARED = re.compile(r"[ \t]*#[ \t]+(HELP|TYPE)[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t]+(.*?))?[ \t\r]*")
_ESCAPED = re.compile(r"\\(.)")


class PageError(Exception):
    """The page cannot be used; the text says which line and why. ``quote`` is how the line begins, clean and short."""

    def __init__(self, why: str, line: str = "") -> None:
        super().__init__(why)
        self.quote = clean_text(line, QUOTED_BYTES)


class Abandoned(Exception):
    """Nobody waits for the page any more."""


Asked = Callable[[], bool]


class SampleLine(NamedTuple):
    """One sample: the number of its line (from 0), its name, and all that stands before its value."""

    line: int
    name: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a page says of a family."""

    type: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """A page taken apart; ``other`` are the numbers of the lines that hold no sample."""

    samples: list[SampleLine] = field(default_factory=list[SampleLine])
    other: list[int] = field(default_factory=list[int])
    declared: dict[str, Declaration] = field(default_factory=dict[str, Declaration])


def scan(lines: Sequence[str], abandoned: Asked) -> Scan:
    """Take a page apart. Raises PageError where a line is neither sample nor comment, Abandoned."""
    found = Scan()
    for number, line in enumerate(lines):
        if abandoned():
            raise Abandoned
        if len(line) > MAX_LINE:
            raise PageError(f"line {number + 1} is longer than {MAX_LINE} characters")
        match = _SAMPLE.fullmatch(line)
        if match is not None:
            found.samples.append(SampleLine(number, match["name"], line[: match.start("value")]))
        elif line.lstrip(" \t\r")[:1] in {"", "#"}:
            found.other.append(number)
            _declare(line, found.declared)
        else:
            raise PageError(f"line {number + 1} is no sample", line)
    return found


def _declare(line: str, declared: dict[str, Declaration]) -> None:
    """Take note of a HELP or TYPE line; of two for one family the first counts."""
    match = _DECLARED.fullmatch(line)
    if match is None:
        return
    what, name, text = match[1], match[2], match[3] or ""
    known = declared.get(name, Declaration())
    if what == "TYPE":
        declared[name] = Declaration(known.type or text, known.help)
    else:
        declared[name] = Declaration(known.type, known.help or _help(text))


def _help(text: str) -> str:
    plain = _ESCAPED.sub(lambda match: " " if match[1] == "n" else match[1], text)
    return clean_text(plain, MAX_HELP_BYTES)


def read_values(tails: list[str]) -> list[float] | None:
    """Return the value at the beginning of each text, without timestamp and exemplar; None where one has none.

    A text is what follows a sample's name and labels.
    """
    joined = "\n".join(tails)
    words = joined.split()
    if words != tails or "_" in joined or not joined.isascii():  # `float` reads more than a page may say
        matches = [_TAIL.fullmatch(tail) for tail in tails]
        words = [match["value"] for match in matches if match is not None]
        if len(words) != len(tails):
            return None
    try:
        return list(map(float, words))
    except ValueError:
        return None
