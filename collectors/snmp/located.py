"""Where in a YAML file a value stands. Composed only once something is wrong there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import yaml
from pydantic import BaseModel, ValidationError

from collectors.snmp import entry, schema
from collectors.snmp.module import ModuleError
from config.errors import did_you_mean

Place = Sequence[int | str]
"""Keys and positions from the top of a file."""


def fault(path: Path, place: Place, message: str) -> ModuleError:
    """Return the error with file, line and place."""
    where = ".".join(str(step) for step in place)
    return ModuleError(f"{path}:{line_of(path, place)}: {where}: {message}")


def explain(path: Path, error: ValidationError, top: Place) -> ModuleError:
    """Return what is wrong first; ``top`` is where the section stands."""
    first = error.errors(include_input=False)[0]
    place = (*top, *first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        hint = did_you_mean(str(place[-1]), set(_keys()))
        message = f"unknown key{f'; {hint}' if hint else ''}"
    return fault(path, place, message)


def line_of(path: Path, place: Place) -> int:
    """Return the line, from 1, of the innermost part of the place that the file has; 1 where it cannot be read."""
    try:
        node = yaml.compose(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError, RecursionError):
        return 1
    line = 1
    for step in place:
        found = _step(node, step)
        if found is not None:
            line, node = found
    return line


def _step(node: yaml.Node | None, step: int | str) -> tuple[int, yaml.Node] | None:
    """Return line and node of a child; None where there is none, as for the list that we made of a single thing."""
    if isinstance(node, yaml.MappingNode):
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if key.value == str(step):
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = cast("yaml.Node", node.value[step])
        return child.start_mark.line + 1, child
    return None


def _keys() -> Iterator[str]:
    """Yield all keys that a profile may have anywhere."""
    for model in (*vars(entry).values(), *vars(schema).values()):
        if isinstance(model, type) and issubclass(model, BaseModel):
            for name, field in model.model_fields.items():
                yield field.alias or name
