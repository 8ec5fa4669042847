"""What norms ask for and nobody measures by itself, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.catalogue.norms import ALARM_PATH_TEST_DUE
from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    ALARM_PATH_TEST_DUE: Steps(
        "Die Meldewege zu einem oder mehreren Empfängern sind zu prüfen oder wurden nie geprüft. Die Einzelheiten "
        "nennen zu jedem, wann eine Probemeldung zuletzt auf allen seinen Wegen ankam. Ein echter Alarm ist keine "
        "Prüfung: Gerade die selten gebrauchten Wege gehen unbemerkt verloren. Gezählt wird ab dem ersten Tag des "
        "Empfängers in Ringwacht oder seit seine Adressen gelten, auch über Neustarts hinweg.",
        (
            "Allen Bescheid geben, die geweckt werden, dann für jeden `ringwacht alerts test PATH --receiver NAME "
            "--as ROLE` aufrufen, auf dem Rechner des laufenden Dienstes: Nur dann steht die Prüfung im Protokoll.",
            "Nachfragen, wer die Meldung bekam und wie lange es dauerte, bis jemand hätte handeln können. Auch das "
            "festhalten.",
            "Ein Weg fällt aus: noch heute instand setzen. Ein Empfänger wird nicht mehr gebraucht: aus der "
            "Konfiguration entfernen.",
        ),
    ),
}
