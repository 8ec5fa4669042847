"""Secrets: written as a reference, resolved at load, masked ever after.

``{file: path}``, ``{env: NAME}`` or ``{credential: name}`` (systemd's ``$CREDENTIALS_DIRECTORY``, systemd.exec(5)).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, SecretStr, WithJsonSchema

from config.base import existing_file, is_mapping
from config.errors import Wrong, shown

_FORM = "a secret is {file: …}, {env: …} or {credential: …}, never inline"
_MAX_BYTES = 65_536


def resolve_secret(value: object) -> SecretStr:
    """Return the secret that a reference names. Raises Wrong, which never quotes a secret."""
    if isinstance(value, SecretStr):
        return value
    if not is_mapping(value) or len(value) != 1:
        raise Wrong(_FORM)
    [(source, name)] = value.items()
    if not isinstance(name, str) or not name:
        raise Wrong(_FORM)
    if source == "file":
        return _filled(_read(existing_file(name)), f"secret file {shown(name)}")
    if source == "env":
        return _from_environment(name)
    if source == "credential":
        return _from_systemd(name)
    raise Wrong(_FORM)


def _filled(text: str, what: str) -> SecretStr:
    if not text:
        raise Wrong(f"{what} is empty")
    return SecretStr(text)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise Wrong(f"cannot read secret file {shown(path)}: {error.strerror}") from None
    if len(raw) > _MAX_BYTES:
        raise Wrong(f"secret file {shown(path)} is larger than {_MAX_BYTES} bytes")
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Wrong(f"secret file {shown(path)} is not UTF-8") from None


def _from_environment(name: str) -> SecretStr:
    # the pattern also keeps a secret that was put here by mistake out of the message
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise Wrong("env: is not the name of an environment variable")
    text = os.environ.get(name)
    if text is None:
        raise Wrong(f"environment variable {name} is not set")
    return _filled(text, f"environment variable {name}")


def _from_systemd(name: str) -> SecretStr:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise Wrong(f"credential {shown(name)}: CREDENTIALS_DIRECTORY is not set", "systemd sets it: LoadCredential=")
    if "/" in name or name in {".", ".."} or "\0" in name:
        raise Wrong("credential: is not the name of a systemd credential")
    path = Path(folder, name)
    if not os.path.isfile(path):
        raise Wrong(f"there is no systemd credential {shown(name)}", "add LoadCredential= to the unit")
    return _filled(_read(path), f"systemd credential {shown(name)}")


def _reference_schema() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    forms = [
        {"type": "object", "properties": {key: text}, "required": [key], "additionalProperties": False}
        for key in ("file", "env", "credential")
    ]
    return {"title": "secret", "description": _FORM, "anyOf": forms}


Secret = Annotated[SecretStr, BeforeValidator(resolve_secret), WithJsonSchema(_reference_schema())]
