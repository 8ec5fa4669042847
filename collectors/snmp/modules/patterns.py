"""Regular expressions of module files as Go means them: RE2, in linear time whatever a device says. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite
from typing import Protocol, cast

import re2

_RE2_ERROR: type[Exception] = re2.error  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_GO_GROUP = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})", re.ASCII)
"""A group in a template as Go writes it (package regexp, Expand); ``$$`` is a dollar sign."""
_DIGITS, _HEX = r"[0-9](?:_?[0-9])*", r"[0-9a-fA-F](?:_?[0-9a-fA-F])*"
_EXPONENT = rf"[+-]?{_DIGITS}"
_GO_FLOAT = re.compile(rf"[+-]?(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE]{_EXPONENT})?")
_GO_HEX_FLOAT = re.compile(rf"[+-]?0[xX](?:_?{_HEX}\.?(?:{_HEX})?|\.{_HEX})[pP]{_EXPONENT}")


class Found(Protocol):
    """A match."""

    def group(self, group: int | str) -> str | None:
        """Return the text of a group. Raises IndexError or KeyError where the expression has no such group."""
        ...


class Pattern(Protocol):
    """A compiled expression."""

    def search(self, text: str) -> Found | None:
        """Return the leftmost match."""
        ...


@lru_cache(maxsize=4096)
def compile_re2(text: str) -> Pattern:
    """Return the compiled expression, which matches anywhere. Raises ValueError where it is none."""
    options = re2.Options()
    options.log_errors = False
    try:
        return cast("Pattern", re2.compile(text, options))
    except _RE2_ERROR as error:
        why = b"".join(error.args).decode("utf-8", "replace")
        raise ValueError(f"{text!r} is no regular expression (RE2 syntax): {why}") from None


def compile_whole(text: str) -> Pattern:
    """Return the compiled expression, which matches a whole text. Raises ValueError where it is none."""
    compile_re2(text)  # by itself, or `a)|(b` would do
    return compile_re2(f"^(?:{text})$")


def expand(template: str, found: Found) -> str:
    """Return the template with its groups filled in; a group that does not exist is empty."""

    def group(at: re.Match[str]) -> str:
        name = at[1] or at[2]
        if name is None:
            return "$"
        try:
            return found.group(int(name) if name.isdigit() else name) or ""
        except (IndexError, KeyError):
            return ""

    return _GO_GROUP.sub(group, template)


def go_float(text: str) -> float | None:
    """Return the number that Go's strconv.ParseFloat reads, or None; an infinity or NaN is no number here."""
    if _GO_FLOAT.fullmatch(text):
        number = float(text.replace("_", ""))
    elif _GO_HEX_FLOAT.fullmatch(text):
        number = _hexadecimal(text.replace("_", ""))
    else:
        return None
    return number if isfinite(number) else None


def _hexadecimal(text: str) -> float:
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError):
        return float("nan")
