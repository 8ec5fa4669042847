"""Texts about configuration backups, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "config_backup_never": (
        "{name}: noch keine Konfigurationssicherung, erwartet seit {since}",
        "{name}: no configuration backup yet, awaited since {since}",
    ),
    "config_backup_old": (
        "{name}: letzte Konfigurationssicherung am {since}",
        "{name}: last configuration backup on {since}",
    ),
    "config_backups_missing": (
        "{site}: {count} Geräte ohne aktuelle Konfigurationssicherung",
        "{site}: {count} devices without a recent configuration backup",
    ),
    "config_backup_failed": (
        "Konfigurationssicherung scheitert an den Zugangsdaten {name}",
        "configuration backup fails because of the credential {name}",
    ),
    "config_backups_not_kept": (
        "Konfigurationssicherungen können nicht aufbewahrt werden",
        "configuration backups cannot be kept",
    ),
    "ssh_host_key_changed": (
        "{name} zeigt einen anderen SSH-Schlüssel als den hinterlegten; nicht angemeldet",
        "{name} shows another SSH key than the one on file; not logged in",
    ),
    "ssh_host_key_revoked": (
        "{name} zeigt einen gesperrten SSH-Schlüssel; nicht angemeldet",
        "{name} shows an SSH key that is revoked; not logged in",
    ),
    "config_key_shown": ("gezeigter Schlüssel: {value}", "key shown: {value}"),
    "config_unsaved": (
        "{name}: laufende Konfiguration seit {since} nicht gespeichert",
        "{name}: running configuration not saved since {since}",
    ),
    "config_changed": (
        "{name}: Konfiguration geändert, gesehen am {at}",
        "{name}: configuration changed, seen on {at}",
    ),
    "config_lines": ("neue Zeilen: {added}, entfallene: {removed}", "lines added: {added}, removed: {removed}"),
    "config_commit": ("Commit {commit}", "commit {commit}"),
    "config_attempt": ("letzter Versuch am {at}: {why}", "last attempt on {at}: {why}"),
    "config_no_attempt": ("noch kein Versuch", "not tried yet"),
    "config_why_unknown_key": (
        "der SSH-Schlüssel ist nicht bekannt (ringwacht ssh trust {device})",
        "its SSH key is not known (ringwacht ssh trust {device})",
    ),
    "config_why_changed_key": ("der SSH-Schlüssel ist ein anderer", "its SSH key is another one"),
    "config_why_revoked_key": ("der SSH-Schlüssel ist gesperrt", "its SSH key is revoked"),
    "config_why_auth": ("Anmeldung abgelehnt", "login refused"),
    "config_why_enable": ("privilegierter Modus abgelehnt", "privileged mode refused"),
    "config_why_rights": (
        "der Benutzer darf die Konfiguration nicht lesen",
        "the user has no right to read the configuration",
    ),
    "config_why_held_back": (
        "nicht gefragt, weil andere dieselbe Anmeldung abgelehnt haben",
        "not asked, since others refused the same login",
    ),
    "config_why_config": (
        "auf diesem Rechner nicht brauchbar ({value})",
        "of no use on this machine ({value})",
    ),
    "config_why_timeout": ("keine Antwort in der Frist", "no answer in time"),
    "config_why_unreachable": ("keine SSH-Verbindung", "no SSH connection"),
    "config_why_bad_reply": ("die Antwort ist keine ganze Konfiguration", "the answer is no whole configuration"),
    "config_why_unresolved": ("der Name führt zu keiner Adresse", "its name leads to no address"),
    "config_why_algorithms": (
        "bietet kein sicheres SSH-Verfahren an (Firmware erneuern)",
        "offers no SSH algorithm that is still safe (renew its firmware)",
    ),
    "config_why_repository": ("die Ablage ist nicht benutzbar ({value})", "the repository cannot be used ({value})"),
    "config_why_damaged": ("die Ablage ist beschädigt ({value})", "the repository is damaged ({value})"),
    "config_why_internal": ("ein Fehler in Ringwacht, siehe Protokoll", "an error of Ringwacht's own, see its log"),
    "config_why_other": ("unbekannt", "unknown"),
}
