"""What management controllers of the older and the newer model say, for tests.

The mockups are synthetic: written by hand after DMTF's schemas (DSP2046), no recordings.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = "/redfish/v1"
Tree = dict[str, Any]

WELL = {"State": "Enabled", "Health": "OK"}


def collection(path: str, *names: str) -> Tree:
    """A collection at a path with members of these names."""
    return {path: {"@odata.id": path, "Members": [{"@odata.id": f"{path}/{name}"} for name in names]}}


def resource(path: str, **properties: Any) -> Tree:
    """A resource with its own link."""
    return {path: {"@odata.id": path, "Id": path.rpartition("/")[2], **properties}}


def at(path: str) -> dict[str, str]:
    """A link."""
    return {"@odata.id": path}


def common() -> Tree:
    """Root, one computer with two drives, one manager."""
    system, storage = f"{ROOT}/Systems/1", f"{ROOT}/Systems/1/Storage/RAID"
    return {
        **resource(
            ROOT,
            RedfishVersion="1.9.0",
            Chassis=at(f"{ROOT}/Chassis"),
            Systems=at(f"{ROOT}/Systems"),
            Managers=at(f"{ROOT}/Managers"),
            Links={"Sessions": at(f"{ROOT}/SessionService/Sessions")},
        ),
        **collection(f"{ROOT}/Chassis", "1"),
        **collection(f"{ROOT}/Systems", "1"),
        **collection(f"{ROOT}/Managers", "bmc"),
        **resource(
            system,
            Manufacturer="Example",
            Model="RX 2540",
            SerialNumber="YM1234",
            BiosVersion="R1.30",
            PowerState="On",
            Storage=at(f"{system}/Storage"),
            MemorySummary={"Status": WELL},
        ),
        **collection(f"{system}/Storage", "RAID"),
        **resource(storage, Drives=[at(f"{storage}/Drives/0"), at(f"{storage}/Drives/1")]),
        **resource(
            f"{storage}/Drives/0",
            Name="SSD",
            MediaType="SSD",
            Model="PM893",
            SerialNumber="S1",
            Status=WELL,
            PredictedMediaLifeLeftPercent=91,
            FailurePredicted=False,
        ),
        **resource(
            f"{storage}/Drives/1",
            Name="SSD",
            MediaType="SSD",
            Status=WELL,
            PredictedMediaLifeLeftPercent=7,
            FailurePredicted=True,
        ),
        **resource(f"{ROOT}/Managers/bmc", FirmwareVersion="2.60P"),
    }


def older() -> Tree:
    """A server that tells of heat and power in Thermal and Power."""
    chassis = f"{ROOT}/Chassis/1"
    absent = {"State": "Absent"}
    return {
        **common(),
        **resource(chassis, Name="Chassis", Thermal=at(f"{chassis}/Thermal"), Power=at(f"{chassis}/Power")),
        **resource(
            f"{chassis}/Thermal",
            Temperatures=[
                {
                    "MemberId": "0",
                    "Name": "Ambient",
                    "ReadingCelsius": 23.5,
                    "PhysicalContext": "Intake",
                    "Status": WELL,
                },
                {"MemberId": "1", "Name": "CPU1", "ReadingCelsius": 51, "PhysicalContext": "CPU", "Status": WELL},
                {"MemberId": "2", "Name": "CPU2", "ReadingCelsius": -128, "PhysicalContext": "CPU", "Status": WELL},
                {"MemberId": "3", "Name": "DIMM", "ReadingCelsius": 0, "Status": absent},
            ],
            Fans=[
                {"MemberId": "0", "Name": "FAN1", "Reading": 4200, "ReadingUnits": "RPM", "Status": WELL},
                {
                    "MemberId": "1",
                    "Name": "FAN2",
                    "Reading": 0,
                    "ReadingUnits": "RPM",
                    "Status": {**WELL, "Health": "Critical"},
                },
                {"MemberId": "2", "FanName": "FAN3", "Reading": 40, "ReadingUnits": "Percent", "Status": WELL},
            ],
            Redundancy=[{"MemberId": "0", "Name": "Fans", "Mode": "N+m", "Status": {**WELL, "Health": "Warning"}}],
        ),
        **resource(
            f"{chassis}/Power",
            PowerControl=[{"MemberId": "0", "Name": "Server", "PowerConsumedWatts": 182}],
            PowerSupplies=[
                {
                    "MemberId": "0",
                    "Name": "PSU1",
                    "LineInputVoltage": 229,
                    "Status": WELL,
                    "Model": "S13",
                    "SerialNumber": "P1",
                },
                {"MemberId": "1", "Name": "PSU2", "LineInputVoltage": 0, "Status": {**WELL, "Health": "Critical"}},
                {"MemberId": "2", "Name": "PSU3", "Status": absent},
            ],
            Redundancy=[
                {"MemberId": "0", "Name": "PSUs", "Mode": "Failover", "Status": {**WELL, "Health": "Critical"}}
            ],
            Voltages=[{"MemberId": "0", "Name": "BATT 3.0V", "ReadingVolts": 3.02, "Status": WELL}],
        ),
    }


def newer() -> Tree:
    """A server that tells of them in ThermalSubsystem and PowerSubsystem, and once more in the older way."""
    chassis = f"{ROOT}/Chassis/1"
    thermal, power = f"{chassis}/ThermalSubsystem", f"{chassis}/PowerSubsystem"
    tree = older()
    tree[chassis] |= {
        "ThermalSubsystem": at(thermal),
        "PowerSubsystem": at(power),
        "EnvironmentMetrics": at(f"{chassis}/EnvironmentMetrics"),
    }
    reading = {"DeviceName": "Front", "PhysicalContext": "Intake", "Reading": 22.1}
    group = {"RedundancyType": "NPlusM", "MinNeededInGroup": 1, "Status": WELL}
    return {
        **tree,
        **resource(
            thermal,
            ThermalMetrics=at(f"{thermal}/ThermalMetrics"),
            Fans=at(f"{thermal}/Fans"),
            FanRedundancy=[{**group, "RedundancyType": "NotRedundant"}],
        ),
        **resource(f"{thermal}/ThermalMetrics", TemperatureReadingsCelsius=[reading]),
        **collection(f"{thermal}/Fans", "A"),
        **resource(f"{thermal}/Fans/A", Name="Fan A", SpeedPercent={"Reading": 30, "SpeedRPM": 3100}, Status=WELL),
        **resource(power, PowerSupplies=at(f"{power}/PowerSupplies"), PowerSupplyRedundancy=[group]),
        **collection(f"{power}/PowerSupplies", "L", "R"),
        **resource(
            f"{power}/PowerSupplies/L",
            Name="Supply L",
            LineInputStatus="Normal",
            Status=WELL,
            Metrics=at(f"{power}/PowerSupplies/L/Metrics"),
        ),
        **resource(
            f"{power}/PowerSupplies/L/Metrics", InputVoltage={"Reading": 231.5}, InputPowerWatts={"Reading": 96.5}
        ),
        **resource(
            f"{power}/PowerSupplies/R",
            Name="Supply R",
            LineInputStatus="LossOfInput",
            Status={"State": "UnavailableOffline", "Health": "Critical"},
        ),
        **resource(f"{chassis}/EnvironmentMetrics", PowerWatts={"Reading": 188.0}),
    }


def write_mockup(folder: Path, tree: Tree) -> Path:
    """Write a tree as sushy-static reads it: ``<path below the root>/index.json``."""
    for path, found in tree.items():
        place = folder / path.removeprefix(ROOT).lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.json").write_text(json.dumps(found))
    return folder
