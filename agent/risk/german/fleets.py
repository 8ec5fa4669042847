"""What is known of fleets and of the versions that devices run, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "fleet_silent": Steps(
        "Viele Geräte einer Gerätegruppe haben sich lange nicht bei ihrer Geräteverwaltung gemeldet: Sie lassen sich "
        "dort weder aktualisieren noch orten noch sperren. Es zählen nur Tage mit Betrieb, Ferien und Wochenenden "
        "machen kein Gerät säumig, und währenddessen beginnt auch keine Meldung; sind die Schulferien nicht bekannt, "
        "wird eine Schule nicht beurteilt. Geräte, die sich noch nie gemeldet haben, bleiben außen vor; weniger als "
        "`smallest_group` werden nie genannt. Schweigen die meisten Gerätegruppen einer Geräteverwaltung, gibt es "
        "eine Meldung zu dieser Geräteverwaltung.",
        (
            "Viele auf einmal: Erreicht das WLAN des Standorts die Geräteverwaltung, ist deren Push-Zertifikat gültig "
            "(`deadline_near`)?",
            "Ein Koffer oder Klassensatz, der im Schrank liegt: laden, einschalten, aktualisieren lassen.",
            "Geräte, die es nicht mehr gibt: aus der Geräteverwaltung nehmen und im Bestand `retired` eintragen.",
        ),
    ),
    "fleet_noncompliant": Steps(
        "Von den Geräten, die eine Geräteverwaltung beurteilt, hält ein Teil eine ihrer Vorgaben nicht ein: kein "
        "Sperrcode, ein altes System, ein entferntes Profil.",
        (
            "Die Geräteverwaltung nennt Geräte und Vorgaben; mit der beginnen, gegen die die meisten verstoßen.",
            "Eine Vorgabe, die niemand einhalten kann, ist falsch: dort ändern.",
        ),
    ),
    "fleet_storage_low": Steps(
        "Ein Teil der Geräte einer Gerätegruppe hat weniger als ein Zehntel seines Speichers frei: Aktualisierungen "
        "werden dort scheitern.",
        (
            "Gemeinsam genutzte Geräte: zwischengespeicherte Benutzer und Downloads über die Geräteverwaltung löschen.",
            "Apps, die niemand nutzt, aus der Zuweisung nehmen, bevor Geräte mit mehr Speicher gekauft werden.",
        ),
    ),
    "fleet_below_plan": Steps(
        "Eine Gerätegruppe hat weniger Geräte, als ihr `plan` für das Ende des letzten Jahres vorsah; ein Jahr ohne "
        "Eintrag behält den des Jahres davor, und der Plan dieses Jahres zählt nur, wo er kleiner ist. Es zählt, was "
        "der Bestand führt oder die Geräteverwaltung kennt, je nachdem, was mehr ist.",
        (
            "Schon bestellt? Dann endet die Meldung von selbst, sobald die Geräte eingetragen oder aufgenommen sind.",
            "Der Plan hat sich geändert: `plan` der Gerätegruppe ändern.",
            "Geräte, die es gibt und die in keiner Liste stehen: eintragen (`ringwacht assets import`).",
        ),
    ),
    "replacement_due": Steps(
        "An einem Standort sind in diesem Jahr Geräte zu ersetzen: Ihr geplanter Tag oder die `lifetime` ihrer "
        "Gerätegruppe ist erreicht; überfällige aus früheren Jahren zählen mit. Eine Meldung je Standort und Jahr, "
        "mit Anzahl und Kosten je Gerätegruppe.",
        (
            "`/api/v1/fleets` nennt den Ersatzbedarf jedes Jahres mit den Kosten: auch für die kommenden Haushalte.",
            "Ersetzte Geräte: im Bestand `retired` eintragen, die neuen bekommen eigene Zeilen.",
            "Sie sollen länger genutzt werden: `replace_on` des Geräts oder `lifetime` der Gerätegruppe ändern.",
        ),
    ),
    "support_ended": Steps(
        "Geräte eines Standorts nutzen eine Version eines Systems oder einer Firmware, die der Hersteller nicht mehr "
        "unterstützt: Lücken, die darin gefunden werden, bleiben offen. Die Tage stammen aus einer mitgelieferten "
        "Tabelle und aus denen unter `end_of_support`. Eine Meldung je Standort und System; eine Version, die in "
        "keiner Tabelle steht, ergibt keine.",
        (
            "Zuerst aktualisieren oder ersetzen, was von außen erreichbar ist, dann, was viele nutzen.",
            "Was sich nicht ersetzen lässt: in ein eigenes Netz ohne Weg ins Internet; festhalten, bis wann.",
            "Verlängerte Unterstützung ist gekauft: ihren letzten Tag in eine eigene Tabelle unter `end_of_support` "
            "eintragen.",
        ),
    ),
    "support_ending": Steps(
        "Die Unterstützung einer Version, die Geräte eines Standorts nutzen, endet bald, oder sie hat für manche ihrer "
        "Editionen geendet und niemand sagt, welche Edition läuft. Eine Meldung je Standort und System.",
        (
            "Die Belege nennen Versionen, Tage und Anzahl; `/api/v1/fleets` enthält alle.",
            "Vor diesem Tag die Aktualisierung planen oder den Ersatz samt Lieferzeit.",
        ),
    ),
}
