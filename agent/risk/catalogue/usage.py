"""Partners that rent bandwidth, and lines that are rented."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import Ratio

PARTNER_OVER_RENTED = "partner_over_rented"
LINE_BELOW_CONTRACT = "line_below_contract"


class LineOptions(RuleOptions):
    """When a line delivers less than was agreed."""

    below: Ratio = Field(0.95, description="Share of the agreed rate below which it is reported.")


TABLE: tuple[Rule, ...] = (
    Rule(
        PARTNER_OVER_RENTED,
        severity="info",
        meaning=(
            "The 95th percentile of what a partner uses, over the last 11 days and in its busier direction, is more "
            "than the bandwidth that it rents. What passes through its site is not counted."
        ),
        runbook=(
            "Nothing is broken. Look at the partner's panel on the board *Partners*: a step, or a slow rise?",
            "Does something else run over the partner's links, e.g. an office of your own at the same site? Then name "
            "the partner's own hand-over port as a link in the inventory.",
            "Is the surviving way of the ring large enough for both? See `failover_overload` and the N-1 figures.",
            "Talk to the partner about a larger bandwidth, with the figure and the period.",
        ),
        hold=3600.0,
        clear=86400.0,
    ),
    Rule(
        LINE_BELOW_CONTRACT,
        severity="warning",
        meaning=(
            "The port at the end of a line negotiated, or the radio delivers, less than the contract's `bandwidth`, or "
            "less than the link's `capacity` where there is no such contract. A radio hop of your own is judged with "
            "the radio instead."
        ),
        runbook=(
            "A copper port at a tenth of its rate: a damaged cable or plug, or one end that does not negotiate.",
            "Compare the settings (auto-negotiation, speed, duplex) of both ends.",
            "Was the provider's device exchanged or reset? Call with the circuit number: it stands in the evidence.",
            "What the line was reduced to on purpose: correct `bandwidth` or `capacity` in the inventory.",
        ),
        hold=600.0,
        options=LineOptions,
        leads=False,
    ),
)
