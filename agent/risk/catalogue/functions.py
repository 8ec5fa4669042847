"""Critical functions and their legs."""

from __future__ import annotations

from agent.risk.catalogue.heartbeats import RetestOptions
from agent.risk.rule import Rule

FUNCTION_DOWN = "function_down"
FUNCTION_ON_STANDBY = "function_on_standby"
STANDBY_LOST = "standby_lost"
FUNCTION_UNVERIFIED = "function_unverified"
FUNCTION_WITHOUT_STANDBY = "function_without_standby"
LEGS_SHARE_RISK = "legs_share_risk"
FAILOVER_TEST_DUE = "failover_test_due"

# The alert about what took a leg down comes first, and then leads: ways are asked, rings switch over.
_AFTER_ITS_CAUSE = 30.0
_LONG_UNKNOWN = 3600.0

TABLE: tuple[Rule, ...] = (
    Rule(
        FUNCTION_DOWN,
        severity="critical",
        meaning=(
            "No leg of a critical function (`functions:`) is alive: neither the primary nor a standby. Where one cause "
            "took all of them, its alert speaks for this one as long as it is as bad."
        ),
        runbook=(
            "The evidence says what is wrong with each leg; begin with the one that is mended soonest.",
            "Put the emergency plan of this function into force: who decides, what goes on by hand or on paper?",
            "Tell those who need it what they can do meanwhile, and when you will tell them more.",
        ),
    ),
    Rule(
        FUNCTION_ON_STANDBY,
        severity="warning",
        meaning=(
            "The primary leg of a critical function is down and a standby is left: nothing may happen to that now. The "
            "alert about the primary, or about what took it down, speaks for this one."
        ),
        runbook=(
            "Does the standby really carry? Some switch over by themselves, a backup does not: it must be restored.",
            "Mend the primary first, other work that touches the standby waits.",
            "Switch back in a quiet hour, and write the day into `failover_tested`: that was a test.",
        ),
        hold=_AFTER_ITS_CAUSE,
    ),
    Rule(
        STANDBY_LOST,
        severity="warning where no standby is alive, info where it is only degraded",
        meaning=(
            "The primary leg of a critical function is alive, but no standby is, or none without restrictions: the "
            "next failure takes the function. A backup that is late or suspiciously small is restricted; an empty "
            "one is none."
        ),
        runbook=(
            "Mend the standby as if the primary had failed: nobody notices that it is missing until it is needed.",
            "Until then no work on the primary.",
        ),
        hold=_AFTER_ITS_CAUSE,
    ),
    Rule(
        FUNCTION_UNVERIFIED,
        severity="warning where the primary is down, else info",
        meaning=(
            "For an hour nothing could tell whether a leg of a critical function is alive: it is not polled, or what "
            "it said is out of date. Unknown does not count as alive. Not while Ringwacht itself is cut off or cannot "
            "poll, which is told by itself, and of a job not before its first report is due."
        ),
        runbook=(
            "The evidence says which leg, and why nothing is known of it.",
            "Give it a check that shows that it works: a `probe` of the link, a `heartbeat` of the backup, SNMP or "
            "NUT of the UPS.",
        ),
        hold=_LONG_UNKNOWN,
    ),
    Rule(
        FUNCTION_WITHOUT_STANDBY,
        severity="info",
        meaning="A critical function has no `standby`: whatever takes its primary leg takes it.",
        runbook=(
            "Name what would take over, however modest: a spare device, a second line, the backup that would be "
            "restored.",
            "There is none: plan one, or accept it under `alerting.accept` with a date and a reason.",
        ),
        leads=False,
    ),
    Rule(
        LEGS_SHARE_RISK,
        severity="info",
        meaning=(
            "One failure would take all legs of a critical function along: a room, a site, a power source, a link, a "
            "device, a provider or a declared `shared_risk`. Of what follows from a shared link or device nothing "
            "more is said."
        ),
        runbook=(
            "Separate the legs: another room or site, the other UPS, another way into the building, another provider.",
            "Check whether it is so: two contracts may end in one duct, two providers on one mast.",
            "It must stay: accept it under `alerting.accept` with a date and a reason.",
        ),
        leads=False,
        norm="BSI NET.1.1.A29",
    ),
    Rule(
        FAILOVER_TEST_DUE,
        severity="info by the option, warning once it is over or was never done",
        meaning=(
            "The switch-over of a critical function must be tested (`test_every` after `failover_tested`), or never "
            "was, or its day lies in the future. A reminder begins at 08:00."
        ),
        runbook=(
            "Agree on an hour, switch the primary off, and let those who need the function work on the standby.",
            "Take the time until it carried, and write down what was missing.",
            "Switch back, then write the day into `failover_tested`.",
        ),
        options=RetestOptions,
        leads=False,
        norm="BSI INF.2.A19",
    ),
)
