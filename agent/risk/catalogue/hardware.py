"""Parts of devices: power supplies, fans, drives, feeds."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import Ratio

HARDWARE_FAILED = "hardware_failed"
HARDWARE_REDUNDANCY_LOST = "hardware_redundancy_lost"
PDU_FEED_LOST = "pdu_feed_lost"
DRIVE_WEARING = "drive_wearing"

# Management controllers are polled every 5 minutes; what one reading says is confirmed by the next.
TWO_POLLS_SECONDS = 330.0


class WearOptions(RuleOptions):
    """When a drive counts as worn."""

    below: Ratio = Field(0.10, description="Share of the life left below which it is reported.")


TABLE: tuple[Rule, ...] = (
    Rule(
        HARDWARE_FAILED,
        severity="warning",
        meaning=(
            "A device says that a part of it is not well: a power supply, a fan, a drive, an array. All parts of a "
            "device are one alert; the evidence lists them. A part that is not there or switched off does not count; a "
            "power supply that only lacks its mains is `pdu_feed_lost`. It has to last for two polls of a "
            "controller: a single bad reading opens nothing."
        ),
        runbook=(
            "Which part? The evidence names it as the device does; its event log says since when.",
            "A drive: is the array still whole and the last backup good? Only then pull it, and the right one: let its "
            "light blink.",
            "A fan or a power supply can mostly be changed while the device runs; a spare or the maintenance contract?",
        ),
        hold=TWO_POLLS_SECONDS,
    ),
    Rule(
        HARDWARE_REDUNDANCY_LOST,
        severity="warning",
        meaning=(
            "A group of parts (power supplies, fans) has none to spare any more: the next one that fails takes the "
            "device along. Where a part of the device has failed or lacks its mains, that is the alert, and this is "
            "evidence of it."
        ),
        runbook=(
            "The device says that all parts are well: a supply that was never plugged in, or more load than one alone "
            "can carry?",
            "Plan the repair soon, and no work on the other feed until then.",
        ),
        hold=TWO_POLLS_SECONDS,
    ),
    Rule(
        PDU_FEED_LOST,
        severity="warning",
        meaning=(
            "A feed is dead: a PDU measures no voltage at an inlet or a phase, a power supply has no mains, or a "
            "sensor misses it. Outlets do not count: they may be switched off. Nor does a phase of a PDU that never "
            "had voltage since this daemon began. What hangs on a dead or silent PDU (`powered_by`) is told with that."
        ),
        runbook=(
            "Whatever hangs on this feed alone is off; what has two feeds now stands on one leg.",
            "Fuse, residual-current device, plug, and the UPS ahead of it: is that on, or was it switched off?",
            "Several devices at once: the feed that they share. Do not simply put everything on the other one: can it "
            "carry the load?",
        ),
        hold=60.0,
        norm="BSI INF.12.A14",
    ),
    Rule(
        DRIVE_WEARING,
        severity="info",
        meaning="A solid-state drive (or a battery) says that little of its life is left.",
        runbook=(
            "Order a drive of at least the same endurance and change it at the next maintenance.",
            "Drives of one batch wear alike: look at its neighbours, and do not change all of an array at once.",
        ),
        options=WearOptions,
    ),
)
