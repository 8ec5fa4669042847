"""What is known of the asset register."""

from __future__ import annotations

from agent.risk.rule import Rule
from config.units import DAY

ASSETS_MISSING = "assets_missing"
ASSETS_UNKNOWN = "assets_unknown"
ASSETS_MOVED = "assets_moved"
ASSETS_DUPLICATE = "assets_duplicate"

# A device is under way for a day, or is being set up: the register need not be as fast.
_HOLD = DAY

TABLE: tuple[Rule, ...] = (
    Rule(
        ASSETS_MISSING,
        severity="info",
        meaning=(
            "Devices of a site are in the register (`assets:`) as in use, and the management (MDM) that a fleet of "
            "their kind there names as its `source` does not list them, or has not heard of them for a year. Any "
            "other is missing only if it was seen before since the daemon was started. While a source is silent, "
            "nothing is missing because of it. One alert for each site; none begins outside office "
            "hours, or the hours of school."
        ),
        runbook=(
            "`ringwacht assets report --url URL` lists them; `/api/v1/assets` has every row.",
            "Are they there? Then enrol them again, or put them into the inventory.",
            "Are they gone? Then set `status` to `retired`, or report the loss: a notebook may hold personal data.",
        ),
        hold=_HOLD,
    ),
    Rule(
        ASSETS_UNKNOWN,
        severity="info",
        meaning=(
            "Devices were seen at a site, by a management or by polling them, and the register (`assets:`) holds "
            "neither their serial number nor their asset tag, or has them as `retired`. Only kinds count that the "
            "register holds at all, and of what a management lists only what has a serial number or an asset tag."
        ),
        runbook=(
            "Bought lately? Import the delivery note with `ringwacht assets import`.",
            "In the register, but without its serial number, or with a typing error in it: mend the row.",
            "In the register as `retired`: delete it from the management, or set it back to `in_use`.",
            "Nobody's device: find out who put it into management or into the network.",
        ),
        hold=_HOLD,
    ),
    Rule(
        ASSETS_MOVED,
        severity="info",
        meaning=(
            "Devices are registered at one site and were seen at another. The alert is that of the site at which they "
            "are registered."
        ),
        runbook=(
            "Moved for good: write the new site into the register.",
            "Lent: nothing is to be done, or accept it under `alerting.accept` until it is back.",
            "Wrong group in the management: the location there decides at which site a device is seen.",
        ),
        hold=_HOLD,
    ),
    Rule(
        ASSETS_DUPLICATE,
        severity="info",
        meaning=(
            "A serial number stands in the register under two asset tags, or a management lists the same device "
            "twice. Counts, ages and costs are wrong by so much."
        ),
        runbook=(
            "Look at the device: which asset tag is on it? Remove the other row, or set it to `retired`.",
            "Twice in the management: delete the copy that has not checked in for longer.",
        ),
        hold=_HOLD,
    ),
)
