"""Which rows of a table are read: all of a module's ``filters``. Pure.

The file lists dynamic filters: ``oid`` is walked, and of the ``targets`` only the rows are got at whose index its text
matches one of ``values``. A static filter names the ``indices`` itself. generator.yml's form (``static``, ``dynamic``)
is read as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, RootModel, model_validator

from collectors.snmp.modules.checked import MayBeNothing, Oid, OidOrNone, SearchPattern
from collectors.snmp.modules.patterns import compile_re2
from collectors.snmp.oid import Value, plain


class Filter(BaseModel):
    """One filter: with ``oid`` and ``values`` dynamic, with ``indices`` static."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    oid: OidOrNone = ""
    targets: Annotated[tuple[Oid, ...], MayBeNothing] = ()
    values: Annotated[tuple[SearchPattern, ...], MayBeNothing] = ()
    indices: Annotated[tuple[Oid, ...], MayBeNothing] = ()

    @model_validator(mode="after")
    def _either(self) -> Filter:
        if bool(self.oid) == bool(self.indices):
            raise ValueError("a filter has either oid and values (dynamic) or indices (static)")
        return self

    def rows(self, walked: Iterable[tuple[str, Value]]) -> tuple[str, ...]:
        """Return the indexes that it lets through, by the rows of ``oid``: OID and value."""
        patterns = [compile_re2(value) for value in self.values]
        kept = [oid for oid, value in walked if any(pattern.search(plain(value)) for pattern in patterns)]
        return tuple(index for oid in kept if (index := oid[len(self.oid) + 1 :]))


def _listed(raw: Any) -> Any:
    if isinstance(raw, dict):
        sections = cast("dict[str, Any]", raw)
        if unknown := sections.keys() - {"static", "dynamic"}:
            raise ValueError(f"unknown key {min(unknown)!r}: filters are a list, or have static and dynamic")
        return [entry for section in sections.values() for entry in section or ()]
    return raw or ()


class Filters(RootModel[Annotated[tuple[Filter, ...], BeforeValidator(_listed)]]):
    """All filters of a module."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[tuple[Filter, ...], BeforeValidator(_listed)] = ()

    @cached_property
    def dynamic(self) -> tuple[Filter, ...]:
        """Those whose rows a walk decides."""
        return tuple(one for one in self.root if one.oid)

    @cached_property
    def targets(self) -> frozenset[str]:
        """Objects that are not read whole."""
        return frozenset(target for one in self.root for target in one.targets)

    @cached_property
    def instances(self) -> tuple[str, ...]:
        """What static filters name, save in objects for which a dynamic one decides."""
        decided = {target for one in self.dynamic for target in one.targets}
        return tuple(
            f"{target}.{index}"
            for one in self.root
            for target in one.targets
            for index in one.indices
            if target not in decided
        )

    def allowed(self, chosen: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """Return the instances to get; ``chosen`` are the rows that each dynamic filter lets through.

        Of an object with several filters those rows remain that all of them let through.
        """
        rows: dict[str, Sequence[str]] = {}
        for one, indexes in zip(self.dynamic, chosen, strict=True):
            for target in one.targets:
                here = rows.get(target)
                rows[target] = indexes if here is None else [index for index in here if index in set(indexes)]
        return tuple(f"{target}.{index}" for target, indexes in rows.items() for index in indexes)
