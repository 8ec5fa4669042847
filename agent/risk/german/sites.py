"""How well a site is reached, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "site_loss": Steps(
        "Von jeder Reihe aus zehn Pings zu einem Standort bleiben anhaltend einige ohne Antwort. Ein Standort, der auf "
        "keinen antwortet, ist ein anderer Befund. Schon wenige Prozent Verlust machen Übertragungen quälend langsam.",
        (
            "Alle Standorte hinter einer Funkstrecke oder Leitung? Dort nachsehen: Empfangspegel, Modulation, Fehler "
            "der Ports.",
            "Nur zu Stoßzeiten: Der Weg ist ausgelastet. Die Last seiner Ports mit ihrer Kapazität vergleichen.",
            "Nur ein Standort: Duplexbetrieb und Fehler seines Anschlussports, dann Kabel oder Modul prüfen.",
            "Begrenzt das Gerät, wie oft es auf Ping antwortet? Firewalls tun das: einen anderen Rechner als `probe` "
            "des Standorts angeben.",
        ),
    ),
    "site_latency": Steps(
        "Die mittlere Umlaufzeit einer Reihe von Pings zu einem Standort ist anhaltend lang. Zu spüren ist das bei "
        "Fernarbeitsplätzen, beim Telefonieren und bei allem, was eine Datenbank oft befragt.",
        (
            "Ein Sprung, der bleibt: Läuft der Verkehr einen anderen Weg, über eine Ersatzstrecke oder einmal um den "
            "Ring?",
            "Kommt und geht mit der Last: Eine Warteschlange ist voll. Wer sendet so viel, und das um diese Zeit?",
            "Ein Standort über Mobilfunk oder Satellit ist immer langsam: `above` erhöhen, damit die anderen noch "
            "zählen.",
        ),
    ),
}
