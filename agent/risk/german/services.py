"""What people use, and its certificates, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "service_failing": Steps(
        "Ein eingetragener Dienst hat eine Prüfung und ihre Gegenprobe nicht bestanden: keine Antwort, falscher "
        "Status, fehlender Text.",
        (
            "Die Adresse im Browser öffnen, im Büro und vom Mobiltelefon aus: gestört hier, draußen oder beides?",
            "Die Meldung nennt den Grund. Status 5xx: die Anwendung; Zeitüberschreitung: der Server oder der Weg "
            "dorthin; TLS-Fehler: das Zertifikat.",
            "Gab es eine Änderung oder ein Wartungsfenster? Ist der Dienst eingekauft, nennt der Vertrag die "
            "Störungshotline.",
            "Die Anwenderbetreuung verständigen, bevor sie selbst anruft.",
        ),
    ),
    "certificate_expiring": Steps(
        "Das erste Zertifikat in der Kette des Dienstes, das abläuft, tut es bald oder ist schon abgelaufen.",
        (
            "Wer erneuert es: ein ACME-Programm, die Haustechnik, der Anbieter? Nachsehen, ob die letzte Erneuerung "
            "gescheitert ist.",
            "Erneuern, den Server neu laden und die Kette ansehen, die er wirklich sendet: Ein Zwischenzertifikat kann "
            "noch das alte sein.",
            "Lastverteiler und Proxys haben eine eigene Kopie.",
        ),
    ),
    "plugin_failing": Steps(
        "Ein Überwachungs-Plugin meldet WARNING, CRITICAL oder UNKNOWN (oder endet mit einem Status, den kein Plugin "
        "haben sollte). Liefert es gar kein Ergebnis, ist das service_failing oder device_unreachable.",
        (
            "Die Meldung zitiert das Plugin. `ringwacht collect PATH NAME --debug` führt es jetzt aus und zeigt, was "
            "es sagt.",
            "UNKNOWN liegt meist am Plugin selbst: falsches Argument, fehlendes Modul, abgewiesenes Passwort.",
            "Die Grenzen sind die des Plugins: dessen `-w` und `-c` ändern oder eine eigene unter `rules:` anlegen.",
        ),
    ),
}
