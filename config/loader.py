"""From files to a validated inventory and settings; everything that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from config.base import Located
from config.document import Document
from config.errors import ConfigError, Problem
from config.explain import explain
from config.files import read_files
from config.functions import check_functions
from config.inventory import Inventory
from config.kinds import Kinds
from config.positions import PathParts, Positions
from config.references import check_references
from config.sensors import check_sensors
from config.settings import RoleDefaults, RuleOptions, Settings
from config.topology import check_topology
from config.yaml import Entry, Node


class Loaded(NamedTuple):
    """A configuration that can be used."""

    inventory: Inventory
    settings: Settings
    positions: Positions


def load(path: Path, params: Mapping[str, type[BaseModel]], rules: Mapping[str, type[RuleOptions]]) -> Loaded:
    """Load a file, or a folder with ``ringwacht.yml``. Raises ConfigError with every problem found.

    ``params`` validates a device's own key of that kind, ``rules`` the entries of ``alerting.rules``. With an empty
    ``rules`` no rule's name is refused.
    """
    kinds = Kinds.of(params, rules)
    tree = read_files(path)
    root = _completed(tree.root, tree.folder, kinds)
    positions = Positions(root)
    problems = list(tree.problems)
    document = _validated(root, kinds, positions, problems)
    if tree.complete:
        # with a file missing, everything that it defines would be reported as unknown
        problems += check_references(root, positions, kinds)
    if document is None or problems:
        raise ConfigError(_in_order(problems, tree.files))
    loaded = Loaded(document.inventory(), document.settings(), positions)
    checks = (check_topology, check_sensors, check_functions)
    impossible = tuple(problem for check in checks for problem in check(loaded.inventory, positions))
    if impossible:
        raise ConfigError(_in_order(impossible, tree.files))
    return loaded


def _validated(root: Node, kinds: Kinds, positions: Positions, problems: list[Problem]) -> Document | None:
    try:
        return Document.model_validate(root.plain(), context=kinds)
    except ValidationError as error:
        for found in explain(error, Document, kinds.params):
            place = positions.key_problem if found.at_key else positions.problem
            problems.append(place(_as_written(found.path), found.message, found.hint))
    return None


def _as_written(path: PathParts) -> PathParts:
    """Return the path in the file: there, what the models keep under ``params`` is a key of the device itself."""
    for head, length in (("devices", 2), ("defaults", 3)):
        if path[:1] == (head,) and len(path) > length + 1 and path[length] == "params":
            return (*path[:length], *path[length + 1 :])
    return path


def _in_order(problems: Iterable[Problem], files: tuple[str, ...]) -> Iterator[Problem]:
    """Yield each place and message once, file by file: a wrong key of a role is found in each of its devices."""
    numbers = {file: number for number, file in enumerate(files)}
    seen: set[tuple[str, int, int, str]] = set()
    for problem in sorted(problems, key=lambda one: (numbers[one.file], one.line, one.column)):
        identity = (problem.file, problem.line, problem.column, problem.message)
        if identity not in seen:
            seen.add(identity)
            yield problem


def _completed(root: Node, folder: Path, kinds: Kinds) -> Node:
    """Return the tree with what the files leave out: empty entries, roles' keys, the state's place beside the file."""
    sections = {name: entry for name, entry in root.mapping.items() if entry.node.value is not None}
    for name in Document.model_fields:
        if name in sections and _holds_ids(name):
            sections[name] = _without_nulls(sections[name])
    if "devices" in sections:
        roles = _roles(sections)
        sections["devices"] = _with_roles(
            sections["devices"], roles, frozenset(RoleDefaults.model_fields) | set(kinds.params)
        )
    sections.setdefault("state", Entry(root.mark, Node(root.mark, {})))
    state = sections["state"]
    if isinstance(state.node.value, dict) and "directory" not in state.node.value:
        place = Entry(state.mark, Node(state.mark, Located("state", folder)))
        sections["state"] = Entry(state.mark, Node(state.node.mark, {**state.node.value, "directory": place}))
    return Node(root.mark, sections)


def _holds_ids(section: str) -> bool:
    return Document.model_fields[section].default_factory is dict


def _without_nulls(section: Entry) -> Entry:
    """``rathaus:`` with nothing after it is a site of which nothing more is said."""
    entries = {
        key: entry if entry.node.value is not None else Entry(entry.mark, Node(entry.node.mark, {}))
        for key, entry in section.node.mapping.items()
    }
    return Entry(section.mark, Node(section.node.mark, entries)) if entries else section


def _roles(sections: Mapping[str, Entry]) -> Mapping[str, Entry]:
    defaults = sections.get("defaults")
    roles = defaults.node.mapping.get("roles") if defaults else None
    return roles.node.mapping if roles else {}


def _with_roles(section: Entry, roles: Mapping[str, Entry], inherited: frozenset[str]) -> Entry:
    devices = {
        key: Entry(entry.mark, _with_role(entry.node, roles, inherited)) for key, entry in section.node.mapping.items()
    }
    return Entry(section.mark, Node(section.node.mark, devices)) if devices else section


def _with_role(device: Node, roles: Mapping[str, Entry], inherited: frozenset[str]) -> Node:
    """Return a device completed by its role; the device's own keys win."""
    role = device.mapping.get("role")
    brought = roles.get(str(role.node.value)) if role else None
    if brought is None:
        return device
    keys = {key: entry for key, entry in brought.node.mapping.items() if key in inherited}
    return Node(device.mark, {**keys, **device.mapping})
