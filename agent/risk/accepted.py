"""What an accepted finding is about."""

from __future__ import annotations

from typing import get_args

from agent.contract import Subject, SubjectKind
from config.alerting import Match
from config.inventory import Inventory


def accepted_subject(match: Match, inventory: Inventory) -> Subject:
    """Return what an acceptance is about as far as it names it; else the rule."""
    kind, _, name = (match.subject or "").rpartition(":")
    kinds: tuple[SubjectKind, ...] = get_args(SubjectKind)
    for known in kinds:
        entry = name.partition("/")[0] if known == "source" else name  # "m365/Exchange Online"
        if name and (kind == known or (not kind and entry in getattr(inventory, f"{known}s", ()))):
            return Subject(known, name)
    for known in kinds:
        if known != "rule" and getattr(match, known, None) is not None:
            return Subject(known, getattr(match, known))
    return Subject("rule", match.rule or "")
