"""Power, climate, water and smoke in rooms, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "ups_on_battery": Steps(
        "Die USV speist ihre Verbraucher aus der Batterie: Die Netzspannung ist ausgefallen oder außerhalb der "
        "Grenzen.",
        (
            "Die Meldung nennt Ladestand und Restlaufzeit. Die Restlaufzeit mit der Abschaltdauer des Raums "
            "vergleichen.",
            "Ist das ganze Gebäude ohne Strom oder nur der Raum? Zuerst Sicherung und Fehlerstromschutzschalter, dann "
            "die Störungsauskunft des Netzbetreibers prüfen.",
            "Restlaufzeit nahe der Abschaltdauer: in der vereinbarten Reihenfolge herunterfahren, Speicher zuletzt.",
            "Nach Wiederkehr der Netzspannung: Lädt die Batterie, und hat jede USV den Batteriebetrieb verlassen?",
        ),
    ),
    "temperature_high": Steps(
        "Ein Fühler des Raums liegt über dessen Grenze. Räume ohne Grenzen werden nicht beurteilt.",
        (
            "Ein Fühler oder alle? Einer: verstellter Luftweg oder Eigenwärme eines Geräts. Alle: die Kühlung.",
            "Läuft das Klimagerät, ist sein Filter frei, läuft das Kondensat ab, ist das Außengerät frei?",
            "Türen öffnen, Lüfter aufstellen, Entbehrliches abschalten (Testsysteme zuerst).",
            "An der kritischen Grenze: in der vereinbarten Reihenfolge herunterfahren, bevor die Geräte es selbst tun.",
        ),
    ),
    "humidity_out_of_range": Steps(
        "Die relative Luftfeuchte im Raum liegt unter oder über `limits.humidity`.",
        (
            "Zu feucht: Wasser, offenes Fenster, ausgefallener Entfeuchter; kalte Rohre auf Tauwasser prüfen.",
            "Zu trocken: auf elektrostatische Entladung achten; ohne Erdungsarmband nichts im Schrank berühren.",
            "Mit einem Handmessgerät vergleichen, bevor man dem Fühler tagelang glaubt.",
        ),
    ),
    "leak": Steps(
        "Ein Fühler meldet Wasser im Raum.",
        (
            "Sofort hingehen. Nahe spannungsführenden Geräten nicht ins Wasser treten; steigt es, den Raum abschalten.",
            "Übliche Herkunft: Kondensat des Klimageräts, Rohre darüber, das Dach. Absperrventil schließen.",
            "Hausmeister verständigen, außerhalb der Dienstzeit die Notrufnummer der Haustechnik.",
        ),
    ),
    "smoke": Steps(
        "Ein Fühler meldet Rauch im Raum. Dies ist keine Brandmeldeanlage und ersetzt keine.",
        (
            "Die 112 anrufen, wenn niemand vor Ort einen Brand sofort ausschließen kann. Niemand geht allein hinein.",
            "Den Strom des Raums von außen abschalten, wenn das gefahrlos möglich ist.",
            "Fehlalarm: meist Staub von Bauarbeiten; den Fühler reinigen oder tauschen.",
        ),
    ),
}
