"""Licences for programs: ``/api/v1/licences``. Rows are pure functions; null is not known.

Costs are in the currency of the configuration; days are ISO 8601, times RFC 3339 in UTC.
"""

from __future__ import annotations

from agent.contract import Snapshot
from agent.estate import Estate, LicenceState
from agent.risk.deadlines import Today, last_notice
from config.inventory import Inventory, Licence
from config.settings import Settings
from exporters.web.api import Row, moment
from exporters.web.figures import instant


def licences_row(snapshot: Snapshot, inventory: Inventory, settings: Settings) -> Row:
    """Return each licence with its seats, what it costs, and the days of its term."""
    estate = snapshot.estate or Estate(0.0)
    today = Today.of(snapshot.at, settings)
    rows = [
        _licence(licence, estate.licences.get(name) or LicenceState(name), today)
        for name, licence in inventory.licences.items()
    ]
    return {"at": moment(None if snapshot.estate is None else estate.at), "licences": rows}


def _licence(licence: Licence, state: LicenceState, today: Today) -> Row:
    seats, used, renews = state.seats, state.used, licence.renews
    notice = None if renews is None else last_notice(renews, licence.notice)
    return {
        "id": state.id,
        "name": licence.name or licence.product,
        "product": licence.product,
        "site": licence.site,
        "contract": licence.contract,
        "source": licence.source,
        "sku": licence.sku,
        "seats": seats,
        "used": used,
        "free": None if seats is None or used is None else seats - used,
        "in_grace": state.in_grace,
        "suspended": state.suspended,
        "state": state.state,
        "counted_at": moment(None if state.counted_at is None else instant(state.counted_at)),
        "yearly_cost": licence.yearly_cost,
        "yearly_cost_per_used_seat": _each(licence.yearly_cost, used),
        "renews": None if renews is None else renews.isoformat(),
        "days_left": None if renews is None else today.until(renews),
        "notice_by": None if notice is None else notice.isoformat(),
    }


def _each(cost: float | None, used: int | None) -> float | None:
    return round(cost / used, 2) if cost is not None and used else None
