"""One thing that a controller tells of, as far as it is understood, and how the things are called. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal, NamedTuple

from agent import neutral
from agent.contract import MetricFamily
from collectors.redfish.resource import Resource, child, text

Space = Literal["part", "group", "temperature", "voltage", "power", "whole"]
"""Things of one space have labels that differ."""

_GENERIC = frozenset(
    {
        *("", "solid", "state", "ssd", "hdd", "nvme", "sas", "sata", "drive", "disk", "physical", "logical", "virtual"),
        *("fan", "psu", "power", "supply", "battery", "system", "temperature", "temp", "sensor", "voltage"),
        *("volume", "array", "raid", "storage", "controller", "unit", "module", "bay", "slot", "device"),
    }
)

_GONE = frozenset({"absent", "disabled", "standbyoffline"})


class Figure(NamedTuple):
    """A measured value in base units; ``of`` is what is appended to the thing's name, e.g. `` input``."""

    family: MetricFamily
    value: float | None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part, a sensor or a redundant group.

    ``ok``: whether it is well, None where it does not say. ``fed``: of a power supply, whether mains is there.
    ``intake``: it measures the air that the machine takes in.
    """

    space: Space
    kind: str
    name: str
    id: str
    owner: str
    ok: bool | None = None
    figures: tuple[Figure, ...] = ()
    fed: bool | None = None
    intake: bool = False
    source: Resource | None = None

    @property
    def is_failed(self) -> bool:
        """Whether it says that something is not well."""
        health = (figure.value for figure in self.figures if figure.family is neutral.HARDWARE_OK)
        return self.ok is False or self.fed is False or 0.0 in health


def is_there(resource: Resource) -> bool:
    """Whether the part is there and on: an empty bay, a switched-off or standing-by part neither fails nor measures."""
    return text(child(resource, "Status"), "State").casefold() not in _GONE


def is_well(resource: Resource) -> bool | None:
    """Return what the part's own health says (DSP0268 Status.Health): Warning and Critical are not well."""
    return _well(text(child(resource, "Status"), "Health"))


def _well(health: str) -> bool | None:
    if health.casefold() in {"warning", "critical"}:
        return False
    return True if health.casefold() == "ok" else None


def identity(resource: Resource, otherwise: str = "") -> tuple[str, str]:
    """Return name and id of a resource or array entry: what it calls itself, else the id, else ``otherwise``."""
    own = text(resource, "MemberId", "Id") or text(resource, "@odata.id").rpartition("/")[2]
    return text(resource, "Name", "FanName", "DeviceName") or own or otherwise, own


def health_of(source: Resource, what: str) -> Figure:
    """Return the health of something that is measured, beside its value."""
    well = is_well(source)
    return Figure(neutral.HARDWARE_OK, None if well is None else float(well), f" {what}")


def overall(resource: Resource) -> bool | None:
    """Return what a resource says of itself and all that belongs to it (Status.HealthRollup, else Health)."""
    status = child(resource, "Status")
    return _well(text(status, "HealthRollup") or text(status, "Health"))


def labels(pieces: Sequence[Piece]) -> list[str]:
    """Return each piece's label, such that no two series are the same.

    Its name; where that alone is generic ("SSD") with its id, or its position where it has none, whether others are
    called the same now or not: a label must not change because a neighbour was pulled. With id, kind and chassis where
    that is not enough.
    """
    ways = [_ways(one, position) for one, position in zip(pieces, _positions(pieces), strict=True)]
    chosen = [way[0] for way in ways]
    for level in range(1, len(ways[0]) if ways else 1):
        taken = Counter(claim for one, label in zip(pieces, chosen, strict=True) for claim in _claims(one, label))
        shared = [any(taken[claim] > 1 for claim in _claims(*pair)) for pair in zip(pieces, chosen, strict=True)]
        chosen = [way[level] if more else label for way, label, more in zip(ways, chosen, shared, strict=True)]
    return _numbered(pieces, chosen)


def _positions(pieces: Sequence[Piece]) -> list[int]:
    """Return which one of its chassis' things of this kind and name each piece is, from 1 on."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[int] = []
    for one in pieces:
        seen[one.owner, one.space, one.kind, one.name] += 1
        found.append(seen[one.owner, one.space, one.kind, one.name])
    return found


def _ways(one: Piece, position: int) -> tuple[str, str, str, str]:
    of_id = f"{one.name} ({one.id})" if one.id and one.id != one.name else one.name
    alone = f"{one.name} {position}" if not one.id and one.space == "part" else of_id
    first = alone if _is_generic(one) else one.name
    return first, alone, f"{one.kind} {alone}", f"{one.owner} {one.kind} {alone}".lstrip()


def _is_generic(one: Piece) -> bool:
    model = "" if one.source is None else text(one.source, "Model")
    return one.name == model or set(re.split(r"\W+", one.name.casefold())) <= _GENERIC


def _claims(one: Piece, label: str) -> set[tuple[str, str]]:
    """Return what no other piece may be called: family and label of each series, and the part in the asset register."""
    family = neutral.REDUNDANCY_OK if one.space == "group" else neutral.HARDWARE_OK
    found = {(figure.family.name, label + figure.of) for figure in one.figures if figure.value is not None}
    found |= {(family.name, label)} if one.ok is not None else set()
    found |= {("input", label)} if one.fed is not None else set()
    return found | {(one.space, label)}


def _numbered(pieces: Sequence[Piece], chosen: Sequence[str]) -> list[str]:
    """Append its position to each label that is taken already."""
    taken: set[tuple[str, str]] = set()
    found: list[str] = []
    for one, label in zip(pieces, chosen, strict=True):
        numbers = (label if number == 1 else f"{label} #{number}" for number in count(1))
        free = next(name for name in numbers if taken.isdisjoint(_claims(one, name)))
        taken |= _claims(one, free)
        found.append(free)
    return found
