"""What is said of the requirements of norms, in German and English: own words, never those of the norm."""

from __future__ import annotations

from collections.abc import Mapping

_TITLES: Mapping[str, tuple[str, str]] = {
    "ups": ("USV reicht und ist geprüft", "The UPS suffices and is tested"),
    "climate": ("Temperatur und Feuchte in Grenzen", "Climate within limits"),
    "fire_alarm": ("Rauchmeldung wird weitergeleitet", "A smoke alarm is passed on"),
    "watched_room": ("Infrastruktur des Raums wird überwacht", "The room's infrastructure is watched"),
    "autonomy": ("USV überbrückt bis zur Abschaltung", "The UPS lasts until the shutdown is done"),
    "cooling": ("Klima überwacht, Alarm bei Abweichung, Kühlung mit Reserve", "Climate alarms, cooling has a spare"),
    "early_fire": ("Rauch wird früh erkannt und sofort gemeldet", "Smoke is noticed early and told at once"),
    "two_feeds": ("Zwei Einspeisungen, jede mit eigener USV", "Two feeds, each with a UPS of its own"),
    "pipes": ("Wasseraustritt wird sofort gemeldet", "Leaking water is told at once"),
    "technical_climate": ("Klima in den Grenzen der Datenblätter", "Climate within the data sheets' limits"),
    "technical_water": ("Wasser im Technikraum wird bemerkt", "Water in the plant room is noticed"),
    "technical_ups": ("USV reicht für eine geordnete Abschaltung", "The UPS lasts for an orderly shutdown"),
    "technical_cooling": ("Kühlung mit Reserve", "The cooling has a spare"),
    "alarm_paths": ("Meldewege doppelt und regelmäßig geprüft", "Alarm paths are doubled and tested"),
    "tests": ("Infrastruktur und Meldewege jährlich geprüft", "Infrastructure and alarm paths tested yearly"),
    "events": ("Erreichbarkeit der Netzgeräte wird protokolliert", "Reachability of the network is recorded"),
    "clocks": ("Uhren gehen gleich", "Clocks agree"),
    "snmp": ("Nur sichere Fassungen von SNMP", "Only secure versions of SNMP"),
    "performance": ("Leistung der Netzgeräte wird gemessen", "Performance of the network is measured"),
    "outages": ("Ausfälle im Netz alarmieren sofort", "Outages in the network alarm at once"),
    "watch": ("Die Überwachung selbst ist ausfallsicher", "The watch itself is highly available"),
    "monitoring": ("Alle Komponenten in einer Überwachung", "All components in one monitoring"),
    "contracts": ("Vereinbarte Leistungen festgelegt und überwacht", "Agreed services are set down and watched"),
    "cut_off": ("Überwachung arbeitet auch bei Ausfall nach außen", "The watch works while the outside is gone"),
}

