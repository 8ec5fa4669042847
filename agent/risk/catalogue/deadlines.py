"""What runs out on a day that is known beforehand."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import DAY, Duration

DEADLINE_NEAR = "deadline_near"
WARRANTY_ENDING = "warranty_ending"


class DeadlineOptions(RuleOptions):
    """When one is reminded of a deadline: three times, each worse than the one before."""

    info: Duration = Field(90 * DAY, description="Time left from which it is informational.")
    warning: Duration = Field(30 * DAY, description="Time left from which it is a warning.")
    critical: Duration = Field(7 * DAY, description="Time left from which it is critical.")


class WarrantyOptions(RuleOptions):
    """When one is told of warranties that end."""

    info: Duration = Field(90 * DAY, description="Time left from which it is informational.")


TABLE: tuple[Rule, ...] = (
    Rule(
        DEADLINE_NEAR,
        severity=(
            "info, warning, critical by the options; critical once it is over; info once the notice was missed; notice "
            "of a licence: never critical"
        ),
        meaning=(
            "A deadline, the end of a contract or of a licence's term, or the last day on which notice of it can be "
            "given is near or over. All days of a contract or licence are one alert, the most urgent first; so are "
            "licences of one contract (or one site) that end on one day, under the first of them. A missed notice "
            "stays listed as info until the contract ends: nobody can give it any more. A licence with a notice renews "
            "by itself: its renewal is info. Days are local days, and a reminder begins at 08:00 of its day, so that "
            "no date wakes anybody at midnight."
        ),
        runbook=(
            "Do what `what_to_do` says, then write the new day into `deadlines:`, or `ends` or `renews`.",
            "Notice: decide whether it goes on. If it does, move `ends` (a licence's `renews`) to the end of the next "
            "term.",
            "Not to be renewed: remove the entry, or accept it under `alerting.accept` with a reason.",
            "APNs certificates: renew with the same Apple ID, or every tablet must be enrolled anew.",
        ),
        options=DeadlineOptions,
    ),
    Rule(
        WARRANTY_ENDING,
        severity="info",
        meaning=(
            "Warranties of a site's devices in `assets:` end soon. One alert for each site, however many devices; "
            "warranties that are over are no alert. Devices without a configured site are one alert of the daemon."
        ),
        runbook=(
            "The evidence lists days, models and numbers; `/api/v1/deadlines` has them all.",
            "Report defects that are known before the day is over.",
            "Servers, storage and network: extend the maintenance, or plan the replacement with its delivery time.",
        ),
        options=WarrantyOptions,
    ),
)
