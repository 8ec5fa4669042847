"""Do the links carry, how full are they, and how good is the radio? For the network's people."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import families, neutral
from agent.contract import MetricFamily
from agent.risk.catalogue.links import LINK_DOWN, LINK_END_MISSING
from collectors.probe import families as probe
from grafana import states
from grafana.catalogue import known
from grafana.panels import Column, Says, as_bar, falling, graph, grid, in_unit, tiles, timeline
from grafana.parts import Ask, board, values_of
from grafana.query import DEVICE, SITE, findings, judging, mean_rate, of, of_rules, or_zero, rate

_PORT = (SITE, DEVICE)
_RADIO = (SITE, DEVICE)
_BY_PORT = "by (device, ifName, ifAlias)"
_SHOWN, _LISTED = 12, 50  # of some ten thousand ports
_OVER_LINK = ('link!=""', SITE)

_IN, _OUT, _SPEED = known("ifHCInOctets"), known("ifHCOutOctets"), known("ifHighSpeed")
_OPER, _ADMIN = known("ifOperStatus"), known("ifAdminStatus")
_ERRORS = {
    "errors in": known("ifInErrors"),
    "errors out": known("ifOutErrors"),
    "discards in": known("ifInDiscards"),
    "discards out": known("ifOutDiscards"),
}


def make() -> Dashboard:
    """Return the board."""
    device = values_of("device", "Device", "device", of(_IN, SITE))
    return (
        board("ringwacht-links", "Links between the sites: state, load, radio, errors, probes across them.", device)
        .with_row(Row("State"))
        .with_panel(_down())
        .with_panel(_down_history())
        .with_panel(_hops())
        .with_row(Row("Load"))
        .with_panel(_traffic())
        .with_panel(_busiest())
        .with_row(Row("Radio"))
        .with_panel(_level())
        .with_panel(_mse())
        .with_panel(_transmit())
        .with_panel(_modulation())
        .with_panel(_capacity())
        .with_panel(_defects())
        .with_row(Row("Errors and probes"))
        .with_panel(_errors())
        .with_panel(_dark_ports())
        .with_panel(_probes())
        .with_panel(_loss())
        .with_panel(_delay())
    )


def _down() -> stat.Panel:
    says = Says(
        "Links down", "Declared links of which an end, a radio or the probe says that they do not carry.", width=4
    )
    ask = Ask(or_zero(f"count({findings(of_rules(LINK_DOWN))})"), "down", now=True)
    return tiles(says, ask).thresholds(states.steps(states.GREEN, (1, states.RED)))


def _down_history() -> statetimeline.Panel:
    says = Says(
        "Findings about links",
        "A bar for as long as a finding stands: the link is down, or an end that is named in the inventory is missing.",
        width=10,
    )
    about = findings(of_rules(LINK_DOWN, LINK_END_MISSING))
    ask = Ask(f"max by (subject, rule) ({about}) and on () {judging()}", "{{subject}} {{rule}}")
    return timeline(says, states.words({1: ("stands", states.RED)}, "none"), ask)


def _hops() -> statetimeline.Panel:
    says = Says(
        "Radio ends", "What each radio itself says of its hop. It outranks the state of its Ethernet port.", width=10
    )
    return timeline(says, states.up_words(), Ask(of(neutral.RADIO_LINK_UP, *_RADIO), "{{device}} {{port}}"))


def _traffic() -> timeseries.Panel:
    says = Says(
        "Traffic of the busiest ports",
        f"The {_SHOWN} busiest of the chosen devices in the chosen span. In is drawn upwards, out downwards.",
        "bps",
        12,
    )
    both = f"{mean_rate(_IN, *_PORT)} + {mean_rate(_OUT, *_PORT)}"
    chosen = f"topk({_SHOWN}, sum {_BY_PORT} ({both}))"
    return (
        graph(
            says,
            Ask(f"{_bits(_IN)} and {chosen}", "{{device}} {{ifName}} in"),
            Ask(f"{_bits(_OUT)} and {chosen}", "{{device}} {{ifName}} out"),
        )
        .override_by_query("B", states.downwards())
        .axis_centered_zero(True)
    )


def _busiest() -> table.Panel:
    says = Says(
        "Fullest ports",
        f"The {_LISTED} fullest: load of each direction against the port's speed (ifHighSpeed).",
        "percentunit",
        12,
    )
    bar = as_bar(states.steps(states.GREEN, (0.7, states.ORANGE), (0.9, states.RED)))
    columns = (
        Column("device", "Device"),
        Column("ifName", "Port"),
        Column("ifAlias", "Name"),
        Column("Value #A", "In", bar),
        Column("Value #B", "Out", bar),
        Column("Value #C", "Speed", (in_unit("bps"),)),
    )
    speed = f"max {_BY_PORT} ({of(_SPEED, *_PORT)} > 0) * 1e6"
    load_in, load_out = f"{_bits(_IN)} / ({speed})", f"{_bits(_OUT)} / ({speed})"
    chosen = f"topk({_LISTED}, {load_in} + {load_out})"
    asks = [Ask(f"{value} and {chosen}") for value in (load_in, load_out, speed)]
    return grid(says, columns, *asks).sort_by([falling("In")])


def _bits(octets: MetricFamily) -> str:
    return f"sum {_BY_PORT} ({rate(octets, *_PORT)}) * 8"


def _level() -> timeseries.Panel:
    says = Says(
        "Received level",
        "A level that sinks and stays low: antenna, feeder or something in the way. Rain comes and goes.",
        "dBm",
    )
    return graph(says, Ask(of(neutral.RADIO_RECEIVED_LEVEL, *_RADIO), "{{device}} {{port}}"))


def _mse() -> timeseries.Panel:
    says = Says(
        "Mean square error",
        "The lower the better. It rises with a good level: interference, multipath or hardware.",
        "dB",
    )
    return graph(says, Ask(of(neutral.RADIO_MSE, *_RADIO), "{{device}} {{port}}"))


def _transmit() -> timeseries.Panel:
    says = Says("Transmit level", "With automatic power control it rises when the far end receives too little.", "dBm")
    return graph(says, Ask(of(neutral.RADIO_TRANSMIT_LEVEL, *_RADIO), "{{device}} {{port}}"))


def _modulation() -> statetimeline.Panel:
    says = Says("Modulation", "What the hop falls back to in rain; each step down carries less.", width=8)
    ask = Ask(of(neutral.RADIO_MODULATION, *_RADIO), "{{device}} {{port}} {{direction}}")
    return timeline(says, states.modulation_words(), ask)


def _capacity() -> timeseries.Panel:
    says = Says("Capacity of the profile in use", "What the hop could carry at its present modulation.", "bps")
    return graph(says, Ask(of(neutral.RADIO_CAPACITY, *_RADIO), "{{device}} {{port}} {{direction}}")).min(0)


def _defects() -> timeseries.Panel:
    says = Says("Defected blocks", "Blocks with errors each second, counted by the radio. Zero is normal.", "cps")
    return graph(says, Ask(rate(neutral.RADIO_DEFECTED_BLOCKS, *_RADIO), "{{device}} {{port}}")).min(0)


def _errors() -> timeseries.Panel:
    says = Says(
        "Errors and discards of the ports",
        "Packets each second, by device. Errors: cable, optics, duplex. Discards: too full.",
        "pps",
        12,
    )
    asks = [
        Ask(f"sum by (device) ({rate(family, *_PORT)})", f"{{{{device}}}} {name}") for name, family in _ERRORS.items()
    ]
    return graph(says, *asks).min(0)


def _dark_ports() -> timeseries.Panel:
    says = Says(
        "Enabled ports without a link",
        "Ports that are switched on and down, by device. A step upwards is a cable pulled or a line broken.",
        width=12,
    )
    down = f"({of(_OPER, *_PORT)} == 2) and ({of(_ADMIN, *_PORT)} == 1)"
    return graph(says, Ask(f"count by (device) ({down})", "{{device}}")).min(0).decimals(0)


def _probes() -> statetimeline.Panel:
    says = Says("Probes across links", "Whether the far side answered over this link alone.", width=8)
    return timeline(says, states.works_words(), Ask(of(families.UP, *_OVER_LINK), "{{link}}"))


def _loss() -> timeseries.Panel:
    says = Says(
        "Unanswered probes across links", "Share of the probes of some minutes that got no answer.", "percentunit"
    )
    answered = f"avg_over_time({of(families.UP, *_OVER_LINK)}[$__rate_interval])"
    return graph(says, Ask(f"1 - {answered}", "{{link}}")).min(0).max(1)


def _delay() -> timeseries.Panel:
    says = Says("Round trip across links", "A jump that stays: the traffic takes another way.", "s")
    return graph(says, Ask(of(probe.ICMP_DURATION, 'phase="rtt"', *_OVER_LINK), "{{link}}")).min(0)
