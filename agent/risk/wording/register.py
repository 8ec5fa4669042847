"""Texts about the asset register, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "assets_missing": (
        "{name}: im Bestand geführt, aber nicht gefunden: {count}",
        "{name}: in the register, but not seen: {count}",
    ),
    "assets_unknown": (
        "{name}: gefunden, aber nicht im Bestand: {count}",
        "{name}: seen, but not in the register: {count}",
    ),
    "assets_moved": (
        "{name}: hier im Bestand, aber an einem anderen Standort gefunden: {count}",
        "{name}: registered here, but seen at another site: {count}",
    ),
    "assets_duplicate": (
        "{name}: doppelt im Bestand oder in der Verwaltung: {count}",
        "{name}: twice in the register or in a management: {count}",
    ),
    "assets_of_no_site": ("Geräte ohne Standort", "Devices without a site"),
    "assets_by_kind": ("Nach Art: {kinds}", "By kind: {kinds}"),
    "assets_of_kind": ("{count} × {kind}", "{count} × {kind}"),
    "assets_named": ("Zum Beispiel: {names}", "For example: {names}"),
    "asset_tablet": ("Tablet", "tablet"),
    "asset_notebook": ("Notebook", "notebook"),
    "asset_pc": ("PC", "PC"),
    "asset_projector": ("Projektor", "projector"),
    "asset_phone": ("Telefon", "telephone"),
    "asset_printer": ("Drucker", "printer"),
    "asset_apple_tv": ("Apple TV", "Apple TV"),
    "asset_other": ("Sonstiges", "other"),
    "asset_server": ("Server", "server"),
    "asset_switch": ("Switch", "switch"),
    "asset_router": ("Router", "router"),
    "asset_firewall": ("Firewall", "firewall"),
    "asset_access_point": ("Access Point", "access point"),
    "asset_ups": ("USV", "UPS"),
    "asset_monitor": ("Bildschirm", "monitor"),
    "asset_radio": ("Richtfunkgerät", "radio"),
}
