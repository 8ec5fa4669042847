"""What is known of what providers owe, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "contract_missed": Steps(
        "Etwas, das unter einem Vertrag geschuldet ist, war in diesem Kalendermonat länger ausgefallen, als die "
        "vereinbarte Verfügbarkeit (`availability`) innerhalb der Servicezeit zulässt. Angekündigte Arbeiten, fremde "
        "Ursachen und Zeiten, in denen Ringwacht selbst nichts sehen konnte, zählen nicht. Der Hinweis steht, bis der "
        "Monat vorbei ist.",
        (
            "Die Tage stehen bei den Einzelheiten. Die Abrechnung und jede Zustandsänderung für das Gespräch mit dem "
            "Anbieter liefert `/api/v1/contracts`.",
            "Mit dem Bericht des Anbieters vergleichen: Kennt er diese Ausfälle, waren sie angekündigt?",
            "Ein angekündigter Ausfall, der nicht unter `alerting.maintenance` steht, zählt hier mit; Vergangenes wird "
            "nicht geändert.",
            "Geltend machen, was der Vertrag für einen verfehlten Monat vorsieht, und für das nächste Gespräch "
            "vormerken.",
        ),
    ),
    "contract_at_risk": Steps(
        "Drei Viertel (`used`) der Ausfallzeit, die die vereinbarte Verfügbarkeit (`availability`) eines Vertrags in "
        "der Servicezeit des ganzen Monats zulässt, sind verbraucht.",
        (
            "Die Tage mit Ausfällen stehen bei den Einzelheiten. Gibt es eine Ursache, die wiederkommen wird?",
            "Mit dem Anbieter sprechen, bevor der Monat verfehlt ist, und riskante Arbeiten in den nächsten Monat "
            "legen.",
        ),
    ),
    "provider_down": Steps(
        "Zwei oder mehr Dienste oder Strecken eines Anbieters sind innerhalb weniger Minuten ausgefallen, und nichts "
        "Eigenes erklärt es. Diese eine Meldung spricht für alle. Fällt innerhalb von zwei Minuten auch etwas anderer "
        "Anbieter oder ein eigener Standort, eine eigene Strecke oder ein eigenes Gerät aus, ist das nicht sicher; "
        "dann wird jeder Ausfall für sich gemeldet.",
        (
            "Den Anbieter anrufen: Nummer und vereinbarte Reaktionszeit stehen bei den Einzelheiten.",
            "Ist anderes im Internet noch erreichbar? Dann liegt es nicht an der eigenen Leitung.",
            "Den Betroffenen sagen, dass der Anbieter daran arbeitet und wann es wieder eine Nachricht gibt.",
            "Waren die Arbeiten angekündigt? Dann unter `alerting.maintenance` eintragen, sie gelten dann als geplant.",
        ),
    ),
    "line_rate_low": Steps(
        "Die beste der letzten fünf Messungen einer Leitung (`throughput`) liegt unter 90 % (`below`) der Bandbreite "
        "(`bandwidth`) ihres Vertrags. Gemessen wird, was davon bei Dateien ankommt, etwa 5 % weniger als die "
        "Leitungsrate. Beurteilt wird ab drei Messungen, die bis zum Neustart von Ringwacht erhalten bleiben; nicht "
        "mehr, sobald die letzte älter ist als drei Messabstände.",
        (
            "War die Leitung während der Messung in Gebrauch? Gemessen wird nur, was übrig ist.",
            "Noch einmal messen, wenn sonst nichts über die Leitung geht, etwa am Abend.",
            "Den Anbieter mit der Leitungsnummer und den Messwerten anrufen.",
            "Die Messung endet anderswo: ein `download` wählen, der nah und schnell genug ist.",
        ),
    ),
}
