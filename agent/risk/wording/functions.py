"""Texts about critical functions and their legs, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "function_down": (
        "{name} ist ausgefallen: {legs} nicht verfügbar",
        "{name} is down: {legs} not available",
    ),
    "function_on_standby": (
        "{name}: {primary} ist ausgefallen, als Ersatz gibt es {standby}",
        "{name}: {primary} is down, which leaves {standby}",
    ),
    "standby_lost": (
        "{name} ist ohne Ersatz: {standby} nicht verfügbar",
        "{name} is without a standby: {standby} not available",
    ),
    "standby_degraded": (
        "{name}: Ersatz {standby} nur eingeschränkt verfügbar",
        "{name}: standby {standby} available with restrictions only",
    ),
    "function_unverified": (
        "{name}: nicht festzustellen, ob verfügbar: {legs}",
        "{name}: cannot be told whether available: {legs}",
    ),
    "function_without_standby": (
        "{name}: für {primary} ist kein Ersatz angegeben",
        "{name}: no standby is named for {primary}",
    ),
    "legs_share_risk": (
        "{name}: {legs} fallen gemeinsam aus mit {risks}",
        "{name}: {legs} fail together with {risks}",
    ),
    "leg_primary": ("Regelbetrieb {leg}: {state}", "primary {leg}: {state}"),
    "leg_standby": ("Ersatz {leg}: {state}", "standby {leg}: {state}"),
    "leg_up": ("verfügbar", "available"),
    "leg_degraded": ("eingeschränkt", "restricted"),
    "leg_down": ("ausgefallen", "down"),
    "leg_unknown": ("unbekannt", "unknown"),
    "leg_stale": ("letzte Angaben veraltet", "what it last said is out of date"),
    "leg_unasked": ("nicht abgefragt", "not polled"),
    "leg_never": ("noch nie ein Erfolg gemeldet", "has never reported success"),
    "leg_no_size": ("ohne Angabe der Größe", "without its size"),
    "leg_usual": ("üblich sind {usual}", "usual are {usual}"),
    "leg_last_good": ("die letzte, die nicht leer war: {at}", "the last one that was not empty: {at}"),
    "leg_none_good": ("davor keine, die nicht leer war", "none before it that was not empty"),
    "leg_cut_off": ("{site} ist abgeschnitten", "{site} is cut off"),
    "leg_on_battery": ("läuft auf Batterie", "on battery"),
    "leg_bypass": ("auf Bypass, überbrückt keinen Stromausfall", "on bypass, bridges no outage"),
    "leg_battery_low": ("Batterie fast leer", "battery nearly empty"),
    "leg_replace": ("Batterie zu ersetzen", "battery to be replaced"),
    "leg_mains_unknown": ("ob am Netz, ist nicht bekannt", "whether on mains is not known"),
    "failover_due": (
        "Umschalttest von {name}: fällig {when} ({day})",
        "test the switch-over of {name}: due {when} ({day})",
    ),
    "failover_over": (
        "Umschalttest von {name} ausgeblieben: fällig {when} ({day})",
        "switch-over of {name} not tested: it was due {when} ({day})",
    ),
    "failover_never": (
        "Umschalttest von {name}: noch nie gemacht",
        "the switch-over of {name} has never been tested",
    ),
    "failover_future": (
        "Umschalttest von {name}: der eingetragene Tag ({day}) liegt in der Zukunft",
        "switch-over of {name}: the day of its last test ({day}) lies in the future",
    ),
    "kind_failover": ("Umschalttest", "Switch-over test"),
    "do_failover": ("auf den Ersatz umschalten und damit arbeiten", "switch to the standby and work on it"),
}
