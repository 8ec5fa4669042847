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
        severity="info, warning, critical by the options; critical once it is over; info once the notice was missed",
        meaning=(
            "A deadline, the end of a contract or the last day on which notice of it can be given is near or over. All "
            "days of a contract are one alert, the most urgent first. A missed notice stays listed as info until the "
            "contract ends: nobody can give it any more. Days are local days, and a reminder begins at 08:00 of its "
            "day, so that no date wakes anybody at midnight."
        ),
        runbook=(
            "Do what `what_to_do` says, then write the new day into `deadlines:` or the contract's `ends`.",
            "Notice: decide whether the contract goes on. If it does, move `ends` to the end of the next term.",
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
