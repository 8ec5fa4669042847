"""All vendors' profiles and modules that are known: the shipped set, and those of the user's files.

One YAML file each in ``profiles/``: the ``snmp.yml`` schema plus one section ``profile`` (see ``schema``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from agent.contract import MetricFamily
from agent.neutral import NEUTRAL
from collectors.snmp.mapping.checks import check_profile, clashes
from collectors.snmp.mapping.entry import Neutral, Source, Where
from collectors.snmp.mapping.schema import Profile, Quirks
from collectors.snmp.mapping.shelf import SECTION, SHIPPED, read_sheets, shipped_sheets
from collectors.snmp.modules.module import Module, ModuleError
from collectors.snmp.modules.yamlfile import Document, Fault

__all__ = ["GENERIC", "SHIPPED", "Library", "Neutral", "Profile", "Quirks", "Source", "Where", "load_library"]

GENERIC = "generic"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Library:
    """Profiles and modules by name; ``origins`` says which file a profile comes from.

    Libraries of the same files have the same ``revision``.
    """

    profiles: Mapping[str, Profile]
    modules: Mapping[str, Module]
    origins: Mapping[str, Document]
    revision: str = ""

    def profile(self, name: str) -> Profile:
        """Return a profile. Raises KeyError whose text says what was likely meant."""
        return _named(name, self.profiles, ("auto", "none"))

    def module(self, name: str) -> Module:
        """Return a module. Raises KeyError whose text says what was likely meant."""
        return _named(name, self.modules)

    @property
    def probes(self) -> dict[str, str]:
        """Probe of each profile that has one, by profile name."""
        return {name: probe for name, profile in self.profiles.items() if (probe := profile.match.probe)}

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


def load_library(files: Sequence[Path] = (), *, shipped: bool = True) -> Library:
    """Read the shipped profiles, if wanted, and the user's module files, which win over shipped names.

    Raises ModuleError, with file and line, where one is wrong or two cannot both be right.
    """
    sheets = (*(shipped_sheets() if shipped else ()), *read_sheets(files))
    profiles: dict[str, Profile] = {}
    modules: dict[str, Module] = {}
    origins: dict[str, Document] = {}
    for sheet in sheets:
        modules |= sheet.modules
        if sheet.profile is not None:
            profiles[sheet.path.stem] = sheet.profile
            origins[sheet.path.stem] = sheet.document
    revision = hashlib.sha256("".join(sheet.document.digest for sheet in sheets).encode()).hexdigest()
    library = Library(profiles, modules, origins, revision)
    _check(library)
    return library


def _check(library: Library) -> None:
    """Raise what only several sections together show: unknown modules, columns that nobody reads, two that clash."""
    origins = library.origins
    wrong: dict[str, list[Fault]] = {}
    for name, profile in library.profiles.items():
        for place, message in check_profile(profile, library.profiles, library.modules):
            wrong.setdefault(name, []).append(origins[name].fault((SECTION, *place), message))
    for (one, place), (other, there), family in clashes(library.profiles):
        also = f"{origins[one].path}:{origins[one].line_of((SECTION, *place))}"
        message = f"{family} also comes from {also}, and a device can have both: needs instead_of: [{one}]"
        wrong.setdefault(other, []).append(origins[other].fault((SECTION, *there), message))
    if wrong:
        raise ModuleError("\n".join(str(origins[name].error(faults)) for name, faults in wrong.items()))
