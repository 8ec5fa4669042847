"""Texts of findings on the network as a whole, in German and English: ways, rings, single failures, causes."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "between": ("{one}–{other}", "{one}–{other}"),
    "between_named": ("{one}–{other} ({id})", "{one}–{other} ({id})"),
    "hop": ("Funkstrecke {name}", "hop {name}"),
    "line": ("Strecke {name}", "link {name}"),
    "group": ("gemeinsames Risiko {name}", "shared risk {name}"),
    "group_provider": ("Anbieter {name}", "provider {name}"),
    "group_room": ("Raum {name}", "room {name}"),
    "power_of": ("Stromversorgung {name}", "power from {name}"),
    "device_of": ("Gerät {name}", "device {name}"),
    "site_of": ("Standort {name}", "site {name}"),
    "end_blocked": ("{end}: {source} wartet (blockiert)", "{end}: {source} blocked, waits to be used"),
    "is_down": ("{what} ist ausgefallen", "{what} is down"),
    "is_down_says": ("{what} ist ausgefallen ({says})", "{what} is down ({says})"),
    "is_off": ("{what} ist abgeschaltet", "{what} is switched off"),
    "down_since": ("{what}: {says} (seit {ago})", "{what}: {says} (for {ago})"),
    "ring_carries_over": ("der Ring trägt über {sites}", "the ring carries over {sites}"),
    "ring_carries": ("der Ring trägt auf der anderen Seite", "the ring carries the other way"),
    "others_carry": ("andere Wege tragen", "other ways carry"),
    "not_answered": (
        "ob die anderen Wege tragen, ist nicht sicher: {sites} hat seither nicht geantwortet",
        "whether other ways carry is not certain: {sites} has not answered since",
    ),
    "not_askable": (
        "ob die anderen Wege tragen, ist nicht nachprüfbar: an {sites} wird nichts abgefragt",
        "whether other ways carry cannot be told: nothing is polled at {sites}",
    ),
    "now_one_way": ("{sites} hat jetzt nur noch einen Weg", "{sites} now has one way"),
    "now_one_way_each": ("{sites} haben jetzt nur noch je einen Weg", "{sites} now have one way each"),
    "now_ways": ("{sites} hat jetzt noch {count} Wege", "{sites} now has {count} ways"),
    "now_ways_each": ("{sites} haben jetzt noch je {count} Wege", "{sites} now have {count} ways each"),
    "cut_off_by_it": ("{sites} ist abgeschnitten", "{sites} is cut off"),
    "cut_off_by_it_each": ("{sites} sind abgeschnitten", "{sites} are cut off"),
    "way_left": ("{site} hat noch {left} von {designed} Wegen", "{site} has {left} of {designed} ways left"),
    "because": ("{text} (wegen: {why})", "{text} (because {why})"),
    "needs": ("{name} ist gestört", "{name} is down"),
    "ways_required": (
        "{site} hat {left} Weg(e), gefordert sind {required}",
        "{site} has {left} way(s); {required} are required",
    ),
    "ways_required_design": (
        "{site} hat schon nach Plan nur {left} Weg(e), gefordert sind {required}",
        "{site} has {left} way(s) by design; {required} are required",
    ),
    "isolated": ("{site} ist abgeschnitten", "{site} is cut off"),
    "isolated_with": ("{site} ist abgeschnitten, mit ihm {others}", "{site} is cut off, and with it {others}"),
    "silent": ("an {site} antwortet nichts mehr", "nothing at {site} answers any more"),
    "silent_with": (
        "an {site} und dahinter ({others}) antwortet nichts mehr",
        "nothing at {site} and behind it ({others}) answers any more",
    ),
    "cuts_are": ("ausgefallen: {links}", "down: {links}"),
    "carries_over": (
        "nach Plan müsste es über {links} noch erreichbar sein: Strom oder Umschaltung prüfen",
        "by design it could still be reached over {links}: check power, and whether the ring switched over",
    ),
    "common_cause": ("gemeinsame Ursache: {element}", "common cause: {element}"),
    "not_answered_each": (
        "ob die anderen Wege tragen, ist nicht sicher: {sites} haben seither nicht geantwortet",
        "whether other ways carry is not certain: {sites} have not answered since",
    ),
    "cannot_reach": ("{site} erreicht {needs} nicht", "{site} cannot reach {needs}"),
    "answers_all_the_same": (
        "zu {site} führt kein eingetragener Weg mehr, doch es antwortet: fehlt ein Weg im Inventar?",
        "no declared way leads to {site} any more, yet it answers: is a way missing in the inventory?",
    ),
    "site_cut_off": ("{site} ist abgeschnitten", "{site} is cut off"),
    "silent_devices": ("ohne Antwort: {devices}", "no answer: {devices}"),
    "ring_open": ("Ring {ring} ist offen zwischen {one} und {other}", "ring {ring} is open between {one} and {other}"),
    "ring_cut": (
        "Ring {ring} ist an {count} Stellen getrennt ({links})",
        "ring {ring} is cut in {count} places ({links})",
    ),
    "ring_segments": ("abgetrennt: {sites}", "cut off: {sites}"),
    "ring_says": ("Ringprotokoll: {says}", "ring protocol: {says}"),
    "spof": ("Fällt {element} aus, ist {sites} abgeschnitten", "if {element} fails, {sites} is cut off"),
    "spof_each": ("Fällt {element} aus, sind {sites} abgeschnitten", "if {element} fails, {sites} are cut off"),
    "overload": (
        "Fällt {element} aus, trägt {link} {load} von {capacity} ({ratio})",
        "if {element} fails, {link} carries {load} of {capacity} ({ratio})",
    ),
    "overloaded": (
        "{link} trägt jetzt {load} von {capacity} ({ratio})",
        "{link} now carries {load} of {capacity} ({ratio})",
    ),
    "overload_one": ("bei Ausfall von {element}: {ratio}", "if {element} fails: {ratio}"),
    "unverified_link": (
        "ob {what} trägt, wird nicht gemessen: Port oder Sonde (probe) eintragen",
        "whether {what} carries is not measured: give it a port at an end, or a probe",
    ),
    "link_unmeasured": ("wird nicht gemessen", "not measured"),
    "link_proved": (
        "trägt: ein Standort antwortet, der sonst nicht zu erreichen wäre",
        "carries: a site answers that could not be reached without it",
    ),
}
