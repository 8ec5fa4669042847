"""What a server says of itself, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "filesystem_full": Steps(
        "Ein Dateisystem ist über die Grenze hinaus belegt. Alle eines Geräts sind eine Meldung; die Belege führen sie "
        "auf.",
        (
            "`df -h` und `du -xh --max-depth=1 / | sort -h`: Protokolle, alte Kernel, Speicherabbilder, Sicherungen "
            "auf dem falschen Datenträger.",
            "Eine gelöschte, aber noch geöffnete Datei hält ihren Platz: `lsof +L1`.",
            "Datenträger von Datenbanken: nie Dateien von Hand löschen, den Datenträger vergrößern.",
        ),
    ),
    "filesystem_filling": Steps(
        "Geht es so weiter wie in den letzten Stunden, ist ein Dateisystem bald voll, und viel ist nicht mehr frei. "
        "Wird erst beurteilt, wenn genügend Verlauf vorliegt.",
        (
            "Was wächst? `du` jetzt und in zehn Minuten vergleichen; nach einem Protokoll suchen, das eine Zeile "
            "ständig wiederholt.",
            "Eine nächtliche Sicherung oder Übernahme, die immer so aussieht: für die Regel `hold` erhöhen oder "
            "`below` senken.",
            "Sonst Platz schaffen, bevor die in der Meldung genannte Zeit um ist.",
        ),
    ),
    "unit_failed": Steps(
        "systemd hat eine Unit aufgegeben. Alle eines Servers sind eine Meldung; die Belege führen sie auf. Dazu "
        "braucht es den Kollektor `systemd` des node_exporter.",
        (
            "`systemctl status UNIT` und `journalctl -u UNIT -b`: Was hat sie zuletzt gesagt?",
            "Zeitgeber einer Sicherung oder Aktualisierung: War der letzte Lauf vollständig? Von Hand neu starten und "
            "beobachten.",
            "Eine Unit, die niemand braucht: `systemctl disable --now UNIT`, danach `systemctl reset-failed`.",
        ),
    ),
    "raid_degraded": Steps(
        "Ein Software-RAID unter Linux (md) läuft mit weniger Platten, als es haben soll: Der nächste Ausfall kann die "
        "Daten kosten. Alle Verbünde eines Servers sind eine Meldung; die Belege führen sie auf.",
        (
            "`cat /proc/mdstat` und `mdadm --detail /dev/mdX`: Welche Platte ist es, und stellt schon eine "
            "Reserveplatte wieder her?",
            "Ist die Sicherung der letzten Nacht gut? Nachsehen, bevor etwas gezogen wird.",
            "Die Platte an ihrer Seriennummer erkennen (`smartctl -i`), tauschen, `mdadm --add`; die Wiederherstellung "
            "beobachten.",
        ),
    ),
    "reboot_required": Steps(
        "Eingespielte Aktualisierungen wirken erst nach einem Neustart. Dazu braucht es das Textdatei-Skript aus der "
        "Sammlung des node_exporter (`apt_info`, `yum_info`).",
        (
            "`/run/reboot-required.pkgs` nennt die Pakete; Kernel oder C-Bibliothek sollten nicht wochenlang warten.",
            "Ankündigen (`alerting.maintenance`), neu starten und prüfen, ob alle Dienste wieder da sind.",
        ),
    ),
    "clock_offset": Steps(
        "Eine Uhr geht falsch: über NTP gegenüber der Uhr der Maschine, auf der Ringwacht läuft (Prüfung `ntp`), oder "
        "nach eigener Angabe des Systems gegenüber seiner Zeitquelle. Die halbe Umlaufzeit wird vorher abgezogen, "
        "damit eine langsame Leitung kein Befund ist. Eine Prüfung vergleicht zwei Uhren und kann nicht sagen, welche "
        "falsch geht. Ab einer halben Sekunde verlieren Protokolle ihre Reihenfolge, ab einer halben Minute scheitern "
        "Einmalpasswörter, ab fünf Minuten Kerberos-Anmeldungen.",
        (
            "Mehrere Geräte zugleich, alle in dieselbe Richtung: zuerst die Maschine von Ringwacht selbst prüfen "
            "(`chronyc tracking`, `timedatectl timesync-status`).",
            "Domänencontroller: `w32tm /query /status` und `/query /source`. `Local CMOS Clock` heißt: keine "
            "Zeitquelle; nur der PDC-Emulator wird von außen gestellt, alle anderen aus der Domäne.",
            "Virtuelle Maschinen: Geht die Uhr des Wirtssystems richtig, und stellen Gasterweiterungen und NTP beide "
            "die des Gastsystems?",
            "Eine Uhr nur dann sprunghaft zurückstellen, wenn empfindliche Dienste angehalten sind (Datenbanken, "
            "Cluster, Mail).",
        ),
    ),
    "clock_unsynchronised": Steps(
        "Das System sagt, dass niemand seine Uhr stellt: Der Kernel führt sie als nicht synchronisiert, und seine "
        "Fehlerschätzung ist auf 16 s gewachsen. Sie läuft um Sekunden je Woche weg.",
        (
            "Läuft ein Zeitdienst: `timedatectl`, `systemctl status chrony systemd-timesyncd ntpsec`?",
            "Erreicht er seine Server: `chronyc sources`, UDP 123 durch die Firewall?",
            "Auch ein Gastsystem, dessen Uhr der Hypervisor stellt, sagt das: dort mit Begründung annehmen oder NTP "
            "stellen lassen.",
        ),
    ),
}
