"""Power, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "ups_on_battery": Steps(
        "Die USV speist ihre Verbraucher aus der Batterie: Die Netzspannung ist ausgefallen oder außerhalb der "
        "Grenzen. Die Abschaltung muss beginnen, solange noch das Doppelte von `shutdown_time` des Raums bleibt. Als "
        "Restlaufzeit gilt der kleinere Wert aus der Angabe der USV und dem Verlauf ihres Ladestands; antwortet die "
        "USV nicht, wird weitergezählt. Ein Selbsttest ist kein Ausfall.",
        (
            "Die Meldung nennt, wie lange die Batterie reicht und wann die Abschaltung spätestens beginnen muss.",
            "Ist das ganze Gebäude ohne Strom oder nur der Raum? Zuerst Sicherung und Fehlerstromschutzschalter, dann "
            "die Störungsauskunft des Netzbetreibers prüfen.",
            "Zu diesem Zeitpunkt in der vereinbarten Reihenfolge herunterfahren: zuerst Testsysteme und "
            "Arbeitsplätze, dann Fachverfahren, dann Datenbanken, Domänencontroller und Virtualisierung, Speicher und "
            "Netz zuletzt.",
            "Die Einzelheiten nennen, was mit dieser USV seine letzte Einspeisung verliert. Was früh abgeschaltet "
            "werden darf, verschafft dem Rest Zeit.",
            "Nach Wiederkehr der Netzspannung: Lädt die Batterie, und hat jede USV den Batteriebetrieb verlassen? In "
            "umgekehrter Reihenfolge einschalten, Speicher und Netz zuerst.",
        ),
    ),
    "ups_self_test_stuck": Steps(
        "Die USV meldet länger einen Selbsttest, als ein Test dauert. Vermutlich ist die Anzeige hängen geblieben; ab "
        "jetzt gilt Batteriebetrieb wieder als Ausfall. Eine Kalibrierung dauert Stunden: vorher ankündigen.",
        (
            "Am Display der USV nachsehen: Läuft ein Test oder eine Kalibrierung, und wie voll ist die Batterie?",
            "Bleibt die Anzeige nach dem Ende des Tests stehen: den Test dort beenden oder die Verwaltungskarte neu "
            "starten; die Verbraucher berührt das nicht.",
            "Mit Network UPS Tools: `upscmd` mit `test.battery.stop`, danach den Treiber neu starten.",
        ),
    ),
    "ups_runtime_short": Steps(
        "Am Netz, bei geladener Batterie, ist die Laufzeit bei der jetzt gemessenen Last kürzer, als der Raum "
        "verlangt: `power_return_wait` und das Doppelte von `shutdown_time` (BSI GEB.9.1.3). Für den Batteriebetrieb "
        "gibt es eine eigene Meldung.",
        (
            "Die Last mit der beim Kauf der USV vergleichen: Was ist seither dazugekommen?",
            "Verbraucher, die keine Batterie brauchen (Bildschirme, Drucker), an eine andere Steckdose umstecken.",
            "Eine ältere Batterie: Die Laufzeit sinkt, lange bevor die USV eine neue verlangt. Unter Last prüfen.",
            "Sonst hilft ein Batteriemodul, eine größere USV oder eine kürzere, erprobte `shutdown_time`.",
        ),
    ),
    "ups_low_battery_late": Steps(
        "Die USV meldet eine fast leere Batterie erst, wenn weniger Zeit bleibt, als die Abschaltung des Raums dauert "
        "(`shutdown_time`). Rechnern, die auf dieses Signal warten, fehlt mittendrin der Strom.",
        (
            "Die Restlaufzeit, ab der die USV die Batterie als fast leer meldet, über die Abschaltdauer des Raums "
            "anheben: `battery.runtime.low` bei Network UPS Tools, sonst an der Verwaltungskarte.",
            "Oder die Rechner früher beginnen lassen, nach einer festen Zahl von Minuten auf Batterie.",
            "Danach erproben: an einem angekündigten Abend den Netzstecker der USV ziehen und die Zeit nehmen.",
        ),
    ),
    "ups_battery_replace": Steps(
        "Die USV verlangt eine neue Batterie: Sie hat sie als schwach erkannt, oder deren Zeit ist abgelaufen.",
        (
            "Der angezeigten Laufzeit nicht trauen: Eine solche Batterie kann nach Sekunden am Ende sein.",
            "Batterien gleicher Art bestellen, immer den ganzen Strang; Modell und Seriennummer stehen im Verzeichnis.",
            "Bis dahin: Was darf auf keinen Fall ausfallen, und kann eine andere USV es speisen?",
            "Nach dem Tausch das Datum in der USV eintragen und sie einen Selbsttest machen lassen.",
        ),
    ),
    "ups_self_test_failed": Steps(
        "Der letzte Selbsttest der USV ist fehlgeschlagen. Verlangt sie auch eine neue Batterie, wird nur das "
        "gemeldet. Beim nächsten Stromausfall sind die Verbraucher womöglich sofort ohne Strom.",
        (
            "Das Ergebnis am Display ablesen: Batterie, Wechselrichter oder Überlast während des Tests?",
            "Einen Tag laden lassen, dann außerhalb der Dienstzeit und angekündigt erneut testen.",
            "Schlägt der Test wieder fehl: Batterie tauschen. Auch mit einer neuen: den Kundendienst rufen.",
        ),
    ),
    "ups_battery_old": Steps(
        "Die Batterie ist nach dem in der USV eingetragenen Datum älter, als die Option angibt.",
        (
            "Wurde sie getauscht und das Datum nicht eingetragen? Dann in der USV nachtragen.",
            "Sonst den Tausch jetzt in den Haushalt aufnehmen: Die Lieferung dauert Wochen, und der Selbsttest "
            "gelingt womöglich bis zuletzt.",
        ),
    ),
    "ups_battery_hot": Steps(
        "Die Batterie ist zu warm. Bleibatterien altern je 10 K über 20 bis 25 °C doppelt so schnell; eine heiße kann "
        "sich aufblähen und in Brand geraten.",
        (
            "Ist auch der Raum warm? Dann zuerst die Kühlung.",
            "Nur die Batterie: Lüfter und Lufteinlässe der USV, Last und Alter der Batterie prüfen.",
            "Über 45 °C, bei Geruch oder aufgeblähtem Gehäuse: geschlossen lassen, die Verbraucher geordnet "
            "herunterfahren, die USV vom Netz trennen und den Kundendienst rufen. Das Batteriefach nicht öffnen.",
        ),
    ),
    "ups_self_test_due": Steps(
        "Der letzte Selbsttest der USV liegt länger zurück, als die Option angibt; wo die USV sagt, wann er war.",
        (
            "Den monatlichen Selbsttest der USV einschalten, zu einer Stunde, in der jemand da ist.",
            "Einmal im Jahr die ganze Kette prüfen: Netz aus, und fahren die Rechner rechtzeitig herunter?",
        ),
    ),
    "ups_overload": Steps(
        "An der USV hängt mehr Last, als sie tragen soll. Über ihrer Nennleistung schaltet sie auf Bypass oder ganz "
        "ab, spätestens wenn das Netz ausfällt.",
        (
            "Was wurde zuletzt angeschlossen oder eingeschaltet? Häufig ist es ein Heizlüfter oder ein Staubsauger an "
            "der falschen Steckdose.",
            "Über 100 %: sofort trennen, was nicht gebraucht wird.",
            "Von zwei USV, die einander ersetzen sollen, darf keine mehr als die Hälfte tragen.",
        ),
    ),
    "ups_on_bypass": Steps(
        "Die USV speist ihre Verbraucher am Wechselrichter vorbei: Beim nächsten Netzausfall sind sie sofort ohne "
        "Strom.",
        (
            "Arbeitet dort jemand (Bypass von Hand)? Dann ist es angekündigte Arbeit: Ein Eintrag unter "
            "`maintenance` erklärt sie.",
            "Sonst Überlast, Hitze oder ein defekter Wechselrichter: Display und Protokoll der USV sagen, was es ist.",
            "Nicht ausschalten: Das nimmt die Verbraucher mit. Den Kundendienst rufen; haben die Verbraucher eine "
            "zweite Einspeisung?",
        ),
    ),
    "shutdown_clients_missing": Steps(
        "Am USV-Server (Network UPS Tools) sind weniger Rechner angemeldet, als er herunterfahren soll. Ist die "
        "Batterie leer, fehlt ihnen mitten in der Arbeit der Strom. Mit `clients: 0` wird das nicht beurteilt.",
        (
            "`upsc -c NAME` auf dem USV-Server zeigt, wer angemeldet ist. Wer fehlt?",
            "Läuft dort der Dienst `nut-monitor` (upsmon) mit dem richtigen Passwort, und lässt die Firewall Port "
            "3493 durch?",
            "Auf Batterie: Was fehlt, von Hand herunterfahren, vor dem Zeitpunkt, den die Meldung der USV nennt.",
            "Werden sie auf andere Weise heruntergefahren? Dann mit `clients: 0` angeben.",
        ),
    ),
    "feeds_share_ups": Steps(
        "Geräte mit zwei oder mehr Einspeisungen (`powered_by`) hängen trotzdem allein an dieser USV: Alle "
        "Einspeisungen kommen von ihr, über wie viele Leisten auch immer, oder die andere USV antwortet seit mehr als "
        "einem Tag nicht.",
        (
            "Die Einzelheiten zeigen jede Einspeisung bis zur USV. Ist es so verkabelt oder nur so angegeben?",
            "Je Gerät eines der beiden Netzteile an eine Leiste einer anderen USV stecken oder direkt an einen "
            "anderen Stromkreis: Das ist besser als beide an einer USV.",
            "Darauf achten, dass die andere USV alles allein tragen kann.",
        ),
    ),
}
