"""The climate of a room for programs. Pure."""

from __future__ import annotations

from agent.contract import Course, Limits, Remaining, RoomState, Sensed
from exporters.web.api import Row, moment
from exporters.web.figures import known


def room_row(state: RoomState | None, course: Course | None) -> Row:
    """Return what is known of a room's climate; of one that was not judged yet nothing is."""
    known_of = state or RoomState("", Limits())
    return {
        "limits": _limits(known_of.limits),
        "temperatures": [_sensed(one, "celsius", "kelvin") for one in known_of.temperatures],
        "humidities": [_sensed(one, "ratio", "ratio") for one in known_of.humidities],
        "dew_points_celsius": {name: known(value) for name, value in known_of.dew_points.items()},
        "course": None if course is None else _course(course),
        "coverage": [one._asdict() for one in known_of.coverage],
        "door_open": known_of.door_open,
        "door_moved_at": moment(known(known_of.door_moved_at)),
        "door_open_since": moment(known(known_of.door_open_since)),
        "leak": known_of.leak,
        "smoke": known_of.smoke,
        "cooling": {
            "state": known_of.cooling_state,
            "units_installed": known_of.cooling_units,
            "running": list(known_of.cooling_running),
            "failed": list(known_of.cooling_failed),
        },
        "heat_watts": known(known_of.heat_watts),
    }


def _limits(limits: Limits) -> Row:
    humidity, dew_point = limits.humidity or (None, None), limits.dew_point or (None, None)
    return {
        "warning_celsius": limits.warning,
        "critical_celsius": limits.critical,
        "temperature_source": limits.temperature_source,
        "humidity_low_ratio": humidity[0],
        "humidity_high_ratio": humidity[1],
        "dew_point_low_celsius": dew_point[0],
        "dew_point_high_celsius": dew_point[1],
        "humidity_source": limits.humidity_source,
    }


def _sensed(sensed: Sensed, unit: str, step: str) -> Row:
    return {
        "sensor": sensed.name,
        "position": sensed.position,
        unit: known(sensed.value),
        "at": moment(sensed.at),
        f"resolution_{step}": known(sensed.resolution),
        "confirmed": sensed.confirmed,
        "limited": sensed.limited,
    }


def _course(course: Course) -> Row:
    return {
        "sensor": course.sensor,
        "level_celsius": known(course.level),
        "slope_kelvin_per_second": known(course.slope),
        "slope_error_kelvin_per_second": known(course.slope_error),
        "to_warning": _remaining(course.to_warning),
        "to_critical": _remaining(course.to_critical),
        "unknown": course.unknown or None,
    }


def _remaining(remaining: Remaining | None) -> Row | None:
    if remaining is None:
        return None
    return {
        "seconds": known(remaining.seconds),
        "least_seconds": known(remaining.least),
        "most_seconds": known(remaining.most),
    }
