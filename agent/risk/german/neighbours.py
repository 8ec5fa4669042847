"""Neighbours that LLDP shows, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

_WHO_IS_RIGHT = (
    "Klären, was stimmt: `GET /api/v1/neighbours` nennt, was jedes Gerät an welchem Port sieht, `ends` der Strecke, "
    "was eingetragen ist. Ringwacht ändert das Inventar nie von selbst."
)

TEXTS: Mapping[str, Steps] = {
    "declared_not_seen": Steps(
        "Eine eingetragene Glasfaser-, Kupfer- oder Funkstrecke trägt, beide Geräte zeigen Nachbarn nach LLDP, doch "
        "keines zeigt das andere. Vielleicht verläuft sie anders als eingetragen: Dann werden Wege gezählt, die es "
        "nicht gibt. Nicht beurteilt werden gemietete Leitungen, Mobilfunk und VPN, Funkgeräte, die über das Funkfeld "
        "kein anderes zeigen, und Strecken, die in den letzten 90 Minuten ausgefallen waren.",
        (
            _WHO_IS_RIGHT,
            "Ist LLDP an beiden Ports eingeschaltet, zum Senden und zum Empfangen?",
            "Behält ein Medienwandler oder ein Gerät des Anbieters dazwischen LLDP für sich? Dann den Befund unter "
            "`alerting.accept` mit Datum und Begründung annehmen.",
        ),
    ),
    "seen_not_declared": Steps(
        "Ein Gerät sieht nach LLDP ein Gerät eines anderen Standorts, und kein eingetragener Weg erklärt es: weder "
        "eine Strecke zwischen ihnen an diesen Ports noch eine, deren Enden LLDP durchreichen, wie Funkgeräte es tun. "
        "Ein nicht eingetragener Weg zählt nicht als Weg und schließt womöglich eine Schleife, von der niemand weiß.",
        (
            _WHO_IS_RIGHT,
            "Ist die Verbindung gewollt: die Strecke mit ihren gemeinsamen Risiken eintragen.",
            "Ist es ein Kabel, das aushilfsweise gesteckt wurde? Festhalten, wer es braucht, und es entfernen: Es "
            "führt womöglich an der Firewall vorbei.",
        ),
    ),
    "wrong_port": Steps(
        "Die beiden Geräte einer eingetragenen Strecke sehen einander nach LLDP, aber an anderen Ports als "
        "eingetragen. Überwacht wird der eingetragene Port: Fiele die Strecke aus, erführe es niemand, und Last und "
        "Fehler sind die einer anderen.",
        (
            _WHO_IS_RIGHT,
            "`ends` der Strecke oder die Verkabelung berichtigen. Nach einem Gerätetausch alle Strecken des Geräts "
            "prüfen.",
        ),
    ),
}
