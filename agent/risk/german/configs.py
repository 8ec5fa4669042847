"""What is known of configuration backups, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "config_backup_missing": Steps(
        "Von Geräten eines Standorts mit dem Schlüssel `ssh` fehlt die Konfigurationssicherung: einen Tag nach dem "
        "Eintragen gibt es noch keine, oder die letzte ist älter als 50 Stunden. Eine Meldung je Standort; warum, "
        "steht bei den Einzelheiten.",
        (
            "`ringwacht ssh fetch DEVICE` versucht es sofort und zeigt, was das Gerät antwortet, ohne Geheimnisse.",
            "Der Schlüssel ist nicht bekannt: den Fingerabdruck mit dem an der Konsole des Geräts vergleichen, dann "
            "`ringwacht ssh trust DEVICE`.",
            "Keine Antwort: Ist SSH dort eingeschaltet, und darf dieser Rechner den Port erreichen?",
            "Behoben: `systemctl reload ringwacht` fragt die Geräte erneut, deren letzter Versuch scheiterte.",
        ),
    ),
    "config_backup_failed": Steps(
        "Konfigurationssicherungen scheitern an Zugangsdaten: Geräte lehnen die Anmeldung, den privilegierten Modus "
        "oder das Leserecht ab, oder eine Datei der Zugangsdaten ist nicht brauchbar. Nach drei Ablehnungen "
        "nacheinander werden die übrigen nicht gefragt, damit kein Konto gesperrt wird. Eine Meldung je Zugangsdaten.",
        (
            "Wurde das Passwort an den Geräten geändert oder der Benutzer entfernt? Den Teil `ssh` der Zugangsdaten "
            "berichtigen, dann `systemctl reload ringwacht`: Das fragt die erneut, deren letzter Versuch scheiterte.",
            "Eine Datei mit Zeile ist genannt: diese Zeile der known_hosts berichtigen oder die Rechte der Datei.",
            "Der Benutzer braucht nur das Recht, die Konfiguration zu lesen: Für jede Plattform steht es in "
            "docs/collectors/ssh.md.",
            "`ringwacht ssh fetch DEVICE` versucht es sofort.",
        ),
    ),
    "config_backups_not_kept": Steps(
        "Konfigurationen wurden geholt oder sollten geholt werden und konnten nicht aufbewahrt werden: Die Ablage ist "
        "beschädigt oder nicht beschreibbar, oder dieser Rechner konnte nicht beginnen. Eine Meldung für alle Geräte.",
        (
            "`df -h` des Ordners (`backups.repository`), und wem er gehört: Es muss der Benutzer des Dienstes sein.",
            "`git fsck` im Ordner. Ist er beschädigt: beiseiteschieben; ein neuer wird begonnen.",
            "Versucht wird es jede Stunde erneut und sofort nach `systemctl reload ringwacht`.",
        ),
    ),
    "ssh_host_key_changed": Steps(
        "Ein Gerät zeigt einen anderen SSH-Schlüssel als den hinterlegten. Es wurde abgewiesen, bevor die Anmeldung "
        "begann: Kein Passwort wurde gesendet. Entweder wurde das Gerät ersetzt oder neu eingerichtet, oder ein "
        "Fremder antwortet an seiner Stelle.",
        (
            "Wurde es ersetzt, zurückgesetzt oder seine Firmware erneuert? Fragen, wer daran gearbeitet hat.",
            "Niemand: als Angriff behandeln. Nicht über dieses Netz anmelden; das Gerät an seiner Konsole ansehen, "
            "dazu den Switch-Port und den ARP-Eintrag seiner Adresse.",
            "Es stimmt: den Fingerabdruck mit dem an der Konsole vergleichen, dann `ringwacht ssh trust DEVICE "
            "--replace`.",
        ),
    ),
    "config_unsaved": Steps(
        "In zwei Nächten nacheinander lief ein Gerät mit einer anderen Konfiguration als der, mit der es starten "
        "würde. Nach einem Stromausfall sind die Änderungen verloren.",
        (
            "Zuerst die Änderungen ansehen: `show running-config changes-history` oder am Gerät laufende und "
            "gespeicherte Konfiguration vergleichen.",
            "Sie stimmen: dort speichern (`write memory`). Ringwacht liest nur.",
            "Ein vergessener Versuch: das Gerät in einer ruhigen Stunde neu starten.",
        ),
    ),
    "config_changed": Steps(
        "Die Konfiguration eines Geräts ist eine andere als in der Nacht davor. Einen Tag lang gemeldet, damit jede "
        "Änderung gesehen wird; auch geänderte Geheimnisse zählen.",
        (
            "`git show` des Commits im Ordner der Ablage zeigt die Zeilen.",
            "War es geplant? Festhalten, wer es war; sonst nachfragen.",
        ),
    ),
}
