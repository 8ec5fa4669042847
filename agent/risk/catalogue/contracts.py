"""What is known of what providers owe."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import Ratio

CONTRACT_MISSED = "contract_missed"
CONTRACT_AT_RISK = "contract_at_risk"
PROVIDER_DOWN = "provider_down"
LINE_RATE_LOW = "line_rate_low"


class BudgetOptions(RuleOptions):
    """When the error budget of a month runs short."""

    used: Ratio = Field(0.75, description="Share of the month's error budget from which it is reported.")


class LineRateOptions(RuleOptions):
    """When a line delivers less than is contracted."""

    below: Ratio = Field(0.9, description="Share of the contracted rate below which it is reported.")


TABLE: tuple[Rule, ...] = (
    Rule(
        CONTRACT_MISSED,
        severity="info",
        meaning=(
            "Something that is owed under a contract failed for longer this calendar month than the agreed "
            "`availability` allows within its service hours. Announced work, what others caused and times in which "
            "Ringwacht itself was blind do not count. It stands until the month is over."
        ),
        runbook=(
            "The evidence lists the days. `/api/v1/contracts` has the account and each change of state for the "
            "provider.",
            "Compare with the provider's own report: does it know these failures, and were they announced?",
            "A failure that was announced and is not in `alerting.maintenance` counts here; the past is not changed.",
            "Claim what the contract grants for a month that was missed, and note it for the next talk.",
        ),
        leads=False,
        norm="BSI OPS.1.1.1.A11",
    ),
    Rule(
        CONTRACT_AT_RISK,
        severity="info",
        meaning=(
            "Three quarters (`used`) of the month's error budget of a contract are used up: the failures that its "
            "agreed `availability` allows in the service hours of the whole month."
        ),
        runbook=(
            "The evidence lists the days on which it failed. Is there one cause that will come again?",
            "Talk to the provider before the month is missed, and move risky work into the next month.",
        ),
        options=BudgetOptions,
        leads=False,
    ),
    Rule(
        PROVIDER_DOWN,
        severity="critical where one of them is, else warning",
        meaning=(
            "Two or more services or links that one provider owes failed within a few minutes, and nothing of your own "
            "explains it. This one alert speaks for all of them. Where things of other providers, or a site, link or "
            "device of your own, fail within two minutes of them, that is not known, and each speaks for itself."
        ),
        runbook=(
            "Call the provider: the number and the agreed reaction time stand in the evidence.",
            "Can you still reach others on the Internet? Then it is not your own line.",
            "Tell those who need these services that the provider is working on it, and when you will tell them more.",
            "Was the work announced? Then enter it under `alerting.maintenance`, and it is accounted as planned.",
        ),
    ),
    Rule(
        LINE_RATE_LOW,
        severity="info",
        meaning=(
            "The best of the last five measurements of a line (`throughput`) is less than 90 % (`below`) of the "
            "`bandwidth` of its contract. Measured is what files get of it, about 5 % less than the line rate. Not "
            "judged before three measurements are there, which are kept until Ringwacht is restarted, nor once the "
            "last one is older than three intervals."
        ),
        runbook=(
            "Was the line in use while it was measured? The measurement takes only what is left.",
            "Measure once more with nothing else on the line, e.g. in the evening.",
            "Call the provider with the circuit number and the measurements.",
            "What is measured ends elsewhere: choose a `download` that is near and fast enough.",
        ),
        options=LineRateOptions,
        leads=False,
    ),
)
