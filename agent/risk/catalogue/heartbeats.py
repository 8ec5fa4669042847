"""Jobs that report by themselves: backups and scripts."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import DAY, Duration, Ratio

HEARTBEAT_MISSING = "heartbeat_missing"
HEARTBEAT_FAILED = "heartbeat_failed"
HEARTBEAT_OVERDUE = "heartbeat_overdue"
RESTORE_TEST_DUE = "restore_test_due"
BACKUP_SIZE_CHANGED = "backup_size_changed"

_SEVERITY = "critical for services with `critical: true`, warning otherwise"


class RetestOptions(RuleOptions):
    """When one is reminded of the next test."""

    info: Duration = Field(30 * DAY, description="Time left from which it is informational; once over, a warning.")


class SizeOptions(RuleOptions):
    """Which size of what a job wrote is no longer believed."""

    below: Ratio = Field(0.5, description="Found when the last size by the usual one is smaller.")
    above: float = Field(3.0, gt=1, description="Found when the last size by the usual one is greater.")


TABLE: tuple[Rule, ...] = (
    Rule(
        HEARTBEAT_MISSING,
        severity=_SEVERITY,
        meaning=(
            "A job has reported no success for longer than `every` and `grace`: since its last one, or since it is "
            "awaited where there never was one. A failure that it reported itself is heartbeat_failed instead. A run "
            "that began in time may last for `longest`. Where the daemon was not there to hear a report, the job has "
            "one more `grace`."
        ),
        runbook=(
            "Did the job run at all? Look at its own log, the timer (`systemctl list-timers`), the task planner.",
            "It ran and did not report: does its machine reach this address, is the token the right one, does the "
            "call retry? See docs/heartbeats.md.",
            "Run it by hand before the next night. For a backup: when was the last good one, and is that acceptable?",
            "The job exists no more: remove the service.",
        ),
        hold=0.0,
        clear=0.0,
    ),
    Rule(
        HEARTBEAT_FAILED,
        severity=_SEVERITY,
        meaning="The last end that a job reported was a failure: `/fail`, or an exit code other than 0.",
        runbook=(
            "The exit code stands in the summary; the job's own log says why.",
            "A full target, an expired password, a locked file: mend it and run the job by hand.",
            "The alert ends with the next success that the job reports.",
        ),
        hold=0.0,
        clear=0.0,
    ),
    Rule(
        HEARTBEAT_OVERDUE,
        severity=_SEVERITY,
        meaning="A job reported its start and, for longer than `longest`, no end.",
        runbook=(
            "Does it still run? A job that was killed reports no end.",
            "Does it wait: for a lock, a tape, a dead mount? End it before the next run begins.",
            "It simply has more to do than it had: raise `longest`, and look whether the night is still long enough.",
        ),
        hold=0.0,
        clear=0.0,
    ),
    Rule(
        RESTORE_TEST_DUE,
        severity="info by the option, warning once it is over or was never done",
        meaning=(
            "A restore from this backup must be tested (`restore_every` after `restore_tested`), or never was, or its "
            "day lies in the future. A reminder begins at 08:00 of its day."
        ),
        runbook=(
            "Restore a file, a mailbox and a whole machine to another place; take the time it takes.",
            "Write down what went wrong, then the day into `restore_tested`.",
        ),
        options=RetestOptions,
        norm="BSI CON.3.A15",
    ),
    Rule(
        BACKUP_SIZE_CHANGED,
        severity="warning",
        meaning=(
            "A job succeeded, and what it wrote (`?size=` of its report) is far from the usual: the median of the last "
            "30 before that were believed (at least 5). Or it is empty: nothing, or less than a thousandth. Or its "
            "size is missing, which it always told; or it has shrunk, night after night, below half. Sizes that come "
            "again, as with a weekly full backup, are usual; so is a new one after 5 times, but no empty one."
        ),
        runbook=(
            "Look into the job's log and into the target: what is missing, what has been added?",
            "Too small: a folder that moved, a dead mount, a password that no longer opens a database? Run it again "
            "by hand, and keep the last good one until then.",
            "Too large: a new disk, a log that grows, files that somebody encrypted (ransomware compresses badly)?",
            "Meant to be so: nothing to do, it becomes the usual size by itself. An incremental backup whose size says "
            "nothing: `heartbeat.sizes: varying`.",
        ),
        options=SizeOptions,
        hold=0.0,
        clear=0.0,
    ),
)
