"""Texts about contracts, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "contract_missed": (
        "Vertrag {name}: vereinbarte Verfügbarkeit von {agreed} in diesem Monat verfehlt: {things}",
        "contract {name}: agreed availability of {agreed} missed this month: {things}",
    ),
    "contract_at_risk": (
        "Vertrag {name}: von der zulässigen Ausfallzeit dieses Monats sind mindestens {used} verbraucht: {things}",
        "contract {name}: {used} or more of this month's error budget is used up: {things}",
    ),
    "contract_thing": (
        "{name}: {down} ausgefallen, zulässig {allowed} im ganzen Monat; bisher {ratio} verfügbar",
        "{name}: failed for {down}, {allowed} allowed in the whole month; available {ratio} so far",
    ),
    "contract_day": ("{day}: {name} {down} ausgefallen", "{day}: {name} failed for {down}"),
    "contract_hotline": ("Störungsannahme {provider}: {number}", "hotline of {provider}: {number}"),
    "contract_reaction": ("vereinbarte Reaktionszeit: {time}", "agreed reaction time: {time}"),
    "provider_down": (
        "{provider}: gleichzeitig ausgefallen: {names}",
        "{provider}: failed at the same time: {names}",
    ),
    "provider_is_down": (
        "Störung bei {provider}, mehreres ist gleichzeitig ausgefallen",
        "fault at {provider}, several things failed at once",
    ),
    "line_rate_low": (
        "{name}: weniger als {share} der vereinbarten Bandbreite: {rates}",
        "{name}: less than {share} of the contracted bandwidth: {rates}",
    ),
    "line_rate_down": ("{rate} statt {agreed} im Empfang", "{rate} instead of {agreed} downstream"),
    "line_rate_up": ("{rate} statt {agreed} beim Senden", "{rate} instead of {agreed} upstream"),
    "line_rate_measured": (
        "zuletzt gemessen {at}; es zählt die beste von bis zu {count} Messungen",
        "last measured {at}; the best of up to {count} measurements counts",
    ),
}
