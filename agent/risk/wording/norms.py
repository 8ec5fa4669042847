"""Texts about what norms ask for, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "alarm_test_due": ("Meldewege prüfen: {names}", "Alarm paths to test: {names}"),
    "alarm_test_last": (
        "{name}: Probemeldung zuletzt angekommen am {day}, die nächste bis {due}",
        "{name}: a test last arrived on {day}, the next one by {due}",
    ),
    "alarm_test_never": (
        "{name}: noch nie geprüft (seit {day} in Ringwacht)",
        "{name}: never tested (with Ringwacht since {day})",
    ),
}
