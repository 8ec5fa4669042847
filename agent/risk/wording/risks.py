"""What the factors of the risk figure are called, and what would lower each, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.wording.risks_elsewhere import FACTORS_ELSEWHERE, FactorTexts
from agent.risk.wording.rooms import QUANTITIES

_FACTORS: Mapping[str, FactorTexts] = {
    # rooms
    "temperature_high": (
        ("Raum zu warm", "Room too warm"),
        ("Kühlung wiederherstellen, Last verringern", "Restore the cooling, reduce the load"),
    ),
    "room_overheating": (
        ("Raum wird zu warm", "Room is heating up"),
        ("Kühlung prüfen, Türen öffnen, Last verringern", "Check the cooling, open the doors, reduce the load"),
    ),
    "cooling_failed": (
        ("Klimagerät ausgefallen", "Cooling unit failed"),
        ("Klimagerät instand setzen lassen", "Have the cooling unit repaired"),
    ),
    "climate_beyond_norm": (
        ("Klima schlechter als empfohlen", "Climate worse than recommended"),
        ("Kühlung und Entfeuchtung nachregeln", "Adjust cooling and dehumidifier"),
    ),
    "leak": (
        ("Wasser im Raum", "Water in the room"),
        ("Wasser absperren, Ursache beseitigen", "Shut the water off, mend what leaks"),
    ),
    "humidity_out_of_range": (
        ("Luftfeuchte außerhalb der Grenzen", "Humidity out of bounds"),
        ("Be- oder Entfeuchtung prüfen", "Check humidifier and dehumidifier"),
    ),
    "smoke": (
        ("Rauch im Raum", "Smoke in the room"),
        ("Brand ausschließen, Melder prüfen", "Rule out a fire, check the detector"),
    ),
    "door_open": (("Tür steht offen", "Door is open"), ("Tür schließen", "Close the door")),
    "room_not_measured": (
        ("Raum ohne Messung", "Room without measurement"),
        ("Fühler für Temperatur, Feuchte und Wasser einbauen", "Install sensors of temperature, humidity and water"),
    ),
    "sensor_implausible": (
        ("Fühler misst Unmögliches", "Sensor shows the impossible"),
        ("Fühler prüfen oder tauschen", "Check or replace the sensor"),
    ),
    "sensor_frozen": (
        ("Fühler ändert sich nicht mehr", "Sensor is frozen"),
        ("Fühler neu starten oder tauschen", "Restart or replace the sensor"),
    ),
    "sensor_disagrees": (
        ("Fühler widersprechen sich", "Sensors disagree"),
        ("Mit einem Handmessgerät vergleichen", "Compare with a hand-held meter"),
    ),
    # power
    "ups_on_battery": (
        ("USV läuft auf Batterie", "UPS on battery"),
        ("Netz wiederherstellen oder geordnet abschalten", "Restore the mains, or shut down in order"),
    ),
    "ups_on_bypass": (
        ("USV überbrückt", "UPS on bypass"),
        ("USV instand setzen: bei Stromausfall hält sie nichts", "Have it repaired: it carries nothing in an outage"),
    ),
    "ups_battery_replace": (
        ("Batterie der USV verbraucht", "UPS battery worn out"),
        ("Batterie tauschen", "Replace the battery"),
    ),
    "ups_self_test_failed": (
        ("Selbsttest der USV fehlgeschlagen", "UPS self-test failed"),
        ("Batterie tauschen, Test wiederholen", "Replace the battery, repeat the test"),
    ),
    "ups_battery_hot": (
        ("Batterie der USV zu warm", "UPS battery too hot"),
        ("Für Kühlung und Abstand der USV sorgen", "Give the UPS air and cooling"),
    ),
    "ups_battery_old": (
        ("Batterie der USV alt", "UPS battery old"),
        ("Tausch der Batterie einplanen", "Plan the battery's replacement"),
    ),
    "ups_self_test_stuck": (
        ("Selbsttest der USV endet nicht", "UPS self-test does not end"),
        ("Test abbrechen, USV prüfen", "Abort the test, check the UPS"),
    ),
    "ups_self_test_due": (
        ("Selbsttest der USV überfällig", "UPS self-test overdue"),
        ("Selbsttest auslösen, monatlich einplanen", "Start a self-test, schedule it monthly"),
    ),
    "ups_runtime_short": (
        ("Restlaufzeit der USV zu kurz", "UPS runtime too short"),
        ("Last verringern, Batterie erweitern oder schneller abschalten", "Less load, more battery, a faster shutdown"),
    ),
    "ups_low_battery_late": (
        ("USV meldet schwache Batterie zu spät", "UPS declares its battery low too late"),
        ("Schwelle für die Abschaltung an der USV erhöhen", "Raise the UPS's threshold for shutdown"),
    ),
    "ups_overload": (
        ("USV überlastet", "UPS overloaded"),
        ("Last verringern oder auf eine zweite USV verteilen", "Reduce the load, or share it with a second UPS"),
    ),
    "shutdown_clients_missing": (
        ("Niemand schaltet bei Stromausfall ab", "Nobody shuts down in an outage"),
        ("Server mit der USV verbinden (NUT)", "Connect the servers to the UPS (NUT)"),
    ),
    "feeds_share_ups": (
        ("Beide Einspeisungen an einer USV", "Both feeds on one UPS"),
        ("Zweite Einspeisung an eine andere USV legen", "Move the second feed to another UPS"),
    ),
    "pdu_feed_lost": (
        ("Einspeisung ausgefallen", "Feed lost"),
        ("Sicherung, Steckverbindung und Zuleitung prüfen", "Check fuse, plug and supply line"),
    ),
    # hardware
    "hardware_failed": (
        ("Bauteil ausgefallen", "Part failed"),
        ("Bauteil tauschen", "Replace the part"),
    ),
    "hardware_redundancy_lost": (
        ("Netzteile oder Lüfter ohne Reserve", "Supplies or fans without a spare"),
        ("Ausgefallenes Netzteil oder Lüfter tauschen", "Replace the failed supply or fan"),
    ),
    "raid_degraded": (
        ("Plattenverbund ohne Reserve", "RAID without a spare"),
        ("Platte tauschen, Sicherung prüfen", "Replace the disk, check the backup"),
    ),
    "drive_wearing": (("Datenträger verschlissen", "Drive worn"), ("Datenträger tauschen", "Replace the drive")),
    # what nobody knows
    "room_unknown": (
        ("Über den Raum ist nichts bekannt", "Nothing is known of the room"),
        ("Fühler einbauen und der Konfiguration nennen", "Install sensors and name them in the configuration"),
    ),
    "not_measured_yet": (
        ("Noch nicht gemessen", "Not measured yet"),
        ("Die ersten Abfragen abwarten", "Wait for the first polls"),
    ),
    "not_judged": (
        ("Zurzeit nicht beurteilbar", "Cannot be judged now"),
        ("Geräte wieder erreichbar machen", "Make the devices answer again"),
    ),
}

_OTHERS: Mapping[str, tuple[str, str]] = {
    "risk_also": ("ebenso: {names}", "also: {names}"),
    "risk_accepted": ("hingenommen, zählt dennoch", "accepted, counts all the same"),
    "risk_cut_lesser": (
        "zählt {points} statt {full}: Kleineres zählt zusammen höchstens {most}",
        "counts {points}, not {full}: lesser things count {most} together at most",
    ),
    "risk_cut": (
        "zählt {points} statt {full}: mehr als {most} zählt nichts",
        "counts {points}, not {full}: {most} is all",
    ),
    "risk_not_yet_evidence": ("Seit dem Start noch nicht abgefragt: {names}", "Not polled since the start: {names}"),
    "risk_missing": ("Niemand misst es.", "Nobody measures it."),
    "risk_missing_by": ("Niemand misst es ({names}).", "Nobody measures it ({names})."),
    "risk_silent": ("Was es messen sollte, schweigt.", "What should measure it is silent."),
    "risk_silent_by": ("Keine Antwort von {names}.", "No answer from {names}."),
    "risk_room_unknown_evidence": (
        "{name}: kein Messwert, der beurteilt werden könnte",
        "{name}: no reading that could be judged",
    ),
    "risk_unknown_evidence": (
        "Ob das gilt, ist nicht bekannt: {what} ({name})",
        "Not known whether it is so: {what} ({name})",
    ),
}


def _of_quantity(name: str, german: str, english: str) -> Mapping[str, tuple[str, str]]:
    return {
        f"risk_missing_{name}": (f"{german}: nicht überwacht", f"Not watched: {english}"),
        f"risk_silent_{name}": (f"{german}: keine Messwerte", f"No readings: {english}"),
        f"remedy_missing_{name}": (f"{german}: Fühler oder Gerät vorsehen", f"Provide a sensor or device: {english}"),
        f"remedy_silent_{name}": (
            f"{german}: Fühler oder Gerät wieder erreichbar machen",
            f"Make the sensor or device answer again: {english}",
        ),
    }


def _table() -> Mapping[str, tuple[str, str]]:
    made = dict(_OTHERS)
    for factor, (title, remedy) in {**_FACTORS, **FACTORS_ELSEWHERE}.items():
        made |= {f"risk_{factor}": title, f"remedy_{factor}": remedy}
    for quantity, names in QUANTITIES.items():
        made |= _of_quantity(quantity, *names)
    return made


TABLE: Mapping[str, tuple[str, str]] = _table()
