"""What numbers mean in words and colours. Green only ever says what was measured."""

from __future__ import annotations

from collections.abc import Mapping

from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.models.dashboard import (
    DashboardSpecialValueMapOptions,
    DynamicConfigValue,
    SpecialValueMap,
    SpecialValueMatch,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

GREEN, BLUE, YELLOW, ORANGE, RED, GREY = "green", "blue", "yellow", "orange", "red", "#8e8e8e"


def words(meanings: Mapping[float | str, tuple[str, str]], unknown: str = "no data") -> list[ValueMapping]:
    """Return a mapping from value to text and colour; what is not there is grey and called ``unknown``."""
    results = {
        str(value): ValueMappingResult(text=text, color=color, index=index)
        for index, (value, (text, color)) in enumerate(meanings.items())
    }
    nothing = DashboardSpecialValueMapOptions(
        match=SpecialValueMatch.NULL_AND_NAN, result=ValueMappingResult(text=unknown, color=GREY, index=len(results))
    )
    mappings: list[ValueMapping] = [ValueMap(options=results)] if results else []
    return [*mappings, SpecialValueMap(options=nothing)]


def steps(base: str, *levels: tuple[float, str]) -> ThresholdsConfig:
    """Return thresholds: the colour below all of them, then (value, colour) in rising order."""
    first = Threshold(value=None, color=base)
    return (
        ThresholdsConfig()
        .mode(ThresholdsMode.ABSOLUTE)
        .steps([first, *(Threshold(value=value, color=color) for value, color in levels)])
    )


def colored_from(value: float, color: str) -> list[DynamicConfigValue]:
    """Return an override: green below ``value``, then this colour."""
    return [DynamicConfigValue("thresholds", steps(GREEN, (value, color)).build())]


def fixed(color: str) -> list[DynamicConfigValue]:
    """Return an override: this colour, whatever the value."""
    return [DynamicConfigValue("color", {"mode": "fixed", "fixedColor": color})]


def downwards() -> list[DynamicConfigValue]:
    """Return an override: drawn below zero."""
    return [DynamicConfigValue("custom.transform", "negative-Y")]


def dashed(color: str) -> list[DynamicConfigValue]:
    """Return an override: a dashed line of this colour without an area, for what is not measured but asked for."""
    return [
        *fixed(color),
        DynamicConfigValue("custom.lineStyle", {"fill": "dash", "dash": [8, 8]}),
        DynamicConfigValue("custom.fillOpacity", 0),
    ]


def band_down_to(other: str) -> list[DynamicConfigValue]:
    """Return an override: the upper end of a band, filled down to the series of this name."""
    return [
        *thin(),
        DynamicConfigValue("custom.fillBelowTo", other),
        DynamicConfigValue("custom.fillOpacity", 25),
    ]


def thin() -> list[DynamicConfigValue]:
    """Return an override: an end of a band, drawn by its area and not by a line."""
    return [*fixed(ORANGE), DynamicConfigValue("custom.lineWidth", 0)]


def room_temperature() -> ThresholdsConfig:
    """Return ASHRAE TC 9.9's recommended (18 to 27 °C) and allowable (15 to 32 °C, class A1) limits at the inlet."""
    return steps(BLUE, (15, GREEN), (27, ORANGE), (32, RED))


def level_words() -> list[ValueMapping]:
    """Return words for ``query.worst``."""
    return words(
        {0: ("nothing found", GREEN), 1: ("info", BLUE), 2: ("warning", ORANGE), 3: ("critical", RED)}, "not judged"
    )


def up_words() -> list[ValueMapping]:
    """Return words for 1 = up."""
    return words({1: ("up", GREEN), 0: ("down", RED)})


def works_words() -> list[ValueMapping]:
    """Return words for a service or a probe: 1 = as expected."""
    return words({1: ("works", GREEN), 0: ("fails", RED)})


def alarm_words(quiet: str, alarm: str, color: str = RED) -> list[ValueMapping]:
    """Return words for a contact: 1 = alarm."""
    return words({0: (quiet, GREEN), 1: (alarm, color)})


def severity_words() -> list[ValueMapping]:
    """Return colours for the label ``severity``."""
    return words({"critical": ("critical", RED), "warning": ("warning", ORANGE), "info": ("info", BLUE)})


def plugin_words() -> list[ValueMapping]:
    """Return words for the exit status of a monitoring plugin."""
    return words({0: ("OK", GREEN), 1: ("WARNING", ORANGE), 2: ("CRITICAL", RED), 3: ("UNKNOWN", GREY)})


def modulation_words() -> list[ValueMapping]:
    """Return words for the number of constellation points; the more, the more the hop carries."""
    colors = {4: RED, 8: RED, 16: ORANGE, 32: ORANGE, 64: YELLOW, 128: YELLOW, 256: BLUE, 512: BLUE}
    names = {2: "BPSK", 4: "QPSK", 8: "8-PSK"}
    orders = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
    return words({order: (names.get(order, f"{order}-QAM"), colors.get(order, GREEN)) for order in orders})
