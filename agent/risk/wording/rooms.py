"""Texts about rooms, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

# What a room is watched for, wherever it is named.
QUANTITIES: Mapping[str, tuple[str, str]] = {
    "temperature": ("Temperatur", "temperature"),
    "humidity": ("Luftfeuchte", "humidity"),
    "leak": ("Wasser", "water"),
    "smoke": ("Rauch", "smoke"),
    "door": ("Tür", "door"),
    "ups": ("USV", "UPS"),
}

TABLE: Mapping[str, tuple[str, str]] = {
    "temperature": (
        "{name}: {value} (Grenze {limit})",
        "{name}: {value} (limit {limit})",
    ),
    "humidity": (
        "{name}: Luftfeuchte {value} (erlaubt {low} bis {high})",
        "{name}: humidity {value} (allowed {low} to {high})",
    ),
    "dew_point": (
        "{name}: Taupunkt {value} (erlaubt {low} bis {high})",
        "{name}: dew point {value} (allowed {low} to {high})",
    ),
    "sensor": ("{sensor}: {value}", "{sensor}: {value}"),
    "sensor_dew_point": ("{sensor}: {value}, Taupunkt {point}", "{sensor}: {value}, dew point {point}"),
    "leak": ("{name}: Wasser gemeldet ({sensors})", "{name}: water detected ({sensors})"),
    "smoke": ("{name}: Rauch gemeldet ({sensors})", "{name}: smoke detected ({sensors})"),
    # limits and where they come from
    "limits_from": ("Grenzen: {source}", "Limits: {source}"),
    "limits_inventory": ("Inventar", "inventory"),
    "limits_ashrae_temperature": (
        "ASHRAE TC 9.9 (empfohlen bis 27 °C, zulässig in Klasse A1 bis 32 °C)",
        "ASHRAE TC 9.9 (recommended up to 27 °C, allowable in class A1 up to 32 °C)",
    ),
    "limits_ashrae_humidity": (
        "ASHRAE TC 9.9 (empfohlen: Taupunkt -9 bis 15 °C, höchstens 70 % relative Feuchte)",
        "ASHRAE TC 9.9 (recommended: dew point -9 to 15 °C, at most 70% relative humidity)",
    ),
    "ceiling_only": (
        "Nur unter der Decke wird gemessen; dort ist es wärmer als vor den Geräten",
        "Measured under the ceiling only, where it is warmer than in front of the devices",
    ),
    # sensors that are not believed
    "sensor_implausible": (
        "{name}: unglaubwürdige Werte von {sensors}, werden nicht verwendet",
        "{name}: implausible values from {sensors}, not used",
    ),
    "doubt_range": (
        "{sensor}: {value} kann kein Fühler messen",
        "{sensor}: {value} is nothing that a sensor can measure",
    ),
    "doubt_sentinel": (
        "{sensor}: genau {value} steht bei vielen Fühlern für „kein Messwert“",
        "{sensor}: exactly {value} is what many sensors show when they have no value",
    ),
    "doubt_fahrenheit": (
        "{sensor}: {value} wären {meant}, wenn Grad Fahrenheit gemeint sind",
        "{sensor}: {value} would be {meant} if it were degrees Fahrenheit",
    ),
    "doubt_tenths": (
        "{sensor}: {value} wären {meant}, um den Faktor 10 verschoben (Zehntelgrad, Promille)",
        "{sensor}: {value} would be {meant} if it is off by a factor of 10 (tenths)",
    ),
    "doubt_ratio": (
        "{sensor}: {value} wären {meant}, um den Faktor 100 verschoben (Anteil statt Prozent)",
        "{sensor}: {value} would be {meant} if it is off by a factor of 100 (a ratio taken for per cent)",
    ),
    "doubt_erratic": (
        "{sensor}: springt hin und her, zuletzt {value} (Wackelkontakt?)",
        "{sensor}: jumps to and fro, {value} last (a loose contact?)",
    ),
    "sensor_disagrees": (
        "{name}: {sensors} zeigen an gleicher Stelle Verschiedenes",
        "{name}: {sensors} show different values at the same position",
    ),
    "sensor_mean": ("{sensor}: im Mittel {value}", "{sensor}: {value} on average"),
    "sensor_frozen": (
        "{name}: Messwert steht still ({sensors})",
        "{name}: reading stands still ({sensors})",
    ),
    "sensor_still": (
        "{sensor}: {value} seit {duration} unverändert, Auflösung {step} K",
        "{sensor}: {value} unchanged for {duration}, resolution {step} K",
    ),
    # what is measured at all
    "room_blind": (
        "{name}: kein Fühler für Temperatur, Feuchte, Wasser, Rauch oder Tür",
        "{name}: no sensor for temperature, humidity, water, smoke or door",
    ),
    "room_unknown_sensor": (
        "{name}: im Inventar genannte Fühler gibt es nicht: {sensors}",
        "{name}: the inventory names sensors that there are not: {sensors}",
    ),
    "room_silent_sensor": ("{name}: ohne Messwert: {sensors}", "{name}: no value from {sensors}"),
    "sensor_silent": ("{sensor}: kein Messwert", "{sensor}: no value"),
    "sensor_faulty": (
        "{sensor}: laut Gerät gestört oder abgezogen",
        "{sensor}: faulty or unplugged, its device says",
    ),
    "sensor_unknown": (
        "{sensor}: Das Gerät zeigt keinen solchen Fühler, sondern: {shown}",
        "{sensor}: the device shows no such sensor, but: {shown}",
    ),
    "sensor_unknown_none": (
        "{sensor}: Das Gerät zeigt gar keinen Fühler",
        "{sensor}: the device shows no sensor at all",
    ),
    "quantity_outlet": (
        "{quantity}: nur in der Abluft gemessen ({by}), wo keine Grenze gilt",
        "{quantity}: measured in the exhaust air only ({by}), where no limit holds",
    ),
    "room_not_measured": ("{name}: ohne Messung: {quantities}", "{name}: not measured: {quantities}"),
    "quantity_silent": ("{quantity}: kein brauchbarer Wert von {by}", "{quantity}: no usable value from {by}"),
    "quantity_missing": ("{quantity}: kein Fühler vorhanden", "{quantity}: no sensor"),
    **{f"quantity_{name}": texts for name, texts in QUANTITIES.items()},
    # the norm's advice
    "climate_beyond_norm": (
        "{name}: im Mittel mehrerer Tage wärmer oder feuchter, als das BSI empfiehlt",
        "{name}: warmer or moister over some days than the BSI advises",
    ),
    "norm_temperature": (
        "Im Mittel von {duration} {value}, empfohlen höchstens {advised} °C (BSI GEB.10.1.2)",
        "Mean of {duration}: {value}, advised at most {advised} °C (BSI GEB.10.1.2)",
    ),
    "norm_humidity": (
        "Luftfeuchte im Mittel von {duration} {value}, empfohlen höchstens {advised} (BSI GEB.10.1.2)",
        "Humidity, mean of {duration}: {value}, advised at most {advised} (BSI GEB.10.1.2)",
    ),
    # contacts
    "cooling_failed": (
        "{name}: Klimagerät gestört ({units}; {installed} installiert)",
        "{name}: cooling unit failed ({units}; {installed} installed)",
    ),
    "cooling_all_failed": ("{name}: alle Klimageräte gestört", "{name}: all cooling units failed"),
    "cooling_stopped": (
        "{name}: seit {duration} läuft kein Klimagerät",
        "{name}: no cooling unit has been running for {duration}",
    ),
    "cooling_fault": ("{sensor}: Störung", "{sensor}: fault"),
    "cooling_runs": ("{sensor}: läuft", "{sensor}: running"),
    "door_open": ("{name}: Tür seit {duration} offen", "{name}: door open for {duration}"),
}
