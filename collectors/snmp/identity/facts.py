"""What a device says of itself as a whole: name, place, vendor, model, serial number, firmware. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.layout import clean_text
from collectors.snmp.modules.texts import show
from collectors.snmp.oid import SYS_DESCR, SYS_LOCATION, SYS_NAME, SYS_OBJECT_ID, Value

CONSTANT = "="
"""Marks a text of the profile among the instances to read."""
SYSTEM_FACTS: Mapping[str, str] = {
    "sys_name": SYS_NAME,
    "sys_descr": SYS_DESCR,
    "sys_object_id": SYS_OBJECT_ID,
    "location": SYS_LOCATION,
}


@dataclass(frozen=True)
class FactSheet:
    """Where each fact comes from: instances and constants, the first that has a text wins."""

    sources: Mapping[str, tuple[str, ...]]

    @cached_property
    def oids(self) -> tuple[str, ...]:
        """Instances to get."""
        return tuple(dict.fromkeys(one for many in self.sources.values() for one in many if one[0] != CONSTANT))

    def read(self, scalars: Mapping[str, Value]) -> dict[str, str]:
        """Return the facts that there are, clean."""
        found = {name: self._first(many, scalars) for name, many in self.sources.items()}
        return {name: text for name, text in found.items() if text}

    def _first(self, many: Iterable[str], scalars: Mapping[str, Value]) -> str:
        texts = (one[1:] if one[0] == CONSTANT else show(scalars.get(one), "") for one in many)
        return next((clean for text in texts if (clean := clean_text(_unended(text)).strip())), "")


def _unended(text: str | bytes) -> str | bytes:
    """Return a device's text without the NULs that some end it with."""
    return text.rstrip(b"\0") if isinstance(text, bytes) else text


def sheet(facts: Iterable[Mapping[str, Sequence[str]]]) -> FactSheet:
    """Return the facts of several profiles, the device's own one first."""
    sources: dict[str, tuple[str, ...]] = {}
    for mapping in facts:
        for name, many in mapping.items():
            sources[name] = (*sources.get(name, ()), *many)
    return FactSheet(sources)
