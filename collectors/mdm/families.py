"""The families of managed devices: groups of a source's devices, and single ones where that is asked for."""

from __future__ import annotations

from agent.contract import MetricFamily

_PLACE = "`location`: the site by `locations`, else that of the source"

MANAGED = MetricFamily(
    "ringwacht_mdm_managed_devices",
    "gauge",
    "Devices that the management knows, without those that were removed from it.",
)
UNREADABLE = MetricFamily(
    "ringwacht_mdm_unreadable_devices", "gauge", "Devices of the answer that could not be read; in no other series."
)
DEVICES = MetricFamily(
    "ringwacht_mdm_devices",
    "gauge",
    f"Devices by kind and model; small groups are merged into `other`; {_PLACE}.",
    ("location", "kind", "model"),
)
BY_SYSTEM = MetricFamily(
    "ringwacht_mdm_devices_by_os",
    "gauge",
    "Devices by operating system and its version; small groups are merged into `other`.",
    ("location", "kind", "os", "os_version"),
)
BY_ENROLMENT = MetricFamily(
    "ringwacht_mdm_devices_by_enrolment",
    "gauge",
    "Devices by how they were enrolled: `automatic`, `manual`, `pending`, `removed`, or `unknown`.",
    ("location", "kind", "enrolment"),
)
BY_COMPLIANCE = MetricFamily(
    "ringwacht_mdm_devices_by_compliance",
    "gauge",
    "Devices by what the management says of its rules: `compliant`, `noncompliant`, or `unknown`.",
    ("location", "kind", "compliance"),
)
BY_CHECKIN = MetricFamily(
    "ringwacht_mdm_devices_by_checkin",
    "gauge",
    "Devices by the time since they last reported: less than `1d`, `7d`, `30d`, `older`, or `never` (or not known).",
    ("location", "kind", "age"),
)
BY_STORAGE = MetricFamily(
    "ringwacht_mdm_devices_by_storage",
    "gauge",
    "Devices by free storage: `low` (less than a tenth), `enough`, or `unknown`.",
    ("location", "kind", "storage"),
)
BATTERY = MetricFamily(
    "ringwacht_mdm_battery_ratio",
    "summary",
    "Charge of the batteries at a location when the devices last reported; of groups that are large enough only.",
    ("location", "kind", "quantile"),
)
LEFT_OUT = MetricFamily(
    "ringwacht_mdm_devices_without_series",
    "gauge",
    "Devices without an asset tag or serial number of their own, which have no series; with `per_device` only.",
)
LAST_CHECKIN = MetricFamily(
    "ringwacht_mdm_device_last_checkin_timestamp_seconds",
    "gauge",
    "When the device last reported; with `per_device` only.",
    ("asset",),
)
STORAGE = MetricFamily(
    "ringwacht_mdm_device_storage_free_ratio", "gauge", "Free storage; with `per_device` only.", ("asset",)
)
CHARGE = MetricFamily(
    "ringwacht_mdm_device_battery_ratio",
    "gauge",
    "Charge of the battery when it last reported; with `per_device` only.",
    ("asset",),
)

GROUPS = (DEVICES, BY_SYSTEM, BY_ENROLMENT, BY_COMPLIANCE, BY_CHECKIN, BY_STORAGE)
SINGLES = (LEFT_OUT, LAST_CHECKIN, STORAGE, CHARGE)
FAMILIES = (MANAGED, UNREADABLE, *GROUPS, BATTERY, *SINGLES)
