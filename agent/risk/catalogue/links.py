"""Ways between places."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import Duration

LINK_DOWN = "link_down"
LINK_END_MISSING = "link_end_missing"


class CutOptions(RuleOptions):
    """How long a cut stands before it is told."""

    hold_after_fade: Duration = Field(
        600.0,
        description="`hold` of a radio hop that faded before it went, as in heavy rain; while nobody is cut off by it.",
    )


TABLE: tuple[Rule, ...] = (
    Rule(
        LINK_DOWN,
        severity="warning where the ways of sites are judged (one cut off has its own alert), else critical",
        meaning=(
            "An end of a declared link says that it is down, or its probe does not answer. A radio's own state "
            "outranks that of its Ethernet port; a port that was switched off on purpose is not reported. The alert "
            "says what carries instead, once those that lost a way have answered since, and who has fewer ways for it. "
            "A radio hop whose level had faded before it went is waited for longer (`hold_after_fade`), as long as no "
            "site, device or service is cut off by it."
        ),
        runbook=(
            "The evidence says which end reports what. One end only: suspect the port, cable or module at that end.",
            "Radio: look at the received level of both ends before it went, and at the weather radar. A slow fade is "
            "rain or ice; a sudden end is power, a mast, a crane or a cable.",
            "Leased line: call the provider with the circuit number of the link and note the ticket.",
            "Fibre: look for digging along the route; measure with the OTDR before calling.",
            "Is the ring still closed the other way? Then there is time: no second work on the ring until it is back.",
        ),
        hold=2.0,
        options=CutOptions,
        norm="BSI NET.1.2.A26",
    ),
    Rule(
        LINK_END_MISSING,
        severity="warning",
        meaning=(
            "A declared link names a port that its device does not have, so that nobody would notice when the link "
            "fails. The device itself answers."
        ),
        runbook=(
            "Compare the link's `ends` in the inventory with the port's ifName: `ringwacht collect PATH DEVICE snmp`.",
            "After the exchange of a device or an update of its software ports are often named anew.",
        ),
        hold=600.0,
        leads=False,
    ),
)
