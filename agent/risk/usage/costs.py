"""What bandwidth costs, in the currency of the inventory: by contract, and what partners save."""

from __future__ import annotations

from collections.abc import Iterator

from agent.contract import Measure
from agent.figures import CONTRACT_COST, CONTRACT_COST_PER_MEGABIT, PARTNER_SAVED, PARTNER_SAVED_PER_MEGABIT
from agent.risk.sight import Sight
from config.inventory import Contract, Inventory

_MEGABIT = 1e6


def costs(sight: Sight) -> Iterator[Measure]:
    """Yield the monthly cost of each contract and what each partner saves, and both by Mbit/s."""
    inventory = sight.inventory
    for name, contract in inventory.contracts.items():
        if contract.monthly_cost is not None:
            yield Measure(CONTRACT_COST, (name,), contract.monthly_cost)
            bandwidth = _bandwidth(inventory, name, contract)
            if bandwidth > 0:
                yield Measure(CONTRACT_COST_PER_MEGABIT, (name,), contract.monthly_cost / (bandwidth / _MEGABIT))
    for name, partner in inventory.partners.items():
        if partner.saved_line_cost is not None:
            yield Measure(PARTNER_SAVED, (name,), partner.saved_line_cost)
            if partner.rented is not None:
                saved = partner.saved_line_cost / (partner.rented / _MEGABIT)
                yield Measure(PARTNER_SAVED_PER_MEGABIT, (name,), saved)


def _bandwidth(inventory: Inventory, name: str, contract: Contract) -> float:
    """Return bits per second, towards us, of all lines of the contract; 0 where they are not known.

    Whoever also delivers services under it is not paid for the line alone: that counts only with a ``bandwidth``.
    """
    lines = [link for link in inventory.links.values() if link.contract == name]
    if contract.bandwidth is not None:
        return contract.bandwidth.down * max(len(lines), 1)
    if any(service.contract == name for service in inventory.services.values()):
        return 0.0
    rates = [link.capacity for link in lines]
    return 0.0 if None in rates else sum(rate for rate in rates if rate is not None)
