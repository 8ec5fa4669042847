"""One YAML file, read once: its mapping, with every scalar as text, and the line in which a value stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from collectors.snmp.modules.module import ModuleError

MAX_FILE_BYTES = 32 << 20
MERGE = "<<"
MOST = 50
"""So many faults of one file are told; more would say nothing new."""
Place = Sequence[int | str]
"""Keys and positions from the top of a file."""


class Fault(NamedTuple):
    """What is wrong in a line."""

    line: int
    text: str


@dataclass(frozen=True)
class Document:
    """A file's bytes; two of one path and ``digest`` (SHA-256) are equal."""

    path: Path
    digest: str
    raw: bytes = field(compare=False, repr=False)

    @cached_property
    def _node(self) -> yaml.MappingNode:
        """The top of the file, kept once something is wrong in it."""
        return self._composed()

    def _composed(self) -> yaml.MappingNode:
        try:
            node = yaml.compose(self.raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise ModuleError(f"{self.path}:{mark.line + 1 if mark else 1}: {error.problem or error}") from error
        except (yaml.YAMLError, RecursionError) as error:
            raise ModuleError(f"{self.path}: {error}") from error
        if not isinstance(node, yaml.MappingNode):
            raise ModuleError(f"{self.path}: not a mapping of modules")
        return node

    def tree(self) -> tuple[dict[str, Any], list[Fault]]:
        """Return the mapping and what is wrong with its keys. Raises ModuleError where it is no YAML, or no mapping."""
        plain = _Plain()
        try:
            return plain.mapping(self._composed()), plain.faults
        except RecursionError as error:
            raise ModuleError(f"{self.path}: an alias within itself, or too deep") from error

    def fault(self, place: Place, message: str) -> Fault:
        """Return what is wrong at a place."""
        return Fault(self.line_of(place), f"{'.'.join(str(step) for step in place)}: {message}")

    def line_of(self, place: Place) -> int:
        """Return the line, from 1, of the innermost part of the place that the file has."""
        line, node = 1, cast("yaml.Node", self._node)
        for step in place:
            found = _step(node, step)
            if found is not None:
                line, node = found
        return line

    def error(self, faults: Sequence[Fault]) -> ModuleError:
        """Return what is wrong, in the order of the lines."""
        told = [f"{self.path}:{line}: {text}" for line, text in sorted(set(faults))]
        return ModuleError("\n".join([*told[:MOST], *([f"{self.path}: and more"] if len(told) > MOST else [])]))


def read_document(path: Path) -> Document:
    """Return a file. Raises ModuleError where it cannot be read, or is too large."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ModuleError(f"{path}: {error}") from error
    if len(raw) > MAX_FILE_BYTES:
        raise ModuleError(f"{path}: larger than {MAX_FILE_BYTES >> 20} MB")
    return Document(path, hashlib.sha256(raw).hexdigest(), raw)


class _Plain:
    """Makes texts, lists and mappings of nodes; what an anchor names is made once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._made: dict[int, Any] = {}

    def value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if id(node) not in self._made:
            if isinstance(node, yaml.MappingNode):
                self._made[id(node)] = self.mapping(node)
            else:
                self._made[id(node)] = [self.value(one) for one in node.value]
        return self._made[id(node)]

    def mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        """Return a mapping; its own keys go before those that it merges."""
        found: dict[str, Any] = {}
        merged: list[dict[str, Any]] = []
        for key, value in _pairs(node):
            name, line = key.value, key.start_mark.line + 1
            if not isinstance(name, str):
                self.faults.append(Fault(line, "a key is one word or text"))
            elif name == MERGE:
                merged += self._merged(value)
            elif name in found:
                self.faults.append(Fault(line, f"{name}: this key is there twice"))
            else:
                found[name] = self.value(value)
        for one in merged:
            found = one | found
        return found

    def _merged(self, node: yaml.Node) -> Iterator[dict[str, Any]]:
        for one in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if isinstance(one, yaml.MappingNode):
                yield self.value(one)
            else:
                self.faults.append(Fault(one.start_mark.line + 1, f"{MERGE}: needs a mapping, or a list of them"))


def _pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    return cast("list[tuple[yaml.Node, yaml.Node]]", node.value)


def _step(node: yaml.Node, step: int | str) -> tuple[int, yaml.Node] | None:
    """Return line and node of a child; None where there is none, as for the list that we made of a single thing."""
    if isinstance(node, yaml.MappingNode):
        for key, value in _pairs(node):
            if key.value == str(step):
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = cast("yaml.Node", node.value[step])
        return child.start_mark.line + 1, child
    return None
