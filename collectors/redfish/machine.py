"""What was read of a controller, resource by resource, before anything is understood of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from collectors.redfish.resource import NOTHING, Resource


def _nothing() -> Resource:
    return NOTHING


@dataclass(frozen=True, slots=True)
class Supply:
    """A power supply of the newer model, and its metrics."""

    supply: Resource
    metrics: Resource = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Chassis:
    """One chassis: the newer model (from ``thermal_subsystem`` on), the older one, empty where it is not there."""

    chassis: Resource
    thermal_subsystem: Resource = field(default_factory=_nothing)
    thermal_metrics: Resource = field(default_factory=_nothing)
    fans: tuple[Resource, ...] = ()
    power_subsystem: Resource = field(default_factory=_nothing)
    supplies: tuple[Supply, ...] = ()
    batteries: tuple[Resource, ...] = ()
    environment: Resource = field(default_factory=_nothing)
    sensors: tuple[Resource, ...] = ()
    thermal: Resource = field(default_factory=_nothing)
    power: Resource = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Storage:
    """One storage subsystem with its drives, volumes and, in the newer model, controllers."""

    storage: Resource
    drives: tuple[Resource, ...] = ()
    volumes: tuple[Resource, ...] = ()
    controllers: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class System:
    """One computer with its storage."""

    system: Resource
    storage: tuple[Storage, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """All that one controller speaks for. ``remarks``: what could not be read of it, for people."""

    root: Resource = field(default_factory=_nothing)
    chassis: tuple[Chassis, ...] = ()
    systems: tuple[System, ...] = ()
    managers: tuple[Resource, ...] = ()
    remarks: tuple[str, ...] = ()
