"""What was handed over lately: pace and grouping of what comes next follow from it."""

from __future__ import annotations

from dataclasses import dataclass

from agent.contract import Finding

HANDED_KEPT_SECONDS = 86400.0


@dataclass(frozen=True, slots=True)
class Handed:
    """A parcel that one way at least of a receiver took at ``at`` (seconds since the epoch), and what it was about."""

    receiver: str
    parcel: str
    at: float
    findings: tuple[Finding, ...]
