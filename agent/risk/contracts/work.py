"""Announced work explains a failure, and is accounted apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from agent.contract import Finding, Subject
from agent.risk.contracts.owed import contract_of
from agent.risk.sight import Sight
from agent.risk.work import Work, in_force


def planned_by(sight: Sight, finding: Finding, causes: Iterable[Subject], since: float) -> Work | None:
    """Return the work at this moment, else the last one at ``since``, that explains a failure which began then.

    Work on what caused it, or on the contract under which one of them is owed, explains it as well. Work that is only
    named (mode ``run``) explains nothing. A silence that began only after the failure does not: whoever wants quiet
    while a fault is mended has not announced it.
    """
    causes = tuple(causes)
    contracts = (contract_of(sight.inventory, one) for one in (finding.subject, *causes))
    causes = (*causes, *(Subject("contract", one) for one in contracts if one is not None))
    found = (work for work in _on_at(sight, since) if work.mode != "run" and work.explains(finding, causes))
    return max(found, key=lambda work: work.until, default=None)


def _on_at(sight: Sight, since: float) -> Iterator[Work]:
    settings, zone = sight.settings, ZoneInfo(sight.settings.municipality.timezone)
    now = in_force(settings, sight.silences, zone, sight.view.now)
    yield from (work for work in now if work.by == "maintenance" or work.start <= since)
    yield from in_force(settings, (), zone, since)
