"""Texts about licences and cloud services, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    # cloud services
    "cloud_fault": ("{name}: {service} {state}", "{name}: {service} {state}"),
    "cloud_advised": ("{name} meldet Einschränkungen: {service}", "{name} reports limitations: {service}"),
    "cloud_is_investigating": ("gestört, wird untersucht", "has a fault, under investigation"),
    "cloud_is_degraded": ("eingeschränkt", "degraded"),
    "cloud_is_interrupted": ("ausgefallen", "interrupted"),
    "cloud_is_recovering": ("gestört, wird wiederhergestellt", "has a fault, recovering"),
    "cloud_incident": ("{title}", "{title}"),
    "cloud_incident_since": ("{title} (seit {when})", "{title} (since {when})"),
    "cloud_impact": ("Auswirkung: {impact}", "effect: {impact}"),
    # sources
    "source_refused": ("{name}: Zugangsdaten abgewiesen ({detail})", "{name}: credential refused ({detail})"),
    "source_silent": ("{name} lässt sich nicht lesen: {why}", "{name} cannot be read: {why}"),
    # licences
    "licence_seats_short": (
        "{name}: Lizenzplätze knapp, {used} von {seats} belegt",
        "{name}: seats are short, {used} of {seats} used",
    ),
    "licence_seats_over": (
        "{name}: mehr Lizenzplätze belegt ({used}) als vorhanden ({seats})",
        "{name}: more seats used ({used}) than held ({seats})",
    ),
    "licence_lapsed": (
        "{name}: Laufzeit abgelaufen (Lizenzplätze: {grace}), ohne sie fehlen {missing}",
        "{name}: term over (seats: {grace}), without them {missing} are missing",
    ),
    "licence_suspended": (
        "{name}: Lizenzplätze gesperrt ({suspended}), es fehlen {missing}",
        "{name}: seats suspended ({suspended}), {missing} are missing",
    ),
    "licence_counts": (
        "gültig: {enabled}, in der Karenzzeit: {grace}, gesperrt: {suspended}, belegt: {used}",
        "valid: {enabled}, in grace: {grace}, suspended: {suspended}, used: {used}",
    ),
    "licence_not_counted": (
        "{name}: {source} kennt {sku} nicht, die Lizenzplätze werden nicht gezählt",
        "{name}: {source} does not know {sku}, its seats are not counted",
    ),
    "licence_known": ("dort bekannt: {skus}", "known there: {skus}"),
    "licence_free": ("frei: {count}", "free: {count}"),
    "licence_renews": ("Laufzeit bis {day}", "term until {day}"),
    # days
    "licence_ends": (
        "Lizenzlaufzeit von {name} endet {when} ({day})",
        "licence term of {name} ends {when} ({day})",
    ),
    "licence_over": (
        "Lizenzlaufzeit von {name} ist {when} abgelaufen ({day})",
        "licence term of {name} ended {when} ({day})",
    ),
    "licence_renewal_ends": (
        "Lizenzlaufzeit von {name} verlängert sich {when} ({day})",
        "licence term of {name} renews {when} ({day})",
    ),
    "licence_renewal_over": (
        "Lizenzlaufzeit von {name} ist {when} verlängert ({day})",
        "licence term of {name} renewed {when} ({day})",
    ),
    "licence_notice_ends": (
        "Kündigungsfrist für {name} endet {when} ({day})",
        "time to give notice of {name} ends {when} ({day})",
    ),
    "licence_notice_over": (
        "Kündigungsfrist für {name} ist {when} verstrichen ({day})",
        "last day to give notice of {name} passed {when} ({day})",
    ),
    "kind_licence": ("Lizenzlaufzeit", "Term of a licence"),
    "kind_licence_renewal": ("Verlängerung einer Lizenz", "Renewal of a licence"),
    "kind_licence_notice": ("Kündigungsfrist einer Lizenz", "Notice period of a licence"),
    "do_licence": ("verlängern oder ablösen", "renew or replace"),
    "do_licence_renewal": ("das Ende der nächsten Laufzeit eintragen", "enter the end of the next term"),
    "do_licence_notice": (
        "Zahl der Plätze prüfen; kündigen oder verlängern",
        "check the number of seats; give notice or renew",
    ),
}
