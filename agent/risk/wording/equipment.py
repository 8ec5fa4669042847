"""Texts about class rooms and meeting rooms, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "outside_own_hours": (
        "außerhalb seiner Zeiten ({hours}) ohne Belang",
        "does not matter outside its hours ({hours})",
    ),
    "equipment_room": ("Raum {name}", "Room {name}"),
    "equipment_silent": ("{name} antwortet nicht", "{name} does not answer"),
    "equipment_partly": ("{name} antwortet nur teilweise", "{name} answers in part only"),
    "equipment_wrong": ("{name} antwortet nicht wie erwartet", "{name} does not answer as expected"),
    "equipment_garbled": ("{name} antwortet unverständlich", "{name} answers what cannot be understood"),
    "equipment_locked": (
        "{name} verlangt ein Kennwort, es ist keines hinterlegt",
        "{name} wants a password, and none is configured",
    ),
    "classrooms_silent": (
        "{site}: In {count} von {total} Räumen antwortet die Ausstattung nicht",
        "{site}: equipment does not answer in {count} of {total} rooms",
    ),
    "equipment_refuses": ("{name} lehnt das Kennwort ab", "{name} refuses the password"),
    "equipment_reports": ("{name} meldet {faults}", "{name} reports {faults}"),
    "equipment_since": ("{text} (seit {at})", "{text} (since {at})"),
    "equipment_more": ("{count} weitere Geräte gestört", "{count} more things out of order"),
    "equipment_asleep": ("schläft", "asleep"),
    "equipment_off": ("schläft oder ist aus", "asleep or off"),
    "equipment_resting": ("außerhalb seiner Zeiten", "outside its hours"),
    "equipment_not_yet": ("antwortet seit {at} nicht", "no answer since {at}"),
    "equipment_not_known": ("nichts bekannt", "nothing is known"),
    "fault_fan": ("Lüfter defekt", "fan failed"),
    "fault_lamp": ("Lampe defekt", "lamp failed"),
    "fault_temperature": ("Überhitzung", "overheating"),
    "fault_cover": ("Gehäuse offen", "cover open"),
    "fault_filter": ("Filter verstopft oder fehlend", "filter clogged or missing"),
    "fault_other": ("Störung", "a fault"),
    "warning_fan": ("Lüfter auffällig", "fan suspicious"),
    "warning_temperature": ("zu hohe Temperatur", "temperature too high"),
    "service_lamp": ("Lampe am Ende", "lamp at its end"),
    "service_cover": ("Gehäuse prüfen", "check the cover"),
    "service_filter": ("Filter reinigen", "clean the filter"),
    "service_other": ("Warnung am Gerät", "a warning of its own"),
    "service_lamp_hours": ("Lampe {hours} h", "lamp {hours} h"),
    "service_lamps_hours": ("Lampe {lamp}: {hours} h", "lamp {lamp}: {hours} h"),
    "service_one": ("{name} ({what})", "{name} ({what})"),
    "service_due": ("{site}: Beamer zu warten:", "{site}: projectors want service:"),
    "kind_projector": ("Beamer", "projector"),
    "kind_apple_tv": ("Apple TV", "Apple TV"),
    "kind_display": ("Display", "display"),
    "kind_printer": ("Drucker", "printer"),
    "kind_terminal": ("Terminal", "terminal"),
    "kind_access_point": ("Access-Point", "access point"),
}
