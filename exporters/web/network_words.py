"""What the status page says of the network, in German and English; "one|many" where a number decides."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "group": ("gemeinsames Risiko", "shared risk"),
    "provider": ("Anbieter", "provider"),
    "power": ("Stromversorgung", "power from"),
    "partner": ("Partner", "partner"),
    "function": ("Funktion", "function"),
    "network_is": ("Netz: {state}", "network: {state}"),
    "ring_closed": ("geschlossen", "closed"),
    "ring_degraded": ("eingeschränkt", "degraded"),
    "ring_open": ("offen", "open"),
    "ring_unverified": ("nicht geprüft", "unverified"),
    "ring_cuts": ("{n} Schnitt|{n} Schnitte", "{n} cut|{n} cuts"),
    "all_carry": ("Jede Strecke trägt.", "Every link carries."),
    "degraded_on": ("Jede Strecke trägt, aber eingeschränkt: {links}.", "Every link carries, but degraded: {links}."),
    "degraded_too": ("Eingeschränkt: {links}.", "Degraded: {links}."),
    "open_between": ("Offen zwischen {links}.", "Open between {links}."),
    "ring_of": ("Ausgefallen: {links}.", "Down: {links}."),
    "segment": ("Über den Ring nicht mehr erreichbar: {sites}.", "No longer reached over the ring: {sites}."),
    "nothing_of": ("Unbekannt: {links}.", "Unknown: {links}."),
    "blocked": ("vom Ring zurückgehalten, das ist gesund", "held back by the ring, which is healthy"),
    "site_ok": ("wie vorgesehen", "as designed"),
    "site_lost": ("Redundanz verloren", "redundancy lost"),
    "site_below": ("weniger Wege als verlangt", "below required"),
    "site_isolated": ("abgeschnitten", "cut off"),
    "site_unverified": ("nicht geprüft", "unverified"),
    "no_way_to": ("kein Weg zu: {sites}", "no way to: {sites}"),
    "nothing_answers": ("dort antwortet nichts", "nothing answers there"),
    "cut_by": ("wegen {what}", "because of {what}"),
    "ways_unknown": (
        "{n} weiterer Weg ist unbekannt|{n} weitere Wege sind unbekannt",
        "{n} further way is unknown|{n} further ways are unknown",
    ),
    "few_by_design": ("schon so aufgebaut", "by design already"),
    "load_on": ("auf {link}", "on {link}"),
    "by_design": ("immer: so aufgebaut", "always: by design"),
    "only_now": ("nur zurzeit", "only as things stand"),
    "overload": ("überlastet", "overloaded"),
    "nobody": ("niemand", "nobody"),
}

# What the template writes as it stands.
LABELS: Mapping[str, tuple[str, str]] = {
    "network": ("Netz", "Network"),
    "open_for": ("Bisher insgesamt ohne Redundanz", "Without redundancy so far"),
    "protocol": ("Ringprotokoll", "Ring protocol"),
    "ring_links": ("Strecken im Bild", "Links in the picture"),
    "core": ("doppelter Rand: Kernstandort", "double rim: core site"),
    "site": ("Standort", "Site"),
    "ways": ("Wege jetzt / vorgesehen / verlangt", "Ways now / by design / required"),
    "worst_load": ("Höchste Last nach einem weiteren Ausfall", "Highest load after one more failure"),
    "one_more": ("Was ein weiterer Ausfall anrichten würde", "What one more failure would do"),
    "element": ("Fällt aus", "Fails"),
    "cut_off": ("Dann abgeschnitten", "Then cut off"),
    "then_load": ("Höchste Last danach", "Highest load then"),
    "no_harm": (
        "Kein einzelner weiterer Ausfall schneidet einen Standort ab oder überlastet eine Strecke, deren Last bekannt "
        "ist.",
        "No single further failure cuts off a site or overloads a link whose load is known.",
    ),
    "not_computed": ("Noch nicht berechnet.", "Not computed yet."),
    "api_topology": ("Netz (JSON)", "Network (JSON)"),
}
