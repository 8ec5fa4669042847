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
    "critical where one of them is, else warning": "kritisch, wenn etwas davon es ist, sonst Warnung",
    "critical, warning where its fallback is told instead": (
        "kritisch; Warnung, wo an seiner Stelle der Ersatz (`fallback`) benachrichtigt wird"
    ),
    "critical; warning where the site answers although no declared way is left": (
        "kritisch; Warnung, wo der Standort antwortet, obwohl kein angegebener Weg mehr bleibt"
    ),
    "info by the option, warning once it is over or was never done": (
        "Hinweis nach der Option; Warnung, sobald der Tag vorbei ist oder nie getestet wurde"
    ),
    "info, warning, critical by the options; critical once it is over; info once the notice was missed; notice of a "
    "licence: never critical": (
        "Hinweis, Warnung, kritisch nach den Optionen; kritisch, sobald es vorbei ist; Hinweis, sobald die "
        "Kündigungsfrist verpasst ist; Kündigungsfrist einer Lizenz: nie kritisch"
    ),
    "info; warning where less than 3 dB are left above the threshold, or it carries less than it must": (
        "Hinweis; Warnung, wo weniger als 3 dB über der Schwelle bleiben oder die Strecke weniger trägt, als sie muss"
    ),
    "warning; info while there was never one, for the first week": (
        "Warnung; Hinweis, solange es noch nie eine gab, in der ersten Woche"
    ),
    "warning where a room has no sensor, or one is silent; info where one is missing": (
        "Warnung, wo ein Raum keinen Fühler hat oder einer stumm ist; Hinweis, wo einer fehlt"
    ),
    "warning; critical where all units have failed, or none runs": (
        "Warnung; kritisch, wo alle Geräte gestört sind oder keines läuft"
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
    "warning where fewer computers are connected than `clients` says, info where none is and nothing is said; on "
    "battery one step worse, up to critical": (
        "Warnung, wo weniger Rechner angemeldet sind, als `clients` sagt; Hinweis, wo keiner angemeldet und nichts "
        "angegeben ist; auf Batterie eine Stufe schlimmer, bis kritisch"
    ),
    "warning; critical where the shutdown must begin, the battery is low, the agreed wait is over, or the runtime is "
    "too short and no computer is connected to be shut down; where no shutdown is agreed: within two minutes or two "
    "polls of its end": (
        "Warnung; kritisch, wo die Abschaltung beginnen muss, die Batterie fast leer ist, die vereinbarte Wartezeit "
        "vorbei ist, oder wo die Laufzeit zu kurz und kein Rechner zur Abschaltung angemeldet ist; wo keine "
        "Abschaltung vereinbart ist: binnen zwei Minuten oder zwei Abfragen vor ihrem Ende"
    ),
    "warning where no standby is alive, info where it is only degraded": (
        "Warnung, wo kein Ersatz zur Verfügung steht; Hinweis, wo er nur eingeschränkt ist"
    ),
    "warning; critical where an important service is interrupted, info where there are advisories only": (
        "Warnung; kritisch, wo ein wichtiger Dienst ausgefallen ist; Hinweis, wo nur Einschränkungen gemeldet sind"
    ),
    "warning where the credential is refused, else info": (
        "Warnung, wo die Zugangsdaten abgewiesen werden; sonst Hinweis"
    ),
    "info above the option, warning where more are used than held": (
        "Hinweis über der Option; Warnung, wo mehr belegt als vorhanden sind"
    ),
    "warning where the primary is down, else info": "Warnung, wo der Regelbetrieb ausgefallen ist; sonst Hinweis",
    "warning; info where the hop runs on its second radio and nothing says that the first one failed": (
        "Warnung; Hinweis, wo die Funkstrecke auf ihrem zweiten Gerät läuft und nichts sagt, dass das erste defekt ist"
    ),
    "warning; critical once the time left is short: `shutdown_time` and 15 minutes, at least 20 minutes": (
        "Warnung; kritisch, sobald die Restzeit knapp ist: `shutdown_time` und 15 Minuten, mindestens 20 Minuten"
    ),
    # options
    "Share of the seats above which it is reported.": "Anteil der Lizenzplätze, ab dem es gemeldet wird.",
    "Difference of their means in kelvin above which it is found.": (
        "Unterschied ihrer Mittelwerte in Kelvin, ab dem es gemeldet wird."
    ),
    "How long equipment must have been silent within its hours of that day. Devices with hours that stand in no such "
    "room are not told of as unreachable before that time has passed either.": (
        "Wie lange ein Gerät innerhalb seiner Zeiten an diesem Tag stumm gewesen sein muss. Auch Geräte mit Zeiten, "
        "die in keinem solchen Raum stehen, gelten nicht vorher als nicht erreichbar."
    ),
    "Time of use from which a lamp is due, where its projector has no `lamp_life`.": (
        "Brenndauer, ab der eine Lampe fällig ist, sofern der Beamer kein `lamp_life` hat."
    ),
    "How long no unit may run; longer than the longest pause of its compressor.": (
        "Wie lange kein Gerät laufen muss; länger als die längste Pause seines Verdichters."
    ),
    "How long the door of a server room may stand open.": "Wie lange die Tür eines Serverraums offen stehen darf.",
    "Found when a greater share stays unanswered.": "Gemeldet, wenn ein größerer Anteil ohne Antwort bleibt.",
    "Found when the last size by the usual one is greater.": (
        "Gemeldet, wenn die letzte Größe im Verhältnis zur üblichen größer ist."
    ),
    "Found when the last size by the usual one is smaller.": (
        "Gemeldet, wenn die letzte Größe im Verhältnis zur üblichen kleiner ist."
    ),
    "Found when the mean round trip is longer.": "Gemeldet, wenn die mittlere Laufzeit länger ist.",
    "Age of the battery from which it is reported.": "Alter der Batterie, ab dem gemeldet wird.",
    "Load above which it is a warning.": "Last, über der es eine Warnung ist.",
    "Load above which it is critical.": "Last, über der es kritisch ist.",
    "Longest time that a self-test may take.": "Längste Dauer eines Selbsttests.",
    "Share of the life left below which it is reported.": "Rest der Lebensdauer, unter dem gemeldet wird.",
    "Temperature above which it is a warning.": "Temperatur, über der es eine Warnung ist.",
    "Temperature above which it is critical.": "Temperatur, über der es kritisch ist.",
    "Time since the last self-test from which it is reported.": (
        "Zeit seit dem letzten Selbsttest, ab der gemeldet wird."
    ),
    "How many times faster than a room a made-up one lives; for demonstrations only.": (
        "Wievielmal so schnell wie ein Raum ein erfundener lebt; nur für Vorführungen."
    ),
    "Found when the value is greater.": "Gemeldet, wenn der Wert größer ist.",
    "Days with hours (school or office) without a check-in that a device may have.": (
        "So viele Tage mit Betrieb (Schule oder Büro) darf ein Gerät sich nicht melden."
    ),
    "Share of the devices above which it is reported.": "Anteil der Geräte, über dem gemeldet wird.",
    "Share of the planned stock that may be missing.": "Anteil des geplanten Bestands, der fehlen darf.",
    "Found where load by capacity is greater.": "Gemeldet, wo die Last im Verhältnis zur Kapazität größer ist.",
    "Offset from which it is a warning.": "Abweichung, ab der es eine Warnung ist.",
    "Offset from which it is critical.": "Abweichung, ab der es kritisch ist.",
    "Only where less than this share is still free.": "Nur, wo weniger als dieser Anteil noch frei ist.",
    "Share of the agreed rate below which it is reported.": "Anteil der vereinbarten Rate, unter dem gemeldet wird.",
    "Share of the contracted rate below which it is reported.": (
        "Anteil der vertraglichen Rate, unter dem gemeldet wird."
    ),
    "Share of the month's error budget from which it is reported.": (
        "Anteil der zulässigen Ausfallzeit des Monats, ab dem gemeldet wird."
    ),
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
    "How often every way to a receiver must have taken a test.": (
        "Wie oft eine Probemeldung auf jedem Weg eines Empfängers angekommen sein muss."
    ),
    "Time left from which one is reminded; half of `every` at most.": (
        "Verbleibende Zeit, ab der erinnert wird; höchstens die Hälfte von `every`."
    ),
    "Time that a new receiver, or one with other ways, has for its first test.": (
        "Frist eines neuen Empfängers, oder eines mit anderen Wegen, bis zur ersten Prüfung."
    ),
}
