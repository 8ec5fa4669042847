"""Is the room cool, dry and powered, and for how long? For whoever gets there first."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import neutral
from agent.contract import MetricFamily
from agent.risk.catalogue.rooms import HUMIDITY_OUT_OF_RANGE, LEAK, SMOKE, TEMPERATURE_HIGH, UPS_ON_BATTERY
from grafana import states
from grafana.findings import LABELS
from grafana.panels import Says, graph, grid, tiles, timeline
from grafana.parts import Ask, board, values_of
from grafana.query import SITE, findings, of, of_rules

_IN_ROOM = (SITE, 'room=~"$room"')
_TEMPERATURE = of(neutral.SENSOR_TEMPERATURE, *_IN_ROOM)
_HUMIDITY = of(neutral.SENSOR_HUMIDITY, *_IN_ROOM)
_SENSOR = "{{room}} {{sensor}}"
_UPS = "{{device}}"


def make() -> Dashboard:
    """Return the board."""
    room = values_of("room", "Room", "room", of(neutral.SENSOR_TEMPERATURE, SITE))
    return (
        board("ringwacht-server-room", "Server rooms: climate, water, smoke, doors and the power behind them.", room)
        .with_row(Row("Now"))
        .with_panel(_warmest())
        .with_panel(_findings())
        .with_panel(_power())
        .with_row(Row("Climate"))
        .with_panel(_temperature())
        .with_panel(_pace())
        .with_panel(_humidity())
        .with_row(Row("Water, smoke, doors"))
        .with_panel(_contact("Leak", "Whether water is detected.", neutral.SENSOR_LEAK, "dry", "water"))
        .with_panel(_contact("Smoke", "Whether smoke is detected.", neutral.SENSOR_SMOKE, "clear", "smoke"))
        .with_panel(_door())
        .with_row(Row("Power"))
        .with_panel(_source())
        .with_panel(_runtime())
        .with_panel(_charge())
        .with_panel(_load())
        .with_panel(_battery())
    )


def _warmest() -> stat.Panel:
    says = Says(
        "Temperature",
        "Colours: ASHRAE's recommended limit of 27 °C and the allowable range of 15 to 32 °C (class A1); "
        "the room's own limits are judged by Ringwacht and show as findings.",
        "celsius",
        6,
    )
    return tiles(says, Ask(_TEMPERATURE, _SENSOR, now=True)).decimals(1).thresholds(states.room_temperature())


def _findings() -> table.Panel:
    says = Says(
        "What stands open",
        "Findings about rooms and their power. Empty is good only while Ringwacht judges: see the overview.",
        width=12,
    )
    rules = of_rules(TEMPERATURE_HIGH, HUMIDITY_OUT_OF_RANGE, LEAK, SMOKE, UPS_ON_BATTERY)
    return grid(says, LABELS, Ask(findings(rules)))


def _power() -> stat.Panel:
    says = Says("UPS", "Whether the load is fed from the mains or from the battery.", width=6)
    ask = Ask(of(neutral.UPS_ON_BATTERY, SITE), _UPS, now=True)
    return tiles(says, ask).mappings(states.alarm_words("mains", "on battery"))


def _temperature() -> timeseries.Panel:
    says = Says("Temperature over time", "At each sensor.", "celsius")
    return graph(says, Ask(_TEMPERATURE, _SENSOR))


def _pace() -> timeseries.Panel:
    says = Says(
        "Warming per hour",
        "At the pace of the last 15 minutes. Without cooling a full room gains 10 °C in a quarter of an hour.",
        "celsius",
    )
    return graph(says, Ask(f"deriv({_TEMPERATURE}[15m]) * 3600", _SENSOR))


def _humidity() -> timeseries.Panel:
    says = Says("Relative humidity", "Too dry: static charge. Too damp: water on cold surfaces.", "percentunit")
    return graph(says, Ask(_HUMIDITY, _SENSOR)).min(0).max(1)


def _contact(title: str, text: str, family: MetricFamily, quiet: str, alarm: str) -> statetimeline.Panel:
    ask = Ask(of(family, *_IN_ROOM), _SENSOR)
    return timeline(Says(title, text, height=6), states.alarm_words(quiet, alarm), ask)


def _door() -> statetimeline.Panel:
    says = Says("Doors", "Whether the door is open.", height=6)
    ask = Ask(of(neutral.SENSOR_DOOR_OPEN, *_IN_ROOM), _SENSOR)
    return timeline(says, states.alarm_words("closed", "open", states.ORANGE), ask)


def _source() -> statetimeline.Panel:
    says = Says("Fed from", "Each stretch on battery wears it; many short ones point to the mains.")
    return timeline(says, states.alarm_words("mains", "battery"), Ask(of(neutral.UPS_ON_BATTERY, SITE), _UPS))


def _runtime() -> timeseries.Panel:
    says = Says(
        "Runtime",
        "How long the battery would last at the present load. It must exceed the time an orderly shutdown takes.",
        "s",
    )
    return graph(says, Ask(of(neutral.UPS_RUNTIME, SITE), _UPS)).min(0)


def _charge() -> timeseries.Panel:
    says = Says("Charge", "Of the battery.", "percentunit")
    return graph(says, Ask(of(neutral.UPS_CHARGE, SITE), _UPS)).min(0).max(1)


def _load() -> timeseries.Panel:
    says = Says("Load", "Of the UPS; above 100 % it may switch off.", "percentunit", 12)
    return graph(says, Ask(of(neutral.UPS_LOAD, SITE), _UPS)).min(0)


def _battery() -> timeseries.Panel:
    says = Says("Battery temperature", "Ten degrees more halve the life of a lead battery.", "celsius", 12)
    return graph(says, Ask(of(neutral.UPS_BATTERY_TEMPERATURE, SITE), _UPS))
