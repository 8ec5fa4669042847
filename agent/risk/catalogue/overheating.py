"""Where a room's temperature is going."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions

ROOM_OVERHEATING = "room_overheating"


class CourseOptions(RuleOptions):
    """How fast a room lives."""

    pace: float = Field(
        1.0, ge=1, le=20, description="How many times faster than a room a made-up one lives; for demonstrations only."
    )


TABLE: tuple[Rule, ...] = (
    Rule(
        ROOM_OVERHEATING,
        severity="warning; critical once the time left is short: `shutdown_time` and 15 minutes, at least 20 minutes",
        meaning=(
            "A temperature of the room leaves what is usual there and will reach the critical limit: within an hour, "
            "or within two where the warning limit is 20 minutes away. How it is worked out: "
            "[server-room.md](server-room.md#time-to-the-limit)."
        ),
        runbook=(
            "Is the cooling running? Breaker, display, condensate, filter, outdoor unit; restart it once.",
            "Open the doors, bring fans, switch off what is not needed (test systems first): that buys minutes.",
            "Faster than the room's load can heat the air: look for fire or hot air from outside before anything else.",
            "An orderly shutdown must begin before the time left falls below `shutdown_time`.",
            "Call the cooling firm's emergency number; note when the cooling was lost.",
        ),
        hold=0.0,
        clear=900.0,
        options=CourseOptions,
        norm="BSI INF.2.A16",
    ),
)
