"""Power supplies, their feeds, batteries, voltages and what is taken; redundant groups of supplies and fans.

Of the newer model (PowerSubsystem, EnvironmentMetrics) where it tells of a thing, else of the older (Power). Source:
DMTF DSP0268 Power, PowerSubsystem, PowerSupply, PowerSupplyMetrics, Battery, EnvironmentMetrics, Redundancy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent import neutral
from collectors.redfish.machine import Chassis, Supply
from collectors.redfish.pieces import Figure, Piece, health_of, identity, is_there, is_well
from collectors.redfish.resource import Resource, child, number, rows, text

# Less than a PDU's dead feed: a supply for 48 V of direct current that failed is not one without a feed.
UNFED_VOLTS = 25.0
_NO_GROUP = frozenset({"notredundant", "nonredundant"})


def power_of(chassis: Chassis, owner: str) -> Iterator[Piece]:
    """Yield what a chassis tells of power, nothing twice."""
    yield from list(_new_supplies(chassis, owner)) or list(_old_supplies(chassis, owner))
    yield from _batteries(chassis, owner)
    yield from list(_taken_now(chassis, owner)) or list(_taken(chassis, owner))
    for one in rows(chassis.power, "Voltages"):
        if is_there(one):
            name, own = identity(one, "voltage")
            volts = Figure(neutral.HARDWARE_VOLTAGE, number(one, "ReadingVolts"))
            yield Piece("voltage", "voltage", name, own, owner, figures=(volts, health_of(one, "voltage")))


def groups_of(chassis: Chassis, owner: str) -> Iterator[Piece]:
    """Yield the redundant groups; one that was never meant to be redundant, or is not now, is none."""
    supplies = rows(chassis.power_subsystem, "PowerSupplyRedundancy") or rows(chassis.power, "Redundancy")
    fans = rows(chassis.thermal_subsystem, "FanRedundancy") or rows(chassis.thermal, "Redundancy")
    yield from _groups(supplies, "power supplies", owner)
    yield from _groups(fans, "fans", owner)


def _groups(found: Sequence[Resource], otherwise: str, owner: str) -> Iterator[Piece]:
    for one in found:
        kind = text(one, "RedundancyType", "Mode").replace(" ", "").casefold()
        if is_there(one) and kind not in _NO_GROUP and one.get("RedundancyEnabled") is not False:
            called = text(one, "GroupName", "Name") or otherwise
            yield Piece("group", otherwise, called, text(one, "MemberId"), owner, is_well(one))


def _new_supplies(chassis: Chassis, owner: str) -> Iterator[Piece]:
    for one in chassis.supplies:
        if is_there(one.supply):
            yield _supply(one, owner)


def _supply(one: Supply, owner: str) -> Piece:
    volts = number(child(one.metrics, "InputVoltage"), "Reading")
    watts = number(child(one.metrics, "InputPowerWatts"), "Reading")
    return _made(one.supply, volts, watts, owner)


def _old_supplies(chassis: Chassis, owner: str) -> Iterator[Piece]:
    for one in rows(chassis.power, "PowerSupplies"):
        if is_there(one):
            yield _made(one, number(one, "LineInputVoltage"), number(one, "PowerInputWatts"), owner)


def _made(source: Resource, volts: float | None, watts: float | None, owner: str) -> Piece:
    name, own = identity(source, "power supply")
    figures = (Figure(neutral.HARDWARE_VOLTAGE, volts, neutral.INPUT_OF_PART), Figure(neutral.HARDWARE_POWER, watts))
    well = is_well(source)
    return Piece(
        "part", "power supply", name, own, owner, well, figures, fed=_is_fed(source, volts, well), source=source
    )


def _is_fed(source: Resource, volts: float | None, well: bool | None) -> bool | None:
    """Whether mains is there. 0 V of a supply that is well is a controller that does not measure the voltage."""
    said = text(source, "LineInputStatus").casefold()
    if said in {"normal", "lossofinput"}:
        return said == "normal"
    if volts is None:
        return None
    if volts >= neutral.LEAST_MAINS_VOLTS:
        return True
    return False if volts <= UNFED_VOLTS and well is False else None


def _batteries(chassis: Chassis, owner: str) -> Iterator[Piece]:
    for one in chassis.batteries:
        if is_there(one):
            name, own = identity(one, "battery")
            left = number(one, "StateOfHealthPercent")
            life = Figure(neutral.HARDWARE_LIFE, None if left is None else left / 100)
            yield Piece("part", "battery", name, own, owner, is_well(one), (life,), source=one)


def _taken_now(chassis: Chassis, owner: str) -> Iterator[Piece]:
    watts = number(child(chassis.environment, "PowerWatts"), "Reading")
    if watts is not None:
        name, own = identity(chassis.chassis, "chassis")
        yield Piece("power", "chassis", name, own, owner, figures=(Figure(neutral.HARDWARE_POWER, watts),))


def _taken(chassis: Chassis, owner: str) -> Iterator[Piece]:
    for one in rows(chassis.power, "PowerControl"):
        name, own = identity(one, "power control")
        watts = Figure(neutral.HARDWARE_POWER, number(one, "PowerConsumedWatts"))
        yield Piece("power", "power control", name, own, owner, figures=(watts,))