_POINTS: Mapping[str, tuple[str, str]] = {
    "measured_yes": ("{what}: gemessen von {by}", "{what}: measured by {by}"),
    "measured_no": ("{what}: nicht überwacht", "{what}: not watched"),
    "measured_unknown": ("{what}: {by} antwortet nicht", "{what}: {by} does not answer"),
    "expected_no": ("{what}: nicht unter `expected`", "{what}: not under `expected`"),
    "expected_unknown": ("{what}: vorgesehen, nicht gemessen", "{what}: expected, not measured now"),
    "limits_yes": ("Grenze {limit}", "limit {limit}"),
    "limits_no": ("keine Grenze festgelegt", "no limit is set"),
    "data_sheet_yes": ("Herkunft der Grenzen: {source}", "origin of the limits: {source}"),
    "data_sheet_no": (
        "keine Herkunft der Grenzen (`limits.source`)",
        "no origin of the limits (`limits.source`)",
    ),
    "told_yes": ("„{what}“ wird gemeldet", "“{what}” is told"),
    "told_later_no": (
        "„{what}“ wird erst später gemeldet (Bürozeit oder Sammelmeldung)",
        "“{what}” is told later only (office hours or digest)",
    ),
    "told_no": ("„{what}“ wird niemandem gemeldet", "“{what}” is told to nobody"),
    "cooling_yes": ("{what}", "{what}"),
    "cooling_no": ("{what}, keine Reserve", "{what}, no spare"),
    "cooling_state_no": ("nicht alle Klimageräte arbeiten", "not all cooling units work"),
    "cooling_state_unknown": (
        "ob die Klimageräte arbeiten, ist nicht bekannt",
        "not known whether the cooling units work",
    ),
    "cooling_unknown": (
        "Zahl der Klimageräte nicht genannt (`cooling_units`)",
        "number of cooling units not declared (`cooling_units`)",
    ),
    "prompt_yes": ("gemeldet nach höchstens {after}", "told after {after} at the latest"),
    "prompt_no": ("unter Umständen erst nach {after} gemeldet", "perhaps told after {after} only"),
    "prompt_unknown": ("wie schnell gemeldet würde, ist nicht bekannt", "not known how fast it would be told"),
    "shutdown_time_no": ("Dauer der Abschaltung nicht genannt (`shutdown_time`)", "`shutdown_time` is not declared"),
    "runtime_yes": (
        "{name}: {runtime} bei jetziger Last, nötig {required}",
        "{name}: {runtime} at the present load, {required} needed",
    ),
    "runtime_no": (
        "{name}: nur {runtime} bei jetziger Last, nötig {required}",
        "{name}: only {runtime} at the present load, {required} needed",
    ),
    "runtime_unknown": ("{name}: Restlaufzeit nicht bekannt", "{name}: runtime not known"),
    "two_feeds_yes": ("{name}: gespeist von {by}", "{name}: fed by {by}"),
    "two_feeds_no": ("{name}: nur {by}", "{name}: only {by}"),
    "feeds_unknown": (
        "Einspeisung nicht genannt (`powered_by`): {names}",
        "feeds not declared (`powered_by`): {names}",
    ),
    "no_feeds_unknown": (
        "keine Einspeisung ist genannt (`powered_by`)",
        "no feeds are declared (`powered_by`)",
    ),
    "ups_state_unknown": ("{name}: Zustand nicht bekannt", "{name}: state not known"),
    "clients_yes": ("{name}: {what} zur Abschaltung angemeldet", "{name}: {what} registered for the shutdown"),
    "clients_no": (
        "{name}: kein Rechner zur Abschaltung angemeldet",
        "{name}: no computer registered for the shutdown",
    ),
    "clients_unknown": (
        "{name}: ob Rechner zur Abschaltung angemeldet sind, ist nicht bekannt",
        "{name}: not known whether computers are registered for the shutdown",
    ),
    "planned_unknown": (
        "vorgesehen, nicht gemessen: {names}",
        "planned, not measured: {names}",
    ),
    "watched_yes": ("{what} gelesen", "{what} read"),
    "watched_no": ("ohne Prüfung: {names}", "without a check: {names}"),
    "watched_unknown": ("nicht oder nicht ganz gelesen: {names}", "not read, or not all of it: {names}"),
    "measured_by_yes": ("{what} mit Messwerten", "{what} with readings"),
    "measured_by_no": ("ohne Messwerte vorgesehen: {names}", "no readings planned: {names}"),
    "measured_by_unknown": ("zurzeit ohne Messwerte: {names}", "without readings now: {names}"),
    "clocks_yes": ("{what} verglichen: {names}", "{what} compared: {names}"),
    "clocks_no": ("keine Uhr wird verglichen (Prüfung `ntp`)", "no clock is compared (check `ntp`)"),
    "clocks_unknown": ("Vergleich der Uhr ohne Ergebnis: {names}", "clock not compared now: {names}"),
    "snmp_3_yes": ("{what} mit SNMPv3, verschlüsselt", "{what} by SNMPv3, encrypted"),
    "snmp_3_open_no": (
        "{what} mit SNMPv3 ohne Kennwort oder Verschlüsselung",
        "{what} by SNMPv3 without password or encryption",
    ),
    "snmp_community_no": (
        "{what} mit SNMPv1/v2c (Community im Klartext)",
        "{what} by SNMPv1/v2c (community in clear text)",
    ),
    "snmp_default_no": (
        "mit der Community „public“ oder „private“: {what}",
        "by the community “public” or “private”: {what}",
    ),
    "traps_yes": ("Traps mit SNMPv3, verschlüsselt ({what})", "traps by SNMPv3, encrypted ({what})"),
    "traps_no": (
        "Traps ohne Verschlüsselung oder mit SNMPv1/v2c angenommen ({what})",
        "traps are taken unencrypted or by SNMPv1/v2c ({what})",
    ),
    "traps_default_no": (
        "Traps mit der Community „public“ oder „private“ angenommen",
        "traps are taken by the community “public” or “private”",
    ),
    "dead_man_yes": ("ihr Ausfall fällt auf (`alerting.heartbeat`)", "its failure is noticed (`alerting.heartbeat`)"),
    "dead_man_no": ("ihr Ausfall fiele niemandem auf", "nobody would notice its failure"),
    "stand_in_no": ("eine zweite, die übernimmt, ist nicht messbar", "a second one that takes over cannot be measured"),
    "contract_yes": ("{name}: überwacht an {by}", "{name}: watched by {by}"),
    "contract_unknown": (
        "{name}: zurzeit nicht gemessen an {by}",
        "{name}: not measured now by {by}",
    ),
    "contract_no": (
        "{name}: nichts vereinbart oder nichts überwacht ({by})",
        "{name}: nothing agreed, or nothing watched ({by})",
    ),
    "uplink_yes": ("erkennt, wenn sie selbst abgeschnitten ist (`uplink`)", "knows when it is cut off (`uplink`)"),
    "uplink_no": ("erkennt nicht, wenn sie selbst abgeschnitten ist", "does not know when it is itself cut off"),
    "receivers_no": ("kein Empfänger eingetragen", "no receiver is configured"),
    "second_way_yes": ("jeder Empfänger hat einen zweiten Weg", "each receiver has a second way"),
    "second_way_no": ("ohne zweiten Weg (`fallback`): {names}", "without a second way (`fallback`): {names}"),
    "apart_yes": ("zweiter Weg über andere Strecken (`via`)", "the second way takes other links (`via`)"),
    "apart_no": ("beide Wege über dieselbe Strecke: {names}", "both ways over the same link: {names}"),
    "apart_unknown": (
        "über welche Strecken die Wege führen, ist nicht genannt (`via`): {names}",
        "not declared which links the ways take (`via`): {names}",
    ),
    "tested_yes": ("{name}: zuletzt geprüft am {day}", "{name}: last tested on {day}"),
    "tested_no": ("{names}: nie geprüft", "{names}: never tested"),
    "tested_unknown": ("Prüfungen von {names}: nicht bekannt", "tests of {names}: not known"),
    "tested_long_ago_no": ("{name}: zuletzt geprüft am {day}", "{name}: last tested on {day}"),
    "self_test_yes": ("{name}: Selbsttest vor {age}", "{name}: self-test {age} ago"),
    "self_test_no": ("{name}: letzter Selbsttest vor {age}", "{name}: last self-test {age} ago"),
    "self_test_unknown": (
        "{name}: sagt nicht, wann sie sich prüfte",
        "{name}: does not say when it last tested itself",
    ),
}

