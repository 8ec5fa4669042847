"""What runs out on a day that is known beforehand, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "deadline_near": Steps(
        "Eine Frist, das Ende eines Vertrags oder einer Lizenzlaufzeit oder der letzte Tag, an dem gekündigt werden "
        "kann, ist nahe oder vorbei. Alle Tage eines Vertrags oder einer Lizenz sind eine Meldung, der dringendste "
        "zuerst; ebenso Lizenzen eines Vertrags (oder Standorts), die am selben Tag enden, unter der ersten von ihnen. "
        "Eine versäumte Kündigung bleibt bis zum Vertragsende als Hinweis stehen: Aussprechen kann sie niemand mehr. "
        "Eine Lizenz mit Kündigungsfrist verlängert sich von selbst: Das ist ein Hinweis. Gerechnet wird in "
        "Ortszeit, und eine Erinnerung beginnt um 08:00 Uhr ihres Tages, damit kein Termin jemanden um Mitternacht "
        "weckt.",
        (
            "Erledigen, was unter `what_to_do` steht, danach den neuen Tag unter `deadlines:` oder als `ends` oder "
            "`renews` eintragen.",
            "Kündigung: entscheiden, ob es weiterläuft. Wenn ja, `ends` (bei einer Lizenz `renews`) auf das Ende der "
            "nächsten Laufzeit setzen.",
            "Wird nicht erneuert: den Eintrag entfernen oder mit Begründung unter `alerting.accept` annehmen.",
            "APNs-Zertifikate: mit derselben Apple-ID erneuern, sonst ist jedes Tablet neu in die Verwaltung "
            "aufzunehmen.",
        ),
    ),
    "warranty_ending": Steps(
        "Die Garantie von Geräten eines Standorts aus `assets:` endet bald. Eine Meldung je Standort, gleich wie viele "
        "Geräte es sind; abgelaufene Garantien sind keine Meldung. Geräte ohne eingetragenen Standort ergeben eine "
        "gemeinsame Meldung unter Ringwacht.",
        (
            "Die Belege nennen Tage, Modelle und Anzahl; `/api/v1/deadlines` enthält alle.",
            "Bekannte Mängel melden, bevor der Tag vorbei ist.",
            "Server, Speicher und Netz: Wartung verlängern oder Ersatz samt Lieferzeit einplanen.",
        ),
    ),
}
