"""What any section of a profile may hold: object identifiers, regular expressions, lists of one; nothing unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

_DOTTED = re.compile(r"\d+(\.\d+)+")


def oid_of(raw: object) -> str:
    """Return an object identifier without a leading dot. Raises ValueError where it is none."""
    text = str(raw).strip().removeprefix(".")
    if not _DOTTED.fullmatch(text):
        raise ValueError(f"{text!r} is no object identifier")
    return text


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
Regex = Annotated[str, AfterValidator(_regex)]


class Strict(BaseModel):
    """A mapping of a profile: frozen, and without unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, coerce_numbers_to_str=True
    )
