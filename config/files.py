"""The files of a configuration, read and merged into one tree."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import NamedTuple

from config.errors import ConfigError, Mark, Problem, problem_at, shown
from config.yaml import Entry, Node, read_yaml

ROOT_NAME = "ringwacht.yml"
MAX_FILES = 1000


class Tree(NamedTuple):
    """All files merged, their names in the order read, what was wrong on the way, and whether all could be read."""

    root: Node
    folder: Path
    files: tuple[str, ...]
    problems: list[Problem]
    complete: bool


def read_files(path: Path) -> Tree:
    """Return the tree of a file, or of a folder that holds ``ringwacht.yml``. Raises ConfigError.

    Relative paths are relative to the first file's folder, in included files as well.
    """
    # os.path.isdir does not raise where a folder above may not be read; read_yaml says what is wrong then
    start = path / ROOT_NAME if os.path.isdir(path) else path
    folder = start.parent.absolute()
    root = read_yaml(start, folder)
    problems: list[Problem] = []
    documents = [root]
    complete = True
    included = _included(root, start, problems)
    for file in included:
        try:
            documents.append(read_yaml(file, folder))
        except ConfigError as error:
            problems += error.problems
            complete = False
    names = tuple(str(file) for file in (start, *included))
    return Tree(_merge(documents, problems), folder, names, problems, complete)


def _included(root: Node, start: Path, problems: list[Problem]) -> list[Path]:
    """Return the files that ``include`` names, each once, in order; the first file never includes itself."""
    include = root.mapping.get("include")
    found: dict[Path, None] = {}
    for item in include.node.items if include else []:
        if not isinstance(item.value, str) or not item.value:
            continue  # the model says so
        matches = _matches(start.parent, item.value)
        if not matches:
            problems.append(problem_at(item.mark, "include", f"no file matches {shown(item.value)}"))
        found.update(dict.fromkeys(matches))
    files = [file for file in found if file.absolute() != start.absolute()]
    if len(files) > MAX_FILES:
        mark = include.mark if include else root.mark
        raise ConfigError([problem_at(mark, "include", f"names more than {MAX_FILES} files")])
    return files


def _matches(folder: Path, pattern: str) -> list[Path]:
    if "\0" in pattern:
        return []
    # the folder may hold glob characters itself
    return [Path(name) for name in sorted(glob.glob(str(Path(glob.escape(str(folder)), pattern)), recursive=True))]


def _merge(documents: list[Node], problems: list[Problem]) -> Node:
    first, *others = documents
    if not isinstance(first.value, dict):
        raise ConfigError([*problems, _not_a_mapping(first)])
    merged = Node(first.mark, dict(first.mapping))
    for other in others:
        if other.value is None:
            continue
        if not isinstance(other.value, dict):
            problems.append(_not_a_mapping(other))
            continue
        for section, entry in other.mapping.items():
            _merge_section(merged.mapping, section, entry, problems)
    return merged


def _not_a_mapping(node: Node) -> Problem:
    return problem_at(node.mark, "", "a configuration is a mapping of sections")


def _merge_section(sections: dict[str, Entry], section: str, entry: Entry, problems: list[Problem]) -> None:
    """Add a section of an included file: keys of mappings and items of lists come together."""
    if section == "include":
        problems.append(problem_at(entry.mark, section, "only the first file may include others"))
        return
    present = sections.get(section)
    if present is None or present.node.value is None:
        sections[section] = entry
    elif isinstance(present.node.value, dict) and isinstance(entry.node.value, dict):
        sections[section] = Entry(present.mark, _joined(section, present.node, entry.node, problems))
    elif isinstance(present.node.value, list) and isinstance(entry.node.value, list):
        sections[section] = Entry(present.mark, Node(present.node.mark, present.node.value + entry.node.value))
    elif entry.node.value is not None:
        problems.append(_defined_twice(entry.mark, section, present.mark))


def _joined(section: str, first: Node, second: Node, problems: list[Problem]) -> Node:
    entries = dict(first.mapping)
    for key, entry in second.mapping.items():
        if key in entries:
            problems.append(_defined_twice(entry.mark, f"{section}.{key}", entries[key].mark))
        else:
            entries[key] = entry
    return Node(first.mark, entries)


def _defined_twice(mark: Mark, field: str, first: Mark) -> Problem:
    return problem_at(mark, field, f"is defined twice, first at {first}")
