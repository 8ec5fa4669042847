"""What sections of profiles and modules may hold: object identifiers, regular expressions, lists; nothing unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from collectors.snmp.modules.patterns import compile_re2, compile_whole

_DOTTED = re.compile(r"[0-9]+(\.[0-9]+)*")


def oid_of(raw: object) -> str:
    """Return an object identifier without a leading dot. Raises ValueError where it is none."""
    text = str(raw).strip().removeprefix(".")
    if not _DOTTED.fullmatch(text):
        raise ValueError(f"{text!r} is no object identifier (names are for generator.yml; what it makes is read here)")
    return text


def _oid_or_none(raw: object) -> str:
    return oid_of(raw) if raw else ""


def _searched(text: str) -> str:
    compile_re2(text)
    return text


def _matched(text: str) -> str:
    compile_whole(text)
    return text


def nothing_is_empty(raw: object) -> object:
    """Return a list or mapping; a key without a value stands for an empty one."""
    return () if raw is None or raw == "" else raw


def no_names(raw: object) -> object:
    """Return a mapping; a key without a value stands for an empty one."""
    return raw or {}


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return text


def listed(raw: object) -> Sequence[object]:
    """Return a list, or the list that a single thing stands for."""
    return cast("Sequence[object]", raw) if isinstance(raw, (list, tuple)) else [raw]


Oid = Annotated[str, BeforeValidator(oid_of)]
OidOrNone = Annotated[str, BeforeValidator(_oid_or_none)]
SearchPattern = Annotated[str, AfterValidator(_searched)]
WholePattern = Annotated[str, AfterValidator(_matched)]
"""Regular expressions of module files (RE2): one found anywhere in a text, one that must match all of it."""
Names = Annotated[dict[int, str], BeforeValidator(no_names)]
MayBeNothing = BeforeValidator(nothing_is_empty)
Regex = Annotated[str, AfterValidator(_regex)]


class Strict(BaseModel):
    """A mapping of a profile: frozen, and without unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, coerce_numbers_to_str=True
    )
