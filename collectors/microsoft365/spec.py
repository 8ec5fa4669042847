"""How it is configured and built."""

from __future__ import annotations

from functools import partial

from agent.contract import Collector, CollectorSpec, Target, Wire
from agent.wire.graph import graph_door
from agent.wire.trust import TrustShare
from collectors.microsoft365.collector import Microsoft365Collector
from collectors.microsoft365.families import FAMILIES
from config.schools import Source

LEAST_INTERVAL_SECONDS = 900.0
LONGEST_POLL_SECONDS = 120.0


def make_spec() -> CollectorSpec:
    """Return the ``microsoft365`` kind; its collectors share authorities."""
    return CollectorSpec(
        "microsoft365",
        Source,
        FAMILIES,
        partial(_build, TrustShare()),
        least_interval_seconds=LEAST_INTERVAL_SECONDS,
        longest_poll_seconds=LONGEST_POLL_SECONDS,
    )


def _build(share: TrustShare, target: Target, params: Source, wire: Wire) -> Collector:
    return Microsoft365Collector(params, graph_door(params, target.credential), target, wire, share)
