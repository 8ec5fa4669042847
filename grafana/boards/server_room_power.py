"""The supplies behind the rooms: fed from where, how long the batteries last, and what they are worth."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, statetimeline, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import figures, neutral
from agent.risk.catalogue.power import OldOptions
from grafana import states
from grafana.panels import Says, graph, tiles, timeline
from grafana.parts import Ask
from grafana.query import SITE, of

_UPS = "{{device}}"
_ON_BATTERY = of(neutral.UPS_ON_BATTERY, SITE)
_RUNTIME = of(neutral.UPS_RUNTIME, SITE)


def with_power(board: Dashboard) -> Dashboard:
    """Return the board with its row on power."""
    return (
        board.with_row(Row("Power"))
        .with_panel(_source())
        .with_panel(_shutdown())
        .with_panel(_age())
        .with_panel(_runtime())
        .with_panel(_charge())
        .with_panel(_load())
        .with_panel(_heat())
    )


def _source() -> statetimeline.Panel:
    says = Says(
        "Fed from",
        "Each stretch on battery wears it; many short ones point to the mains. A self-test is no outage.",
        width=12,
    )
    meanings = states.words(
        {0: ("mains", states.GREEN), 1: ("battery", states.RED), 2: ("self-test", states.BLUE)}, "unknown"
    )
    tests = f"2 * (max by (device) ({of(neutral.UPS_SELF_TEST_RUNNING, SITE)}) == 1)"
    return timeline(says, meanings, Ask(f"{tests} or max by (device) ({_ON_BATTERY})", _UPS))


def _shutdown() -> stat.Panel:
    says = Says(
        "Shutdown must begin",
        "Only in an outage: how long an orderly shutdown may still wait. At 0 it is due: in the agreed order, storage "
        "last.",
        "s",
        6,
    )
    due = f"max by (device) ({of(figures.UPS_SHUTDOWN_DUE)} and on (device) {_ON_BATTERY}) - time()"
    meanings = states.words({}, "no outage known")
    thresholds = states.steps(states.RED, (300, states.ORANGE), (1800, states.BLUE))
    return tiles(says, Ask(due, _UPS, now=True)).mappings(meanings).thresholds(thresholds)


def _age() -> stat.Panel:
    says = Says(
        "Age of the batteries",
        "Lead batteries are replaced after three to five years, sooner where they are warm. Blue: old enough for the "
        "note that the shipped rule makes of it.",
        "s",
        6,
    )
    thresholds = states.steps(states.GREEN, (OldOptions.model_validate({}).after, states.BLUE))
    return tiles(says, Ask(f"time() - {of(neutral.UPS_BATTERY_INSTALLED, SITE)}", _UPS, now=True)).thresholds(
        thresholds
    )


def _runtime() -> timeseries.Panel:
    says = Says(
        "Runtime",
        "How long the battery would last at the present load, and what it must (dashed): the wait for the mains and "
        "twice the time that an orderly shutdown takes.",
        "s",
        12,
    )
    required = f"{of(figures.UPS_RUNTIME_REQUIRED)} and on (device) {_RUNTIME}"
    panel = graph(says, Ask(_RUNTIME, _UPS), Ask(required, "{{device}} required")).min(0)
    return panel.override_by_query("B", states.dashed(states.ORANGE))


def _charge() -> timeseries.Panel:
    says = Says("Charge", "Of the battery.", "percentunit", 12)
    return graph(says, Ask(of(neutral.UPS_CHARGE, SITE), _UPS)).min(0).max(1)


def _load() -> timeseries.Panel:
    says = Says("Load", "Of the UPS; above 100 % it may switch off.", "percentunit", 12)
    return graph(says, Ask(of(neutral.UPS_LOAD, SITE), _UPS)).min(0)


def _heat() -> timeseries.Panel:
    says = Says("Battery temperature", "Ten degrees more halve the life of a lead battery.", "celsius", 12)
    return graph(says, Ask(of(neutral.UPS_BATTERY_TEMPERATURE, SITE), _UPS))
