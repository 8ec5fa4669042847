"""Radio hops to judge, with and without a second radio."""

from __future__ import annotations

from typing import Any

from agent.risk.catalogue.radio import (
    RADIO_FADING,
    RADIO_INTERFERENCE,
    RADIO_LEVEL_LOW,
)
from tests.agent.risk.hop.ground import ENDS, Ground

OF_LEVEL = {RADIO_FADING, RADIO_LEVEL_LOW, RADIO_INTERFERENCE}


def ground(**radio: Any) -> Ground:
    """Return three hops that have been well for six hours."""
    made = Ground(**radio)
    made.past(6)
    return made


def protected(kind: str) -> Ground:
    """Return the ground with a second radio at both ends of kh-wad."""
    made = Ground(protection=kind)
    for end in ENDS["kh-wad"]:
        made.port(end).muted = False
        made.port(f"{end}s").muted = kind == "1+1"
        made.port(f"{end}s").received = -40.0
    if kind == "2+0":
        for end in ("rr-a/1", "rr-a/1s", "rr-b/1", "rr-b/1s"):
            made.port(end).capacity = 200e6
    made.past(6)
    return made


# --- weather --------------------------------------------------------------------------------------------------------
