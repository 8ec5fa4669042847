"""Ways that sites have to what they need, rings, and what one more failure would do."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions

SITE_ISOLATED = "site_isolated"
REDUNDANCY_LOST = "redundancy_lost"
BELOW_REQUIRED = "below_required"
RING_OPEN = "ring_open"
LINK_UNVERIFIED = "link_unverified"
SINGLE_POINT_OF_FAILURE = "single_point_of_failure"
FAILOVER_OVERLOAD = "failover_overload"

_NORM = "BSI NET.1.1.A28"


class OverloadOptions(RuleOptions):
    """Where a surviving way carries too much."""

    above: float = Field(0.8, gt=0, description="Found where load by capacity is greater.")


TABLE: tuple[Rule, ...] = (
    Rule(
        SITE_ISOLATED,
        severity="critical; warning where the site answers although no declared way is left",
        meaning=(
            "A site cannot reach what it needs: every declared way is down, or nothing at the site answers any more "
            "whatever the graph says. Sites that go dark together are told as one; what stands there is not told for "
            "itself. A site behind a ring may be silent for the ring's `convergence` first."
        ),
        runbook=(
            "The alert names the cut that did it, and the evidence every link that is down and since when.",
            "Repair whichever of the named cuts is quickest: one way back is enough.",
            "Nothing answers although a way is left: look for a power failure at the site first (call its hotline), "
            "then whether the ring switched over (the ring protocol's state is in the evidence).",
            "It answers although no declared way is left: a way is missing in the inventory. Declare it.",
        ),
        hold=0.0,
        norm=_NORM,
    ),
    Rule(
        REDUNDANCY_LOST,
        severity="warning",
        meaning=(
            "A site has fewer link-disjoint ways to what it needs than by design. Everything still works; one more "
            "failure may cut it off. Told by the alert about the cut, to whoever is to be told of this one."
        ),
        runbook=(
            "Repair the first failure before a second one cuts the site off.",
            "`ringwacht whatif --all --url http://127.0.0.1:9595` lists what the next failure would do.",
            "Put off planned work on the ways that are left.",
        ),
        hold=2.0,
        norm=_NORM,
    ),
    Rule(
        BELOW_REQUIRED,
        severity="warning",
        meaning="A site has fewer ways than its `paths_required`: now, or already by design.",
        runbook=(
            "Now: repair the cut that the evidence names.",
            "By design: plan a further way, lower `paths_required`, or accept it under `alerting.accept` with a date "
            "and a reason.",
        ),
        hold=2.0,
        norm=_NORM,
    ),
    Rule(
        RING_OPEN,
        severity="warning",
        meaning=(
            "A link of a ring does not carry, so that the ring has no redundancy; with two or more cuts a part of it "
            "is cut off. A blocked protection link is healthy."
        ),
        runbook=(
            "See the alert about the link that is down: it says what fails and what is left.",
            "Compare the ring protocol's state in the evidence: a ring that is whole and yet not idle needs its "
            "protection switch reset.",
        ),
        hold=2.0,
        norm=_NORM,
    ),
    Rule(
        LINK_UNVERIFIED,
        severity="info",
        meaning=(
            "Nothing says whether a declared link carries: it ends at no port that is polled and has no `probe`, and "
            "no site answers that could only be reached over it. It does not count as a way that is known to carry."
        ),
        runbook=(
            "Give one of its ends a port (`device/port`), or the link a `probe` that is answered over this way alone; "
            "with two providers the probe needs a `source` address that is routed over this one.",
        ),
        hold=600.0,
        leads=False,
    ),
    Rule(
        SINGLE_POINT_OF_FAILURE,
        severity="info",
        meaning=(
            "One failure of a link, device, site, power source or shared risk would cut sites off, although everything "
            "is up. Told once. What a single link already explains is not told again for the devices at its ends."
        ),
        runbook=("Plan a second way, or accept the risk under `alerting.accept` with a date and a reason.",),
        norm=_NORM,
        leads=False,
    ),
    Rule(
        FAILOVER_OVERLOAD,
        severity="warning",
        meaning=(
            "After any single failure, or already now, a link would carry more than the bound of what it can carry at "
            "present: the way that is left would not be enough. Demand is declared, else measured; over a standby link "
            "only declared demand counts."
        ),
        runbook=(
            "Radio: a hop in a low modulation has less than it was bought for; see its alerts first.",
            "Lasting: raise the capacity of the link that is named, or agree which traffic stops when it is needed.",
        ),
        hold=600.0,
        options=OverloadOptions,
        norm=_NORM,
        leads=False,
    ),
)
