"""The limits of a room's climate: of the inventory, else of ASHRAE TC 9.9; each with its source."""

from __future__ import annotations

from agent.contract import Limits
from agent.risk.room.places import EQUIPPED
from agent.risk.texts import Words
from config.inventory import Room

# ASHRAE TC 9.9, Thermal Guidelines for Data Processing Environments, 5th edition, reference card of 2021, at the inlet:
# recommended for the classes A1 to A4 up to 27 °C, dew point -9 to 15 °C and 70 %; allowable for A1 up to 32 °C.
RECOMMENDED_CELSIUS = 27.0
ALLOWABLE_CELSIUS = 32.0
RECOMMENDED_DEW_POINT = (-9.0, 15.0)
RECOMMENDED_RATIO = (0.0, 0.70)


def limits_of(room: Room, words: Words) -> Limits:
    """Return the limits of a room; a plant or any other room has those only that the inventory gives."""
    declared = room.limits
    source = declared.source or words.say("limits_inventory")
    limits = _by_standard(words) if room.kind in EQUIPPED else Limits()
    if declared.temperature is not None:
        warning, critical = declared.temperature.warning, declared.temperature.critical
        limits = limits._replace(warning=warning, critical=critical, temperature_source=source)
    if declared.humidity is not None:
        bounds = (declared.humidity.low, declared.humidity.high)
        limits = limits._replace(humidity=bounds, dew_point=None, humidity_source=source)
    return limits


def _by_standard(words: Words) -> Limits:
    return Limits(
        RECOMMENDED_CELSIUS,
        ALLOWABLE_CELSIUS,
        words.say("limits_ashrae_temperature"),
        RECOMMENDED_RATIO,
        RECOMMENDED_DEW_POINT,
        words.say("limits_ashrae_humidity"),
    )
