"""What every rule of judgement lets a user adjust."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from config.base import Model
from config.units import Duration

SeverityName = Literal["critical", "warning", "info"]

# Alerts of `ringwacht rules` about the daemon itself.
ALWAYS = "Watchdog"
DOWN = "RingwachtDown"
NOT_JUDGING = "RingwachtNotJudging"
RESERVED = frozenset({ALWAYS, DOWN, NOT_JUDGING})


class RuleOptions(Model):
    """Adjustments of one rule; what is not given keeps the rule's own default."""

    hold: Duration | None = Field(default=None, description="How long it must stand before it fires.")
    clear: Duration | None = Field(default=None, description="How long it must be good before it is resolved.")
    severity: SeverityName | None = Field(default=None, description="Severity instead of the rule's own.")
