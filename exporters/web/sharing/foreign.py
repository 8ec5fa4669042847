"""Texts about a share in which something of others is named, made general. Pure.

Alerts say what takes what along, which is often somebody else's. Whoever is cut off is told so, and why in general; the
names of others' sites, devices, links and services stay with those who run this Ringwacht.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.contract import Alert, LinkVerdict
from agent.risk.rules import RULES
from agent.risk.steps import meaning_of
from agent.risk.texts import Language
from config.inventory import Inventory

_SECTIONS = (
    "sites",
    "devices",
    "links",
    "services",
    "rooms",
    "functions",
    "sources",
    "projectors",
    "fleets",
    "partners",
)
_WORD = re.compile(r"[\w.-]*\w")


@dataclass(frozen=True, slots=True)
class Foreign:
    """What others have: ids, each a word of its own, and names, which may be several."""

    ids: frozenset[str]
    names: tuple[str, ...]

    @classmethod
    def of(cls, whole: Inventory, own: Inventory) -> Foreign:
        """Return what of the whole inventory is not the share's own; a name that both have tells nothing."""
        theirs, ours = _called(whole, own), _called(own, None)
        return cls(
            frozenset(theirs.keys() - ours.keys()), tuple(sorted(set(theirs.values()) - set(ours.values()) - {""}))
        )

    def in_text(self, text: str) -> bool:
        """Whether a text names anything of it."""
        return not self.ids.isdisjoint(_WORD.findall(text)) or any(name in text for name in self.names)

    def without(self, alert: Alert, language: Language) -> Alert:
        """Return an alert with what names others left out, and a general sentence where its summary did."""
        finding, muted = alert.finding, alert.muted
        named = finding.cause is not None and finding.cause.id in self.ids
        shown = replace(
            finding,
            summary=_general(alert, language) if self.in_text(finding.summary) else finding.summary,
            evidence=tuple(line for line in finding.evidence if not self.in_text(line)),
            cause=None if named else finding.cause,
        )
        hidden = muted is not None and self.in_text(muted.reason)
        work = None if alert.work is not None and self.in_text(alert.work) else alert.work
        return replace(alert, finding=shown, muted=replace(muted, reason="") if muted and hidden else muted, work=work)

    def without_reason(self, link: LinkVerdict) -> LinkVerdict:
        """Return a verdict without its reason where that names others."""
        return replace(link, state=replace(link.state, reason="")) if self.in_text(link.state.reason) else link


def _called(inventory: Inventory, own: Inventory | None) -> Mapping[str, str]:
    """Return what everything is called, by id; with ``own`` only what is not there."""
    found: dict[str, str] = {}
    for section in _SECTIONS:
        entries: Mapping[str, Any] = getattr(inventory, section)
        ours: Mapping[str, Any] = {} if own is None else getattr(own, section)
        found |= {name: getattr(one, "name", None) or "" for name, one in entries.items() if name not in ours}
    return found


def _general(alert: Alert, language: Language) -> str:
    rule = RULES.get(alert.finding.rule)
    meaning = alert.finding.rule if rule is None else meaning_of(rule, language).partition(". ")[0]
    return f"{alert.finding.subject.id}: {meaning}"
