"""Texts of findings on radio hops, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    # what is found
    "hop_level_low": (
        "{name}: seit Stunden {fade} unter dem Sollpegel, auch bei trockenem Wetter: {cause}",
        "{name}: {fade} below the expected level for hours, in dry weather too: {cause}",
    ),
    "hop_margin_low": (
        "{name}: nur {margin} Schwundreserve, verlangt sind {required}",
        "{name}: only {margin} of fade margin, {required} are required",
    ),
    "hop_fading": (
        "{name}: {fade} unter dem Sollpegel: {cause}",
        "{name}: {fade} below the expected level: {cause}",
    ),
    "hop_fading_usual": (
        "{name}: {fade} schwächer als in den letzten Stunden: {cause}",
        "{name}: {fade} weaker than in the last hours: {cause}",
    ),
    "hop_interference": (
        "{name}: Störung an {end}: guter Pegel, aber Signal-Rausch-Abstand {value} statt {needed}",
        "{name}: interference at {end}: the level is good, but signal to noise is {value} instead of {needed}",
    ),
    "hop_capacity_low": ("{name} trägt weniger als vorgesehen: {what}", "{name} carries less than planned: {what}"),
    "hop_protection_lost": (
        "{name} hat keine Ersatzschaltung mehr: {what}",
        "{name} has no protection any more: {what}",
    ),
    "hop_switched": (
        "{name} läuft an {ends} auf dem Ersatzgerät; beide Geräte sind in Ordnung",
        "{name} runs on the standby radio at {ends}; both radios are well",
    ),
    "hop_switched_unsure": (
        "{name} läuft an {ends} auf dem Ersatzgerät; ob das andere noch übernähme, ist nicht bekannt",
        "{name} runs on the standby radio at {ends}; whether the other one would take over is not known",
    ),
    "hop_availability_missed": (
        "{name} war in {observed} zusammen {lost} nicht verfügbar; {required} % erlauben {allowed} im ganzen Jahr",
        "{name} was unavailable for {lost} within {observed}; {required} % allow {allowed} in a whole year",
    ),
    "hop_others": ("{count} weitere", "{count} others"),
    "hop_further": ("{text}; {further}", "{text}; {further}"),
    # causes
    "hop_cause_rain": (
        "Regen, in derselben Stunde schwächer: {hops}",
        "rain, fading in the same hour: {hops}",
    ),
    "hop_cause_rain_likely": (
        "wohl Regen: beide Richtungen gleich; keine Nachbarstrecke zum Vergleich",
        "probably rain: both directions alike; no neighbouring hop to compare with",
    ),
    "hop_cause_alone": (
        "nur diese Strecke: örtlicher Schauer, Hindernis im Funkfeld oder Antenne verstellt",
        "this hop alone: a local shower, something in the way, or an antenna that moved",
    ),
    "hop_cause_multipath": (
        "Mehrwegeausbreitung: nachts, schnell, beide Richtungen verschieden",
        "multipath: at night, fast, both directions unequal",
    ),
    "hop_cause_one_sided": (
        "nur eine Richtung: Sender an {far} oder Empfänger an {near} gestört",
        "one direction only: transmitter at {far} or receiver at {near} faulty",
    ),
    "hop_cause_alignment": (
        "Antenne verstellt, oder Antenne oder Zuleitung schadhaft",
        "an antenna moved, or an antenna or feeder is faulty",
    ),
    "hop_cause_side_lobe": (
        "rund 20 dB zu wenig: wohl auf eine Nebenkeule ausgerichtet",
        "about 20 dB low: probably aligned to a side lobe",
    ),
    "hop_cause_standby": (
        "läuft an {ends} auf dem Ersatzgerät, das am Koppler weniger bekommt",
        "runs on the standby radio at {ends}, which gets less from the coupler",
    ),
    "hop_cause_unclear": (
        "Ursache offen: nur ein Ende ist zu sehen",
        "cause open: only one end is seen",
    ),
    # evidence
    "hop_end": ("{end}: empfängt {level}", "{end}: receives {level}"),
    "hop_end_unseen": ("{end}: kein Funkgerät zu sehen", "{end}: no radio is seen"),
    "hop_end_deaf": ("{end}: kein Empfangspegel", "{end}: no received level"),
    "hop_expected": ("Soll {level} ({source})", "expected {level} ({source})"),
    "hop_no_expectation": ("Sollpegel unbekannt", "expected level not known"),
    "hop_no_power": ("Sendepegel der Gegenstelle unbekannt", "transmit level of the far end not known"),
    "hop_source_commissioned": ("Inbetriebnahme", "as commissioned"),
    "hop_source_budget": ("Streckenrechnung", "link budget"),
    "hop_source_radio": ("Angabe des Geräts", "the radio's own"),
    "hop_margin": ("noch {margin} über der Schwelle", "{margin} left above the threshold"),
    "hop_margin_now": ("{margin} über der Schwelle von {order}QAM", "{margin} above the threshold of {order}QAM"),
    "hop_clearness": ("Signal-Rausch-Abstand {value}", "signal to noise {value}"),
    "hop_carries": ("trägt {capacity}", "carries {capacity}"),
    "hop_capacity": ("{rate} von {bought}", "{rate} of {bought}"),
    "hop_modulation": ("{order}QAM", "{order}QAM"),
    "hop_modulation_low": ("{order}QAM statt {planned}QAM", "{order}QAM instead of {planned}QAM"),
    "hop_overloaded": ("trägt nicht den ganzen Bedarf ({capacity})", "does not carry all that is needed ({capacity})"),
    "hop_dry": (
        "{end}: {fade} zu wenig im Mittel der trockenen Stunden",
        "{end}: {fade} low in the median of dry hours",
    ),
    "hop_neighbours_fading": ("in derselben Stunde schwächer: {hops}", "fading in the same hour: {hops}"),
    "hop_neighbours_clear": ("Nachbarstrecken ohne Schwund: {hops}", "neighbouring hops without a fade: {hops}"),
    "hop_swing": ("Sprünge von {swing} binnen Minuten", "jumps of {swing} within minutes"),
    "hop_unequal": ("Richtungen um {difference} verschieden", "directions differ by {difference}"),
    # state
    "hop_down": ("Funk ausgefallen an {ends}", "radio down at {ends}"),
    "hop_unsaid": ("{ends}: Funkzustand nicht bekannt", "{ends}: state of the radio not known"),
    "hop_carrier_failed": ("{end}: Funkgerät an Port {ports} ausgefallen", "{end}: radio at port {ports} down"),
    "hop_carrier_missing": ("{end}: {count} Funkgerät fehlt", "{end}: {count} radio not seen"),
}
