"""Texts of findings on partners and lines, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "partner_over_rented": (
        "{name} nutzt {used} {way}, gemietet sind {rented}",
        "{name} uses {used} {way}; {rented} are rented",
    ),
    "partner_used": (
        "95-%-Perzentil der letzten 11 Tage {way}: {used}",
        "95th percentile of the last 11 days {way}: {used}",
    ),
    "partner_links": ("über {links}", "over {links}"),
    "way_down": ("im Empfang", "downwards"),
    "way_up": ("im Versand", "upwards"),
    "line_below_contract": (
        "Strecke {name} liefert {rate} statt der vertraglichen {agreed}",
        "link {name} delivers {rate} instead of the contracted {agreed}",
    ),
    "line_below_capacity": (
        "Strecke {name} läuft mit {rate} statt {agreed}",
        "link {name} runs at {rate} instead of {agreed}",
    ),
    "line_agreed": ("vereinbart: {down} im Empfang, {up} im Versand", "agreed: {down} down, {up} up"),
    "line_circuit": ("Leitungsnummer {circuit}", "circuit {circuit}"),
}
