"""What is known of licences and cloud services, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "cloud_service_degraded": Steps(
        "Ein Cloud-Dienst (`sources:`) meldet selbst eine Störung eines Dienstes, der gebucht ist. Je Dienst eine "
        "Meldung, etwa `source:m365/Exchange Online`: Die Einzelheiten zitieren, was der Anbieter dazu sagt und seit "
        "wann. Ein Ausfall ist kritisch, wo `important` der Quelle den Dienst nennt, sonst eine Warnung. Was nur als "
        "Empfehlung geführt wird (eine Einschränkung, die kaum jemand bemerkt), ist ein Hinweis.",
        (
            "Hier ist nichts defekt: der Anwenderbetreuung und den Schulen in einer Nachricht sagen, was nicht geht.",
            "Die Einzelheiten zitieren den Anbieter; in dessen Verwaltungsoberfläche stehen der Verlauf und der "
            "nächste Stand.",
            "Für alles, was nicht warten kann, einen Ausweg vereinbaren: Telefon statt Videokonferenz, Dateien auf "
            "anderem Weg.",
        ),
    ),
    "source_unreadable": Steps(
        "Eine Quelle (`sources:`) ließ sich seit drei Stunden und drei ihrer Abfragen nicht lesen: die "
        "Geräteverwaltung oder ein Cloud-Dienst. Was sie melden würde (Bestand, Lizenzplätze, Störungen), ist so "
        "lange unbekannt; Meldungen dazu beginnen und enden nicht. Quellen, deren gemeinsame Zugangsdaten abgewiesen "
        "werden, sind eine Meldung, unter der ersten von ihnen.",
        (
            "Die Meldung zitiert den Grund. Abgewiesene Zugangsdaten: Das Kennwort der Anwendung ist abgelaufen oder "
            "die Berechtigung wurde entzogen; ein neues anlegen und sein Ablaufdatum unter `deadlines:` eintragen.",
            "`ringwacht collect PATH NAME --debug` fragt jetzt ab und zeigt jeden Schritt.",
            "Lässt ein Proxy oder eine Firewall diesen Rechner zu der Adresse hinaus?",
        ),
    ),
    "licence_seats_short": Steps(
        "Fast alle Lizenzplätze (`licences:`) sind belegt, oder mehr, als vorhanden sind.",
        (
            "Plätze von Konten zurückholen, deren Inhaber ausgeschieden sind oder die Schule beendet haben.",
            "Rechtzeitig nachbestellen: `/api/v1/licences` nennt die Kosten je belegtem Platz und das Ende der "
            "Laufzeit.",
            "Mehr belegt als vorhanden: Die Nächsten gehen leer aus, und bei einer Prüfung fiele es auf.",
        ),
    ),
    "licence_lapsed": Steps(
        "Die Laufzeit von Lizenzplätzen, die belegt sind, ist zu Ende; der Anbieter gewährt eine Karenzzeit und sperrt "
        "sie danach. Ohne sie gibt es weniger Plätze, als belegt sind. Gezählt wird, was die Quelle nennt, gleich was "
        "unter `seats` der Lizenz steht.",
        (
            "Vor dem Ende der Karenzzeit verlängern: Wer bestellt, unter welchem Vertrag? Die Zahl der Plätze steht "
            "bei den Einzelheiten. Schon gesperrt: Betroffene haben jetzt keinen Zugang mehr.",
            "Durch ein anderes Produkt ersetzt: die Konten umstellen, dann endet die Meldung von selbst.",
        ),
    ),
    "licence_not_counted": Steps(
        "Eine Lizenz nennt eine Quelle (`source`) und dort eine `sku`, die diese nicht kennt: Ihre Plätze werden nicht "
        "gezählt, und es wird nichts über sie gemeldet.",
        (
            "Die Einzelheiten nennen die Namen, die die Quelle kennt; den gemeinten eintragen.",
            "Wird nicht mehr bezogen: die Lizenz aus der Konfiguration nehmen.",
        ),
    ),
}
