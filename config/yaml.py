"""YAML read with the core rules of YAML 1.2, positions kept, and limits on what a file may cost.

Differences from YAML 1.1: ``17:30``, ``no``, dates and MAC addresses are text. Different from the core schema as well:
a number that would not be written back the same (``0123``, ``1.50``, ``+5``, ``0x1F``) stays text, so that serial and
telephone numbers survive; keys are always text; there are no tags and no merge keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from config.base import Located
from config.errors import ConfigError, Mark, Problem, field_name, problem_at, shown

MAX_BYTES = 8_000_000
MAX_DEPTH = 50
MAX_NODES = 250_000
MAX_ALIASES = 50
MAX_DUPLICATES = 100

Scalar = str | int | float | bool | None
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"0|-?[1-9][0-9]{0,17}")
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]+|-?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Entry(NamedTuple):
    """A key's place and its value."""

    mark: Mark
    node: Node


@dataclass(slots=True)
class Node:
    """A value and its place. Aliases share the node; ``size`` and ``height`` count them each time."""

    mark: Mark
    value: Scalar | dict[str, Entry] | list[Node]
    size: int = 1
    height: int = 1

    @property
    def mapping(self) -> dict[str, Entry]:
        """The entries of a mapping; of anything else, none."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The items of a list; of anything else, none."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """Return the value without positions. Not deeper than ``MAX_DEPTH``."""
        if isinstance(self.value, dict):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


@dataclass(slots=True)
class _Frame:
    """A collection that is being read."""

    node: Node
    anchor: str | None
    key: tuple[Mark, str] | None = None


def read_yaml(path: Path, folder: Path) -> Node:
    """Return the one document of a file; an empty file is an empty mapping. Raises ConfigError.

    ``folder`` (absolute) is what relative paths in the file's texts will be relative to.
    """
    start = Mark(str(path))
    text = _read_text(path, start)
    composer = _Composer(start.file, folder)
    try:
        node = composer.compose(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        mark = Mark(start.file, place.line + 1, place.column + 1) if place else start
        raise ConfigError([*composer.problems, problem_at(mark, "", _reason(error))]) from None
    except yaml.YAMLError:
        raise ConfigError([problem_at(start, "", "is not YAML: it holds control characters")]) from None
    if composer.problems:
        raise ConfigError(composer.problems)
    return node


def _reason(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return "is not YAML: " + ", ".join(parts)


def _read_text(path: Path, start: Mark) -> str:
    try:
        if not path.is_file():
            raise ConfigError([problem_at(start, "", "there is no such file")])
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError([problem_at(start, "", f"cannot be read: {error.strerror}")]) from None
    if len(raw) > MAX_BYTES:
        raise ConfigError([problem_at(start, "", f"is larger than {MAX_BYTES // 1_000_000} MB")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8", "replace")
        mark = Mark(start.file, good.count("\n") + 1, len(good) - good.rfind("\n"))
        raise ConfigError([problem_at(mark, "", "is not UTF-8")]) from None
    _refuse_control_characters(text, start)
    return text


# what YAML 1.2 (5.1) lets stand in a stream; told here, because the parser does not say where
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _refuse_control_characters(text: str, start: Mark) -> None:
    found = _NOT_PRINTABLE.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        mark = Mark(start.file, line, found.start() - text.rfind("\n", 0, found.start()))
        raise ConfigError([problem_at(mark, "", f"holds the control character U+{ord(found[0]):04X}")])


@dataclass(slots=True)
class _Composer:
    """Builds nodes from events without recursion, and stops at the first limit that is passed."""

    file: str
    folder: Path
    problems: list[Problem] = field(default_factory=list[Problem])
    stack: list[_Frame] = field(default_factory=list[_Frame])
    anchors: dict[str, Node] = field(default_factory=dict[str, Node])
    nodes: int = 0
    aliases: int = 0
    root: Node | None = None

    def compose(self, events: Iterator[yaml.Event]) -> Node:
        """Return the root. Raises ConfigError, yaml.YAMLError."""
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                raise self._refusal(self._mark(event), "holds more than one document")
        return self.root or Node(Mark(self.file), {})

    def _mark(self, event: yaml.Event) -> Mark:
        place: Any = event.start_mark
        return Mark(self.file, place.line + 1, place.column + 1)

    def _refusal(self, mark: Mark, message: str) -> ConfigError:
        return ConfigError([*self.problems, problem_at(mark, "", message)])

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        mark = self._mark(event)
        self._no_tag(event, mark)
        plain = bool(event.implicit[0])
        if self._awaits_key():
            if plain and event.value == "<<":
                raise self._refusal(mark, "merge keys (<<) are not supported; see defaults.roles")
            self.stack[-1].key = (mark, event.value)
            return
        value = resolve_plain(event.value) if plain else event.value
        node = Node(mark, Located(value, self.folder) if isinstance(value, str) else value)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self._attach(node)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        mark = self._mark(event)
        self._no_tag(event, mark)
        if self._awaits_key():
            raise self._refusal(mark, "a key must be text")
        if len(self.stack) >= MAX_DEPTH:
            raise self._refusal(mark, f"is nested deeper than {MAX_DEPTH} levels")
        node = Node(mark, {} if isinstance(event, yaml.MappingStartEvent) else [])
        self.stack.append(_Frame(node, event.anchor))

    def _close(self) -> None:
        frame = self.stack.pop()
        if frame.anchor is not None:
            self.anchors[frame.anchor] = frame.node
        self._attach(frame.node)

    def _alias(self, event: yaml.AliasEvent) -> None:
        mark = self._mark(event)
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self._refusal(mark, f"uses more than {MAX_ALIASES} aliases")
        # a collection is known by its anchor only once it is complete: no node can hold itself
        node = self.anchors.get(str(event.anchor))
        if node is None:
            raise self._refusal(mark, f"there is no anchor {shown(event.anchor)} above")
        if self._awaits_key():
            raise self._refusal(mark, "a key must be text")
        if len(self.stack) + node.height - 1 > MAX_DEPTH:
            raise self._refusal(mark, f"is nested deeper than {MAX_DEPTH} levels")
        self._attach(node)

    def _no_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, mark: Mark) -> None:
        if event.tag is not None and event.tag != "!":
            raise self._refusal(mark, f"the tag {shown(event.tag)} is not supported")

    def _awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].node.value, dict) and self.stack[-1].key is None

    def _attach(self, node: Node) -> None:
        """Put a finished node into the collection that is open."""
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        parent = frame.node
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        self._count(node, parent)
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict) and frame.key is not None:
            self._put(parent.value, frame.key, node)
            frame.key = None

    def _count(self, node: Node, parent: Node) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES or parent.size > MAX_NODES:
            raise self._refusal(node.mark, f"holds more than {MAX_NODES} values")

    def _put(self, entries: dict[str, Entry], key: tuple[Mark, str], node: Node) -> None:
        mark, name = key
        first = entries.get(name)
        if first is None:
            entries[name] = Entry(mark, node)
        else:
            self.problems.append(problem_at(mark, self._field(name), f"is defined twice, first at {first.mark}"))
        if len(self.problems) > MAX_DUPLICATES:
            raise ConfigError(self.problems)

    def _field(self, name: str) -> str:
        """Return the name of a key in the innermost open mapping."""
        outer = [frame.key[1] if frame.key else len(frame.node.items) for frame in self.stack[:-1]]
        return field_name([*outer, name])


def resolve_plain(text: str) -> Scalar:
    """Return what an unquoted text means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and len(text) <= 32:
        number = float(text)
        return number if repr(number) == text else text
    return text
