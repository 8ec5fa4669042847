"""Risk figures with the factors that they are the sum of, and whether each critical function has a second leg."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import figures
from grafana import states
from grafana.panels import Column, Says, falling, graph, grid, tiles, timeline
from grafana.parts import Ask
from grafana.query import judging, of

# Of the house, and of the chosen rooms.
_SCOPE = 'scope=~"house|room:($room)"'
_STATES = {"redundant": 4, "standby_lost": 3, "on_standby": 2, "down": 1}


def risk_now() -> stat.Panel:
    """Return the present figures."""
    says = Says(
        "Risk",
        "0 to 100, of the house and of each room: a sum of named factors, which the table below lists. Green is no "
        "promise: it counts what is known.",
    )
    thresholds = states.steps(states.GREEN, (20, states.YELLOW), (40, states.ORANGE), (60, states.RED))
    return tiles(says, Ask(of(figures.RISK_POINTS, _SCOPE), "{{scope}}", now=True)).thresholds(thresholds)


def with_risk(board: Dashboard) -> Dashboard:
    """Return the board with its rows on risk and functions."""
    return (
        board.with_row(Row("Risk"))
        .with_panel(_factors())
        .with_panel(_course())
        .with_row(Row("Emergency redundancy"))
        .with_panel(_functions())
        .with_panel(_legs())
    )


def _factors() -> table.Panel:
    says = Says(
        "What the risk is made of",
        "The factors of the house and of each room. The status page says of each what is its evidence and what would "
        "lower it.",
        width=14,
    )
    columns = (
        Column("scope", "Of"),
        Column("factor", "Factor"),
        Column("subject", "What"),
        Column("Value", "Points"),
    )
    points = f"max by (scope, factor, subject) ({of(figures.RISK_FACTOR_POINTS, _SCOPE)})"
    return grid(says, columns, Ask(points)).sort_by([falling("Points")])


def _course() -> timeseries.Panel:
    says = Says("Risk over time", "A step up has a name: the table lists it while it stands.", width=10)
    return graph(says, Ask(of(figures.RISK_POINTS, _SCOPE), "{{scope}}")).min(0).max(100)


def _functions() -> statetimeline.Panel:
    says = Says(
        "Functions",
        "Whether each critical function has a living second leg. Those of all sites are shown.",
        width=12,
    )
    meanings = states.words(
        {
            4: ("redundant", states.GREEN),
            3: ("standby lost", states.ORANGE),
            2: ("on standby", states.ORANGE),
            1: ("down", states.RED),
            0: ("unknown", states.GREY),
        }
    )
    sums = (f"{value} * sum by (function) ({_in_state(state)})" for state, value in _STATES.items())
    return timeline(says, meanings, Ask(f"({' + '.join(sums)}) and on () {judging()}", "{{function}}"))


def _in_state(state: str) -> str:
    return of(figures.FUNCTION_STATE, f'state="{state}"')


def _legs() -> statetimeline.Panel:
    says = Says(
        "Legs",
        "Whether each leg is alive and fresh. A gap: that is not known, so it does not count as a leg.",
        width=12,
    )
    ask = Ask(of(figures.FUNCTION_LEG_UP), "{{function}}: {{role}} {{leg}}")
    return timeline(says, states.up_words(), ask)
