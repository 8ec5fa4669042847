"""What a device is, which profiles it gets and why, and what a poll of it brings: for people, and as data. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.contract import Harvest
from agent.neutral import NEUTRAL
from collectors.snmp.identity.facts import SYSTEM_FACTS
from collectors.snmp.mapping.checks import ENTERPRISES
from collectors.snmp.mapping.library import GENERIC, Library
from collectors.snmp.mapping.recognise import Device
from collectors.snmp.oid import is_under

_NEUTRAL = frozenset(family.name for family in NEUTRAL)
NEAREST = 5
"""Profiles that are named to whoever has a device that none fits."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A profile that applies, and why."""

    name: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """A subtree that is walked, who wants it, how many rows came; every so many seconds, None: in each poll."""

    oid: str
    wanted_by: tuple[str, ...]
    rows: int
    every: int | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A neutral series."""

    family: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Stranger:
    """What is known of a device that no profile of its own fits."""

    enterprise: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """All that one poll shows; every text that a device wrote is clean. ``stranger``: no profile is its own."""

    system: Mapping[str, str]
    facts: Mapping[str, str]
    profiles: tuple[Applied, ...]
    modules: tuple[str, ...]
    tables: tuple[Table, ...]
    values: tuple[Value, ...]
    series: int
    missing: tuple[str, ...]
    stranger: Stranger | None


def describe(device: Device, harvest: Harvest, rows: Mapping[str, int], library: Library) -> Identity:
    """Return what a poll showed; ``rows`` counts them by the root that was walked."""
    system = {name: harvest.facts[name] for name in SYSTEM_FACTS if name in harvest.facts}
    return Identity(
        system,
        {name: text for name, text in harvest.facts.items() if name not in system},
        tuple(Applied(name, library.profile(name).title, why) for name, why in device.profiles.items()),
        tuple(device.modules),
        tuple(_tables(device, rows)),
        tuple(_values(harvest)),
        harvest.layout.size,
        harvest.partial,
        _stranger(system, library) if GENERIC in device.profiles else None,
    )


def _tables(device: Device, rows: Mapping[str, int]) -> Iterator[Table]:
    for root in device.roots:
        count = sum(number for oid, number in rows.items() if is_under(oid, root.oid))
        yield Table(root.oid, tuple(sorted({name.split(" ")[0] for name in root.modules})), count, root.every)


def _values(harvest: Harvest) -> Iterator[Value]:
    for column in harvest.layout.columns:
        if column.family.name in _NEUTRAL:
            for labels, value in zip(column.rows.values, harvest.values[column.start : column.stop], strict=True):
                yield Value(column.family.name, dict(zip(column.rows.names, labels, strict=True)), value)


def _stranger(system: Mapping[str, str], library: Library) -> Stranger:
    object_id = system.get("sys_object_id", "")
    enterprise = object_id.removeprefix(ENTERPRISES).split(".")[0] if object_id.startswith(ENTERPRISES) else ""
    words = {word.casefold() for word in system.get("sys_descr", "").split()}
    near: list[tuple[int, str]] = []
    for name, profile in library.profiles.items():
        oids = (*profile.match.sys_object_id, profile.match.probe or "")
        same_vendor = bool(enterprise) and any(is_under(oid, ENTERPRISES + enterprise) for oid in oids)
        same_words = words & {word.casefold().strip(",()") for word in profile.title.split()}
        if same_vendor or any(len(word) > 3 for word in same_words):
            near.append((-2 * same_vendor - bool(same_words), name))
    return Stranger(enterprise, tuple(name for _, name in sorted(near)[:NEAREST]))
