"""Where each value of a loaded configuration was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from config.errors import Mark, Problem, field_name, problem_at
from config.yaml import Node

PathParts = Sequence[str | int]


class _Found(NamedTuple):
    """How far a path could be followed: the value there, the place of its key, and the parts that were found."""

    node: Node
    mark: Mark
    complete: bool


class Positions:
    """Turns a path such as ``("devices", "sw-1", "profile")`` into file, line and column."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def at(self, path: PathParts) -> Mark:
        """Return where a value stands; of a mapping, its key; of what is missing, the key of what it is missing in."""
        found = self._follow(path)
        return found.node.mark if found.complete and not isinstance(found.node.value, dict) else found.mark

    def key(self, path: PathParts) -> Mark:
        """Return where a value's key stands."""
        return self._follow(path).mark

    def problem(self, path: PathParts, message: str, hint: str | None = None) -> Problem:
        """Return a Problem about the value at a path."""
        return problem_at(self.at(path), field_name(path), message, hint)

    def key_problem(self, path: PathParts, message: str, hint: str | None = None) -> Problem:
        """Return a Problem about the key itself."""
        return problem_at(self.key(path), field_name(path), message, hint)

    def _follow(self, path: PathParts) -> _Found:
        node, mark = self._root, self._root.mark
        for part in path:
            if isinstance(node.value, dict) and (entry := node.value.get(str(part))) is not None:
                mark, node = entry
            elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                mark = node.mark
            else:
                return _Found(node, mark, complete=False)
        return _Found(node, mark, complete=True)
