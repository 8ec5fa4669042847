"""All vendors' profiles and modules that are known: the shipped set, and those of the user's files.

One YAML file each in ``profiles/``: the ``snmp.yml`` schema plus one section ``profile`` (see ``schema``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from agent.contract import MetricFamily
from agent.neutral import NEUTRAL
from collectors.snmp.checks import check_profile, clashes
from collectors.snmp.entry import Neutral, Source, Where
from collectors.snmp.located import explain, fault, line_of
from collectors.snmp.modfile import parse_modules, read_yaml
from collectors.snmp.module import Module
from collectors.snmp.schema import Profile, Quirks

__all__ = ["GENERIC", "Library", "Neutral", "Profile", "Quirks", "Source", "Where", "load_library"]

SHIPPED = Path(__file__).with_name("profiles")
GENERIC = "generic"
SECTION = "profile"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Library:
    """Profiles and modules by name; ``origins`` says which file a profile comes from."""

    profiles: Mapping[str, Profile]
    modules: Mapping[str, Module]
    origins: Mapping[str, Path]

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
    profiles: dict[str, Profile] = {}
    modules: dict[str, Module] = {}
    origins: dict[str, Path] = {}
    for path, found, profile in (*(_shipped() if shipped else ()), *map(_read, files)):
        modules |= found
        if profile is not None:
            profiles[path.stem] = profile
            origins[path.stem] = path
    library = Library(profiles, modules, origins)
    _check(library)
    return library


@cache
def _shipped() -> tuple[tuple[Path, Mapping[str, Module], Profile | None], ...]:
    """Return what is shipped, read once: some seventy files, frozen and always the same."""
    return tuple(_read(path) for path in sorted(SHIPPED.glob("*.yml")))


def _read(path: Path) -> tuple[Path, Mapping[str, Module], Profile | None]:
    tree = read_yaml(path)
    return path, parse_modules(tree, path), parse_profile(tree[SECTION], path) if SECTION in tree else None


def parse_profile(raw: Any, path: Path) -> Profile:
    """Return the profile of a file. Raises ModuleError with file, line and the likely meant key."""
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        raise explain(path, error, (SECTION,)) from error
    for key in ("title", "kind"):
        if not getattr(profile, key):
            raise fault(path, (SECTION,), f"needs a {key}")
    return profile


def _check(library: Library) -> None:
    """Raise what only several sections together show: unknown modules, columns that nobody reads, two that clash."""
    for name, profile in library.profiles.items():
        for place, message in check_profile(profile, library.profiles, library.modules):
            raise fault(library.origins[name], (SECTION, *place), message)
    for (one, place), (other, there), family in clashes(library.profiles):
        path = library.origins[one]
        line = line_of(path, (SECTION, *place))
        message = f"{family} also comes from {path}:{line}, and a device can have both: needs instead_of: [{one}]"
        raise fault(library.origins[other], (SECTION, *there), message)
