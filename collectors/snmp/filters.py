"""Which rows of a table are read: all of a module's ``filters``. Pure.

The file lists dynamic filters: ``oid`` is walked, and of the ``targets`` only the rows are got at whose index its text
matches one of ``values``. A static filter names the ``indices`` itself. generator.yml's form (``static``, ``dynamic``)
is read as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, RootModel, model_validator

from collectors.snmp.oid import Value
from collectors.snmp.patterns import compile_re2


def _oid(raw: object) -> str:
    oid = str(raw).strip().removeprefix(".")
    if not all(part.isascii() and part.isdigit() for part in oid.split(".")):
        raise ValueError(f"{raw!r} is no numeric OID")
    return oid


def _regex(text: str) -> str:
    compile_re2(text)
    return text


_Oid = Annotated[str, BeforeValidator(_oid)]


class Filter(BaseModel):
    """One filter: with ``oid`` and ``values`` dynamic, with ``indices`` static."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    oid: Annotated[str, BeforeValidator(lambda raw: _oid(raw) if raw else "")] = ""
    targets: tuple[_Oid, ...] = ()
    values: tuple[Annotated[str, AfterValidator(_regex)], ...] = ()
    indices: tuple[_Oid, ...] = ()

    @model_validator(mode="after")
    def _either(self) -> Filter:
        if bool(self.oid) == bool(self.indices):
            raise ValueError("a filter has either oid and values (dynamic) or indices (static)")
        return self

    def allowed(self, rows: Iterable[tuple[str, Value]]) -> tuple[str, ...]:
        """Return the instances of the targets to get, by the rows of ``oid``: OID and value."""
        patterns = [compile_re2(value) for value in self.values]
        kept = [oid for oid, value in rows if any(pattern.search(_text(value)) for pattern in patterns)]
        indices = [oid[len(self.oid) + 1 :] for oid in kept]
        return tuple(f"{target}.{index}" for target in self.targets for index in indices if index)


def _text(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


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
        """What static filters name."""
        return tuple(f"{target}.{index}" for one in self.root for target in one.targets for index in one.indices)
