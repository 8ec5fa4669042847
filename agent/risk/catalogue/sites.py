"""How well a site is reached: what a series of pings tells."""

from __future__ import annotations

from pydantic import Field

from agent.families import SITE_LATENCY, SITE_LOSS
from agent.risk.rule import BoundOptions, Rule
from config.units import Duration, Ratio


class LossOptions(BoundOptions):
    """How much of a series may be lost: less than one of its ten requests, so that any loss that stays counts."""

    above: Ratio = Field(0.05, description="Found when a greater share stays unanswered.")


class LatencyOptions(BoundOptions):
    """How long an answer may take.

    150 ms is what a telephone call may take in one direction (ITU-T G.114); here it is both together. Radio and fibre
    within a county stay far below: beyond it the way leads over something else, or a queue is full.
    """

    above: Duration = Field(0.15, description="Found when the mean round trip is longer.")


TABLE: tuple[Rule, ...] = (
    Rule(
        "site_loss",
        severity="warning",
        meaning=(
            "In each series of ten pings to a site some stay unanswered, and it stays so. A site that answers none is "
            "another finding. Even a few percent of loss make transfers crawl."
        ),
        runbook=(
            "All sites behind one hop or line? Look at that: received level, modulation, errors of its ports.",
            "Only at busy hours: the way is full. Compare the load of its ports with their capacity.",
            "One site only: duplex and errors of its uplink port, then the cable or module.",
            "Does the device limit how often it answers ping? Firewalls do: name another host as the site's `probe`.",
        ),
        hold=300.0,
        options=LossOptions,
        norm="BSI NET.1.2.A26",
        select=SITE_LOSS.name,
    ),
    Rule(
        "site_latency",
        severity="info",
        meaning=(
            "The mean round trip of a series of pings to a site is long, and it stays so. People notice it in remote "
            "desktops, telephony and everything that asks a database many times."
        ),
        runbook=(
            "A jump that stays: does the traffic go another way, over a standby link or once round the ring?",
            "It comes and goes with the load: a queue is full. Who sends so much, and at that time of day?",
            "A site over mobile radio or satellite is always slow: raise `above` so that the others still count.",
        ),
        hold=600.0,
        options=LatencyOptions,
        select=SITE_LATENCY.name,
    ),
)
