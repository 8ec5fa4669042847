"""Texts about the course of a room's temperature, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "overheating": (
        "{name}: in {minutes} min ({band}) bei {limit}, steigt {slope} K/min",
        "{name}: at {limit} in {minutes} min ({band}), rises {slope} K/min",
    ),
    "overheating_soon": (
        "{name}: in weniger als 1 min bei {limit}, steigt {slope} K/min",
        "{name}: at {limit} in less than 1 min, rises {slope} K/min",
    ),
    "overheating_band": ("{least}–{most}", "{least}–{most}"),
    "overheating_open": ("frühestens {least}", "{least} at the earliest"),
    "overheating_sensor": (
        "{sensor}: {level}, steigt seit {since} um {slope} ± {error} K/min",
        "{sensor}: {level}, rising for {since} by {slope} ± {error} K/min",
    ),
    "overheating_to_warning": (
        "Warngrenze {limit} in {minutes} min",
        "warning limit {limit} in {minutes} min",
    ),
    "overheating_usual": (
        "üblich sind hier Anstiege bis {swing} K",
        "usual here are rises of up to {swing} K",
    ),
    "overheating_unknown": (
        "was hier üblich ist, ist seit dem Start noch nicht bekannt; deshalb später gemeldet",
        "what is usual here is not known since the start; hence reported later",
    ),
    "overheating_failed": ("Kühlung gestört: {units}", "cooling has failed: {units}"),
    "overheating_running": (
        "alle Kühlgeräte melden, dass sie laufen: {units}",
        "all cooling units say that they run: {units}",
    ),
    "overheating_some_running": ("Kühlgeräte in Betrieb: {units}", "cooling units running: {units}"),
    "overheating_door": ("eine Tür steht offen", "a door stands open"),
    "overheating_load": (
        "Last {watts} kW (USV); allein die Luft ({volume} m³) würde sie um {bound} K/min erwärmen",
        "load {watts} kW (UPS); it would heat the air alone ({volume} m³) by {bound} K/min",
    ),
    "overheating_beyond_load": (
        "schneller, als die Last die Luft erwärmen kann: heiße Luft von außen, ein Brand oder der Fühler",
        "faster than the load can heat the air: hot air from outside, a fire, or the sensor",
    ),
    "overheating_no_load": (
        "die USV gibt fast keine Leistung ab: die Wärme kommt woanders her",
        "the UPS delivers hardly any power: the heat comes from elsewhere",
    ),
    "overheating_trend": ("{sensor} steigt {slope} K/min", "{sensor} rises {slope} K/min"),
    "course_few": (
        "{sensor}: zu wenige Messwerte ({count}) für einen Trend",
        "{sensor}: too few measurements ({count}) for a trend",
    ),
    "course_unsure": (
        "{sensor} steigt; was hier üblich ist, ist noch nicht bekannt",
        "{sensor} rises; what is usual here is not known yet",
    ),
}
