"""On what the severity of a rule depends, and what its options are, in German; by their English words."""

from __future__ import annotations

from collections.abc import Mapping

FACTS: Mapping[str, str] = {
    # severities
    "by the room's `limits.temperature`: warning, critical": "nach `limits.temperature` des Raums: Warnung, kritisch",
    "critical for services with `critical: true`, warning otherwise": (
        "kritisch bei Diensten mit `critical: true`, sonst Warnung"
    ),
    "critical if nothing of the device answers, warning if only some of its checks fail": (
        "kritisch, wenn nichts an dem Gerät antwortet; Warnung, wenn nur einzelne Prüfungen fehlschlagen"
    ),
    "critical where the plug-in says CRITICAL, but for services without `critical: true`; else warning": (
        "kritisch, wo das Plug-in CRITICAL sagt, außer bei Diensten ohne `critical: true`; sonst Warnung"
    ),
    "critical, warning where its fallback is told instead": (
        "kritisch; Warnung, wo an seiner Stelle der Ersatz (`fallback`) benachrichtigt wird"
    ),
    "critical; warning where the site answers although no declared way is left": (
        "kritisch; Warnung, wo der Standort antwortet, obwohl kein angegebener Weg mehr bleibt"
    ),
    "info by the option, warning once it is over or was never done": (
        "Hinweis nach der Option; Warnung, sobald der Tag vorbei ist oder nie getestet wurde"
    ),
    "info, warning, critical by the options; critical once it is over; info once the notice was missed": (
        "Hinweis, Warnung, kritisch nach den Optionen; kritisch, sobald es vorbei ist; Hinweis, sobald die "
        "Kündigungsfrist verpasst ist"
    ),
    "info; warning where less than 3 dB are left above the threshold, or it carries less than it must": (
        "Hinweis; Warnung, wo weniger als 3 dB über der Schwelle bleiben oder die Strecke weniger trägt, als sie muss"
    ),
    "warning where the calendar cannot be read, info where events name no receiver": (
        "Warnung, wo der Kalender nicht lesbar ist; Hinweis, wo Termine keinen Empfänger nennen"
    ),
    "warning where the ways of sites are judged (one cut off has its own alert), else critical": (
        "Warnung, wo die Wege der Standorte beurteilt werden (ein abgeschnittener hat seine eigene Meldung), sonst "
        "kritisch"
    ),
    "warning while nobody has duty, info where that is so within the next 7 days": (
        "Warnung, solange niemand Dienst hat; Hinweis, wo das in den nächsten 7 Tagen so ist"
    ),
    "warning, critical by the options": "Warnung, kritisch nach den Optionen",
    "warning; critical once the runtime is below the room's `shutdown_time`": (
        "Warnung; kritisch, sobald die Laufzeit unter `shutdown_time` des Raums liegt"
    ),
    "warning; info where the hop runs on its second radio and nothing says that the first one failed": (
        "Warnung; Hinweis, wo die Funkstrecke auf ihrem zweiten Gerät läuft und nichts sagt, dass das erste defekt ist"
    ),
    # options
    "Found when a greater share stays unanswered.": "Gemeldet, wenn ein größerer Anteil ohne Antwort bleibt.",
    "Found when the mean round trip is longer.": "Gemeldet, wenn die mittlere Laufzeit länger ist.",
    "Found when the value is greater.": "Gemeldet, wenn der Wert größer ist.",
    "Found where load by capacity is greater.": "Gemeldet, wo die Last im Verhältnis zur Kapazität größer ist.",
    "Offset from which it is a warning.": "Abweichung, ab der es eine Warnung ist.",
    "Offset from which it is critical.": "Abweichung, ab der es kritisch ist.",
    "Only where less than this share is still free.": "Nur, wo weniger als dieser Anteil noch frei ist.",
    "Share of the agreed rate below which it is reported.": "Anteil der vereinbarten Rate, unter dem gemeldet wird.",
    "Time left below which it is a warning.": "Restzeit, unter der es eine Warnung ist.",
    "Time left below which it is critical.": "Restzeit, unter der es kritisch ist.",
    "Time left from which it is a warning.": "Restzeit, ab der es eine Warnung ist.",
    "Time left from which it is critical.": "Restzeit, ab der es kritisch ist.",
    "Time left from which it is informational.": "Restzeit, ab der es ein Hinweis ist.",
    "Time left from which it is informational; once over, a warning.": (
        "Restzeit, ab der es ein Hinweis ist; danach eine Warnung."
    ),
    "Time to full below which it is reported.": "Zeit bis voll, unter der gemeldet wird.",
    "Used share from which it is a warning.": "Belegter Anteil, ab dem es eine Warnung ist.",
    "Used share from which it is critical.": "Belegter Anteil, ab dem es kritisch ist.",
    "`hold` of a radio hop that faded before it went, as in heavy rain; while nobody is cut off by it.": (
        "`hold` einer Funkstrecke, die vor dem Ausfall schwächer wurde, wie bei Starkregen; solange dadurch niemand "
        "abgeschnitten ist."
    ),
}
