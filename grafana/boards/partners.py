"""Who uses how much of what is rented, do lines deliver what is paid for, and what does it cost? For who negotiates."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import figures
from agent.risk.catalogue.usage import LINE_BELOW_CONTRACT, PARTNER_OVER_RENTED
from grafana import states
from grafana.panels import Column, Says, as_bar, falling, graph, grid, in_unit, tiles
from grafana.parts import Ask, board
from grafana.query import SITE, findings, of, of_rules, or_zero

_RENTED = f"max by (partner) ({of(figures.PARTNER_RENTED)})"
_BUSIER = f"max by (partner) ({of(figures.PARTNER_USAGE_P95)})"
_DELIVERED = f"max by (link) ({of(figures.LINK_DELIVERED)})"


def make() -> Dashboard:
    """Return the board."""
    return (
        board("ringwacht-partners", "Partners and lines: rented and used, agreed and delivered, and what it costs.")
        .with_row(Row("Partners"))
        .with_panel(_findings())
        .with_panel(_partners())
        .with_panel(_share())
        .with_row(Row("Lines"))
        .with_panel(_lines())
        .with_panel(_utilisation())
        .with_panel(_percentiles())
        .with_panel(_demand())
        .with_row(Row("Costs"))
        .with_panel(_contracts())
        .with_panel(_saved())
    )


def _findings() -> stat.Panel:
    says = Says(
        "Beyond what was agreed",
        "Partners that use more than they rent, and lines that deliver less than was agreed. Which: see the alerts.",
        width=4,
    )
    asks = (
        Ask(or_zero(f"count({findings(of_rules(PARTNER_OVER_RENTED))})"), "partners", now=True),
        Ask(or_zero(f"count({findings(of_rules(LINE_BELOW_CONTRACT))})"), "lines", now=True),
    )
    return tiles(says, *asks).thresholds(states.steps(states.GREEN, (1, states.ORANGE)))


def _partners() -> table.Panel:
    says = Says(
        "Rented and used",
        "95th percentile of the five-minute rates of 11 days. Near 100 % for weeks: time to talk about more bandwidth.",
        width=12,
    )
    bar = as_bar(states.steps(states.GREEN, (0.8, states.ORANGE), (1, states.RED)))
    columns = (
        Column("partner", "Partner"),
        Column("Value #A", "Rented", (in_unit("bps"),)),
        Column("Value #B", "To them", (in_unit("bps"),)),
        Column("Value #C", "From them", (in_unit("bps"),)),
        Column("Value #D", "Share", bar),
    )
    down, up = (f"max by (partner) ({_used(way)})" for way in ("down", "up"))
    asks = (Ask(_RENTED), Ask(down), Ask(up), Ask(f"{_BUSIER} / {_RENTED}"))
    return grid(says, columns, *asks).sort_by([falling("Share")])


def _used(way: str) -> str:
    return of(figures.PARTNER_USAGE_P95, f'direction="{way}"')


def _share() -> timeseries.Panel:
    says = Says(
        "Share of what is rented",
        "In the busier direction. A step is a new service, a slow rise is growth: plan by the rise.",
        "percentunit",
    )
    return graph(says, Ask(f"{_BUSIER} / {_RENTED}", "{{partner}}")).min(0)


def _lines() -> table.Panel:
    says = Says(
        "Agreed and delivered",
        "What contract or inventory says against what the ports negotiated, or the radio measures. Less: call the "
        "provider, or look for a bad cable.",
        width=12,
    )
    bar = as_bar(states.steps(states.RED, (0.95, states.GREEN)))
    columns = (
        Column("link", "Link"),
        Column("Value #A", "Agreed down", (in_unit("bps"),)),
        Column("Value #B", "Agreed up", (in_unit("bps"),)),
        Column("Value #C", "Delivered", (in_unit("bps"),)),
        Column("Value #D", "Share of the slower direction", bar),
    )
    down, up = (f"max by (link) ({_agreed(way)})" for way in ("down", "up"))
    asks = (Ask(down), Ask(up), Ask(_DELIVERED), Ask(f"{_DELIVERED} / ({up} < {down} or {down})"))
    return grid(says, columns, *asks)


def _agreed(way: str) -> str:
    return of(figures.LINK_CONTRACTED, f'direction="{way}"')


def _utilisation() -> timeseries.Panel:
    says = Says(
        "Utilisation of the links",
        "Means of five minutes against what the link can carry now; a radio in rain carries less. From 80 % on it "
        "delays.",
        "percentunit",
        12,
    )
    return graph(says, Ask(of(figures.LINK_UTILISATION), "{{link}} to {{direction}}")).min(0)


def _percentiles() -> timeseries.Panel:
    says = Says(
        "95th percentile of the links",
        "Of the five-minute rates of 11 days, by direction. After a restart of Ringwacht it comes back after a day.",
        "bps",
        12,
    )
    return graph(says, Ask(of(figures.LINK_USAGE_P95), "{{link}} to {{direction}}")).min(0)


def _demand() -> timeseries.Panel:
    says = Says(
        "Demand of the sites",
        "Declared, or the busy hour of the last 7 working days without what passes through. What a surviving way must "
        "carry after a failure.",
        "bps",
        12,
    )
    return graph(says, Ask(of(figures.SITE_DEMAND, SITE), "{{site}} {{source}}")).min(0)


def _contracts() -> table.Panel:
    says = Says("Contracts", "Cost of a month, and of each Mbit/s of the contract's lines.", width=12)
    columns = (
        Column("contract", "Contract"),
        Column("Value #A", "Monthly cost"),
        Column("Value #B", "By Mbit/s"),
    )
    cost = f"max by (contract) ({of(figures.CONTRACT_COST)})"
    each = f"max by (contract) ({of(figures.CONTRACT_COST_PER_MEGABIT)})"
    return grid(says, columns, Ask(cost), Ask(each)).sort_by([falling("By Mbit/s")])


def _saved() -> table.Panel:
    says = Says("Saved", "Cost of a month of the line that the partner would need otherwise.", width=12)
    columns = (
        Column("partner", "Partner"),
        Column("Value #A", "Saved a month"),
        Column("Value #B", "By Mbit/s rented"),
    )
    saved = f"max by (partner) ({of(figures.PARTNER_SAVED)})"
    each = f"max by (partner) ({of(figures.PARTNER_SAVED_PER_MEGABIT)})"
    return grid(says, columns, Ask(saved), Ask(each)).sort_by([falling("Saved a month")])
