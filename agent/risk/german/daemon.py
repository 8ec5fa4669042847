"""What the daemon finds about itself, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "check_not_possible": Steps(
        "Ringwacht selbst kann eine Prüfung nicht ausführen, etwa weil der Kernel ICMP verbietet. Über die Geräte sagt "
        "das nichts: Für diese Prüfung sind sie unbekannt, nicht in Ordnung. Andere Prüfungen laufen weiter.",
        (
            "Die Meldung nennt den Grund und die Zahl der betroffenen Prüfungen; die Belege führen sie einzeln auf.",
            "ICMP nicht erlaubt: `sysctl net.ipv4.ping_group_range` muss die Gruppe des Dienstes einschließen, oder "
            "die Unit braucht `AmbientCapabilities=CAP_NET_RAW`.",
            "Interner Fehler (`internal error`): Fehler in Ringwacht. Neu starten, Protokoll aufheben und den Fehler "
            "melden.",
        ),
    ),
    "state_not_written": Steps(
        "Die Zustandsdatei lässt sich nicht schreiben, etwa weil der Datenträger voll ist. Meldungen laufen aus dem "
        "Arbeitsspeicher weiter und werden zugestellt; was unterdessen entschieden wird, geht verloren, wenn Ringwacht "
        "endet, bevor es geschrieben werden konnte.",
        (
            "`df -h` und `df -i` für das Zustandsverzeichnis ausführen; Platz schaffen. Ringwacht holt das Schreiben "
            "von selbst nach.",
            "Mit `dmesg` nach Fehlern des Datenträgers suchen, mit `mount` nach einem Dateisystem, das nur noch lesbar "
            "eingehängt ist.",
            "Ringwacht nicht neu starten, solange der Datenträger nicht wieder beschreibbar ist.",
        ),
    ),
    "state_damaged": Steps(
        "Die Zustandsdatei war beschädigt (zerrissen, abgeschnitten, überschrieben). Sie wurde unverändert beiseite "
        "gelegt und mit dem, was noch lesbar war, neu begonnen; Meldungen, Quittierungen, Stummschaltungen oder noch "
        "nicht zugestellte Nachrichten können fehlen. Die Meldung steht, solange die beschädigte Datei neben der neuen "
        "liegt.",
        (
            "Das Protokoll des Starts nennt, wie viele Zeilen jeder Tabelle gerettet wurden. Stummschaltungen und "
            "Quittierungen aus dem Gedächtnis durchgehen und Fehlendes neu setzen.",
            "`dmesg` und `smartctl -a` für den Datenträger, das Protokoll des Hypervisors für die Maschine ansehen: "
            "Dateien zerreißen nicht von selbst.",
            "Danach die Dateien `state.sqlite.damaged-…` verschieben oder löschen; die Meldung endet nach wenigen "
            "Minuten.",
        ),
    ),
    "receiver_failing": Steps(
        "Ein Empfänger nimmt seit 5 Minuten keine Nachricht an oder weist sie endgültig ab (falsches Passwort, "
        "erloschenes Konto). Was er noch annehmen kann, wird weiter versucht; verloren geht nichts.",
        (
            "Die Belege nennen den letzten Fehler; `ringwacht alerts test --receiver NAME --as ROLE` nennt "
            "ihn für jeden seiner Wege.",
            "Endgültig abgewiesen: `alerting.receivers` berichtigen und neu laden. Die Meldung steht, bis eine "
            "Nachricht angenommen oder die Konfiguration neu geladen wurde.",
            "Kein `fallback` eingetragen: einen angeben, der über einen anderen Weg erreicht wird; sonst erfährt "
            "unterdessen niemand etwas.",
        ),
    ),
    "uplink_down": Steps(
        "Gateway und Referenzen unter `uplink:` antworten nicht: Abgeschnitten ist Ringwacht selbst. Alles andere ist "
        "unbekannt, und keine Meldung darüber beginnt oder endet; nur was am eigenen Standort antwortet, wird nach "
        "seiner Antwort beurteilt. Ist die Verbindung wieder da, wartet jedes Urteil auf eine neue Abfrage.",
        (
            "Zuerst diese Maschine ansehen: Kabel, Switchport, VLAN, `ip route`, `ping` zum Gateway.",
            "Laut Belegen antworten andere Standorte: Dann weist nur das Gateway Ping ab. Ping von dieser Maschine "
            "dort erlauben oder unter `references:` Gegenstellen angeben, die antworten; bis dahin wird nichts "
            "beurteilt.",
            "Dass der ganze Standort abgeschnitten ist, sieht man nur von außen: Totmannschaltung "
            "(`alerting.heartbeat`) oder eine zweite Ringwacht an einem anderen Standort.",
        ),
    ),
    "rule_too_broad": Steps(
        "Eine Regel wählt mehr Messreihen aus, als sie darf (50.000; mit `changed` 10.000), oder schlägt bei mehr als "
        "200 Geräten, Strecken oder Diensten zugleich an. Was innerhalb der Grenze liegt, wird beurteilt; über das "
        "Übrige beginnt und endet keine Meldung.",
        (
            "Die Meldung nennt Regel und Anzahl, die Belege die Auswahl.",
            "Weniger auswählen: eine Messreihe beim Namen nennen, `site=` oder `device=~` ergänzen, ausschließen, was "
            "von Natur aus ruht.",
            "Hunderte zugleich: Stimmt die Grenze, oder ist etwas geschehen, das eine gemeinsame Ursache hat?",
        ),
    ),
}
