"""What is known of fleets and of the versions that devices run."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import DAY, Duration, Ratio

FLEET_SILENT = "fleet_silent"
FLEET_NONCOMPLIANT = "fleet_noncompliant"
FLEET_STORAGE_LOW = "fleet_storage_low"
FLEET_BELOW_PLAN = "fleet_below_plan"
REPLACEMENT_DUE = "replacement_due"
SUPPORT_ENDED = "support_ended"
SUPPORT_ENDING = "support_ending"

# Hours in which nothing may open do not count: two answers of a management that is asked each half hour.
_TWO_ANSWERS = 3600.0

Days = Annotated[int, Field(ge=1, le=365)]


class SilentOptions(RuleOptions):
    """How long a managed device may be silent, and how many may be."""

    days: Days = Field(14, description="Days with hours (school or office) without a check-in that a device may have.")
    share: Ratio = Field(0.20, description="Share of the devices above which it is reported.")


class ShareOptions(RuleOptions):
    """How many devices of a fleet may be so."""

    share: Ratio = Field(0.10, description="Share of the devices above which it is reported.")


class CrowdedOptions(RuleOptions):
    """How many devices of a fleet may be short of storage."""

    share: Ratio = Field(0.20, description="Share of the devices above which it is reported.")


class PlanOptions(RuleOptions):
    """How far a fleet may stay below its plan."""

    share: Ratio = Field(0.10, description="Share of the planned stock that may be missing.")


class SupportOptions(RuleOptions):
    """When one is told that support ends."""

    info: Duration = Field(180 * DAY, description="Time left from which it is informational.")


TABLE: tuple[Rule, ...] = (
    Rule(
        FLEET_SILENT,
        severity="warning",
        meaning=(
            "Many devices of a fleet have not reported to their management for long: it cannot update, locate or lock "
            "them. Only days with hours count, so that holidays and weekends make no device late, and nothing opens "
            "outside of them; where nobody knows the school holidays, a school is not judged. Devices that never "
            "reported are left out, and fewer than `smallest_group` are never told. Where most fleets of a management "
            "are silent, there is one alert about that management."
        ),
        runbook=(
            "Many at once: does the WLAN of the site reach the management, is its push certificate valid "
            "(`deadline_near`)?",
            "A trolley or a class set that lies in a cupboard: charge it, switch it on, let it update.",
            "Devices that are gone: take them out of management and write `retired` into the asset register.",
        ),
        hold=_TWO_ANSWERS,
        options=SilentOptions,
    ),
    Rule(
        FLEET_NONCOMPLIANT,
        severity="info",
        meaning=(
            "Of the devices that a management judges a share breaks one of its rules: no passcode, "
            "an old system, a removed profile."
        ),
        runbook=(
            "The management lists devices and rules; begin with the rule that most of them break.",
            "A rule that nobody can keep is a wrong rule: mend it there.",
        ),
        hold=_TWO_ANSWERS,
        options=ShareOptions,
    ),
    Rule(
        FLEET_STORAGE_LOW,
        severity="info",
        meaning="A share of a fleet's devices has less than a tenth of its storage left: updates will fail on them.",
        runbook=(
            "Shared devices: let the management delete cached users and downloads.",
            "Remove apps that nobody uses from the assignment before buying devices with more storage.",
        ),
        hold=_TWO_ANSWERS,
        options=CrowdedOptions,
    ),
    Rule(
        FLEET_BELOW_PLAN,
        severity="info",
        meaning=(
            "A fleet has fewer devices than its `plan` wanted for the end of last year; a year without an entry keeps "
            "that of the one before, and a plan of this year counts only where it is smaller. What counts is what the "
            "register lists or the management knows, whichever is more."
        ),
        runbook=(
            "Ordered already? Then this ends by itself once they are registered or enrolled.",
            "The plan has changed: change `plan` of the fleet.",
            "Devices that are there and in no list: register them (`ringwacht assets import`).",
        ),
        hold=_TWO_ANSWERS,
        options=PlanOptions,
    ),
    Rule(
        REPLACEMENT_DUE,
        severity="info",
        meaning=(
            "Devices of a site are to be replaced this year: their planned day or the `lifetime` of their fleet is "
            "reached, those of earlier years included. One alert for each site and year, with numbers and cost by "
            "fleet."
        ),
        runbook=(
            "`/api/v1/fleets` has the need of each year with its cost: for the budget of the coming ones too.",
            "Replaced devices: write `retired` into the asset register, the new ones get rows of their own.",
            "To be used for longer: `replace_on` of the device, or `lifetime` of the fleet.",
        ),
        hold=_TWO_ANSWERS,
    ),
    Rule(
        SUPPORT_ENDED,
        severity="info",
        meaning=(
            "Devices of a site run a version of a system or firmware that its maker supports no longer: holes that are "
            "found in it stay open. Days come from a table that is shipped and from those under `end_of_support`. One "
            "alert for each site and system; a version that no table knows is none."
        ),
        runbook=(
            "Update or replace what is reached from outside first, then what many people use.",
            "What cannot be replaced: into a network of its own, without way to the internet; write down until when.",
            "Extended support is bought: write its day into a table of your own under `end_of_support`.",
        ),
        hold=_TWO_ANSWERS,
        norm="BSI OPS.1.1.3.A15",
    ),
    Rule(
        SUPPORT_ENDING,
        severity="info",
        meaning=(
            "Support of a version that devices of a site run ends soon, or has ended for some of its editions while "
            "nobody says which edition runs. One alert for each site and system."
        ),
        runbook=(
            "The evidence lists versions, days and numbers; `/api/v1/fleets` has all of them.",
            "Plan the update, or the replacement with its delivery time, before the day.",
        ),
        hold=_TWO_ANSWERS,
        options=SupportOptions,
        norm="BSI OPS.1.1.3.A15",
    ),
)
