"""What the factors of the risk figure beyond the rooms are called, and what would lower each, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

# What a factor is called, and what would lower it, each in German and English.
FactorTexts = tuple[tuple[str, str], tuple[str, str]]

FACTORS_ELSEWHERE: Mapping[str, FactorTexts] = {
    # functions, services, backups
    "function_down": (
        ("Funktion ausgefallen", "Function down"),
        ("Ein Standbein wiederherstellen, Notbetrieb beginnen", "Bring one leg back, begin emergency operation"),
    ),
    "function_on_standby": (
        ("Funktion nur noch über den Ersatz", "Function on its standby"),
        ("Das erste Standbein wiederherstellen", "Bring the primary back"),
    ),
    "standby_lost": (
        ("Ersatz einer Funktion fehlt", "Standby of a function lost"),
        ("Das zweite Standbein wiederherstellen", "Bring the standby back"),
    ),
    "function_without_standby": (
        ("Funktion ohne Ersatz", "Function without a standby"),
        ("Ein zweites Standbein vorsehen", "Provide a second leg"),
    ),
    "legs_share_risk": (
        ("Beide Standbeine hängen am selben", "Both legs share a risk"),
        ("Ein Standbein verlegen: Raum, Strom, Leitung, Anbieter", "Move a leg: room, power, line, provider"),
    ),
    "function_unverified": (
        ("Zustand einer Funktion unbekannt", "State of a function unknown"),
        ("Ihre Standbeine wieder messbar machen", "Make its legs answer again"),
    ),
    "failover_test_due": (
        ("Umschaltung lange nicht geprüft", "Switch-over long untested"),
        ("Umschaltung üben und das Datum eintragen", "Exercise it and enter the date"),
    ),
    "restore_test_due": (
        ("Rücksicherung lange nicht geprüft", "Restore long untested"),
        ("Rücksicherung üben und das Datum eintragen", "Exercise it and enter the date"),
    ),
    "config_backup_missing": (
        ("Keine Konfigurationssicherung", "No configuration backup"),
        ("Zugang zum Gerät wiederherstellen (`ringwacht ssh fetch`)", "Restore the access (`ringwacht ssh fetch`)"),
    ),
    "config_unsaved": (
        ("Konfiguration nicht gespeichert", "Configuration not saved"),
        ("Am Gerät speichern", "Save it on the device"),
    ),
    "ssh_host_key_changed": (
        ("SSH-Schlüssel hat sich geändert", "SSH key has changed"),
        ("Am Gerät prüfen, wer antwortet", "Look at the device who answers"),
    ),
    "backup_size_changed": (
        ("Sicherung auffällig groß oder klein", "Backup of unusual size"),
        ("Inhalt der Sicherung prüfen", "Look at what the backup holds"),
    ),
    "heartbeat_missing": (
        ("Auftrag meldet sich nicht", "Job does not report"),
        ("Auftrag nachsehen und nachholen", "Look at the job and run it"),
    ),
    "heartbeat_failed": (
        ("Auftrag fehlgeschlagen", "Job failed"),
        ("Auftrag nachsehen und wiederholen", "Look at the job and repeat it"),
    ),
    "heartbeat_overdue": (
        ("Auftrag endet nicht", "Job does not end"),
        ("Auftrag nachsehen, gegebenenfalls abbrechen", "Look at the job, abort it where it hangs"),
    ),
    "service_failing": (("Dienst gestört", "Service failing"), ("Dienst wiederherstellen", "Restore the service")),
    "provider_down": (
        ("Störung bei einem Anbieter", "Fault at a provider"),
        ("Den Anbieter anrufen", "Call the provider"),
    ),
    "plugin_failing": (
        ("Prüfung meldet einen Fehler", "Plug-in reports a fault"),
        ("Nach der Meldung der Prüfung handeln", "Act on what the plug-in says"),
    ),
    "cloud_service_degraded": (
        ("Cloud-Dienst meldet eine Störung", "Cloud service reports a fault"),
        ("Einen Ausweg für das vereinbaren, was nicht warten kann", "Agree on a way around for what cannot wait"),
    ),
    "certificate_expiring": (
        ("Zertifikat läuft ab", "Certificate runs out"),
        ("Zertifikat erneuern", "Renew the certificate"),
    ),
    # devices and servers
    "device_unreachable": (
        ("Gerät nicht erreichbar", "Device unreachable"),
        ("Strom, Netz und Gerät prüfen", "Check power, network and device"),
    ),
    "probe_failing": (
        ("Gerät antwortet falsch", "Device answers wrongly"),
        ("Den Dienst auf dem Gerät prüfen", "Check the service on the device"),
    ),
    "credentials_refused": (
        ("Gerät weist die Zugangsdaten ab", "Device refuses the credentials"),
        ("Zugangsdaten berichtigen", "Correct the credentials"),
    ),
    "filesystem_full": (("Dateisystem voll", "File system full"), ("Platz schaffen", "Make room")),
    "filesystem_filling": (
        ("Dateisystem läuft voll", "File system filling"),
        ("Platz schaffen oder vergrößern", "Make room or enlarge it"),
    ),
    "unit_failed": (
        ("Systemdienst ausgefallen", "System unit failed"),
        ("Ursache beheben, Dienst neu starten", "Mend the cause, restart the unit"),
    ),
    "clock_offset": (("Uhr geht falsch", "Clock is off"), ("Zeitserver prüfen", "Check the time server")),
    "clock_unsynchronised": (
        ("Uhr wird nicht gestellt", "Clock unsynchronised"),
        ("Zeitserver eintragen", "Configure a time server"),
    ),
    # the network
    "site_isolated": (
        ("Standort abgeschnitten", "Site cut off"),
        ("Strecke wiederherstellen oder Ersatzweg schalten", "Restore the link, or switch to another way"),
    ),
    "redundancy_lost": (
        ("Standort ohne Ersatzweg", "Site without a second way"),
        ("Ausgefallene Strecke wiederherstellen", "Restore the failed link"),
    ),
    "ring_open": (("Ring offen", "Ring open"), ("Ausgefallene Strecke wiederherstellen", "Restore the failed link")),
    "link_down": (("Strecke ausgefallen", "Link down"), ("Strecke wiederherstellen", "Restore the link")),
    "below_required": (
        ("Weniger Wege als gefordert", "Fewer ways than required"),
        ("Weiteren Weg bauen oder mieten", "Build or rent another way"),
    ),
    "single_point_of_failure": (
        ("Ein Ausfall schneidet Standorte ab", "One failure cuts sites off"),
        ("Zweiten, unabhängigen Weg vorsehen", "Provide a second, independent way"),
    ),
    "failover_overload": (
        ("Ersatzweg zu schwach", "Second way too weak"),
        ("Kapazität des Ersatzwegs erhöhen", "Give the second way more capacity"),
    ),
    "site_loss": (
        ("Pakete gehen verloren", "Packets get lost"),
        ("Strecke messen und entstören", "Measure the way and mend it"),
    ),
    "link_unverified": (
        ("Zustand einer Strecke unbekannt", "State of a link unknown"),
        ("Der Strecke eine Messung geben (`probe`)", "Give the link a `probe`"),
    ),
    "link_end_missing": (
        ("Strecke endet an keinem Anschluss", "Link ends at no port"),
        ("Anschluss in der Konfiguration berichtigen", "Correct the port in the configuration"),
    ),
    "radio_fading": (("Funkfeld im Schwund", "Radio hop fading"), ("Funkfeld beobachten", "Watch the hop")),
    "radio_level_low": (
        ("Empfangspegel zu niedrig", "Received level too low"),
        ("Antenne und Kabel prüfen lassen", "Have antenna and cable checked"),
    ),
    "radio_interference": (
        ("Störung im Funkfeld", "Interference on the hop"),
        ("Störer suchen, Frequenz prüfen", "Find the source, check the frequency"),
    ),
    "radio_capacity_low": (
        ("Funkfeld überträgt weniger", "Hop carries less"),
        ("Modulation und Pegel prüfen", "Check modulation and level"),
    ),
    "radio_availability_missed": (
        ("Verfügbarkeit des Funkfelds verfehlt", "Availability of the hop missed"),
        ("Funkfeld nachplanen", "Plan the hop anew"),
    ),
    "radio_protection_lost": (
        ("Funkfeld ohne Reserve", "Hop without protection"),
        ("Zweites Funkgerät instand setzen", "Repair the second radio"),
    ),
    # the watch itself
    "uplink_down": (
        ("Die Überwachung ist abgeschnitten", "The watch is cut off"),
        ("Netzanschluss dieses Rechners prüfen", "Check this machine's network"),
    ),
    "state_not_written": (
        ("Zustand wird nicht gespeichert", "State is not written"),
        ("Platz und Rechte prüfen", "Check space and permissions"),
    ),
    "state_damaged": (
        ("Gespeicherter Zustand beschädigt", "State damaged"),
        ("Datenträger prüfen", "Check the disk"),
    ),
    "check_not_possible": (
        ("Prüfung nicht durchführbar", "Check not possible"),
        ("Rechte und Programme dieses Rechners ergänzen", "Give this machine the rights and programs"),
    ),
    "receiver_failing": (
        ("Alarme kommen nicht an", "Alerts do not arrive"),
        ("Meldeweg wiederherstellen, Vertretung eintragen", "Restore the way, enter a fallback"),
    ),
    "alarm_path_test_due": (
        ("Meldeweg lange nicht geprüft", "Alarm path long untested"),
        ("Probemeldung senden (`ringwacht alerts test`)", "Send a test (`ringwacht alerts test`)"),
    ),
    "on_call_gap": (
        ("Niemand hat Bereitschaft", "Nobody is on call"),
        ("Dienst im Kalender eintragen", "Enter a duty in the calendar"),
    ),
    "on_call_calendar": (
        ("Dienstkalender fehlerhaft", "Duty calendar faulty"),
        ("Kalender berichtigen", "Correct the calendar"),
    ),
}
