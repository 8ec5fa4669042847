"""From a controller's resources to neutral samples, facts and parts. No I/O, no clock.

A value that the family cannot have (-128, 255, 0 K, 1e999) is a sentinel: it is left out, and the facts say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agent import neutral
from agent.contract import MetricFamily, Part
from agent.layout import Sample, clean_text
from collectors.redfish.heat import heat_of
from collectors.redfish.limits import MAX_SERIES
from collectors.redfish.machine import Machine
from collectors.redfish.pieces import Piece, labels
from collectors.redfish.power import groups_of, power_of
from collectors.redfish.resource import NOTHING, Resource, text
from collectors.redfish.storage import parts_of, rest_of

FAMILIES: tuple[MetricFamily, ...] = (
    neutral.DEVICE_INFO,
    neutral.HARDWARE_OK,
    neutral.REDUNDANCY_OK,
    neutral.HARDWARE_LIFE,
    neutral.HARDWARE_TEMPERATURE,
    neutral.HARDWARE_FAN,
    neutral.HARDWARE_VOLTAGE,
    neutral.HARDWARE_POWER,
    neutral.SENSOR_TEMPERATURE,
    neutral.SENSOR_VOLTAGE_PRESENT,
)
INTAKE = "Intake "
"""The label ``sensor`` of the air that a machine takes in begins with it: it is measured at the room's inlet."""

REFUSED = "refused_readings"
MAX_NAMED = 5
_PART_KINDS: Mapping[str, str] = {"power supply": "powerSupply", "fan": "fan", "drive": "disk", "battery": "battery"}


class Parsed(NamedTuple):
    """What a controller's resources mean."""

    samples: list[Sample]
    facts: Mapping[str, str]
    parts: tuple[Part, ...]
    remarks: tuple[str, ...]


def parse(machine: Machine, room: str | None) -> Parsed:
    """Return the samples; ``room``: where the machine stands, "" or None where that is not known."""
    pieces = list(_pieces(machine))
    pieces += rest_of(machine, pieces)
    named = list(zip(pieces, labels(pieces), strict=True))
    facts = _facts(machine)
    found = [*_info(facts), *(one for piece, label in named for one in _samples(piece, label, room or ""))]
    good = [one for one in found if _is_plausible(one)]
    refused = [f"{' '.join(filter(None, one.labels))}: {one.value:g}" for one in found if not _is_plausible(one)]
    if refused:
        facts[REFUSED] = clean_text("; ".join(refused[:MAX_NAMED]) + (" …" if len(refused) > MAX_NAMED else ""))
    too_many = (f"{len(good)} series, {MAX_SERIES} are kept",) if len(good) > MAX_SERIES else ()
    return Parsed(good[:MAX_SERIES], facts, tuple(_parts(named)), too_many)


def _pieces(machine: Machine) -> Iterator[Piece]:
    for chassis in machine.chassis:
        owner = text(chassis.chassis, "Id", "Name")
        yield from heat_of(chassis, owner)
        yield from power_of(chassis, owner)
        yield from groups_of(chassis, owner)
    for system in machine.systems:
        yield from parts_of(system, text(system.system, "Id", "Name"))


def _samples(piece: Piece, label: str, room: str) -> Iterator[Sample]:
    if piece.ok is not None:
        family = neutral.REDUNDANCY_OK if piece.space == "group" else neutral.HARDWARE_OK
        yield Sample(family, (label,), float(piece.ok))
    if piece.fed is not None:
        yield Sample(neutral.SENSOR_VOLTAGE_PRESENT, (room, label + neutral.INPUT_OF_PART), float(piece.fed))
    of_room = piece.intake and bool(room)
    for figure in piece.figures:
        if figure.value is None or (of_room and figure.family is neutral.HARDWARE_OK):
            continue  # a hot room is not a fault of each server in it
        yield Sample(figure.family, (label + figure.of,), figure.value)
        if of_room:
            yield Sample(neutral.SENSOR_TEMPERATURE, (room, INTAKE + label), figure.value)


def _is_plausible(sample: Sample) -> bool:
    low, high = neutral.PLAUSIBLE[sample.family.name]
    return low <= sample.value <= high


def _facts(machine: Machine) -> dict[str, str]:
    """Return who the machine is; of several computers behind one controller it is the chassis that has a name."""
    systems = [system.system for system in machine.systems]
    one: Resource = systems[0] if len(systems) == 1 else next((found.chassis for found in machine.chassis), NOTHING)
    firmware = next((version for manager in machine.managers if (version := text(manager, "FirmwareVersion"))), "")
    facts = {
        "vendor": text(one, "Manufacturer") or text(machine.root, "Vendor"),
        "model": text(one, "Model"),
        "serial": text(one, "SerialNumber"),
        "firmware": firmware,
        "bios": text(one, "BiosVersion"),
        "power_state": text(one, "PowerState"),
        "redfish": text(machine.root, "RedfishVersion"),
    }
    return {name: clean_text(value) for name, value in facts.items() if value}


def _info(facts: Mapping[str, str]) -> Iterator[Sample]:
    values = tuple(facts.get(name, "") for name in neutral.DEVICE_INFO.labels)
    if any(values):
        yield Sample(neutral.DEVICE_INFO, values, 1)


def _parts(named: Sequence[tuple[Piece, str]]) -> Iterator[Part]:
    for piece, label in named:
        source, kind = piece.source, _PART_KINDS.get(piece.kind)
        if source is not None and kind is not None:
            texts = (text(source, "Model"), text(source, "SerialNumber"), text(source, "FirmwareVersion", "Revision"))
            yield Part(kind, clean_text(label), *map(clean_text, texts))
