"""Is the room cool, dry and powered, and for how long? For whoever gets there first."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import figures, neutral
from agent.contract import MetricFamily
from agent.risk.catalogue import functions, overheating, power, rooms
from grafana import states
from grafana.boards.server_room_power import with_power
from grafana.boards.server_room_risk import risk_now, with_risk
from grafana.findings import LABELS
from grafana.panels import Column, Says, graph, grid, in_words, tiles, timeline
from grafana.parts import Ask, board, values_of
from grafana.query import ROOM, SITE, findings, of, of_rules

_IN_ROOM = (SITE, ROOM)
_TEMPERATURE = of(neutral.SENSOR_TEMPERATURE, *_IN_ROOM)
_HUMIDITY = of(neutral.SENSOR_HUMIDITY, *_IN_ROOM)
_SENSOR = "{{room}} {{sensor}}"
_UPS = "{{device}}"
_LONGEST = 4 * 3600


def make() -> Dashboard:
    """Return the board."""
    room = values_of("room", "Room", "room", of(neutral.SENSOR_TEMPERATURE, SITE))
    frame = (
        board("ringwacht-server-room", "Server rooms: climate, water, smoke, doors and the power behind them.", room)
        .with_row(Row("Now"))
        .with_panel(_warmest())
        .with_panel(_supplies())
        .with_panel(risk_now())
        .with_panel(_findings())
        .with_panel(_coverage())
        .with_row(Row("Climate"))
        .with_panel(_temperature())
        .with_panel(_pace())
        .with_panel(_left())
        .with_panel(_humidity())
        .with_panel(_dew_point())
        .with_row(Row("Water, smoke, doors"))
        .with_panel(_contact("Leak", "Whether water is detected.", neutral.SENSOR_LEAK, "dry", "water"))
        .with_panel(_contact("Smoke", "Whether smoke is detected.", neutral.SENSOR_SMOKE, "clear", "smoke"))
        .with_panel(_door())
    )
    return with_risk(with_power(frame))


def _warmest() -> stat.Panel:
    says = Says(
        "Temperature",
        "Colours: ASHRAE's recommended limit of 27 °C and the allowable range of 15 to 32 °C (class A1); "
        "the room's own limits are judged by Ringwacht and show as findings.",
        "celsius",
    )
    return tiles(says, Ask(_TEMPERATURE, _SENSOR, now=True)).decimals(1).thresholds(states.room_temperature())


def _supplies() -> stat.Panel:
    says = Says("UPS", "Whether the load is fed from the mains or from the battery.")
    ask = Ask(of(neutral.UPS_ON_BATTERY, SITE), _UPS, now=True)
    return tiles(says, ask).mappings(states.alarm_words("mains", "on battery"))


def _findings() -> table.Panel:
    says = Says(
        "What stands open",
        "Findings about rooms, their power and the functions behind them. Empty is good only while Ringwacht judges: "
        "see the overview.",
        width=14,
    )
    rules = (rule.name for field in (rooms, overheating, power, functions) for rule in field.TABLE)
    return grid(says, LABELS, Ask(findings(of_rules(*rules))))


def _coverage() -> table.Panel:
    says = Says(
        "What is watched",
        "What of each room is measured now. Silent: its device does not answer. Missing: nobody measures it, and "
        "nobody has to; a gap: it should be measured.",
        width=10,
    )
    meanings = states.words(
        {
            "measured": ("measured", states.GREEN),
            "silent": ("silent", states.ORANGE),
            "gap": ("gap", states.BLUE),
            "missing": ("missing", states.GREY),
        }
    )
    columns = (Column("room", "Room"), Column("quantity", "Quantity"), Column("state", "State", in_words(meanings)))
    now = f"max by (room, quantity, state) ({of(figures.ROOM_QUANTITY, ROOM)}) == 1"
    return grid(says, columns, Ask(f"{_gaps()} or on (room, quantity) ({now})"))


def _gaps() -> str:
    """Return the quantities that nobody measures and that are a factor of a room's risk for it."""
    factors = of(figures.RISK_FACTOR_POINTS, 'factor=~"missing_.+"', 'scope=~"room:($room)"')
    named = f'label_replace({factors}, "room", "$1", "scope", "room:(.*)")'
    expected = f'label_replace({named}, "quantity", "$1", "factor", "missing_(.*)")'
    return f'max by (room, quantity, state) (label_replace({expected}, "state", "gap", "", "")) > bool 0'


def _temperature() -> timeseries.Panel:
    says = Says(
        "Temperature over time",
        "At each sensor, and the limits that hold for the air which devices take in (dashed): of the inventory, else "
        "those of ASHRAE TC 9.9.",
        "celsius",
        16,
    )
    limits = Ask(of(figures.ROOM_TEMPERATURE_LIMIT, ROOM), "{{room}} {{limit}} limit")
    return graph(says, Ask(_TEMPERATURE, _SENSOR), limits).override_by_query("B", states.dashed(states.RED))


def _pace() -> timeseries.Panel:
    says = Says(
        "Warming per hour",
        "The trend of the last minutes, by the sensor that reaches its limit first. Without cooling a full room gains "
        "10 °C in a quarter of an hour.",
        "celsius",
    )
    return graph(says, Ask(f"{of(figures.ROOM_TEMPERATURE_SLOPE, ROOM)} * 3600", "{{room}}"))


def _left() -> timeseries.Panel:
    """One panel for each room: a band is drawn between two series that are named."""
    says = Says(
        "Time to the critical limit: $room",
        "Only while the temperature runs away: how long until the critical limit, and the 90 % band around it. Drawn "
        "up to four hours; a band that ends there is open.",
        "s",
        24,
    )
    limit = 'limit="critical"'
    ends = (Ask(_drawn(figures.ROOM_TIME_TO_LIMIT_BOUND, limit, f'bound="{one}"'), one) for one in ("upper", "lower"))
    likely = Ask(_drawn(figures.ROOM_TIME_TO_LIMIT, limit), "most likely")
    panel = graph(says, likely, *ends).min(0).fill_opacity(0).repeat("room").max_per_row(3)
    return panel.override_by_name("upper", states.band_down_to("lower")).override_by_name("lower", states.thin())


def _drawn(family: MetricFamily, *matchers: str) -> str:
    """Return a time that can be drawn: of several daemons the shortest, never without end."""
    return f"clamp_max(min by (room) ({of(family, ROOM, *matchers)}), {_LONGEST})"


def _humidity() -> timeseries.Panel:
    says = Says("Relative humidity", "Too dry: static charge. Too damp: water on cold surfaces.", "percentunit", 12)
    return graph(says, Ask(_HUMIDITY, _SENSOR)).min(0).max(1)


def _dew_point() -> timeseries.Panel:
    says = Says(
        "Dew point",
        "Water settles on whatever is colder than this: pipes, the outlet of the cooling unit. ASHRAE recommends -9 to "
        "15 °C.",
        "celsius",
        12,
    )
    return graph(says, Ask(of(figures.ROOM_DEW_POINT, ROOM), _SENSOR))


def _contact(title: str, text: str, family: MetricFamily, quiet: str, alarm: str) -> statetimeline.Panel:
    ask = Ask(of(family, *_IN_ROOM), _SENSOR)
    return timeline(Says(title, text, height=6), states.alarm_words(quiet, alarm), ask)


def _door() -> statetimeline.Panel:
    says = Says("Doors", "Whether the door is open.", height=6)
    ask = Ask(of(neutral.SENSOR_DOOR_OPEN, *_IN_ROOM), _SENSOR)
    return timeline(says, states.alarm_words("closed", "open", states.ORANGE), ask)
