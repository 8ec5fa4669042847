"""What a message says of a provider whose things went together, and of a contract: whom to call, how soon. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Subject
from agent.risk.catalogue.contracts import PROVIDER_DOWN
from agent.risk.rule import WORST_FIRST
from agent.risk.sight import Sight
from config.contracts import Contract

MOST_NAMES = 5


class Outage(NamedTuple):
    """Things of one provider that went together; ``contract``: the one that its alert is about."""

    contract: str
    things: tuple[Subject, ...]

    @property
    def key(self) -> FindingKey:
        """The identity of its finding."""
        return FindingKey(PROVIDER_DOWN, Subject("contract", self.contract))


def with_cause(sight: Sight, finding: Finding, outage: Outage) -> Finding:
    """Return what went with the outage as its cause."""
    why = sight.words.say("provider_is_down", provider=sight.inventory.contracts[outage.contract].provider)
    said = sight.words.say("because", text=finding.summary, why=why)
    return replace(finding, summary=said, cause=outage.key.subject)


def finding_of(sight: Sight, outage: Outage, effects: Sequence[Finding]) -> Finding:
    """Return the one finding that speaks for what went: as grave, at the same site and as patient as these are."""
    words, contract = sight.words, sight.inventory.contracts[outage.contract]
    names = [called(sight, one) for one in outage.things]
    said = words.say("provider_down", provider=contract.provider, names=words.joined(words.few(names, MOST_NAMES)))
    evidence = (*terms(sight, contract), *(one.summary for one in effects))
    worst = min((one.severity for one in effects), key=WORST_FIRST.index)
    sites = {one.site for one in effects}
    site = sites.pop() if len(sites) == 1 else None
    held = min(one.hold_seconds or 0.0 for one in effects) or None
    return Finding(PROVIDER_DOWN, outage.key.subject, worst, said, evidence, site=site, hold_seconds=held)


def terms(sight: Sight, contract: Contract) -> Iterator[str]:
    """Yield whom to call about a contract, and how soon they owe a reaction, as far as that is said."""
    if contract.hotline is not None:
        yield sight.words.say("contract_hotline", provider=contract.provider, number=contract.hotline)
    if contract.reaction is not None:
        yield sight.words.say("contract_reaction", time=sight.words.span(contract.reaction))


def called(sight: Sight, subject: Subject) -> str:
    """Return what people call a service or a link."""
    link = sight.inventory.links.get(subject.id) if subject.kind == "link" else None
    return sight.name(subject) if link is None else link.name or subject.id
