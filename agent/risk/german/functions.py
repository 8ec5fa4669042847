"""Critical functions and their legs, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "function_down": Steps(
        "Für eine kritische Funktion (`functions:`) steht nichts mehr zur Verfügung: weder das, was sie sonst trägt, "
        "noch ein Ersatz. Hat eine einzige Ursache alles getroffen, spricht deren Meldung für diese, solange sie "
        "ebenso schwer wiegt.",
        (
            "Was jeweils fehlt, steht bei den Einzelheiten; mit dem beginnen, was am schnellsten behoben ist.",
            "Den Notfallplan dieser Funktion in Kraft setzen: Wer entscheidet, was geht von Hand oder auf Papier?",
            "Den Betroffenen sagen, was sie bis dahin tun können und wann es wieder eine Nachricht gibt.",
        ),
    ),
    "function_on_standby": Steps(
        "Was eine kritische Funktion sonst trägt, ist ausgefallen; es bleibt der Ersatz, und dem darf jetzt nichts "
        "zustoßen. Die Meldung über den Ausfall oder seine Ursache spricht für diese.",
        (
            "Trägt der Ersatz wirklich? Manches schaltet von selbst um, eine Sicherung nicht: Sie muss erst "
            "wiederhergestellt werden.",
            "Zuerst den Ausfall beheben; andere Arbeiten, die den Ersatz berühren, warten.",
            "In einer ruhigen Stunde zurückschalten und den Tag als `failover_tested` eintragen: Das war ein Test.",
        ),
    ),
    "standby_lost": Steps(
        "Eine kritische Funktion läuft, aber kein Ersatz steht bereit oder keiner ohne Einschränkung: Der nächste "
        "Ausfall trifft sie. Eine verspätete oder auffällig kleine Sicherung gilt als eingeschränkt, eine "
        "leere als keine.",
        (
            "Den Ersatz so dringend beheben, als wäre die Funktion ausgefallen: Dass er fehlt, merkt sonst niemand, "
            "bis er gebraucht wird.",
            "Bis dahin keine Arbeiten an dem, was die Funktion trägt.",
        ),
    ),
    "function_unverified": Steps(
        "Seit einer Stunde lässt sich nicht feststellen, ob etwas, das eine kritische Funktion trägt oder ersetzt, zur "
        "Verfügung steht: Es wird nicht abgefragt, oder seine Angaben sind veraltet. Unbekannt gilt nicht als "
        "verfügbar. Nicht, solange Ringwacht selbst abgeschnitten ist oder nicht abfragen kann (das hat eine eigene "
        "Meldung), und bei einem Auftrag nicht, bevor seine erste Meldung fällig ist.",
        (
            "Was es ist und warum nichts darüber bekannt ist, steht bei den Einzelheiten.",
            "Eine Prüfung einrichten, die zeigt, dass es funktioniert: eine `probe` der Strecke, ein `heartbeat` der "
            "Sicherung, SNMP oder NUT für die USV.",
        ),
    ),
    "function_without_standby": Steps(
        "Eine kritische Funktion hat keinen Ersatz (`standby`): Was ihre einzige Stütze trifft, trifft sie.",
        (
            "Angeben, was einspringen würde, und sei es noch so bescheiden: ein Ersatzgerät, eine zweite Leitung, die "
            "Sicherung, die man wiederherstellen würde.",
            "Es gibt nichts: Ersatz planen oder unter `alerting.accept` mit Datum und Begründung annehmen.",
        ),
    ),
    "legs_share_risk": Steps(
        "Ein einziger Ausfall träfe alles, was eine kritische Funktion trägt und ersetzt: ein Raum, ein Standort, eine "
        "Stromversorgung, eine Strecke, ein Gerät, ein Anbieter oder ein angegebenes gemeinsames Risiko "
        "(`shared_risk`). Was nur aus einer gemeinsamen Strecke oder einem gemeinsamen Gerät folgt, wird nicht eigens "
        "genannt.",
        (
            "Trennen: ein anderer Raum oder Standort, die andere USV, ein anderer Weg ins Haus, ein anderer Anbieter.",
            "Prüfen, ob es stimmt: Zwei Verträge können in einer Trasse enden, zwei Anbieter auf einem Mast.",
            "Es muss so bleiben: unter `alerting.accept` mit Datum und Begründung annehmen.",
        ),
    ),
    "failover_test_due": Steps(
        "Der Umschalttest einer kritischen Funktion ist fällig (`test_every` nach `failover_tested`) oder wurde noch "
        "nie gemacht, oder der eingetragene Tag liegt in der Zukunft. Eine Erinnerung beginnt um 08:00 Uhr.",
        (
            "Eine Stunde vereinbaren, abschalten, was die Funktion sonst trägt, und die Betroffenen mit dem Ersatz "
            "arbeiten lassen.",
            "Die Zeit messen, bis er trägt, und festhalten, was fehlte.",
            "Zurückschalten, danach den Tag als `failover_tested` eintragen.",
        ),
    ),
}
