"""Module files: both shapes of ``snmp.yml``, and what is wrong in one.

Newer files hold ``auths`` and ``modules``; older ones hold the modules at the top, each with its own ``auth``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from collectors.snmp.modules.filters import Filter
from collectors.snmp.modules.located import faults_of
from collectors.snmp.modules.merging import contradicts
from collectors.snmp.modules.module import Index, Lookup, Metric, Module, RegexExtract
from collectors.snmp.modules.yamlfile import Document, Fault, Place, read_document
from config.errors import did_you_mean

NEW_KEYS = frozenset({"auths", "modules", "version", "profile"})
"""Keys at the top of a newer file, and of a profile's."""
_MODULES = TypeAdapter(dict[str, Module])
_WITHIN: Mapping[str, type[BaseModel]] = {
    "metrics": Metric,
    "indexes": Index,
    "lookups": Lookup,
    "regex_extracts": RegexExtract,
    "filters": Filter,
}
"""What the entries under a key are."""


def load_modules(path: Path) -> dict[str, Module]:
    """Return the modules of an ``snmp.yml`` file by name. Raises ModuleError with all that is wrong."""
    document = read_document(path)
    tree, faults = document.tree()
    found, more = parse_modules(tree, document)
    if faults or more:
        raise document.error([*faults, *more])
    return found


def parse_modules(tree: Mapping[str, Any], document: Document) -> tuple[dict[str, Module], list[Fault]]:
    """Return the modules of a file in either shape, and what is wrong with them."""
    top: Place = ()
    section: Any = tree
    faults: list[Fault] = []
    if tree.keys() & (NEW_KEYS - {"version"}):
        top, section = ("modules",), tree.get("modules")
        for key in tree.keys() - NEW_KEYS:
            hint = did_you_mean(key, NEW_KEYS) or "a module belongs under modules"
            faults.append(document.fault((key,), f"unknown key; {hint}"))
    try:
        found = _MODULES.validate_python(section or {})
    except ValidationError as error:
        return {}, [*faults, *faults_of(error, document, top, _keys_at)]
    return found, [*faults, *_contradictions(found, document, top)]


def _contradictions(modules: Mapping[str, Module], document: Document, top: Place) -> Iterator[Fault]:
    """Yield metrics of which one family would be of two types: nobody could read it."""
    for name, module in modules.items():
        types: dict[str, str] = {}
        for at, metric in {metric.oid: (at, metric) for at, metric in enumerate(module.metrics)}.values():
            if contradiction := contradicts(metric, types):
                yield document.fault((*top, name, "metrics", at), contradiction)


def _keys_at(place: Place) -> Collection[str]:
    """Return what may stand where the last key of a place stands."""
    for step in reversed(place[:-1]):
        if isinstance(step, str) and step in _WITHIN:
            return _WITHIN[step].model_fields
    return Module.model_fields
