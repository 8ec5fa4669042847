"""Texts with `{label}` in them. Only the text that the configuration gives is a template, never what is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from config.errors import Wrong, did_you_mean, shown

VALUE = "value"
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{")
_USUAL = (VALUE, "device", "service", "link", "instance", "site")


def check_placeholders(text: str) -> str:
    """Return the text if each `{…}` in it is a label's name. Raises Wrong."""
    for part in _PARTS.finditer(text):
        name = part[1]
        if part[0] in {"{{", "}}"} or (name is not None and _LABEL.fullmatch(name)):
            continue
        if name is None:
            raise Wrong("has a { that nothing closes", "write {{ for the character itself")
        hint = did_you_mean(name.strip(), _USUAL) or "e.g. {device} or {value}; write {{ for the character itself"
        raise Wrong(f"{shown(part[0])} holds no name of a label", hint)
    return text


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names that stand in braces, each once."""
    return tuple(dict.fromkeys(part[1] for part in _PARTS.finditer(text) if part[1] is not None))


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text piece by piece; True marks the name of a placeholder. `{{` and `}}` are the characters."""
    begin = 0
    for part in _PARTS.finditer(text):
        yield text[begin : part.start()], False
        yield (part[0][0], False) if part[1] is None else (part[1], True)
        begin = part.end()
    yield text[begin:], False


def fill(text: str, value_of: Callable[[str], str]) -> str:
    """Return the text with each `{name}` replaced; `{{` and `}}` are the characters themselves."""
    return "".join(value_of(piece) if named else piece for piece, named in pieces(text))