_COUNTED: Mapping[str, tuple[str, str]] = {
    "one_device": ("1 Gerät", "1 device"),
    "many_device": ("{count} Geräte", "{count} devices"),
    "one_clock": ("1 Uhr", "1 clock"),
    "many_clock": ("{count} Uhren", "{count} clocks"),
    "one_cooling_unit": ("1 Klimagerät", "1 cooling unit"),
    "many_cooling_unit": ("{count} Klimageräte", "{count} cooling units"),
    "one_computer": ("1 Rechner", "1 computer"),
    "many_computer": ("{count} Rechner", "{count} computers"),
    "one_credential": ("1 Zugang", "1 credential"),
    "many_credential": ("{count} Zugänge", "{count} credentials"),
}

_TABLE_WORDS: Mapping[str, tuple[str, str]] = {
    "state_fulfilled": ("erfüllt", "fulfilled"),
    "state_partly": ("teilweise", "partly"),
    "state_gap": ("Lücke", "gap"),
    "state_unknown": ("unbekannt", "unknown"),
    "state_not_applicable": ("entfällt", "n/a"),
    "column_id": ("Anforderung", "requirement"),
    "column_state": ("Stand", "state"),
    "column_title": ("worum es geht", "what it is about"),
    "column_shown": ("Nachweis (+) und Lücke (–)", "evidence (+) and gap (–)"),
    "house": ("Haus", "House"),
    "live": ("Gemessen am {at}.", "Measured on {at}."),
    "not_live": (
        "NICHT GEMESSEN: nur, was die Konfiguration verspricht. Es antwortet kein laufender Dienst.",
        "NOT MEASURED: only what the configuration promises. No running daemon answers.",
    ),
    "sum": (
        "Erfüllt: {fulfilled}, teilweise: {partly}, Lücke: {gap}, unbekannt: {unknown}, entfällt: {not_applicable}",
        "Fulfilled: {fulfilled}, partly: {partly}, gap: {gap}, unknown: {unknown}, not applicable: {not_applicable}",
    ),
    "no_certificate": (
        "Kein Zertifikat: beurteilt wird, was sich messen lässt (docs/norms.md).",
        "No certificate: what can be measured is judged (docs/norms.md).",
    ),
}

TABLE: Mapping[str, tuple[str, str]] = {
    **{f"req_title_{key}": texts for key, texts in _TITLES.items()},
    **{f"req_{key}": texts for key, texts in {**_POINTS, **_COUNTED, **_TABLE_WORDS}.items()},
}
