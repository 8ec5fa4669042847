"""Declared links and their ends, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "link_down": Steps(
        "Ein Ende einer eingetragenen Strecke meldet sich ausgefallen, oder die Prüfung der Strecke bleibt ohne "
        "Antwort. Der Zustand des Funks geht dem des Ethernet-Ports vor; ein absichtlich abgeschalteter Port wird "
        "nicht gemeldet. Die Meldung sagt, was stattdessen trägt, sobald die Standorte, die einen Weg verloren haben, "
        "wieder geantwortet haben, und wer nun weniger Wege hat. Bei einer Funkstrecke, deren Empfangspegel vor dem "
        "Ausfall abgesunken war, wird länger gewartet (`hold_after_fade`), solange kein Standort, Gerät oder Dienst "
        "durch sie abgeschnitten ist.",
        (
            "Die Belege sagen, was jedes Ende meldet. Nur ein Ende: Port, Kabel oder Modul an diesem Ende prüfen.",
            "Richtfunk: Empfangspegel beider Enden vor dem Ausfall und das Regenradar ansehen. Langsamer Schwund ist "
            "Regen oder Eis; ein plötzliches Ende ist Strom, Mast, Kran oder Kabel.",
            "Gemietete Leitung: den Anbieter mit der Leitungsnummer der Strecke anrufen und die Ticketnummer "
            "festhalten.",
            "Glasfaser: nach Grabungen entlang der Trasse suchen; vor dem Anruf mit dem OTDR messen.",
            "Ist der Ring anders herum noch geschlossen? Dann ist Zeit: bis zur Wiederkehr keine weiteren Arbeiten am "
            "Ring.",
        ),
    ),
    "link_end_missing": Steps(
        "Eine eingetragene Strecke nennt einen Port, den ihr Gerät nicht hat; ein Ausfall der Strecke bliebe "
        "unbemerkt. Das Gerät selbst antwortet.",
        (
            "`ends` der Strecke im Inventar mit dem ifName des Ports vergleichen: `ringwacht collect PATH DEVICE "
            "snmp`.",
            "Nach Gerätetausch oder neuer Gerätesoftware heißen Ports oft anders.",
        ),
    ),
}
