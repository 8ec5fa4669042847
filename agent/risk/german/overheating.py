"""Where a room's temperature is going, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "room_overheating": Steps(
        (
            "Eine Temperatur des Raums verlässt das dort Übliche und wird die kritische Grenze erreichen: binnen einer "
            "Stunde, oder binnen zwei, wenn die Warngrenze 20 Minuten entfernt ist. Wie gerechnet wird: "
            "[server-room.md](server-room.md#time-to-the-limit)."
        ),
        (
            "Läuft die Kühlung? Sicherung, Anzeige, Kondensat, Filter, Außengerät; einmal neu starten.",
            "Türen öffnen, Lüfter aufstellen, Entbehrliches abschalten (Testsysteme zuerst): das bringt Minuten.",
            "Schneller, als die Last die Luft erwärmen kann: zuerst nach Brand oder heißer Luft von außen sehen.",
            "Die geordnete Abschaltung muss beginnen, bevor die Restzeit unter `shutdown_time` fällt.",
            "Notdienst der Kältefirma anrufen; notieren, seit wann die Kühlung fehlt.",
        ),
    ),
}
