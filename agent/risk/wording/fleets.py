"""Texts about fleets and versions, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "fleet_silent": (
        "{name}: {count} von {known} Geräten haben sich seit mehr als {days} nicht gemeldet ({share})",
        "{name}: {count} of {known} devices have not reported for more than {days} ({share})",
    ),
    "school_days": ("{count} Schultagen", "{count} days of school"),
    "school_days_counted": (
        "Ferien, Feiertage und Wochenenden sind nicht mitgezählt",
        "school holidays, public holidays and weekends are not counted",
    ),
    "office_days": ("{count} Arbeitstagen", "{count} working days"),
    "office_days_counted": (
        "Feiertage und Wochenenden sind nicht mitgezählt",
        "public holidays and weekends are not counted",
    ),
    "fleets_silent": (
        "{name}: In {count} von {known} Gerätegruppen haben sich viele Geräte lange nicht gemeldet",
        "{name}: in {count} of {known} fleets many devices have not reported for long",
    ),
    "group_system": ("System {name}", "system {name}"),
    "group_replacement": ("Ersatzbedarf {name}", "replacement {name}"),
    "fleet_noncompliant": (
        "{name}: {count} von {known} Geräten halten eine Vorgabe der Geräteverwaltung nicht ein ({share})",
        "{name}: {count} of {known} devices break a rule of their management ({share})",
    ),
    "fleet_storage_low": (
        "{name}: {count} von {known} Geräten haben kaum noch Speicher frei ({share})",
        "{name}: {count} of {known} devices are short of storage ({share})",
    ),
    "fleet_below_plan": (
        "{name}: nur {count} von {planned} geplanten Geräten vorhanden",
        "{name}: only {count} of {planned} planned devices are there",
    ),
    "fleet_registered": ("im Bestand eingetragen: {count}", "in the asset register: {count}"),
    "fleet_managed": ("in der Geräteverwaltung: {count}", "in device management: {count}"),
    "replacement_due": (
        "{name}: Ersatzbedarf {year}, Geräte: {count}",
        "{name}: to be replaced in {year}, devices: {count}",
    ),
    "replacement_line": ("{name}: {count}", "{name}: {count}"),
    "replacement_cost": ("{name}: {count}, Kosten {cost}", "{name}: {count}, cost {cost}"),
    "support_ended": (
        "{name}: {system} ohne Unterstützung des Herstellers, Geräte: {count}",
        "{name}: {system} without support of its maker, devices: {count}",
    ),
    "support_ending": (
        "{name}: {system}, die Unterstützung des Herstellers endet bald, Geräte: {count}",
        "{name}: {system}, support of its maker ends soon, devices: {count}",
    ),
    "support_line": ("{count} × {system}, unterstützt bis {day}", "{count} × {system}, supported until {day}"),
    "support_edition_line": (
        "{count} × {system}, unterstützt je nach Edition bis {day} oder länger, höchstens bis {last}",
        "{count} × {system}, supported by edition until {day} or longer, at most until {last}",
    ),
    "support_others_line": ("{count} × {system}, weitere Versionen", "{count} × {system}, other versions"),
    "support_nowhere": ("Ohne Standort", "Without a site"),
    "other_versions": ("(weitere Versionen)", "(other versions)"),
}
