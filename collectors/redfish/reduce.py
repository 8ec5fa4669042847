"""Cuts a resource down to what is understood of it, right after it was decoded: the rest may be of any size. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from collectors.redfish.limits import MAX_MEMBERS, MAX_ROWS, MAX_TEXT
from collectors.redfish.resource import NOTHING, Resource

_DEPTH = 3
_WALKED: Mapping[str, int] = {"Members": MAX_MEMBERS, "Drives": MAX_MEMBERS}
"""Arrays whose entries are resources of their own."""

_KNOWN = (
    *("@odata.id", "Id", "MemberId", "Name", "FanName", "DeviceName", "GroupName", "DataSourceUri"),
    *("RedfishVersion", "Vendor", "Links", "Sessions", "Chassis", "Systems", "Managers"),
    *("Members", "Members@odata.nextLink", "Status", "State", "Health", "HealthRollup"),
    *("Manufacturer", "Model", "SerialNumber", "FirmwareVersion", "Revision", "BiosVersion", "PowerState"),
    *("ThermalSubsystem", "ThermalMetrics", "Fans", "FanRedundancy", "Thermal", "Temperatures", "Redundancy"),
    *("TemperatureReadingsCelsius", "TemperatureSummaryCelsius", "Intake", "Ambient", "Sensors"),
    *("PowerSubsystem", "PowerSupplies", "PowerSupplyRedundancy", "Batteries", "Metrics", "Power", "PowerControl"),
    *("EnvironmentMetrics", "PowerWatts", "PowerConsumedWatts", "PowerInputWatts", "InputPowerWatts"),
    *("Voltages", "ReadingVolts", "LineInputVoltage", "LineInputStatus", "InputVoltage"),
    *("Reading", "ReadingCelsius", "ReadingRPM", "ReadingUnits", "ReadingType", "PhysicalContext"),
    *("SpeedPercent", "SpeedRPM", "RedundancyType", "RedundancyEnabled", "Mode", "StateOfHealthPercent"),
    *("Storage", "Drives", "Volumes", "Controllers", "StorageControllers", "MemorySummary", "ProcessorSummary"),
    *("FailurePredicted", "PredictedMediaLifeLeftPercent", "MediaType"),
)


class Reduced(NamedTuple):
    """A resource; ``cuts``: arrays of which not all entries are kept, by name, and how many there were."""

    resource: Resource
    cuts: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many entries its arrays have."""
        return sum(len(cast("list[object]", found)) for found in self.resource.values() if isinstance(found, list))


def reduced(resource: Resource) -> Reduced:
    """Return the known properties; of arrays the first entries, as many as are read."""
    cuts: dict[str, int] = {}
    kept: dict[str, Any] = {}
    for name in _KNOWN:
        found = resource.get(name)
        if isinstance(found, list):
            entries, most = cast("list[object]", found), _WALKED.get(name, MAX_ROWS)
            if len(entries) > most:
                cuts[name] = len(entries)
            kept[name] = [_object(cast("Resource", one), 1) for one in entries[:most] if isinstance(one, dict)]
        elif found is not None:
            kept[name] = _value(found, 1)
    return Reduced(kept, cuts)


def _object(found: Resource, depth: int) -> Resource:
    """Return the known properties of an object within a resource; arrays there are none of ours."""
    if depth >= _DEPTH:
        return NOTHING
    return {name: _value(found[name], depth + 1) for name in _KNOWN if name in found}


def _value(found: object, depth: int) -> object:
    if isinstance(found, dict):
        return _object(cast("Resource", found), depth)
    if isinstance(found, str):
        return found[:MAX_TEXT]
    return found if isinstance(found, bool | int | float) else None
