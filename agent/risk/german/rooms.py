"""Climate, water and smoke in rooms, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "temperature_high": Steps(
        "Ein Fühler des Raums liegt über dessen Grenze: der aus dem Inventar, sonst in Serverräumen und Verteilern 27 "
        "°C und 32 °C (ASHRAE TC 9.9). Woher die Grenze stammt, steht in den Belegen.",
        (
            "Ein Fühler oder alle? Einer: verstellter Luftweg oder Eigenwärme eines Geräts. Alle: die Kühlung.",
            "Läuft das Klimagerät, ist sein Filter frei, läuft das Kondensat ab, ist das Außengerät frei?",
            "Türen öffnen, Lüfter aufstellen, Entbehrliches abschalten (Testsysteme zuerst).",
            "An der kritischen Grenze: in der vereinbarten Reihenfolge herunterfahren, bevor die Geräte es selbst tun.",
        ),
    ),
    "humidity_out_of_range": Steps(
        "Die relative Luftfeuchte im Raum liegt unter oder über `limits.humidity`. Fehlen diese, gilt in Serverräumen "
        "und Verteilern: höchstens 70 %, Taupunkt -9 bis 15 °C (ASHRAE TC 9.9).",
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
    "sensor_implausible": Steps(
        "Ein Fühler des Raums zeigt, was nicht sein kann: einen Ersatzwert oder eine andere Einheit, oder er springt "
        "hin und her. Sein Wert wird nicht verwendet; der Raum ist womöglich blind.",
        (
            "Die Belege nennen das wohl Gemeinte: Einheit am Gerät auf °C oder den Faktor im Profil richtigstellen.",
            "Ersatzwert (0, -1, 85, 127): Stecker und Kabel prüfen, dann den Fühler tauschen.",
            "Der Wert stimmt doch: bitte melden, mit der Ausgabe von `ringwacht collect PATH DEVICE`.",
        ),
    ),
    "sensor_disagrees": Steps(
        "Zwei Temperaturfühler an gleicher Stelle zeigen seit einer halben Stunde Verschiedenes, mehr als erlaubt und "
        "mit der Auflösung erklärbar. Beide werden weiter beurteilt.",
        (
            "Sitzen sie dort, wo das Inventar es sagt? Wer in der Abluft hängt, ist ein `outlet` (`sensors:`).",
            "Ein Thermometer neben beide halten; den falschen abgleichen oder tauschen.",
            "Ist es in einer Ecke wirklich wärmer: `above` der Regel anheben oder den verstellten Luftweg suchen.",
        ),
    ),
    "sensor_frozen": Steps(
        "Eine Temperatur steht länger still, als ihre Auflösung erklärt (0,1 K: 6 Stunden, 0,5 K: ein Tag, 1 K: drei "
        "Tage), während andere an gleicher Stelle sich bewegten; oder sie stand sonst nie auch nur ein Viertel so "
        "lange.",
        (
            "Den Fühler mit der Hand wärmen: Ändert sich der Wert? Sonst die Messeinheit neu starten, dann tauschen.",
            "Manche Geräte wiederholen den letzten Wert eines abgezogenen Fühlers: Stecker und Kabel prüfen.",
            "Bis dahin weiß niemand, wie warm es dort ist: an heißen Tagen nachsehen.",
        ),
    ),
    "room_not_measured": Steps(
        "Im Raum wird etwas nicht gemessen, das gemessen werden soll: etwas aus `expected` oder, in Serverräumen und "
        "Verteilern ohne diese Angabe, überhaupt etwas. Oder ein Fühler ist verstummt, oder `sensors` nennt einen, "
        "den es nicht gibt.",
        (
            "Stumm: Ist das Gerät da, und antwortet es? `ringwacht collect PATH DEVICE` zeigt, was es sagt.",
            "Es fehlt: einen Fühler einbauen; zuerst Temperatur vor den Schränken und Wasser unter dem Klimagerät.",
            "Hier nicht nötig: mit `expected` angeben oder dem Raum eine andere Art (`kind`) geben.",
        ),
    ),
    "climate_beyond_norm": Steps(
        "Im Mittel mehrerer Tage ist der Raum wärmer als 25 °C oder feuchter als 60 %, aber innerhalb seiner eigenen "
        "Grenzen. So rät es das BSI (GEB.10.1.2), wenn die Hersteller nicht mehr erlauben: eine Lücke, kein Alarm.",
        (
            "Erlauben die Hersteller aller Geräte mehr? Dann festhalten und die Lücke annehmen (`alerting.accept`).",
            "Sonst den Sollwert senken, warme und kalte Luft besser trennen oder mehr Kühlung einplanen.",
        ),
    ),
    "cooling_failed": Steps(
        "Der Kontakt eines Klimageräts meldet Störung, oder es läuft länger als erlaubt keines, während der Raum sich "
        "erwärmt oder seiner Grenze nahe ist (bekannt, wo `cooling_units` gesetzt ist und jedes einen Kontakt hat).",
        (
            "Hingehen: Fehler in der Anzeige, Sicherung, Kondensatpumpe, Filter, Außengerät?",
            "Trägt das andere Gerät die Last? Restzeit bis zur Grenze beachten; Türen öffnen, Testsysteme aus.",
            "Den Kundendienst des Klimageräts rufen; seine Nummer gehört an das Gerät und in den Vertrag.",
        ),
    ),
    "door_open": Steps(
        "Die Tür eines Serverraums steht länger offen, als die Option erlaubt.",
        (
            "Arbeitet dort jemand? Wenn nicht, schließen und klären, wer zuletzt im Raum war.",
            "Sie ist zu und wird doch gemeldet: Kontakt oder Magnet hat sich verschoben.",
        ),
    ),
}
