"""Vendors: how to recognise one, which modules to read, what its objects mean in neutral families.

One YAML file each in ``profiles/``: the ``snmp.yml`` schema plus one section ``profile``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from agent.contract import MetricFamily
from agent.neutral import NEUTRAL
from collectors.snmp.module import Module, ModuleError, Oid, load_modules, parse_modules, read_yaml
from collectors.snmp.oid import is_under

SHIPPED = Path(__file__).with_name("profiles")
GENERIC = "generic"
T = TypeVar("T")
_NEUTRAL: Mapping[str, MetricFamily] = {family.name: family for family in NEUTRAL}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Match(_Strict):
    """How a device is recognised: by sysObjectID, else by sysDescr, else by an instance that it answers."""

    sys_object_id: tuple[Oid, ...] = ()
    sys_descr: str = ""
    probe: Oid = ""


class Quirks(_Strict):
    """What a device cannot do: GETBULK, keep its rows in order, answer many rows at once."""

    bulk: bool = True
    unordered: bool = False
    max_repetitions: int | None = None


class Where(_Strict):
    """A row counts only if another column's text at the same index matches."""

    column: Oid
    match: str


class Source(_Strict):
    """Where a label's value comes from; exactly one way.

    ``column``: text of that column at the row's index, or at its first ``index`` parts. ``ordinal``: 1, 2, … by
    ascending index of the rows of that column whose text matches ``match``; a row without a place there is dropped (if
    no row matches, all rows of ``fallback`` count). ``group``: a group of ``where.match``. ``const``: the text itself.
    """

    column: Oid = ""
    index: int | None = None
    ordinal: Oid = ""
    match: str = ""
    fallback: Oid = ""
    group: int | None = None
    const: str = ""


def _sources(raw: object) -> object:
    many = cast("Sequence[object]", raw) if isinstance(raw, (list, tuple)) else [raw]
    return tuple({"const": one} if isinstance(one, str) else one for one in many)


Sources = Annotated[tuple[Source, ...], BeforeValidator(_sources)]


class Neutral(_Strict):
    """How one object becomes a neutral family: ``raw * scale + offset``, with the sentinels in ``absent`` dropped.

    ``map`` replaces raw values first (what it does not name is absent); ``above`` gives 1 for larger ones, else 0.
    ``scale_column`` names a column with a divisor (negative) or factor (positive) for each row. With ``reduce: max``
    all rows become one. Of two entries that give the same series the first with a value counts.
    """

    family: str
    oid: Oid
    object: str = ""
    scale: float = 1.0
    offset: float = 0.0
    scale_column: Oid = ""
    absent: tuple[float, ...] = ()
    above: float | None = None
    map: dict[int, float] | None = None
    where: Where | None = None
    reduce: Literal["max"] | None = None
    labels: dict[str, Sources] = {}

    @cached_property
    def metric_family(self) -> MetricFamily:
        """The neutral family that it fills."""
        return _NEUTRAL[self.family]


class Profile(_Strict):
    """A vendor's section of its file."""

    match: Match = Match()
    modules: tuple[str, ...] = ()
    facts: dict[str, Oid] = {}
    quirks: Quirks = Quirks()
    labels: dict[str, Sources] = {}
    neutral: tuple[Neutral, ...] = ()
    walk: tuple[Oid, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """All profiles and modules that are known: the shipped set, and those of the user's files."""

    profiles: Mapping[str, Profile]
    modules: Mapping[str, Module]

    def profile(self, name: str) -> Profile:
        """Return a profile. Raises KeyError whose text says what was likely meant."""
        return _named(name, self.profiles, ("auto", "none"))

    def module(self, name: str) -> Module:
        """Return a module. Raises KeyError whose text says what was likely meant."""
        return _named(name, self.modules)

    def recognise(self, sys_object_id: str, sys_descr: str) -> str | None:
        """Return the profile with the longest fitting sysObjectID prefix, else the first whose sysDescr fits."""
        prefixes = [
            (len(prefix), name)
            for name, profile in self.profiles.items()
            for prefix in profile.match.sys_object_id
            if is_under(sys_object_id, prefix)
        ]
        if prefixes:
            return max(prefixes)[1]
        for name, profile in self.profiles.items():
            if profile.match.sys_descr and re.search(profile.match.sys_descr, sys_descr):
                return name
        return None

    @property
    def probes(self) -> dict[str, str]:
        """Probe instance of each profile that has one, by profile name."""
        return {name: profile.match.probe for name, profile in self.profiles.items() if profile.match.probe}

    def families(self) -> tuple[MetricFamily, ...]:
        """All families of all modules and profiles, each once."""
        found = {
            family.name: family
            for module in self.modules.values()
            for metric in module.metrics
            for family in metric.families
        }
        return (*found.values(), *NEUTRAL)


def _named(name: str, known: Mapping[str, T], also: Iterable[str] = ()) -> T:
    if name in known:
        return known[name]
    close = get_close_matches(name, [*known, *also], 1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(sorted([*known, *also]))}"
    raise KeyError(f"unknown name {name!r} ({hint})")


def load_library(files: Sequence[Path] = (), folder: Path = SHIPPED) -> Library:
    """Read the shipped profiles and the user's module files (which win over shipped names). Raises ModuleError."""
    profiles: dict[str, Profile] = {}
    modules: dict[str, Module] = {}
    for path in sorted(folder.glob("*.yml")):
        tree = read_yaml(path)
        modules |= parse_modules(tree, path)
        profiles[path.stem] = _parse_profile(tree.get("profile", {}), path)
    for path in files:
        modules |= load_modules(path)
    return Library(profiles, modules)


def _parse_profile(raw: object, path: Path) -> Profile:
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ModuleError(f"{path}: profile.{where}: {first['msg']}") from error
    for entry in profile.neutral:
        if entry.family not in _NEUTRAL:
            raise ModuleError(f"{path}: profile.neutral: {entry.family} is no neutral family")
    return profile
