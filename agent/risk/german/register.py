"""What is known of the asset register, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "assets_missing": Steps(
        "Geräte eines Standorts stehen im Bestand (`assets:`) als in Gebrauch, aber die Geräteverwaltung (MDM), die "
        "eine Flotte dieser Art dort als `source` nennt, führt sie nicht oder hat seit einem Jahr nichts von ihnen "
        "gehört. "
        "Alle anderen gelten nur als vermisst, wenn sie seit dem Start des Dienstes schon einmal gesehen wurden. "
        "Solange eine Quelle schweigt, gilt ihretwegen nichts als vermisst. Je Standort eine Meldung; "
        "keine beginnt außerhalb der Bürozeiten oder, an Schulen, der Unterrichtszeit.",
        (
            "`ringwacht assets report --url URL` führt sie auf, `/api/v1/assets` enthält jede Zeile.",
            "Sind sie da? Dann neu in die Verwaltung oder ins Inventar aufnehmen.",
            "Sind sie fort? Dann `status` auf `retired` setzen oder den Verlust melden: Auf einem Notebook können "
            "personenbezogene Daten sein.",
        ),
    ),
    "assets_unknown": Steps(
        "An einem Standort wurden Geräte gesehen, durch eine Verwaltung oder durch Abfrage, und im Bestand (`assets:`) "
        "steht weder ihre Seriennummer noch ihre Inventarnummer, oder sie gelten dort als `retired`. Es zählen nur "
        "Arten, die der Bestand überhaupt führt, und aus einer Verwaltung nur, was eine Seriennummer oder eine "
        "Inventarnummer hat.",
        (
            "Kürzlich gekauft? Den Lieferschein mit `ringwacht assets import` einlesen.",
            "Im Bestand, aber ohne Seriennummer oder mit einem Tippfehler darin: die Zeile berichtigen.",
            "Im Bestand als `retired`: aus der Verwaltung löschen oder wieder auf `in_use` setzen.",
            "Niemandes Gerät: klären, wer es in die Verwaltung oder ins Netz gebracht hat.",
        ),
    ),
    "assets_moved": Steps(
        "Geräte sind an einem Standort erfasst und wurden an einem anderen gesehen. Gemeldet wird es beim Standort, an "
        "dem sie erfasst sind.",
        (
            "Auf Dauer umgezogen: den neuen Standort in den Bestand eintragen.",
            "Ausgeliehen: Es ist nichts zu tun; oder unter `alerting.accept` hinnehmen, bis es zurück ist.",
            "Falsche Gruppe in der Verwaltung: Der Ort dort entscheidet, an welchem Standort ein Gerät gesehen wird.",
        ),
    ),
    "assets_duplicate": Steps(
        "Eine Seriennummer steht im Bestand unter zwei Inventarnummern, oder eine Verwaltung führt dasselbe Gerät "
        "doppelt. Um so viel sind Anzahl, Alter und Kosten falsch.",
        (
            "Am Gerät nachsehen: Welche Inventarnummer klebt darauf? Die andere Zeile löschen oder auf `retired` "
            "setzen.",
            "Doppelt in der Verwaltung: den Eintrag löschen, der sich länger nicht gemeldet hat.",
        ),
    ),
}
