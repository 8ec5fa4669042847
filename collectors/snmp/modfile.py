"""Module files: both shapes of ``snmp.yml``, and what is wrong in one, with file and line.

Newer files hold ``auths`` and ``modules``; older ones hold the modules at the top, each with its own ``auth``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from collectors.snmp.filters import Filter
from collectors.snmp.hints import FormatOp
from collectors.snmp.located import Place, fault
from collectors.snmp.module import Index, Lookup, Metric, Module, ModuleError, RegexExtract
from config.errors import did_you_mean

MAX_FILE_BYTES = 32 << 20
NEW_KEYS = frozenset({"auths", "modules", "version", "profile"})
"""Keys at the top of a newer file, and of a profile's."""
_MODULES = TypeAdapter(dict[str, Module])
_WITHIN: Mapping[str, type[BaseModel]] = {
    "metrics": Metric,
    "indexes": Index,
    "lookups": Lookup,
    "regex_extracts": RegexExtract,
    "format_spec": FormatOp,
    "filters": Filter,
}
"""What the entries under a key are."""


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file with every scalar as text (``on``, ``1.10``). Raises ModuleError."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ModuleError(f"{path}: larger than {MAX_FILE_BYTES >> 20} MB")
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        tree = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - the base loader builds only text, lists, mappings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ModuleError(f"{path}:{mark.line + 1 if mark else 1}: {error.problem or error}") from error
    except (OSError, yaml.YAMLError, RecursionError) as error:
        raise ModuleError(f"{path}: {error}") from error
    if not isinstance(tree, dict):
        raise ModuleError(f"{path}: not a mapping of modules")
    return cast("dict[str, Any]", tree)


def parse_modules(tree: dict[str, Any], path: Path) -> dict[str, Module]:
    """Return the modules of a file in either shape. Raises ModuleError with file and line."""
    found, top = _modules_of(tree, path)
    try:
        return _MODULES.validate_python(found or {})
    except ValidationError as error:
        raise _explained(path, error, top) from error


def load_modules(path: Path) -> dict[str, Module]:
    """Return the modules of an ``snmp.yml`` file by name. Raises ModuleError."""
    return parse_modules(read_yaml(path), path)


def _modules_of(tree: dict[str, Any], path: Path) -> tuple[Any, tuple[str, ...]]:
    """Return the modules' section and where it stands."""
    if not tree.keys() & (NEW_KEYS - {"version"}):
        return tree, ()
    for key in tree.keys() - NEW_KEYS:
        hint = did_you_mean(key, NEW_KEYS) or "a module belongs under modules"
        raise fault(path, (key,), f"unknown key; {hint}")
    return tree.get("modules"), ("modules",)


def _explained(path: Path, error: ValidationError, top: Place) -> ModuleError:
    """Return what is wrong first."""
    first = error.errors(include_input=False, include_url=False)[0]
    place: Place = (*top, *first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        known = _kind(place).model_fields
        hint = did_you_mean(str(place[-1]), known) or f"known: {', '.join(known)}"
        message = f"unknown key; {hint}"
    return fault(path, place, message)


def _kind(place: Place) -> type[BaseModel]:
    """Return what has the last key of a place."""
    for step in reversed(place[:-1]):
        if isinstance(step, str) and step in _WITHIN:
            return _WITHIN[step]
    return Module
