"""A monitoring plug-in with its arguments: what a device's key ``plugin`` and a service's way ``plugin`` hold."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)

from config.base import Model, is_mapping
from config.errors import Wrong, shown
from config.secrets import Secret, resolve_secret

_MAX_CHARACTERS = 4096


def _argument(value: object) -> str | SecretStr:
    """Return text as it is written, or the secret that a reference names. Raises Wrong, which quotes neither."""
    if isinstance(value, SecretStr) or is_mapping(value):
        secret = resolve_secret(value)
        if "\0" in secret.get_secret_value():
            raise Wrong("the secret holds a NUL character")
        return secret
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Wrong("must be text or a secret", 'write "true" or {file: …}')
    text = str(value)
    if len(text) > _MAX_CHARACTERS:
        raise Wrong(f"is longer than {_MAX_CHARACTERS} characters")
    if "\0" in text or not _is_utf8(text):
        raise Wrong("holds a character that no argument can hold")
    return text


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False  # half of a pair, written as an escape
    return True


def _schema() -> dict[str, Any]:
    forms = [{"type": "string"}, {"type": "number"}, TypeAdapter[SecretStr](Secret).json_schema()]
    return {"title": "text or secret", "anyOf": forms}


Argument = Annotated[str | SecretStr, PlainValidator(_argument), WithJsonSchema(_schema())]
_Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)]


def _with_program(command: tuple[str | SecretStr, ...]) -> tuple[str | SecretStr, ...]:
    program = command[0]
    if not isinstance(program, str):
        raise Wrong("the program cannot be a secret")
    if not program.startswith("/"):
        raise Wrong(f"{shown(program)} is not an absolute path", "e.g. /usr/lib/nagios/plugins/check_tcp")
    return command


def _why_not(program: str) -> str | None:
    path = Path(program)
    try:
        if not path.exists():
            return f"there is no program {shown(program)}"
        usable = path.is_file() and os.access(path, os.X_OK)
    except OSError as error:
        return f"cannot look at {shown(program)}: {error.strerror}"
    return None if usable else f"{shown(program)} cannot be executed"


class PluginParams(Model):
    """A monitoring plug-in (Nagios plug-in interface), started without a shell."""

    command: Annotated[tuple[Argument, ...], Field(min_length=1, max_length=256), AfterValidator(_with_program)] = (
        Field(description="Absolute path of the program, and its arguments: texts or secrets. No shell.")
    )
    environment: Annotated[Mapping[_Variable, Argument], Field(max_length=256)] = Field(
        default_factory=dict[str, str | SecretStr],
        description="Variables of its environment: texts or secrets. Better for secrets than arguments, which every "
        "user of the machine can see.",
    )

    _refusal: str | None = PrivateAttr(default=None)

    def model_post_init(self, context: object, /) -> None:
        """Look for the program now: whoever builds the check may not touch the disk."""
        del context
        self._refusal = _why_not(self.program)

    @property
    def refusal(self) -> str | None:
        """Why the program could not be run when the configuration was read, or None. It is no reason not to load it."""
        return self._refusal

    @property
    def program(self) -> str:
        """Absolute path of what is started."""
        return str(self.command[0])
