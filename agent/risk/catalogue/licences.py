"""What is known of licences and cloud services."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import Ratio

CLOUD_SERVICE_DEGRADED = "cloud_service_degraded"
SOURCE_UNREADABLE = "source_unreadable"
LICENCE_SEATS_SHORT = "licence_seats_short"
LICENCE_LAPSED = "licence_lapsed"
LICENCE_NOT_COUNTED = "licence_not_counted"

# One that answers each eighth poll only is no better than one that is silent: its alert does not come and go.
_READ_AGAIN_SECONDS = 4 * 3600.0


class SeatsOptions(RuleOptions):
    """When the seats of a licence are reported."""

    above: Ratio = Field(0.95, description="Share of the seats above which it is reported.")


TABLE: tuple[Rule, ...] = (
    Rule(
        CLOUD_SERVICE_DEGRADED,
        severity="warning; critical where an important service is interrupted, info where there are advisories only",
        meaning=(
            "A cloud service (`sources:`) itself reports a fault of a service that the tenant has. One alert for each "
            "service, e.g. `source:m365/Exchange Online`: the evidence quotes what is said of it, and since when. An "
            "interruption is critical where the source's `important` names the service, else a warning. What is only "
            "called an advisory (a limitation that most do not notice) is info."
        ),
        runbook=(
            "Nothing here is broken: tell the service desk and the schools what does not work, in one message.",
            "The evidence quotes the cloud's own words; its admin centre has the history and the next update.",
            "Agree on a way around for what cannot wait: telephone instead of a video call, files by another way.",
        ),
    ),
    Rule(
        SOURCE_UNREADABLE,
        severity="warning where the credential is refused, else info",
        meaning=(
            "A source (`sources:`) was not read for three hours and three of its intervals: the management of devices, "
            "or a cloud service. What it would tell (fleets, seats, faults) is not known meanwhile, and no alert about "
            "it opens or ends. Sources whose common credential is refused are one alert, under the first of them."
        ),
        runbook=(
            "The summary quotes the reason. A refused credential: its secret ran out, or somebody took the permission "
            "away; make a new one and enter its end under `deadlines:`.",
            "`ringwacht collect PATH NAME --debug` asks it now and shows every step.",
            "Does a proxy or firewall let this machine out to that address?",
        ),
        clear=_READ_AGAIN_SECONDS,
    ),
    Rule(
        LICENCE_SEATS_SHORT,
        severity="info above the option, warning where more are used than held",
        meaning="Nearly all seats of a licence (`licences:`) are used, or more than are held.",
        runbook=(
            "Take seats back from accounts of people who left and from pupils who finished school.",
            "Order in time: `/api/v1/licences` has what a used seat costs, and when the term renews.",
            "More used than held: the next ones get none, and an audit would find it.",
        ),
        options=SeatsOptions,
    ),
    Rule(
        LICENCE_LAPSED,
        severity="warning",
        meaning=(
            "The term of seats that are in use is over; the provider grants a grace period and then suspends them. "
            "Without them there are fewer seats than are used. Counted is what the source says, whatever `seats` of "
            "the licence says."
        ),
        runbook=(
            "Renew before the grace period ends: who orders, under which contract? The evidence says how many seats. "
            "Suspended already: users lose access now.",
            "Replaced by another product: move the accounts to it, then this ends by itself.",
        ),
    ),
    Rule(
        LICENCE_NOT_COUNTED,
        severity="info",
        meaning=(
            "A licence names a `source` and there a `sku`, and the source does not know that sku: its seats are not "
            "counted, and nothing will be said of them."
        ),
        runbook=(
            "The evidence lists the names that the source knows; take the one that is meant.",
            "It is not bought any more: remove the licence.",
        ),
    ),
)
