"""A message for services that render Markdown: everything is text, but what is to be opened can be opened. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADDRESS = re.compile(r"(?<=: )https?://[^\s<>\"]+$", re.MULTILINE)  # as ours stand: at the end of a line
_ACTING = re.compile(r"([\\`*_{}\[\]()#+\-.!~|<>&=])")  # CommonMark, and what the services add to it
_ACTING_IN_LABEL = re.compile(r"([\\`*_\[\]~|<>&!])")
_ENCODED = str.maketrans({"(": "%28", ")": "%29", "[": "%5B", "]": "%5D", "\\": "%5C", "|": "%7C", "`": "%60"})


def markdown(text: str) -> str:
    """Return it so that it reads as it stands; an address at the end of a line is a link that shows where it leads."""
    return "".join(_parts(text))


def _parts(text: str) -> Iterator[str]:
    end = 0
    for found in _ADDRESS.finditer(text):
        yield _ACTING.sub(r"\\\1", text[end : found.start()])
        label = _ACTING_IN_LABEL.sub(r"\\\1", found[0])
        yield f"[{label}]({found[0].translate(_ENCODED)})"
        end = found.end()
    yield _ACTING.sub(r"\\\1", text[end:])
