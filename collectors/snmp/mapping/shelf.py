"""Files of modules and profiles, each read once: as long as its bytes are the same, so is what was made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from collectors.snmp.mapping import entry, schema
from collectors.snmp.mapping.schema import Profile
from collectors.snmp.modules.located import faults_of
from collectors.snmp.modules.modfile import parse_modules
from collectors.snmp.modules.module import Module
from collectors.snmp.modules.yamlfile import Document, Fault, Place, read_document

SHIPPED = Path(__file__).parents[1] / "profiles"
SECTION = "profile"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one file says."""

    document: Document
    modules: Mapping[str, Module]
    profile: Profile | None

    @property
    def path(self) -> Path:
        """The file."""
        return self.document.path


@cache
def shipped_sheets() -> tuple[Sheet, ...]:
    """Return what is shipped, read once: some seventy files, frozen and always the same."""
    return tuple(_sheet(read_document(path)) for path in sorted(SHIPPED.glob("*.yml")))


def read_sheets(files: Sequence[Path]) -> tuple[Sheet, ...]:
    """Return what the user's files say. Raises ModuleError with all that is wrong in them."""
    sheets = _sheets(tuple(read_document(path) for path in files))
    _told_once(sheets)
    return sheets


@lru_cache(maxsize=1)
def _sheets(documents: tuple[Document, ...]) -> tuple[Sheet, ...]:
    """Return what the files say; of the last set only, so that no file of long ago stays in memory."""
    return tuple(_sheet(document) for document in documents)


def _sheet(document: Document) -> Sheet:
    tree, faults = document.tree()
    modules, wrong = parse_modules(tree, document)
    profile, more = _profile(tree[SECTION], document) if SECTION in tree else (None, [])
    if faults or wrong or more:
        raise document.error([*faults, *wrong, *more])
    return Sheet(document, modules, profile)


def _profile(raw: Any, document: Document) -> tuple[Profile | None, list[Fault]]:
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        return None, list(faults_of(error, document, (SECTION,), _keys_at))
    missing = [key for key in ("title", "kind") if not getattr(profile, key)]
    return profile, [document.fault((SECTION,), f"needs a {key}") for key in missing]


def _told_once(sheets: Sequence[Sheet]) -> None:
    """Raise where two of the user's files define one name: only what is shipped may be replaced."""
    owners: dict[tuple[str, str], Sheet] = {}
    for sheet in sheets:
        for kind, name, place in _defined(sheet):
            first = owners.setdefault((kind, name), sheet)
            if first is not sheet:
                there = f"{first.path}:{first.document.line_of(place)}"
                raise sheet.document.error([sheet.document.fault(place, f"{there} has a {kind} of this name, too")])


def _defined(sheet: Sheet) -> Iterator[tuple[str, str, Place]]:
    for name in sheet.modules:
        yield "module", name, ("modules", name)
    if sheet.profile is not None:
        yield "profile", sheet.path.stem, (SECTION,)


@cache
def _profile_keys() -> frozenset[str]:
    """Return all keys that a profile may have anywhere."""
    models = [one for one in (*vars(entry).values(), *vars(schema).values()) if isinstance(one, type)]
    return frozenset(
        field.alias or name
        for model in models
        if issubclass(model, BaseModel)
        for name, field in model.model_fields.items()
    )


def _keys_at(_place: Place) -> Collection[str]:
    return _profile_keys()
