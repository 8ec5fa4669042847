"""Jobs that report by themselves, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "heartbeat_missing": Steps(
        "Ein Auftrag hat länger als `every` und `grace` keinen Erfolg gemeldet: gerechnet ab dem letzten oder, wo es "
        "nie einen gab, seit er erwartet wird. Hat der Auftrag selbst einen Fehlschlag gemeldet, ist das stattdessen "
        "heartbeat_failed. Ein rechtzeitig begonnener Lauf darf `longest` dauern. War Ringwacht nicht da, um eine "
        "Meldung entgegenzunehmen, hat der Auftrag ein weiteres `grace`.",
        (
            "Ist der Auftrag überhaupt gelaufen? Sein eigenes Protokoll, den Zeitgeber (`systemctl list-timers`) oder "
            "die Aufgabenplanung ansehen.",
            "Gelaufen, aber nicht gemeldet: Erreicht seine Maschine diese Adresse, stimmt das Token, wiederholt der "
            "Aufruf? Siehe docs/heartbeats.md.",
            "Vor der nächsten Nacht von Hand ausführen. Bei einer Sicherung: Wann war die letzte gute, und ist das "
            "hinnehmbar?",
            "Den Auftrag gibt es nicht mehr: den Dienst aus dem Inventar entfernen.",
        ),
    ),
    "heartbeat_failed": Steps(
        "Zuletzt hat der Auftrag einen Fehlschlag gemeldet: `/fail` oder einen Exit-Code ungleich 0.",
        (
            "Den Exit-Code nennt die Meldung, den Grund das Protokoll des Auftrags.",
            "Ziel voll, Passwort abgelaufen, Datei gesperrt: beheben und den Auftrag von Hand ausführen.",
            "Die Meldung endet mit dem nächsten Erfolg, den der Auftrag meldet.",
        ),
    ),
    "heartbeat_overdue": Steps(
        "Ein Auftrag hat seinen Beginn gemeldet, aber länger als `longest` kein Ende.",
        (
            "Läuft er noch? Ein abgebrochener Auftrag meldet kein Ende.",
            "Wartet er auf eine Sperre, ein Band, eine tote Einhängung? Vor dem nächsten Lauf beenden.",
            "Er hat nur mehr zu tun als früher: `longest` erhöhen und prüfen, ob die Nacht noch lang genug ist.",
        ),
    ),
    "restore_test_due": Steps(
        "Die Wiederherstellung aus dieser Sicherung ist zu testen (`restore_every` nach `restore_tested`), wurde "
        "es noch nie, oder der eingetragene Tag liegt in der Zukunft. Eine Erinnerung beginnt um 08:00 Uhr.",
        (
            "Eine Datei, ein Postfach und eine ganze Maschine an anderer Stelle wiederherstellen; die Dauer messen.",
            "Festhalten, was nicht gelang, danach den Tag als `restore_tested` eintragen.",
        ),
    ),
    "backup_size_changed": Steps(
        "Ein Auftrag war erfolgreich, aber was er geschrieben hat (`?size=` seiner Meldung), weicht stark vom Üblichen "
        "ab: dem Median der letzten 30 glaubhaften Größen davor (mindestens 5). Oder die Sicherung ist leer: nichts "
        "oder weniger als ein Tausendstel. Oder ihre Größe fehlt, obwohl sie sonst immer gemeldet wurde; oder sie ist "
        "Nacht für Nacht geschrumpft, auf weniger als die Hälfte. Größen, die wiederkehren, wie bei einer "
        "wöchentlichen Vollsicherung, sind üblich; nach 5 Malen auch eine neue, aber keine leere.",
        (
            "Das Protokoll des Auftrags und das Ziel ansehen: Was fehlt, was ist hinzugekommen?",
            "Zu klein: ein verschobener Ordner, eine tote Einhängung, ein Passwort, das die Datenbank nicht mehr "
            "öffnet? Von Hand wiederholen und die letzte gute Sicherung so lange aufheben.",
            "Zu groß: eine neue Platte, ein wachsendes Protokoll, Dateien, die jemand verschlüsselt hat "
            "(Erpressungstrojaner lassen sich schlecht komprimieren)?",
            "So gewollt: nichts zu tun, die neue Größe wird von selbst zur üblichen. Eine inkrementelle Sicherung, "
            "deren Größe nichts besagt: `heartbeat.sizes: varying`.",
        ),
    ),
}
