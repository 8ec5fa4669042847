"""Texts of findings on jobs that report by themselves, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "heartbeat_missing": (
        "{name}: kein Erfolg gemeldet seit {since}, erwartet alle {every}",
        "{name}: no success reported since {since}, expected every {every}",
    ),
    "heartbeat_never": (
        "{name}: noch nie einen Erfolg gemeldet, erwartet seit {since} alle {every}",
        "{name}: has never reported success, expected since {since} every {every}",
    ),
    "heartbeat_failed": ("{name} ist fehlgeschlagen, gemeldet {at}", "{name} failed, reported {at}"),
    "heartbeat_failed_code": (
        "{name} ist fehlgeschlagen mit Exit-Code {code}, gemeldet {at}",
        "{name} failed with exit code {code}, reported {at}",
    ),
    "heartbeat_overdue": (
        "{name} läuft seit {since}, länger als {longest}",
        "{name} has been running since {since}, longer than {longest}",
    ),
    "heartbeat_last_success": ("letzter Erfolg: {at}", "last success: {at}"),
    "heartbeat_no_success": ("noch nie ein Erfolg", "never a success"),
    "heartbeat_runs": ("läuft seit {since}", "running since {since}"),
    "heartbeat_grace": ("Nachfrist: {grace}", "grace: {grace}"),
    "restore_due": (
        "Wiederherstellung von {name} testen: fällig {when} ({day})",
        "test the restore of {name}: due {when} ({day})",
    ),
    "restore_over": (
        "Wiederherstellung von {name} nicht getestet: fällig war {when} ({day})",
        "restore of {name} not tested: it was due {when} ({day})",
    ),
    "restore_never": (
        "Wiederherstellung von {name} wurde noch nie getestet",
        "the restore of {name} has never been tested",
    ),
    "restore_last": ("zuletzt getestet: {day}", "last tested: {day}"),
    "restore_every": ("zu testen alle {every}", "to be tested every {every}"),
}
