"""The devices of schools and administration: how many against the plan, how old, do they report, what runs on them."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import tallies
from grafana import states
from grafana.panels import Column, Says, falling, graph, grid, stacked, tiles
from grafana.parts import Ask, board
from grafana.query import SITE, of


def make() -> Dashboard:
    """Return the board."""
    return (
        board("ringwacht-schools", "Schools and fleets: stock against plan, age and replacement, check-in, versions.")
        .with_row(Row("Class rooms"))
        .with_panel(_equipment())
        .with_panel(_equipment_course())
        .with_row(Row("Fleets"))
        .with_panel(_stock())
        .with_panel(_stock_course())
        .with_panel(_replacement())
        .with_panel(_age())
        .with_row(Row("State"))
        .with_panel(_checkin())
        .with_panel(_compliance())
        .with_panel(_versions())
        .with_panel(_register())
    )


def _equipment() -> stat.Panel:
    says = Says(
        "Equipment",
        "Projectors and other things in class rooms and meeting rooms. A projector that sleeps is not broken. Which "
        "room: see the alerts.",
    )
    count = f"sum by (state) ({of(tallies.CLASSROOM_EQUIPMENT_STATES, SITE)})"
    return tiles(says, Ask(count, "{{state}}", now=True)).thresholds(states.steps(states.BLUE))


def _equipment_course() -> timeseries.Panel:
    says = Says("Equipment over time", "By state. Nights and holidays show as resting.", width=16)
    return stacked(says, Ask(f"sum by (state) ({of(tallies.CLASSROOM_EQUIPMENT_STATES, SITE)})", "{{state}}"))


def _stock() -> table.Panel:
    says = Says(
        "Stock and plan",
        "What the register lists, what the management knows, and what was planned for this year. Registered and not "
        "managed: lost, or never enrolled.",
        width=12,
    )
    columns = (
        Column("site", "Site"),
        Column("fleet", "Fleet"),
        Column("Value #A", "Registered"),
        Column("Value #B", "Managed"),
        Column("Value #C", "Planned"),
    )
    asks = (Ask(_stock_of(source)) for source in ("registered", "managed", "planned"))
    return grid(says, columns, *asks)


def _stock_of(source: str) -> str:
    stock = of(tallies.FLEET_STOCK, SITE, f'source="{source}"')
    return f"max by (site, fleet) ({stock})"


def _stock_course() -> timeseries.Panel:
    says = Says("Stock over time", "As the management knows it. A step down is a batch that left.", width=12)
    return graph(says, Ask(_stock_of("managed"), "{{site}} {{fleet}}")).min(0)


def _replacement() -> table.Panel:
    says = Says(
        "Replacement",
        "Devices whose lifetime ends in the year, and what as many new ones cost. Overdue ones fall into this year.",
        width=12,
    )
    columns = (
        Column("year", "Year"),
        Column("fleet", "Fleet"),
        Column("Value #A", "Devices"),
        Column("Value #B", "Cost"),
    )
    devices, cost = (
        f"max by (year, fleet) ({of(family, SITE)})"
        for family in (tallies.FLEET_REPLACEMENT, tallies.FLEET_REPLACEMENT_COST)
    )
    return grid(says, columns, Ask(devices), Ask(cost))


def _age() -> table.Panel:
    says = Says("Age", "Registered devices by whole years since they were bought.", width=12)
    columns = (Column("fleet", "Fleet"), Column("years", "Years"), Column("Value", "Devices"))
    return grid(says, columns, Ask(f"max by (fleet, years) ({of(tallies.FLEET_AGE, SITE)})")).sort_by(
        [falling("Years")]
    )


def _checkin() -> timeseries.Panel:
    says = Says(
        "Last check-in",
        "Devices by the time since they last reported. In the holidays all grow old; small groups are merged.",
        width=12,
    )
    return stacked(says, Ask(f"sum by (age) ({of(tallies.FLEET_BY_CHECKIN, SITE)})", "{{age}}"))


def _compliance() -> timeseries.Panel:
    says = Says("Compliance and enrolment", "As the management says. Where it says nothing there is no line.", width=12)
    return graph(
        says,
        Ask(f"sum by (compliance) ({of(tallies.FLEET_BY_COMPLIANCE, SITE)})", "{{compliance}}"),
        Ask(f"sum by (enrolment) ({of(tallies.FLEET_BY_ENROLMENT, SITE)})", "{{enrolment}}"),
    ).min(0)


def _versions() -> table.Panel:
    says = Says(
        "Versions",
        "Systems and firmware by version, and whether they are still supported. Unknown: no table has an end for it.",
        width=12,
    )
    columns = (
        Column("system", "System"),
        Column("version", "Version"),
        Column("support", "Support"),
        Column("Value", "Devices"),
    )
    count = f"sum by (system, version, support) ({of(tallies.OS_DEVICES, SITE)})"
    return grid(says, columns, Ask(count)).sort_by([falling("Devices")])


def _register() -> table.Panel:
    says = Says(
        "Register and reality",
        "Rows of the asset register that do not agree with what was seen: missing, unknown, moved, duplicate. Which: "
        "`ringwacht assets report`.",
        width=12,
    )
    columns = (Column("site", "Site"), Column("reason", "What"), Column("Value", "Devices"))
    return grid(says, columns, Ask(f"max by (site, reason) ({of(tallies.ASSETS_UNMATCHED, SITE)})"))
