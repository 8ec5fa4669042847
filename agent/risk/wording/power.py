"""Texts about power, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    # on battery
    "on_battery": ("{name} läuft auf Batterie", "{name} is on battery"),
    "ups_silent": ("{name} lief zuletzt auf Batterie und antwortet nicht", "{name} was on battery and does not answer"),
    "ups_test_low": ("{name} prüft sich selbst", "{name} tests itself"),
    "ups_low": ("Batterie fast leer", "the battery is low"),
    "ups_charge": ("Ladestand {value}", "charge {value}"),
    "ups_left": ("noch {value}", "{value} left"),
    "ups_left_about": ("noch etwa {value}", "about {value} left"),
    "ups_shut_down_by": (
        "Abschaltung spätestens {at} beginnen (in {left})",
        "begin the shutdown by {at} (in {left})",
    ),
    "ups_shut_down_now": (
        "Abschaltung jetzt beginnen, sie dauert {value}",
        "begin the shutdown now, it takes {value}",
    ),
    "ups_wait_over": (
        "Wartezeit von {value} vorbei: Abschaltung jetzt beginnen",
        "the agreed wait of {value} is over: begin the shutdown now",
    ),
    "ups_wait_over_by": (
        "Wartezeit von {value} vorbei: Abschaltung jetzt beginnen (letzter Zeitpunkt {at})",
        "the agreed wait of {value} is over: begin the shutdown now (by {at} at the latest)",
    ),
    "ups_testing_for": ("meldet seit {value} einen Selbsttest", "has been testing itself for {value}"),
    "ups_nobody": (
        "kein Rechner zur Abschaltung angemeldet",
        "no computer is connected to be shut down",
    ),
    "ups_since": ("auf Batterie seit {at} (seit {value})", "on battery since {at} ({value})"),
    "ups_since_at_least": ("auf Batterie mindestens seit {at}", "on battery since {at} at the latest"),
    "ups_last_heard": ("zuletzt gehört: {at}", "last heard: {at}"),
    "ups_says": ("Restlaufzeit nach Angabe der USV: {value}", "runtime as the UPS says: {value}"),
    "ups_shows": ("Restlaufzeit nach dem Ladestand: {value}", "runtime as the charge falls: {value}"),
    "ups_load": ("Last {value}", "load {value}"),
    "ups_load_watts": ("Last {value}, {watts} W", "load {value}, {watts} W"),
    "ups_watts": ("Last {watts} W", "load {watts} W"),
    "ups_takes_along": ("ohne Strom, sobald die Batterie leer ist: {names}", "without power if it ends: {names}"),
    "ups_also_out": ("auch auf Batterie: {name}", "on battery as well: {name}"),
    "ups_also_out_left": ("auch auf Batterie: {name}, noch {value}", "on battery as well: {name}, {value} left"),
    "ups_lives_on": ("weiter versorgt über eine andere Einspeisung: {names}", "lives on another feed: {names}"),
    # what the room asks for
    "ups_required_both": (
        "verlangt: {wait} Wartezeit + 2 × {shutdown} Abschaltung = {value} (Raum {room}, BSI GEB.9.1.3)",
        "required: wait {wait} + 2 × shutdown {shutdown} = {value} (room {room}, BSI GEB.9.1.3)",
    ),
    "ups_required_shutdown": (
        "verlangt: 2 × {shutdown} Abschaltung = {value} (Raum {room}, BSI GEB.9.1.3)",
        "required: 2 × shutdown {shutdown} = {value} (room {room}, BSI GEB.9.1.3)",
    ),
    "ups_required_wait": (
        "verlangt: {value} Wartezeit (Raum {room}, BSI GEB.9.1.3)",
        "required: wait {value} (room {room}, BSI GEB.9.1.3)",
    ),
    "ups_runtime_short": (
        "{name} hält {value}, verlangt sind {required}",
        "{name} lasts {value}, {required} are required",
    ),
    "ups_low_late": (
        "{name} meldet die Batterie erst {value} vor dem Ende als fast leer, die Abschaltung dauert {shutdown}",
        "{name} declares its battery low only {value} before the end, the shutdown takes {shutdown}",
    ),
    # its battery and its tests
    "ups_self_test_stuck": (
        "{name} meldet seit {value} einen Selbsttest",
        "{name} has been testing itself for {value}",
    ),
    "ups_replace": ("{name} verlangt eine neue Batterie", "{name} asks for a new battery"),
    "ups_test_failed": ("{name}: letzter Selbsttest fehlgeschlagen", "{name}: the last self-test failed"),
    "ups_tested": ("letzter Selbsttest am {day}", "last self-test on {day}"),
    "ups_installed": ("Batterie vom {day}", "battery of {day}"),
    "ups_battery_old": (
        "{name}: Batterie ist {value} Jahre alt (Grenze {limit})",
        "{name}: the battery is {value} years old (limit {limit})",
    ),
    "ups_battery_hot": (
        "{name}: Batterie hat {value} (Grenze {limit})",
        "{name}: the battery has {value} (limit {limit})",
    ),
    "ups_test_due": (
        "{name}: letzter Selbsttest vor {value} (Grenze {limit})",
        "{name}: last self-test {value} ago (limit {limit})",
    ),
    # its load
    "ups_overload": ("{name}: Last {value} (Grenze {limit})", "{name}: load {value} (limit {limit})"),
    "ups_bypass": (
        "{name} speist seine Verbraucher an der Batterie vorbei (Bypass)",
        "{name} feeds its load past the battery (bypass)",
    ),
    # who is shut down
    "ups_clients_few": (
        "{name}: {connected} von {expected} Rechnern zur Abschaltung angemeldet",
        "{name}: {connected} of {expected} computers are connected to be shut down",
    ),
    "ups_clients_none": (
        "{name}: kein Rechner zur Abschaltung angemeldet",
        "{name}: no computer is connected to be shut down",
    ),
    "ups_clients": ("zur Abschaltung angemeldet: {count}", "connected to be shut down: {count}"),
    "ups_clients_fed": ("daran hängen: {names}", "it feeds: {names}"),
    # feeds
    "ups_feeds_shared": ("alle Einspeisungen kommen von ihr: {names}", "all their feeds come from it: {names}"),
    "ups_feeds_left": (
        "ohne zweite Einspeisung, da {gone} seit {value} nicht antwortet: {names}",
        "without a second feed, as {gone} has not answered for {value}: {names}",
    ),
    "ups_feeds_more": ("ebenso: {names}", "likewise: {names}"),
    "ups_feeds_untold": ("und {count} weitere", "and {count} more"),
    # durations that stand alone, or add up
    "span_hours": ("{value} h", "{value} h"),
    "span_hours_more": ("{value} h {rest} min", "{value} h {rest} min"),
    "span_days": ("{value} Tage", "{value} days"),
    "span_days_more": ("{value} Tage {rest} h", "{value} days {rest} h"),
}
