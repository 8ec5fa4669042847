"""Texts of findings on the way to a site, in German and English; templates of thresholds."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "site_loss": (
        "Auf dem Weg zum Standort {site} gehen Pakete verloren (Anteil {value})",
        "packets are lost on the way to site {site} (share {value})",
    ),
    "site_latency": (
        "Der Standort {site} antwortet langsam (im Mittel nach {value} s)",
        "site {site} answers slowly (after {value} s on average)",
    ),
}
