"""What to read and how to name it: the ``snmp.yml`` schema of prometheus/snmp_exporter, both of its shapes.

Newer files hold ``auths`` and ``modules``; older ones hold the modules at the top, each with its own ``auth``.
Credentials are never taken from such a file: they belong to the inventory. ``filters`` are read over: more rows come,
none of them wrong.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, cast

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from agent.contract import MetricFamily, MetricType

MAX_FILE_BYTES = 32 << 20
TEXT_TYPES = frozenset(
    {
        "DisplayString",
        "OctetString",
        "PhysAddress48",
        "InetAddress",
        "InetAddressIPv4",
        "InetAddressIPv6",
        "InetAddressMissingSize",
        "IpAddr",
        "LldpPortId",
    }
)


class ModuleError(ValueError):
    """A module file cannot be used; the text says which and why."""


class _Node(BaseModel):
    """Frozen; what only a newer snmp_exporter knows is read over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


Oid = Annotated[str, BeforeValidator(lambda raw: str(raw).strip().removeprefix("."))]


class Index(_Node):
    """One part of a row's index, and the label that shows it."""

    labelname: str
    type: str = "gauge"
    fixed_size: int = 0
    implied: bool = False
    enum_values: dict[int, str] = {}

    @property
    def recipe(self) -> str:
        """Identity: equal recipes give equal labels."""
        return repr(self)


class Lookup(_Node):
    """A label that another column of the row knows; without ``oid`` the label is dropped."""

    labelname: str
    labels: tuple[str, ...] = ()
    oid: Oid = ""
    type: str = "DisplayString"


class RegexExtract(_Node):
    """A number found in a text: ``value`` is a template over the groups (``$1``) of ``regex``."""

    regex: str
    value: str = "$1"


class Metric(_Node):
    """One object: a column or a scalar."""

    name: str
    oid: Oid
    type: str = "gauge"
    help: str = ""
    indexes: tuple[Index, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    enum_values: dict[int, str] = {}
    regex_extracts: dict[str, tuple[RegexExtract, ...]] = {}
    datetime_pattern: str = ""
    scale: float = 0.0
    offset: float = 0.0

    @cached_property
    def index_labels(self) -> tuple[str, ...]:
        """Names of the labels that name a row, in order."""
        names = [index.labelname for index in self.indexes]
        for lookup in self.lookups:
            if not lookup.oid:
                names = [name for name in names if name != lookup.labelname]
            elif lookup.labelname not in names:
                names.append(lookup.labelname)
        return tuple(names)

    @cached_property
    def recipe(self) -> str:
        """Identity of how its rows are labelled: columns with one recipe share their rows."""
        return repr((self.indexes, self.lookups))

    @property
    def is_text(self) -> bool:
        """Whether its values are shown as a label of a series that is always 1."""
        return self.type in TEXT_TYPES and not self.regex_extracts

    @cached_property
    def family(self) -> MetricFamily:
        """The family of its series; for regex_extracts use ``families``."""
        kind: MetricType = "counter" if self.type == "counter" else "gauge"
        name, labels = self.name, self.index_labels
        if self.type == "EnumAsInfo":
            name += "_info"
        if (self.is_text or self.type in {"EnumAsInfo", "EnumAsStateSet", "Bits"}) and self.name not in labels:
            labels = (*labels, self.name)
        return MetricFamily(name, kind, self.help, labels)

    @cached_property
    def extracts(self) -> tuple[tuple[MetricFamily, tuple[RegexExtract, ...]], ...]:
        """The family and the patterns of each suffix of ``regex_extracts``."""
        return tuple(
            (MetricFamily(self.name + suffix, "gauge", f"{self.help} (regex extracted)", self.index_labels), patterns)
            for suffix, patterns in self.regex_extracts.items()
        )

    @property
    def families(self) -> tuple[MetricFamily, ...]:
        """All families that it yields."""
        return tuple(family for family, _ in self.extracts) if self.regex_extracts else (self.family,)


class Module(_Node):
    """A named set of objects: subtrees to walk, instances to get, and the metrics in them."""

    walk: tuple[Oid, ...] = ()
    get: tuple[Oid, ...] = ()
    metrics: tuple[Metric, ...] = ()


_MODULES = TypeAdapter(dict[str, Module])


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file with every scalar as text (``on``, ``1.10``). Raises ModuleError."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ModuleError(f"{path}: larger than {MAX_FILE_BYTES >> 20} MB")
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        tree = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - the base loader builds only text, lists, mappings
    except (OSError, yaml.YAMLError, RecursionError) as error:
        raise ModuleError(f"{path}: {error}") from error
    if not isinstance(tree, dict):
        raise ModuleError(f"{path}: not a mapping of modules")
    return cast("dict[str, Any]", tree)


def parse_modules(tree: dict[str, Any], path: Path) -> dict[str, Module]:
    """Return the modules of a file in either shape. Raises ModuleError."""
    found = tree.get("modules", None if "auths" in tree or "profile" in tree else tree)
    try:
        return _MODULES.validate_python(found or {})
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ModuleError(f"{path}: {where}: {first['msg']}") from error


def load_modules(path: Path) -> dict[str, Module]:
    """Return the modules of an ``snmp.yml`` file by name. Raises ModuleError."""
    return parse_modules(read_yaml(path), path)
