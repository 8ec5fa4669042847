"""What is no silence: one of everything, or of what no work explains. Pure."""

from __future__ import annotations

from typing import NamedTuple

from agent.alerts.causes import NEVER_EXPLAINED
from agent.contract import SilenceMode
from config.settings import Match


class Objection(NamedTuple):
    """Why it cannot be, and what to do instead."""

    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


def objection(match: Match, mode: SilenceMode, reason: str) -> Objection | None:
    """Return what speaks against a silence, or None."""
    if match.empty:
        return Objection(
            "match is empty: it would silence everything", "e.g. link: rf-1, site: town-hall, rule: link_down"
        )
    if set(match.named) == {"severity"}:
        return Objection(
            f"severity alone would silence everything that is {match.severity}", "name the site, device or link as well"
        )
    if match.rule in NEVER_EXPLAINED and mode != "run":
        return Objection(f"{match.rule} alerts whatever is worked on", "acknowledge it; mode run names the work")
    if not any(map(str.isalnum, reason)):
        return Objection("a silence needs a reason", "what is done there")
    return None
