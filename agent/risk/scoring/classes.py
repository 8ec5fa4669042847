"""How likely and how grave each finding is, as docs/risk.md lists it; and what is no risk of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from agent.contract import Quantity, Severity

HIGHEST = 100.0

# What weighs so much or less counts so much together at most: one thing of 39 outweighs any number of them.
LESSER = 21.0
LESSER_TOGETHER = 36.0

# Points by probability class x effect class.
POINTS: Mapping[int, float] = {1: 1.0, 2: 3.0, 3: 5.0, 4: 8.0, 6: 14.0, 8: 21.0, 9: 25.0, 12: 39.0, 16: 60.0}


class Weight(NamedTuple):
    """Probability that damage follows (1 rare, 2 possible, 3 likely, 4 now) and its effect (1 to 4); docs/risk.md."""

    probability: int
    effect: int

    @property
    def points(self) -> float:
        """Return what it adds to a figure."""
        return POINTS[self.probability * self.effect]


class Classes(NamedTuple):
    """Weight of a rule's findings. ``about``: of what has one cause at one place only the gravest counts.

    ``critical``: the weight of those that are critical, where that is another.
    """

    about: str
    usual: Weight
    critical: Weight | None = None

    def weight(self, severity: Severity) -> Weight:
        """Return the weight of a finding of that severity."""
        return self.critical if severity is Severity.CRITICAL and self.critical is not None else self.usual


def _of(about: str, usual: tuple[int, int], critical: tuple[int, int] | None = None) -> Classes:
    return Classes(about, Weight(*usual), None if critical is None else Weight(*critical))


# By the name of the rule: a name, not the constant, since this judges nothing.
CLASSES: Mapping[str, Classes] = {
    # rooms
    "temperature_high": _of("heat", (3, 4), (4, 4)),
    "room_overheating": _of("heat", (3, 4), (4, 4)),
    "cooling_failed": _of("heat", (3, 4), (4, 4)),
    "climate_beyond_norm": _of("heat", (1, 3)),
    "leak": _of("water", (4, 4)),
    "humidity_out_of_range": _of("water", (2, 3)),
    "smoke": _of("smoke", (4, 4)),
    "door_open": _of("door", (2, 2)),
    "room_not_measured": _of("coverage", (2, 4)),
    "sensor_implausible": _of("sensors", (2, 3)),
    "sensor_frozen": _of("sensors", (2, 3)),
    "sensor_disagrees": _of("sensors", (1, 3)),
    # power
    "ups_on_battery": _of("mains", (3, 4), (4, 4)),
    "ups_on_bypass": _of("mains", (3, 4)),
    "ups_battery_replace": _of("battery", (3, 4)),
    "ups_self_test_failed": _of("battery", (3, 4)),
    "ups_battery_hot": _of("battery", (2, 3), (3, 4)),
    "ups_battery_old": _of("battery", (2, 3)),
    "ups_self_test_stuck": _of("battery", (2, 3)),
    "ups_self_test_due": _of("battery", (1, 3)),
    "ups_runtime_short": _of("runtime", (2, 4)),
    "ups_low_battery_late": _of("warning_time", (2, 4)),
    "ups_overload": _of("load", (2, 4), (3, 4)),
    "shutdown_clients_missing": _of("shutdown", (2, 4)),
    "feeds_share_ups": _of("feeds", (2, 3)),
    "pdu_feed_lost": _of("feeds", (3, 3)),
    # hardware
    "hardware_failed": _of("hardware", (3, 2)),
    "hardware_redundancy_lost": _of("hardware", (3, 2)),
    "raid_degraded": _of("drives", (3, 3)),
    "drive_wearing": _of("drives", (2, 2)),
    # functions, services, backups
    "function_down": _of("legs", (4, 3), (4, 4)),
    "function_on_standby": _of("legs", (3, 4)),
    "standby_lost": _of("legs", (2, 4)),
    "function_without_standby": _of("legs", (2, 3)),
    "legs_share_risk": _of("shared", (2, 3)),
    "function_unverified": _of("unverified", (2, 3)),
    "failover_test_due": _of("test", (2, 3)),
    "restore_test_due": _of("test", (2, 3)),
    "backup_size_changed": _of("backup", (3, 3)),
    "heartbeat_missing": _of("backup", (3, 2), (3, 3)),
    "heartbeat_failed": _of("backup", (3, 2), (3, 3)),
    "heartbeat_overdue": _of("backup", (3, 2), (3, 3)),
    "config_backup_missing": _of("config_backup", (2, 2)),
    "config_unsaved": _of("unsaved", (2, 2)),
    "ssh_host_key_changed": _of("host_key", (2, 3)),
    "service_failing": _of("service", (4, 2), (4, 3)),
    "cloud_service_degraded": _of("cloud", (2, 2), (4, 3)),
    "plugin_failing": _of("service", (3, 2), (4, 3)),
    "provider_down": _of("service", (4, 2), (4, 3)),
    "certificate_expiring": _of("certificate", (2, 2), (3, 2)),
    # devices and servers
    "device_unreachable": _of("device", (3, 2), (4, 2)),
    "probe_failing": _of("device", (3, 2)),
    "credentials_refused": _of("device", (2, 2)),
    "filesystem_full": _of("space", (3, 2), (4, 2)),
    "filesystem_filling": _of("space", (2, 2)),
    "unit_failed": _of("unit", (3, 2)),
    "clock_offset": _of("clock", (2, 2)),
    "clock_unsynchronised": _of("clock", (1, 2)),
    # the network
    "site_isolated": _of("way", (2, 3), (4, 3)),
    "redundancy_lost": _of("way", (3, 3)),
    "ring_open": _of("way", (3, 3)),
    "link_down": _of("way", (4, 2), (4, 3)),
    "below_required": _of("design", (2, 3)),
    "single_point_of_failure": _of("design", (2, 3)),
    "failover_overload": _of("load", (2, 2)),
    "site_loss": _of("way", (3, 2)),
    "link_unverified": _of("unwatched", (2, 2)),
    "link_end_missing": _of("unwatched", (2, 2)),
    "radio_fading": _of("hop", (2, 2)),
    "radio_level_low": _of("hop", (2, 2)),
    "radio_interference": _of("hop", (2, 2)),
    "radio_capacity_low": _of("hop", (2, 2)),
    "radio_availability_missed": _of("hop", (2, 2)),
    "radio_protection_lost": _of("protection", (2, 3)),
    # the watch itself
    "uplink_down": _of("watch", (4, 3)),
    "state_not_written": _of("watch", (2, 3)),
    "state_damaged": _of("watch", (2, 3)),
    "check_not_possible": _of("checks", (2, 2)),
    "receiver_failing": _of("alarm", (2, 3), (4, 3)),
    "alarm_path_test_due": _of("alarm_test", (2, 3)),
    "on_call_gap": _of("duty", (3, 3)),
    "on_call_calendar": _of("duty", (2, 2)),
}

# They inform: a day that comes, a bill, a plan that is out of date. Own rules (`rules:`) count for nothing either.
NO_RISK = frozenset(
    {
        "assets_duplicate",
        "assets_missing",
        "assets_moved",
        "assets_unknown",
        "classroom_equipment",
        "classrooms_silent",
        "config_backup_failed",  # what follows from it counts once the last backup is old
        "config_backups_not_kept",
        "config_changed",
        "deadline_near",
        "declared_not_seen",
        "fleet_below_plan",
        "fleet_noncompliant",
        "fleet_silent",
        "fleet_storage_low",
        "licence_lapsed",
        "licence_not_counted",
        "licence_seats_short",
        "contract_at_risk",
        "contract_missed",
        "line_below_contract",
        "line_rate_low",
        "partner_over_rented",
        "projector_faulty",
        "projector_service_due",
        "reading_incomplete",  # what it hides is not judged, and counts as that
        "reboot_required",
        "replacement_due",
        "rule_too_broad",
        "seen_not_declared",
        "site_latency",
        "support_ended",
        "support_ending",
        "source_unreadable",  # what it hides is not judged
        "warranty_ending",
        "wrong_port",
    }
)

# What nobody measures in a room: its fault would go unnoticed.
GAPS: Mapping[Quantity, Weight] = {
    "temperature": Weight(2, 4),
    "ups": Weight(2, 4),
    "leak": Weight(1, 4),
    "smoke": Weight(1, 4),
    "humidity": Weight(1, 3),
    "door": Weight(1, 2),
}
ROOM_UNKNOWN = Weight(2, 4)

# Not to know whether these hold is a risk of its own; by the quantity of the room that they rest on, if any.
WATCHED: Mapping[str, Quantity | None] = {
    "temperature_high": "temperature",
    "room_overheating": "temperature",
    "leak": "leak",
    "smoke": "smoke",
    "ups_on_battery": "ups",
    "function_down": None,
    "site_isolated": None,
}
NOT_KNOWN = 2  # probability class of what could not be judged

# A broom cupboard does not burn the house down: the gravest effect by kind of room.
GRAVEST: Mapping[str, int] = {
    "server_room": 4,
    "distribution": 3,
    "plant": 3,
    "classroom": 2,
    "meeting_room": 2,
    "other": 2,
}
