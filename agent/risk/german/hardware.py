"""Parts of devices: power supplies, fans, drives, feeds, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "hardware_failed": Steps(
        "Ein Gerät meldet, dass mit einem seiner Teile etwas nicht stimmt: Netzteil, Lüfter, Laufwerk, RAID-Verbund. "
        "Alle Teile eines Geräts sind eine Meldung; die Belege führen sie auf. Was nicht eingebaut oder abgeschaltet "
        "ist, zählt nicht; ein Netzteil, dem nur der Strom fehlt, ist `pdu_feed_lost`. Der Fehler muss zwei "
        "Abfragen eines Verwaltungscontrollers überdauern: Ein einzelner falscher Wert löst nichts aus.",
        (
            "Welches Teil? Die Belege nennen es so, wie das Gerät es nennt; sein Ereignisprotokoll sagt, seit wann.",
            "Laufwerk: Ist der RAID-Verbund noch vollständig und die letzte Sicherung in Ordnung? Erst dann ziehen, "
            "und zwar das richtige: seine Leuchte blinken lassen.",
            "Lüfter und Netzteile lassen sich meist im Betrieb tauschen; gibt es Ersatz oder einen Wartungsvertrag?",
        ),
    ),
    "hardware_redundancy_lost": Steps(
        "Eine Gruppe von Teilen (Netzteile, Lüfter) hat keine Reserve mehr: Der nächste Ausfall nimmt das Gerät mit. "
        "Ist ein Teil des Geräts defekt oder ohne Strom, wird das gemeldet, und dies ist einer der Belege dafür.",
        (
            "Das Gerät meldet alle Teile als in Ordnung: ein Netzteil, das nie angesteckt wurde, oder mehr Last, als "
            "eines allein trägt?",
            "Die Reparatur bald einplanen und bis dahin nicht an der anderen Einspeisung arbeiten.",
        ),
    ),
    "pdu_feed_lost": Steps(
        "Eine Einspeisung ist tot: Eine Steckdosenleiste (PDU) misst an einem Eingang oder einer Phase keine Spannung, "
        "ein Netzteil bekommt keinen Strom, oder ein Fühler vermisst ihn. Ausgänge zählen nicht: Sie dürfen "
        "abgeschaltet sein. Auch eine Phase, die seit dem Start dieses Dienstes nie Spannung hatte, zählt nicht. Was "
        "an einer PDU hängt (`powered_by`), die selbst ohne Strom oder stumm ist, wird mit ihr gemeldet.",
        (
            "Was nur an dieser Einspeisung hängt, ist aus; was zwei hat, steht jetzt auf einem Bein.",
            "Sicherung, FI-Schalter, Stecker und die USV davor: Läuft sie, oder hat sie jemand ausgeschaltet?",
            "Mehrere Geräte zugleich: die Einspeisung, die sie teilen. Nicht einfach alles auf die andere stecken: "
            "Trägt sie die Last?",
        ),
    ),
    "drive_wearing": Steps(
        "Ein SSD-Laufwerk (oder eine Batterie) meldet, dass von seiner Lebensdauer wenig übrig ist.",
        (
            "Ein Laufwerk mit mindestens gleicher Schreibfestigkeit bestellen und bei der nächsten Wartung tauschen.",
            "Laufwerke aus einer Lieferung verschleißen gleich: die Nachbarn prüfen und nicht alle eines Verbunds "
            "zugleich tauschen.",
        ),
    ),
}
