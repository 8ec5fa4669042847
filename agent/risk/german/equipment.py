"""What is known of class rooms and meeting rooms, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "classroom_equipment": Steps(
        "In einem Klassen- oder Besprechungsraum antwortet ein Gerät nicht, während es gebraucht wird: innerhalb "
        "seiner Zeiten schon `silent_for` lang, oder es antwortet unbrauchbar. Je Raum gibt es eine Meldung, wie viel "
        "dort auch gestört ist. Wer schläft, ist nicht kaputt: Ein stummer Beamer zählt nur, wenn er in den letzten "
        "sieben Tagen nachts im Standby geantwortet hat, und zwar noch in der Nacht davor, wenn er außerhalb seiner "
        "Zeiten verstummt ist. Außerhalb der Zeiten wird niemand benachrichtigt.",
        (
            "Die Einzelheiten nennen, was gestört ist und seit wann; die Ansprechperson der Schule benachrichtigen, "
            "bevor dort jemand unterrichtet.",
            "Keine Antwort: Ist das Gerät an der Wand eingeschaltet, steckt das Netzkabel, hat die Netzwerkdose "
            "Verbindung?",
            "Das Kennwort wird abgelehnt: das PJLink-Kennwort im Menü des Beamers und im Inventar neu setzen.",
            "Die Geräte werden jeden Abend an der Wand ausgeschaltet: Gemeldet wird erst `silent_for` nach Beginn der "
            "Zeiten. Diese Frist verlängern oder dem Raum eigene Zeiten geben (`when`).",
        ),
    ),
    "classrooms_silent": Steps(
        "In mindestens drei und mehr als der Hälfte der Räume eines Standorts ist die Ausstattung gemeinsam "
        "verstummt oder war schon vor Beginn der Zeiten stumm: Das hat eine Ursache, und dafür gibt es eine Meldung. "
        "Die Räume sind deren Folgen. Sie endet, sobald es weniger als drei sind; diese werden dann einzeln gemeldet.",
        (
            "Hat das Gebäude Strom, und sind die Räume eingeschaltet? Nach den Ferien muss das jemand tun.",
            "Sonst nach dem Switch, dem Access-Point oder der Sicherung suchen, die alle gemeinsam haben; Switches, "
            "die im Inventar stehen, werden als Ursache genannt.",
        ),
    ),
    "projector_faulty": Steps(
        "Ein Beamer meldet selbst eine Störung, mit der sich nicht oder bald nicht mehr arbeiten lässt: Lampe, Lüfter, "
        "Überhitzung, Gehäuse, Filter. Je Raum gibt es eine Meldung; ein Beamer ohne Raum oder mit eigenen Zeiten "
        "„immer“ steht für sich. Außerhalb seiner Zeiten wird niemand benachrichtigt.",
        (
            "Die Ansprechperson der Schule benachrichtigen, bevor dort jemand unterrichtet.",
            "Lampe, Lüfter oder Überhitzung: Beamer ausschalten und abkühlen lassen, Filter reinigen, dann erneut "
            "versuchen.",
            "Gehäuse: schließen, bis es einrastet; eine gewechselte Lampe muss ganz eingeschoben sein.",
            "Meldet er dasselbe wieder: an den Lieferanten, mit Modell und Seriennummer (`ringwacht collect PATH NAME "
            "--debug`).",
        ),
    ),
    "projector_service_due": Steps(
        "Beamer eines Standorts müssen gewartet werden: Eine Lampe hat ihre vorgesehene Brenndauer erreicht, oder der "
        "Beamer selbst warnt vor Lampe, Filter oder etwas anderem, das ihn noch arbeiten lässt. Je Standort gibt es "
        "eine Meldung.",
        (
            "Die in den Einzelheiten genannten Lampen und Filter bestellen; `ringwacht collect PATH NAME --debug` "
            "zeigt ihre Teilenummern, sofern der Beamer sie nennt.",
            "Alle Räume der Schule bei einem Besuch erledigen, am besten in den Ferien.",
            "Danach im Menü des Beamers den Zähler von Lampe und Filter zurücksetzen: Damit endet die Meldung.",
            "Eine Laserlichtquelle oder eine andere Lampe hält länger: `lamp_life` des Beamers angeben.",
        ),
    ),
}
