"""Does a device answer? In German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "device_unreachable": Steps(
        "Eine Abfrage des Geräts ist gescheitert und eine Sekunde später auch die Gegenprobe. Wo Ping oder eine andere "
        "Prüfung noch antwortet, sagt die Meldung, welche antwortet und welche nicht.",
        (
            "Zuerst die übrigen Meldungen ansehen: Ist eine Strecke, ein Ring oder der Strom desselben Standorts "
            "ausgefallen? Dann dort anfangen.",
            "Gerät und Gateway von anderer Stelle aus anpingen, um Gerät und Weg zu unterscheiden.",
            "`ringwacht collect PATH DEVICE --debug` zeigt eine Abfrage mit jedem Paket und jeder Antwort.",
            "Antwortet auf Ping, aber nicht auf SNMP: Läuft der Agent, steht dieser Server in seiner Zugriffsliste, "
            "ist UDP 161 offen?",
            "„Abgewiesen“ (`refused`) heißt: Der Rechner ist da, der Dienst nicht; „keine Antwort“ (`no answer`) ist "
            "häufiger ein Filter.",
            "Vor Ort: Verbindungsleuchten, Netzteil, Konsole prüfen. Festhalten, seit wann es schweigt: `since` in "
            "`/api/v1/devices`.",
        ),
    ),
    "credentials_refused": Steps(
        "Das Gerät antwortet und weist unsere Zugangsdaten zurück. Es ist erreichbar, seine Werte werden aber nicht "
        "gelesen.",
        (
            "Wurde am Gerät das Passwort, die Community oder der SNMPv3-Benutzer geändert? Die neuen Angaben in die "
            "Geheimnisdatei eintragen und neu laden (`systemctl reload ringwacht`).",
            "Verwendet das Gerät dieselben Verfahren für Anmeldung und Verschlüsselung, wie sie unter `credentials:` "
            "stehen?",
            "Mehrere Geräte mit denselben Zugangsdaten zugleich: Die Geheimnisdatei wurde geändert oder enthält einen "
            "überzähligen Zeilenumbruch.",
            "Ein einzelnes Gerät nach Rücksetzen oder Austausch: Es hat noch die Zugangsdaten ab Werk.",
        ),
    ),
    "probe_failing": Steps(
        "Ein Gerät antwortet auf eine Prüfung der Art http, tcp, dns oder ntp, aber nicht wie erwartet: falscher "
        "Status oder Eintrag, fehlender Text, nicht vertrauenswürdiges Zertifikat, eine Uhr, die niemand stellt. "
        "Antwortet es gar nicht, ist das `device_unreachable`; bei Diensten heißt dasselbe `service_failing`.",
        (
            "Die Meldung sagt, was an der Antwort nicht stimmt; `ringwacht collect PATH DEVICE --debug` zeigt eine "
            "neue.",
            "dns: Wurde die Zone oder eine Weiterleitung geändert, und sagen die anderen Nameserver dasselbe (`dig "
            "@SERVER`)?",
            "ntp: Erreicht der Server seine eigene Zeitquelle (`chronyc sources`, `w32tm /query /status`), lässt seine "
            "Firewall UDP 123 hinaus? `kiss-o'-death RATE`: Er wird zu oft gefragt, `interval` erhöhen.",
            "Stimmt noch, was erwartet wird? Andernfalls im Inventar ändern.",
        ),
    ),
    "reading_incomplete": Steps(
        "Eine Prüfung gelingt, bringt aber nur einen Teil dessen, was sie bringen soll; die Belege sagen, was fehlt. "
        "Was da ist, wird beurteilt wie immer. Was fehlt, ist unbekannt: Meldungen, die es brauchen, beginnen und "
        "enden nicht.",
        (
            "`ringwacht collect PATH DEVICE --debug` zeigt eine Abfrage mit ihren Anmerkungen; `ringwacht_partial` "
            "zählt sie.",
            "`max_series … reached`: `max_series` der Prüfung erhöhen oder mit `preset` und `allow` weniger Messreihen "
            "behalten.",
            "`failed in the exporter: NAME`: Warum dieser Teil gescheitert ist, steht im Protokoll des Exporters; dort "
            "beheben oder abschalten.",
            "`… series left out`: Die Seite enthält Namen oder Label, die sich nicht ausgeben lassen, oder eine "
            "Messreihe doppelt. Name und Zeile der ersten stehen dahinter: an den Zuständigen für den Exporter oder "
            "die Textdatei weitergeben.",
            "`none of the page's … series is asked for`: `preset` und `allow` passen zu einem anderen Exporter.",
            "`filesystem PATH`: Der Server dahinter antwortet nicht, oder die Einhängung ist gestört: `stat -f PATH` "
            "auf der Maschine ausführen.",
            "`… cannot be read any more` (Fühler, Netzteil): Seit einer früheren Abfrage ist ein Treiber oder Gerät "
            "verschwunden.",
            "SNMP-Modul, Teilbaum oder Spalte: Geben Sicht oder Zugriffsliste des Geräts alles frei, ist seine Antwort "
            "richtig (`does not increase` ist ein Fehler des Agenten), reicht die Zeit der Prüfung?",
            "`… items of performance data cannot be read`: Die zitierte Ausgabe des Plugins entspricht nicht den "
            "Richtlinien für Plugins.",
            "Es bleibt aus gutem Grund so: befristet annehmen (`alerting.accept`).",
        ),
    ),
}
