"""The network as a whole, in German: ways, rings, single failures."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "site_isolated": Steps(
        "Ein Standort erreicht nicht, was er braucht: Jeder eingetragene Weg ist ausgefallen, oder am Standort "
        "antwortet nichts mehr, gleich was der Netzplan sagt. Standorte, die zusammen verstummen, sind eine Meldung; "
        "was dort steht, wird nicht einzeln gemeldet. Ein Standort hinter einem Ring darf zuvor so lange schweigen, "
        "wie der Ring zum Umschalten braucht (`convergence`).",
        (
            "Die Meldung nennt den auslösenden Ausfall, die Belege jede ausgefallene Strecke und seit wann.",
            "Von den genannten Ausfällen den beheben, der am schnellsten geht: Ein Weg zurück genügt.",
            "Nichts antwortet, obwohl ein Weg übrig ist: zuerst am Standort nach dem Strom fragen (seine "
            "Störungshotline anrufen), dann prüfen, ob der Ring umgeschaltet hat (der Zustand des Ringprotokolls steht "
            "in den Belegen).",
            "Er antwortet, obwohl kein eingetragener Weg übrig ist: Im Inventar fehlt ein Weg. Eintragen.",
        ),
    ),
    "redundancy_lost": Steps(
        "Ein Standort hat weniger voneinander unabhängige Wege zu dem, was er braucht, als nach Plan. Noch läuft "
        "alles; ein weiterer Ausfall kann ihn abschneiden. Es steht in der Meldung über den Ausfall, und die geht auch "
        "an die Empfänger dieser Regel.",
        (
            "Den ersten Ausfall beheben, bevor ein zweiter den Standort abschneidet.",
            "`ringwacht whatif --all --url http://127.0.0.1:9595` nennt, was der nächste Ausfall anrichten würde.",
            "Geplante Arbeiten auf den verbliebenen Wegen verschieben.",
        ),
    ),
    "below_required": Steps(
        "Ein Standort hat weniger Wege, als `paths_required` verlangt: zurzeit oder schon nach Plan.",
        (
            "Zurzeit: den Ausfall beheben, den die Belege nennen.",
            "Nach Plan: einen weiteren Weg planen, `paths_required` senken oder den Befund unter `alerting.accept` mit "
            "Datum und Begründung annehmen.",
        ),
    ),
    "ring_open": Steps(
        "Eine Strecke eines Rings trägt nicht, der Ring hat also keine Redundanz; bei zwei oder mehr Trennstellen ist "
        "ein Teil abgeschnitten. Eine blockierte Ersatzstrecke ist in Ordnung.",
        (
            "Die Meldung über die ausgefallene Strecke ansehen: Sie sagt, was fehlt und was übrig ist.",
            "Den Zustand des Ringprotokolls in den Belegen vergleichen: Ist der Ring ganz und doch nicht in Ruhe, muss "
            "seine Schutzumschaltung zurückgesetzt werden.",
        ),
    ),
    "link_unverified": Steps(
        "Nichts sagt, ob eine eingetragene Strecke trägt: Sie endet an keinem abgefragten Port, hat keine Sonde "
        "(`probe`), und kein Standort antwortet, der nur über sie zu erreichen wäre. Als Weg, von dem man weiß, dass "
        "er trägt, zählt sie nicht.",
        (
            "An einem Ende einen Port (`device/port`) eintragen oder der Strecke eine Sonde (`probe`) geben, die nur "
            "über diesen Weg beantwortet wird; bei zwei Anbietern braucht die Sonde eine Absenderadresse (`source`), "
            "die über diesen geleitet wird.",
        ),
    ),
    "single_point_of_failure": Steps(
        "Ein einziger Ausfall von Strecke, Gerät, Standort, Stromversorgung oder gemeinsamem Risiko würde Standorte "
        "abschneiden, obwohl alles in Betrieb ist. Wird einmal gemeldet. Was schon eine einzelne Strecke erklärt, wird "
        "für die Geräte an ihren Enden nicht noch einmal gemeldet.",
        ("Einen zweiten Weg planen oder das Risiko unter `alerting.accept` mit Datum und Begründung annehmen.",),
    ),
    "failover_overload": Steps(
        "Nach einem einzelnen Ausfall, oder schon jetzt, hätte eine Strecke mehr zu tragen, als die Grenze von dem "
        "zulässt, was sie zurzeit tragen kann: Der verbliebene Weg reichte nicht. Der Bedarf ist eingetragen oder "
        "gemessen; über eine Ersatzstrecke zählt nur eingetragener Bedarf.",
        (
            "Richtfunk: Bei niedriger Modulation trägt eine Funkstrecke weniger als vorgesehen; zuerst ihre Meldungen "
            "ansehen.",
            "Auf Dauer: die genannte Strecke ausbauen oder vereinbaren, welcher Verkehr im Ernstfall ruht.",
        ),
    ),
}
