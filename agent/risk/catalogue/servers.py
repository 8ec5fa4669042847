"""What a server says of itself."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import DAY, Duration, Ratio

FILESYSTEM_FULL = "filesystem_full"
FILESYSTEM_FILLING = "filesystem_filling"


class FullOptions(RuleOptions):
    """When a file system counts as full."""

    warning: Ratio = Field(0.90, description="Used share from which it is a warning.")
    critical: Ratio = Field(0.95, description="Used share from which it is critical.")


class FillingOptions(RuleOptions):
    """When a file system counts as filling: trend and level together (facts, peers 4.10)."""

    within: Duration = Field(DAY, description="Time to full below which it is reported.")
    below: Ratio = Field(0.40, description="Only where less than this share is still free.")


TABLE: tuple[Rule, ...] = (
    Rule(
        FILESYSTEM_FULL,
        severity="warning, critical by the options",
        meaning="A file system is used beyond the limit. All of a device are one alert; the evidence lists them.",
        runbook=(
            "`df -h` and `du -xh --max-depth=1 / | sort -h`: logs, old kernels, core dumps, backups on the wrong disk.",
            "A file that is deleted and still open holds its space: `lsof +L1`.",
            "Database volumes: never delete files by hand, extend the volume.",
        ),
        options=FullOptions,
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        FILESYSTEM_FILLING,
        severity="warning",
        meaning=(
            "At the pace of the last hours a file system will be full soon, and little is left. Not judged until "
            "there is enough history."
        ),
        runbook=(
            "What grows? Compare `du` now and in ten minutes; look for a log that repeats one line.",
            "A nightly backup or import that always looks like this: raise `hold` or lower `below` for the rule.",
            "Otherwise make room before the time that the summary gives.",
        ),
        options=FillingOptions,
        norm="BSI OPS.1.1.1.A9",
    ),
)
