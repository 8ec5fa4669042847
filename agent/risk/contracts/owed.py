"""What is followed, and who owes it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.contract import Subject
from agent.risk.sight import Sight
from config.inventory import Inventory


def followed(inventory: Inventory) -> Iterator[Subject]:
    """Yield every service, and every link that is rented under a contract."""
    for name in inventory.services:
        yield Subject("service", name)
    for name, link in inventory.links.items():
        if link.contract is not None:
            yield Subject("link", name)


def contract_of(inventory: Inventory, subject: Subject) -> str | None:
    """Return the contract under which a service or link is owed; None for anything else, and where there is none."""
    things: Mapping[str, Mapping[str, object]] = {"service": inventory.services, "link": inventory.links}
    contract = getattr(things.get(subject.kind, {}).get(subject.id), "contract", None)
    return contract if contract in inventory.contracts else None


def owed_under(inventory: Inventory, contract: str) -> Iterator[Subject]:
    """Yield the services and links that are owed under a contract."""
    return (one for one in followed(inventory) if contract_of(inventory, one) == contract)


def owed_things(inventory: Inventory) -> Iterator[tuple[Subject, Subject]]:
    """Yield each service and link that is owed with its contract."""
    for one in followed(inventory):
        contract = contract_of(inventory, one)
        if contract is not None:
            yield one, Subject("contract", contract)


def provider_of(inventory: Inventory, subject: Subject) -> str | None:
    """Return who owes a service, a link or what a contract is about; None: it is ours, as far as is known."""
    name = subject.id if subject.kind == "contract" else contract_of(inventory, subject)
    contract = None if name is None else inventory.contracts.get(name)
    return None if contract is None else contract.provider


def is_theirs(sight: Sight, cause: Subject, provider: str | None) -> bool:
    """Whether what caused a failure is owed by the same provider.

    A site that is cut off is so by the links to it. One that others run, and no link of which is known to be cut, went
    silent by itself.
    """
    if provider is None:
        return False
    if cause.kind != "site":
        return provider_of(sight.inventory, cause) == provider
    verdict, site = sight.network.sites.get(cause.id), sight.inventory.sites.get(cause.id)
    cuts = () if verdict is None else verdict.cuts
    if cuts:
        return all(provider_of(sight.inventory, one) == provider for one in cuts)
    return site is not None and site.external
