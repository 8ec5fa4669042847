"""What norms ask for and nobody measures by itself."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import DAY, Duration

ALARM_PATH_TEST_DUE = "alarm_path_test_due"


class AlarmTestOptions(RuleOptions):
    """How often the ways to receivers are tested."""

    every: Duration = Field(180 * DAY, description="How often every way to a receiver must have taken a test.")
    before: Duration = Field(14 * DAY, description="Time left from which one is reminded; half of `every` at most.")
    first: Duration = Field(
        14 * DAY, description="Time that a new receiver, or one with other ways, has for its first test."
    )


TABLE: tuple[Rule, ...] = (
    Rule(
        ALARM_PATH_TEST_DUE,
        severity="info",
        meaning=(
            "The ways to one or more receivers must be tested, or were never. The evidence says of each when a test "
            "last arrived over all of its ways. A real alert is no test: the ways that are seldom needed are those "
            "that rot. Counted from the receiver's first day with Ringwacht, or since its URLs are as they are, also "
            "over restarts."
        ),
        runbook=(
            "Say so to those who will be woken, then `ringwacht alerts test PATH --receiver NAME --as ROLE` for each "
            "of them, on the machine of the daemon and while it runs: only then is the test in the audit.",
            "Ask who heard it, and how long it took until somebody could have acted. Write that down as well.",
            "A way that fails: mend it today. A receiver that nobody needs any more: remove it from the configuration.",
        ),
        options=AlarmTestOptions,
        norm="BSI INF.2.A19",
    ),
)
