"""What outsourcing partners deliver: availability in their hours, the error budget that is left, services in time."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import tallies
from grafana import states
from grafana.panels import Column, Says, graph, grid, in_unit, stacked, tiles, timeline
from grafana.parts import Ask, board
from grafana.query import judging, of

_STATES = {"up": 3, "degraded": 2, "down": 1}


def make() -> Dashboard:
    """Return the board."""
    return (
        board(
            "ringwacht-contracts", "Contracts and services: availability within service hours, error budget, history."
        )
        .with_row(Row("Contracts"))
        .with_panel(_budget())
        .with_panel(_table())
        .with_panel(_budget_course())
        .with_panel(_parts())
        .with_row(Row("Services"))
        .with_panel(_services())
        .with_panel(_availability())
    )


def _budget() -> stat.Panel:
    says = Says(
        "Error budget of the month",
        "How much more may fail within the service hours of this month before the agreed availability is missed. Red: "
        "it is.",
        "s",
    )
    thresholds = states.steps(states.RED, (0, states.GREEN))
    return tiles(says, Ask(of(tallies.CONTRACT_BUDGET), "{{contract}}", now=True)).thresholds(thresholds)


def _table() -> table.Panel:
    says = Says(
        "Availability",
        "Within the service hours, of each thing that is owed. Planned work, what others caused and what Ringwacht "
        "could not see count neither way.",
        width=16,
    )
    columns = (
        Column("contract", "Contract"),
        Column("subject", "Owed"),
        Column("Value #A", "This month", (in_unit("percentunit"),)),
        Column("Value #B", "This year", (in_unit("percentunit"),)),
    )
    asks = (Ask(_availability_of(period)) for period in ("month", "year"))
    return grid(says, columns, *asks)


def _availability_of(period: str) -> str:
    availability = of(tallies.CONTRACT_AVAILABILITY, f'period="{period}"')
    return f"max by (contract, subject) ({availability})"


def _budget_course() -> timeseries.Panel:
    says = Says("Error budget over time", "It falls with each outage and starts anew with each month.", "s", 12)
    return graph(says, Ask(of(tallies.CONTRACT_BUDGET), "{{contract}}"))


def _parts() -> timeseries.Panel:
    says = Says(
        "What was not up this month",
        "Service hours lost: `down` counts against the contract; `planned`, `upstream` and `blind` do not.",
        "s",
        12,
    )
    lost = of(tallies.CONTRACT_SECONDS, 'period="month"', 'part!="up"')
    return stacked(says, Ask(f"sum by (contract, part) ({lost})", "{{contract}} {{part}}"))


def _services() -> statetimeline.Panel:
    says = Says("Services", "By all checks of each. Grey: not known.", width=16)
    meanings = states.words(
        {3: ("up", states.GREEN), 2: ("degraded", states.ORANGE), 1: ("down", states.RED), 0: ("unknown", states.GREY)}
    )
    sums = (f"{value} * sum by (service) ({_in_state(state)})" for state, value in _STATES.items())
    return timeline(says, meanings, Ask(f"({' + '.join(sums)}) and on () {judging()}", "{{service}}"))


def _in_state(state: str) -> str:
    return of(tallies.SERVICE_STATE, f'state="{state}"')


def _availability() -> stat.Panel:
    says = Says("Services this month", "Share of the hours in which each was up, as far as it was seen.", "percentunit")
    ask = Ask(of(tallies.SERVICE_AVAILABILITY, 'period="month"'), "{{service}}", now=True)
    return tiles(says, ask).thresholds(states.steps(states.BLUE))  # what was agreed differs by contract
