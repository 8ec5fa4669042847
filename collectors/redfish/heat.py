"""Temperatures and fans: of the newer model (ThermalSubsystem) where it measures any, else of the older (Thermal).

Source: DMTF DSP0268 Thermal, ThermalSubsystem, ThermalMetrics, Fan, Sensor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent import neutral
from collectors.redfish.machine import Chassis
from collectors.redfish.pieces import Figure, Piece, health_of, identity, is_there, is_well
from collectors.redfish.resource import Resource, child, number, rows, text

_CELSIUS = frozenset({"", "cel", "°c", "celsius"})
_INTAKE = frozenset({"intake", "room"})


def heat_of(chassis: Chassis, owner: str) -> Iterator[Piece]:
    """Yield the temperatures and fans of a chassis, none of them twice."""
    ways = (_new_temperatures(chassis.thermal_metrics, owner), _old_temperatures(chassis.thermal, owner))
    yield from _measured(*map(list, ways), list(_sensed_temperatures(chassis, owner)))
    yield from list(_new_fans(chassis, owner)) or list(_old_fans(chassis, owner)) or list(_sensed_fans(chassis, owner))


def needs_older(metrics: Resource, fans: Sequence[Resource]) -> bool:
    """Whether the newer model does not tell of both heat and fans, so that the older one has to be read."""
    return not fans or not _has_values(list(_new_temperatures(metrics, "")))


def needs_sensors(metrics: Resource, thermal: Resource) -> bool:
    """Whether neither model measures a temperature."""
    return not any(map(_has_values, (list(_new_temperatures(metrics, "")), list(_old_temperatures(thermal, "")))))


def _measured(*ways: Sequence[Piece]) -> Sequence[Piece]:
    """Return the first that measures anything: there are models that list their sensors and leave them empty."""
    return next(filter(_has_values, ways), next(filter(None, ways), ()))


def _has_values(pieces: Sequence[Piece]) -> bool:
    return any(
        figure.value is not None
        for piece in pieces
        for figure in piece.figures
        if figure.family is neutral.HARDWARE_TEMPERATURE
    )


def _temperature(source: Resource, value: float | None, owner: str, otherwise: str = "temperature") -> Piece:
    name, own = identity(source, text(source, "PhysicalContext") or otherwise)
    intake = text(source, "PhysicalContext").casefold() in _INTAKE
    figures = (Figure(neutral.HARDWARE_TEMPERATURE, value), health_of(source, "temperature"))
    return Piece("temperature", "temperature", name, own, owner, figures=figures, intake=intake)


def _new_temperatures(metrics: Resource, owner: str) -> Iterator[Piece]:
    told = False
    for one in rows(metrics, "TemperatureReadingsCelsius"):
        piece = _temperature({**one, "@odata.id": text(one, "DataSourceUri")}, number(one, "Reading"), owner)
        told = told or piece.intake
        yield piece
    summary = child(metrics, "TemperatureSummaryCelsius")
    for context in ("Intake",) if told else ("Intake", "Ambient"):
        one = child(summary, context)
        if not told and number(one, "Reading") is not None:
            source = {"Name": context, "PhysicalContext": "Intake" if context == "Intake" else context}
            yield _temperature(source, number(one, "Reading"), owner)


def _old_temperatures(thermal: Resource, owner: str) -> Iterator[Piece]:
    for one in rows(thermal, "Temperatures"):
        if is_there(one):
            yield _temperature(one, number(one, "ReadingCelsius"), owner)


def _sensed_temperatures(chassis: Chassis, owner: str) -> Iterator[Piece]:
    for one in chassis.sensors:
        if is_there(one) and text(one, "ReadingType") == "Temperature" and _unit(one) in _CELSIUS:
            yield _temperature(one, number(one, "Reading"), owner)


def _unit(one: Resource) -> str:
    return text(one, "ReadingUnits").casefold()


def _fan(source: Resource, speed: float | None, owner: str) -> Piece:
    name, own = identity(source, "fan")
    figures = (Figure(neutral.HARDWARE_FAN, speed),)
    return Piece("part", "fan", name, own, owner, is_well(source), figures, source=source)


def _new_fans(chassis: Chassis, owner: str) -> Iterator[Piece]:
    for one in chassis.fans:
        if is_there(one):
            yield _fan(one, number(child(one, "SpeedPercent"), "SpeedRPM"), owner)


def _old_fans(chassis: Chassis, owner: str) -> Iterator[Piece]:
    for one in rows(chassis.thermal, "Fans"):
        if is_there(one):
            yield _fan(one, number(one, "Reading", "ReadingRPM") if _unit(one) == "rpm" else None, owner)


def _sensed_fans(chassis: Chassis, owner: str) -> Iterator[Piece]:
    for one in chassis.sensors:
        if is_there(one) and text(one, "ReadingType") == "Rotational" and _unit(one) in {"rpm", "{rev}/min"}:
            yield _fan(one, number(one, "Reading"), owner)
