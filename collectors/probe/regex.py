"""Regular expressions as Go means them (RE2): in linear time whatever a target says. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol, cast

import re2


class Found(Protocol):
    """A match."""

    def group(self, group: int | str) -> bytes | None:
        """Return what a group matched. Raises IndexError or KeyError where the expression has no such group."""
        ...


class TextRegex(Protocol):
    """An expression for text."""

    def search(self, text: str) -> object | None:
        """Return the leftmost match."""
        ...


class BytesRegex(Protocol):
    """An expression for bytes, each of which is a character (Latin-1)."""

    def search(self, text: bytes) -> Found | None:
        """Return the leftmost match."""
        ...


@lru_cache(maxsize=4096)
def text_regex(text: str) -> TextRegex:
    """Compile an expression that the configuration has checked."""
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    return cast("TextRegex", re2.compile(text, options))


@lru_cache(maxsize=4096)
def bytes_regex(text: str) -> BytesRegex:
    """Compile an expression that the configuration has checked, for what comes over a connection.

    Characters beyond ASCII stand for their bytes in UTF-8.
    """
    options = re2.Options()
    options.log_errors = False
    library: Any = re2
    options.encoding = library.Options.Encoding.LATIN1
    return cast("BytesRegex", re2.compile(text.encode(), options))
