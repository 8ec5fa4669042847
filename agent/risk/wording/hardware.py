"""Texts about parts of devices, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "hardware_failed": ("{name}: {part} meldet einen Fehler", "{name}: {part} reports a fault"),
    "hardware_part": ("{part}: nicht in Ordnung", "{part}: not well"),
    "hardware_redundancy_lost": ("{name}: {part} ohne Reserve", "{name}: {part} with nothing to spare"),
    "hardware_group": ("{part}: keine Reserve", "{part}: nothing to spare"),
    "pdu_feed_lost": ("{name}: keine Spannung an {part}", "{name}: no voltage at {part}"),
    "hardware_feed": ("{part}: keine Netzspannung", "{part}: no mains"),
    "hardware_feed_volts": ("{part}: {value} V", "{part}: {value} V"),
    "hardware_fed_by": ("{name} ist ohne Strom oder stumm", "{name} is without power or silent"),
    "drive_wearing": (
        "{name}: {part} ist fast verschlissen, {value} der Lebensdauer übrig",
        "{name}: {part} is nearly worn out, {value} of its life left",
    ),
    "hardware_life": ("{part}: {value} der Lebensdauer übrig", "{part}: {value} of its life left"),
}
