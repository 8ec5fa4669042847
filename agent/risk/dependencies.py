"""What a service needs, and what of that is known to be down. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from agent.contract import Finding, Subject
from agent.risk.catalogue.services import PLUGIN_FAILING, SERVICE_FAILING
from agent.risk.contracts.owed import contract_of, owed_under
from agent.risk.reachability import device_state
from agent.risk.services import service_state
from agent.risk.sight import Sight
from config.inventory import Inventory

# What the failure of something that a service needs explains.
_EXPLAINED = frozenset({SERVICE_FAILING, PLUGIN_FAILING})
_HURT = frozenset({"device", "service"})


def because_of_dependency(sight: Sight, found: Finding) -> Finding:
    """Return the finding about a service with what it needs as its cause, where that is known to be down.

    A dependency of unknown state is no cause (fail open). A contract is down once all that is owed under it is. A site
    that is cut off is a cause before these (``agent.risk.causes``).
    """
    if found.subject.kind != "service" or found.rule not in _EXPLAINED or found.cause is not None:
        return found
    down = (_down_of(sight, found.subject, one) for one in needed(sight.inventory, found.subject))
    cause = next((one for one in down if one is not None), None)
    if cause is None:
        return found
    why = sight.words.say("needs", name=_name(sight, cause))
    return replace(found, summary=sight.words.say("because", text=found.summary, why=why), cause=cause)


def unheld(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return all of them; what takes a device or service along is not held back for itself to mend."""
    findings = tuple(findings)
    hurting = {one.cause for one in findings if one.subject.kind in _HURT}
    return tuple(
        replace(one, hold_seconds=None) if one.hold_seconds is not None and one.subject in hurting else one
        for one in findings
    )


def needed(inventory: Inventory, service: Subject) -> Iterator[Subject]:
    """Yield what a service needs (``depends_on``), the nearest first, each once; not itself."""
    seen, near = {service}, [service]
    while near:
        found = dict.fromkeys(one for name in near for one in _direct(inventory, name) if one not in seen)
        yield from found
        seen.update(found)
        near = list(found)


def _direct(inventory: Inventory, subject: Subject) -> Iterator[Subject]:
    service = inventory.services.get(subject.id) if subject.kind == "service" else None
    for name in () if service is None else service.depends_on:
        yield subject_named(inventory, name)


def subject_named(inventory: Inventory, name: str) -> Subject:
    """Return what a name in ``depends_on`` or of a leg means; a contract only where nothing else has that name."""
    if name in inventory.devices:
        return Subject("device", name)
    if name in inventory.links:
        return Subject("link", name)
    is_contract = name in inventory.contracts and name not in inventory.services
    return Subject("contract" if is_contract else "service", name)


def _down_of(sight: Sight, service: Subject, need: Subject) -> Subject | None:
    """Return what of a need is known to be down: itself, or all that is owed under a contract, by its first thing."""
    if need.kind != "contract":
        return need if _is_down(sight, need) else None
    if contract_of(sight.inventory, service) == need.id:  # what it is owed under is no cause of it
        return None
    things = tuple(owed_under(sight.inventory, need.id))
    return things[0] if things and all(_is_down(sight, one) for one in things) else None


def _is_down(sight: Sight, subject: Subject) -> bool:
    if subject.kind == "link":
        verdict = sight.network.links.get(subject.id)
        return verdict is not None and verdict.state.state == "down"
    if subject.kind == "service":
        return service_state(sight, subject).state == "down"
    return device_state(sight.jobs.get(subject, ())).state == "down"


def _name(sight: Sight, subject: Subject) -> str:
    link = sight.inventory.links.get(subject.id) if subject.kind == "link" else None
    return sight.name(subject) if link is None else link.name or subject.id
