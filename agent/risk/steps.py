"""What a shipped rule means and what to do about it, in the reader's language."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from agent.risk.german import (
    configs,
    contracts,
    daemon,
    deadlines,
    devices,
    equipment,
    fleets,
    functions,
    hardware,
    heartbeats,
    licences,
    links,
    neighbours,
    network,
    norms,
    oncall,
    overheating,
    power,
    radio,
    register,
    rooms,
    servers,
    services,
    sites,
    usage,
)
from agent.risk.german.facts import FACTS
from agent.risk.rule import Rule, Steps
from agent.risk.texts import Language

_FIELDS = (
    daemon,
    deadlines,
    devices,
    functions,
    hardware,
    heartbeats,
    links,
    neighbours,
    network,
    norms,
    oncall,
    overheating,
    power,
    radio,
    rooms,
    servers,
    services,
    sites,
    usage,
    equipment,
    fleets,
    register,
    licences,
    contracts,
    configs,
)
GERMAN: Mapping[str, Steps] = ChainMap(*(dict(field.TEXTS) for field in _FIELDS))

# An English line that begins with one of these words and a colon is meant for links of these kinds only.
_MEANT_FOR: Mapping[str, frozenset[str]] = {
    "Radio": frozenset({"radio", "wlan"}),
    "Fibre": frozenset({"fibre"}),
    "Leased line": frozenset({"leased", "mobile"}),
}
_UNTOLD = "other"  # a kind that says nothing of what carries


def meaning_of(rule: Rule, language: Language) -> str:
    """Return what a shipped rule finds; English where there is no German text."""
    return _texts(rule, language).meaning


def steps_of(rule: Rule, language: Language, link_kind: str | None = None) -> tuple[str, ...]:
    """Return what to do; given the kind of a link, without the lines that are about other kinds."""
    told = zip(rule.runbook, _texts(rule, language).runbook, strict=True)
    return tuple(step for english, step in told if _fits(english, link_kind))


def fact_of(text: str, language: Language) -> str:
    """Return what is said of a shipped rule's severity or of an option; English where there is no German text."""
    return FACTS.get(text, text) if language == "de" else text


def _texts(rule: Rule, language: Language) -> Steps:
    english = Steps(rule.meaning, rule.runbook)
    return GERMAN.get(rule.name, english) if language == "de" else english


def _fits(english: str, link_kind: str | None) -> bool:
    kinds = _MEANT_FOR.get(english.partition(":")[0])
    return kinds is None or link_kind in {None, _UNTOLD} or link_kind in kinds
