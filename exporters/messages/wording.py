"""The texts of messages, in German and English. Placeholders are filled with texts that are cleaned afterwards."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "critical": ("KRITISCH", "CRITICAL"),
    "warning": ("WARNUNG", "WARNING"),
    "info": ("HINWEIS", "INFO"),
    "resolved": ("BEHOBEN", "RESOLVED"),
    "test": ("TEST", "TEST"),
    "digest": ("ÜBERSICHT", "DIGEST"),
    "summary": ("SAMMELMELDUNG", "SUMMARY"),
    # why it is told: after the severity, in the first line
    "new": ("{label}", "{label}"),
    "worse": ("{label} (verschlimmert)", "{label} (worse)"),
    "repeated": ("{label} (Erinnerung)", "{label} (reminder)"),
    "escalated": ("{label} (unquittiert)", "{label} (unacknowledged)"),
    "since": ("seit {time}", "since {time}"),
    "lasted": ("nach {duration} ({start}–{end})", "after {duration} ({start}–{end})"),
    "one": ("1 Meldung", "1 alert"),
    "worst_of": ("{label}, {count} ({counted}), schlimmste: ", "{label}, {count} ({counted}), worst: "),
    "many": ("{count} Meldungen", "{count} alerts"),
    # why it is told: in the body
    "nobody": (
        "Weitergegeben, weil nicht quittiert ist.",
        "Passed on because it is not acknowledged.",
    ),
    "instead": ("Anstelle von {receiver}, nicht erreichbar.", "For {receiver}, who cannot be reached."),
    "late": ("Verspätet: seit {time} zur Zustellung fällig.", "Late: due for delivery since {time}."),
    "late_tried": ("Verspätet: seit {time} nicht zustellbar.", "Late: could not be delivered since {time}."),
    "stands": ("Erinnerung: steht seit {duration}.", "Reminder: it has stood for {duration}."),
    "acknowledged": ("{role} hat quittiert ({time}).", "{role} has acknowledged ({time})."),
    "flapping": (
        "Flattert: kommt und geht, bisher {count}-mal begonnen. Bis Ruhe ist, wird nicht jedes Mal gemeldet.",
        "Flapping: it comes and goes, begun {count} times so far. Until it is calm, not each time is told.",
    ),
    "work": ("Dort wird gearbeitet: {work}", "Work goes on there: {work}"),
    "cause": ("Ursache: {cause}", "Cause: {cause}"),
    "effects": ("Auswirkung:", "Effect:"),
    "known": ("Bekannt ist:", "What is known:"),
    "what_to_do": ("Was zu tun ist:", "What to do:"),
    "runbook": ("Anleitung: {address}", "Runbook: {address}"),
    "call": ("Anrufen:", "Whom to call:"),
    "circuit": ("Leitung {circuit}", "circuit {circuit}"),
    "no_hotline": ("keine Störungsnummer hinterlegt", "no telephone number on record"),
    "reaction": ("Reaktion in {duration}", "reaction within {duration}"),
    "hours": ("Servicezeit {hours}", "service hours {hours}"),
    "contract": ("Vertrag {contract}", "contract {contract}"),
    "telephone": ("Tel. {number}", "tel. {number}"),
    "acknowledge": ("Quittieren: {address}", "Acknowledge: {address}"),
    "norm": ("Vorgabe: {norm}", "Norm: {norm}"),
    "reference": ("{subject} · Regel {rule} · Ref {reference}", "{subject} · rule {rule} · ref {reference}"),
    "reference_only": ("Ref {reference}", "Ref {reference}"),
    "overview": ("Übersicht: {address}", "Overview: {address}"),
    "more": ("und {count} weitere", "and {count} more"),
    "worst": ("Zur schlimmsten:", "About the worst:"),
    "storm": (
        "Es sind mehr Meldungen, als hier einzeln verschickt werden sollen.",
        "There are more alerts than are to be sent one by one.",
    ),
    "collected": ("Gesammelt, was seither anfiel.", "What has come up since is collected here."),
    "counted": ("{count} {label}", "{count} {label}"),
    # elements that the network does not name
    "service": ("Dienst {name}", "service {name}"),
    "ring": ("Ring {name}", "ring {name}"),
    "room": ("Raum {name}", "room {name}"),
    "function": ("Funktion {name}", "function {name}"),
    # a test
    "test_title": (
        "Probemeldung an {receiver}, {time}, es ist nichts passiert",
        "test message to {receiver}, {time}, nothing has happened",
    ),
    "test_body": (
        "TEST. Es ist nichts passiert, und es ist nichts zu tun. Wer das liest, wird im Ernstfall so erreicht.",
        "TEST. Nothing has happened, and there is nothing to do. This is how its reader is reached when it counts.",
    ),
}
