"""Fleets and versions for programs: ``/api/v1/fleets``. Rows are pure functions; null is not known.

Costs are in the currency of the configuration; days are ISO 8601, times RFC 3339 in UTC.
"""

from __future__ import annotations

from agent.contract import Snapshot
from agent.estate import Estate, FleetState, Need, Version
from agent.risk.deadlines import Today
from agent.risk.fleet.needs import added
from agent.risk.fleet.plan import growth, steps
from agent.risk.fleet.stock import stock_by_year
from config.inventory import Inventory
from config.schools import Fleet
from config.settings import Settings
from exporters.web.api import Row, moment


def fleets_row(snapshot: Snapshot, inventory: Inventory, settings: Settings) -> Row:
    """Return each fleet with stock, plan, ages and need, the need of each site, and which versions run where."""
    estate = snapshot.estate or Estate(0.0)
    today = Today.of(estate.at, settings).day
    return {
        "at": moment(None if snapshot.estate is None else estate.at),
        "fleets": [
            _fleet(name, fleet, estate.fleets.get(name) or FleetState(name), today.year)
            for name, fleet in inventory.fleets.items()
        ],
        "needs": [
            {"site": site, **_need(need)} for site in inventory.sites for need in _of_site(site, inventory, estate)
        ],
        "versions": [_version(version) for version in estate.versions],
    }


def _fleet(name: str, fleet: Fleet, state: FleetState, year: int) -> Row:
    return {
        "id": name,
        "name": fleet.name or name,
        "site": fleet.site,
        "kind": fleet.kind,
        "source": fleet.source,
        "lifetime_seconds": fleet.lifetime,
        "unit_cost": fleet.unit_cost,
        "registered": state.registered,
        "managed": state.managed,
        "planned": state.planned,
        "late": state.late,
        "plan": _plan(fleet),
        "purchases": _purchases(fleet),
        "bought": [{"year": bought or None, "devices": count} for bought, count in state.by_year.items()],
        "ages": [{"years": years, "devices": count} for years, count in state.ages.items()],
        "stock": _stock(state, year),
        "needs": [_need(need) for need in state.needs],
    }


def _plan(fleet: Fleet) -> list[Row]:
    """Return the plan by year with its growth over the entry before; null for the first one."""
    more = growth(fleet.plan)
    return [{"year": year, "devices": count, "growth": more.get(year)} for year, count in sorted(fleet.plan.items())]


def _purchases(fleet: Fleet) -> list[Row]:
    """Return what the plan means to be bought year by year; without a lifetime nothing can be said."""
    if not fleet.lifetime:
        return []
    return [step._asdict() for step in steps(fleet.plan, fleet.lifetime)]


def _stock(state: FleetState, year: int) -> list[Row]:
    """Return how many of today's registered devices were there at the end of each year, from the first one bought."""
    dated = [bought for bought in state.by_year if bought]
    if not dated:
        return []
    counts = stock_by_year(state.by_year, min(dated), max(year, max(dated)))
    return [{"year": one, "devices": count} for one, count in counts.items()]


def _need(need: Need) -> Row:
    return need._asdict()


def _of_site(site: str, inventory: Inventory, estate: Estate) -> tuple[Need, ...]:
    names = (name for name, fleet in inventory.fleets.items() if fleet.site == site)
    return added(state.needs for name in names if (state := estate.fleets.get(name)) is not None)


def _version(version: Version) -> Row:
    return {
        "site": version.site,
        "kind": version.kind,
        "system": version.system,
        "version": version.version,
        "devices": version.devices,
        "supported_until": None if version.ends is None else version.ends.isoformat(),
        "supported_at_most_until": None if version.latest is None else version.latest.isoformat(),
        "support": version.support,
    }
