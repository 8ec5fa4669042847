"""The base of every section's model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeGuard

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from config.errors import Wrong, shown

ID_PATTERN = r"^[A-Za-z0-9_.-]+$"


class Model(BaseModel):
    """Frozen; unknown keys are refused; a number where text is asked for is taken as written.

    Inputs are hidden in pydantic's own messages, because one of them may be a secret.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
        validate_by_name=True,
        validate_by_alias=True,
        allow_inf_nan=False,
    )


class Located(str):
    """A text that knows the folder of its configuration, so that relative paths can be resolved."""

    __slots__ = ("folder",)
    folder: Path

    def __new__(cls, text: str, folder: Path) -> Located:
        """Return the text with its folder (absolute)."""
        located = super().__new__(cls, text)
        located.folder = folder
        return located


def is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether a raw value is a mapping; keys read from a file are text."""
    return isinstance(value, Mapping)


def resolved(value: object) -> Path:
    """Return the absolute path that a text means. Raises Wrong."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value or "\0" in value:
        raise Wrong("is not a path")
    folder = value.folder if isinstance(value, Located) else Path.cwd()
    return folder / value


def existing_file(value: object) -> Path:
    """Return the absolute path of a file that is there. Raises Wrong."""
    path = resolved(value)
    try:
        found = path.is_file()
    except OSError as error:
        raise Wrong(f"cannot look at {shown(value)}: {error.strerror}") from None
    if not found:
        raise Wrong(f"there is no file {shown(value)}", f"looked for {path}")
    return path


PATH_SCHEMA = {"title": "path", "type": "string", "format": "path"}

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=100)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
AnyPath = Annotated[Path, BeforeValidator(resolved), WithJsonSchema(PATH_SCHEMA)]
ExistingFile = Annotated[Path, BeforeValidator(existing_file), WithJsonSchema(PATH_SCHEMA)]
