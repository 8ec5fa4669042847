"""Drives, volumes and storage controllers; memory and processors as a whole; what is not well and has no name.

Source: DMTF DSP0268 Storage, Drive, Volume, ComputerSystem.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent import neutral
from collectors.redfish.machine import Machine, Storage, System
from collectors.redfish.pieces import Figure, Piece, identity, is_there, is_well, overall
from collectors.redfish.resource import Resource, child, number, rows, text

STORED = frozenset({"controller", "array", "drive"})


def parts_of(system: System, owner: str) -> Iterator[Piece]:
    """Yield what a computer consists of, as far as it can fail."""
    for summary, name in (("MemorySummary", "memory"), ("ProcessorSummary", "processors")):
        one = child(system.system, summary)
        if is_there(one) and is_well(one) is not None:
            yield Piece("part", name, name, "", owner, is_well(one))
    for storage in system.storage:
        yield from _of(storage, owner)


def rest_of(machine: Machine, named: Sequence[Piece]) -> Iterator[Piece]:
    """Yield what chassis, computers and storage say of themselves as a whole (Health, HealthRollup).

    It is the net below the parts: it tells only where no part explains that something is not well.
    """
    found = [*named]
    for system in machine.systems:
        stores = [piece for piece in named if piece.kind in STORED]
        found += _wholes("storage", [one.storage for one in system.storage], stores)
    found += _wholes("system", [one.system for one in machine.systems], found)
    found += _wholes("chassis", [one.chassis for one in machine.chassis], found)
    yield from found[len(named) :]


def _wholes(kind: str, found: Sequence[Resource], parts: Sequence[Piece]) -> list[Piece]:
    explained = any(piece.is_failed for piece in parts)
    told = [(one, overall(one)) for one in found if is_there(one)]
    return [
        Piece("whole", kind, f"{kind} {name} as a whole", own, "", well)
        for one, well in told
        for name, own in [identity(one, kind)]
        if well is not None and not (explained and not well)
    ]


def _of(storage: Storage, owner: str) -> Iterator[Piece]:
    controllers = storage.controllers or rows(storage.storage, "StorageControllers")
    for kind, found in (("controller", controllers), ("array", storage.volumes)):
        for one in found:
            if is_there(one):
                name, own = identity(one, kind)
                yield Piece("part", kind, name, own, owner, is_well(one), source=one)
    for one in storage.drives:
        if is_there(one):
            yield _drive(one, owner)


def _drive(one: Resource, owner: str) -> Piece:
    name, own = identity(one, "drive")
    ok = False if one.get("FailurePredicted") is True else is_well(one)
    left = number(one, "PredictedMediaLifeLeftPercent")
    wears = left is not None and text(one, "MediaType").casefold() != "hdd"
    life = (Figure(neutral.HARDWARE_LIFE, left / 100),) if left is not None and wears else ()
    return Piece("part", "drive", name, own, owner, ok, life, source=one)
