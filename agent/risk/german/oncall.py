"""Duty calendars, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "on_call_gap": Steps(
        "Der Dienstkalender eines Empfängers nennt niemanden oder nur abwesende Empfänger ohne anwesende Vertretung. "
        "Nachrichten gehen unterdessen an `otherwise`: Verloren geht nichts, aber jemand anderes wird geweckt.",
        (
            "Die Meldung nennt den Beginn, die Belege das Ende der Lücke.",
            "Jemanden in den Kalender eintragen: Der Titel des Termins ist der Name eines Empfängers. Er wird binnen "
            "`refresh` (ohne Angabe 15 Minuten) erneut gelesen; Neuladen liest ihn sofort.",
            "`ringwacht alerts route --rule … --at …` zeigt, wer zu einem Zeitpunkt benachrichtigt würde.",
        ),
    ),
    "on_call_calendar": Steps(
        "Der Dienstkalender eines Empfängers ist nicht lesbar oder kein Kalender, oder einige seiner Termine nennen "
        "keinen Empfänger. Es gilt weiter der zuletzt gelesene, auch nach einem Neustart; die erste Stunde lang wird "
        "es nicht gemeldet. War er noch nie lesbar, gehen Nachrichten an `otherwise`. Titel, die keinen Empfänger "
        "nennen, werden nie wiedergegeben.",
        (
            "Die Meldung nennt den Grund; die Belege nennen die Tage, an denen ein Termin keinen Empfänger nennt.",
            "Ein Titel muss der Name eines Empfängers sein, `Vertretung: NAME` oder `Abwesend: NAME`; Groß- und "
            "Kleinschreibung sind gleich.",
            "Von einer URL: Antwortet sie von dieser Maschine aus, ohne Weiterleitung auf einen anderen Rechner, mit "
            "weniger als 2 MB?",
        ),
    ),
}
