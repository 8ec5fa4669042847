"""Contracts for programs: ``/api/v1/contracts``.

Rows are pure functions; null is not known. Units stand in the names; times are RFC 3339 in UTC.
"""

from __future__ import annotations

from agent.contract import Snapshot
from agent.estate import BadDay, ContractState, Estate, LineRate
from config.contracts import Contract
from config.inventory import Inventory
from exporters.web.api import Row, moment
from exporters.web.figures import known
from exporters.web.services import account_row, changes, judged_at


def contracts_row(snapshot: Snapshot, inventory: Inventory) -> Row:
    """Return every contract of the inventory: terms, accounts of what is owed, bad days with evidence, line rates."""
    estate = snapshot.estate or Estate(0.0)
    contracts = [
        {"id": name, **_terms(contract), **_standing(estate.contracts.get(name) or ContractState(name))}
        for name, contract in inventory.contracts.items()
    ]
    return {"at": judged_at(snapshot), "contracts": contracts}


def _terms(contract: Contract) -> Row:
    band = contract.bandwidth
    return {
        "provider": contract.provider,
        "agreed_availability_ratio": contract.availability,
        "hours": contract.hours,
        "bandwidth_bits_per_second": None if band is None else {"down": band.down, "up": band.up},
        "monthly_cost": contract.monthly_cost,
        "hotline": contract.hotline,
        "reaction_seconds": contract.reaction,
        "ends": None if contract.ends is None else contract.ends.isoformat(),
        "notice_seconds": contract.notice,
    }


def _standing(state: ContractState) -> Row:
    month, before, year = state.month, state.last_month, state.year
    owed = [
        {
            "subject": str(one),
            "month": account_row(month[one]),
            "last_month": account_row(before[one]) if one in before else None,
            "year": account_row(year[one]) if one in year else None,
        }
        for one in month
    ]
    return {
        "missed_this_month": state.missed,
        "owed": owed,
        "bad_days": [_bad_day(one) for one in state.bad_days],
        "line_rates": [_rate(one) for one in state.rates],
    }


def _bad_day(one: BadDay) -> Row:
    return {
        "day": one.day.isoformat(),
        "subject": str(one.subject),
        "down_seconds": one.down_seconds,
        "changes_total": one.total,
        "changes": changes(one.changes),
    }


def _rate(rate: LineRate) -> Row:
    return {
        "link": rate.link,
        "contracted_down_bits_per_second": rate.contracted_down,
        "contracted_up_bits_per_second": rate.contracted_up,
        "delivered_down_bits_per_second": known(rate.delivered_down),
        "delivered_up_bits_per_second": known(rate.delivered_up),
        "measured_at": moment(rate.measured_at),
    }
