"""Partners that rent bandwidth, and lines that are rented, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "partner_over_rented": Steps(
        "Das 95-%-Perzentil dessen, was ein Partner in den letzten 11 Tagen in der stärkeren Richtung genutzt hat, "
        "liegt über der gemieteten Bandbreite. Was durch seinen Standort nur hindurchgeht, zählt nicht.",
        (
            "Nichts ist gestört. Das Feld des Partners in der Übersicht *Partners* ansehen: ein Sprung oder ein "
            "langsamer Anstieg?",
            "Läuft noch anderes über die Strecken des Partners, etwa eine eigene Dienststelle am selben Standort? Dann "
            "im Inventar den Übergabeport des Partners als eigene Strecke eintragen.",
            "Ist der verbleibende Weg im Ring groß genug für beide? Siehe `failover_overload` und die Werte für den "
            "Ausfall eines Elements (N-1).",
            "Mit dem Partner über eine größere Bandbreite sprechen, mit Zahl und Zeitraum.",
        ),
    ),
    "line_below_contract": Steps(
        "Der Port am Ende einer Leitung hat weniger ausgehandelt, oder der Funk liefert weniger als die `bandwidth` "
        "des Vertrags, oder, wo es keinen solchen Vertrag gibt, weniger als die `capacity` der Strecke. Eine eigene "
        "Funkstrecke wird stattdessen beim Funk beurteilt.",
        (
            "Kupferport mit einem Zehntel seiner Datenrate: schadhaftes Kabel oder Stecker, oder ein Ende, das nicht "
            "aushandelt.",
            "Einstellungen beider Enden vergleichen (automatische Aushandlung, Datenrate, Duplex).",
            "Wurde das Gerät des Anbieters getauscht oder zurückgesetzt? Mit der Leitungsnummer anrufen: Sie steht in "
            "den Belegen.",
            "Absichtlich gedrosselt: `bandwidth` oder `capacity` im Inventar berichtigen.",
        ),
    ),
}
