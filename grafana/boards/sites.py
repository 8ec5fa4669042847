"""How well is each site reached: does it answer, how fast, how evenly, and what is lost? For the network's people."""

from __future__ import annotations

from grafana_foundation_sdk.builders import statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import families
from grafana import states
from grafana.panels import Column, Says, as_bar, falling, graph, grid, in_unit, timeline
from grafana.parts import Ask, board
from grafana.query import SITE, of

# Of all pings those that are a series to a site as a whole: they bear no other subject's label.
_OF_SITES = ('check="icmp"', 'device=""', 'link=""', 'service=""', 'uplink=""', SITE)


def make() -> Dashboard:
    """Return the board."""
    return (
        board("ringwacht-sites", "The way to each site as a series of pings sees it: answers, delay, jitter, loss.")
        .with_row(Row("Now"))
        .with_panel(_answers())
        .with_panel(_worst())
        .with_row(Row("Over time"))
        .with_panel(_loss())
        .with_panel(_latency())
        .with_panel(_jitter())
        .with_panel(_longest())
    )


def _answers() -> statetimeline.Panel:
    says = Says(
        "Sites that answer",
        "Whether any ping of a series was answered. Several sites at once: look for what they share, a hop or a mast.",
        width=12,
    )
    return timeline(says, states.works_words(), Ask(f"max by (site) ({of(families.UP, *_OF_SITES)})", "{{site}}"))


def _worst() -> table.Panel:
    says = Says(
        "The way to each site",
        "The last series of ten pings. Loss that stays is a fault on any way; compare a delay with yesterday's.",
        "s",
        12,
    )
    bar = as_bar(states.steps(states.GREEN, (0.05, states.ORANGE), (0.2, states.RED)))
    columns = (
        Column("site", "Site"),
        Column("Value #A", "Loss", bar),
        Column("Value #B", "Delay", (in_unit("s"),)),
        Column("Value #C", "Longest", (in_unit("s"),)),
        Column("Value #D", "Jitter", (in_unit("s"),)),
    )
    shown = (families.SITE_LOSS, families.SITE_LATENCY, families.SITE_LATENCY_MAX, families.SITE_JITTER)
    return grid(says, columns, *(Ask(f"max by (site) ({of(one, SITE)})") for one in shown)).sort_by([falling("Loss")])


def _loss() -> timeseries.Panel:
    says = Says(
        "Loss",
        "Share of each series that stayed unanswered. A few percent that stay make transfers crawl: look at the errors "
        "and the load of the ports on the way.",
        "percentunit",
        12,
    )
    return graph(says, Ask(of(families.SITE_LOSS, SITE), "{{site}}")).min(0).max(1)


def _latency() -> timeseries.Panel:
    says = Says(
        "Delay",
        "Mean round trip. A step that stays: the traffic takes another way. Waves over the day: a queue is full.",
        "s",
        12,
    )
    return graph(says, Ask(of(families.SITE_LATENCY, SITE), "{{site}}")).min(0)


def _jitter() -> timeseries.Panel:
    says = Says(
        "Jitter",
        "Mean difference from one round trip to the next. Telephony suffers from some 30 ms on.",
        "s",
        12,
    )
    return graph(says, Ask(of(families.SITE_JITTER, SITE), "{{site}}")).min(0)


def _longest() -> timeseries.Panel:
    says = Says(
        "Longest round trip", "The slowest answer of each series: it shows a full queue before the mean does.", "s", 12
    )
    return graph(says, Ask(of(families.SITE_LATENCY_MAX, SITE), "{{site}}")).min(0)
