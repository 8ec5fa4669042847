"""From what a job last said to samples; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator

from agent.contract import Heartbeat
from agent.families import (
    HEARTBEAT_AWAITED,
    HEARTBEAT_DURATION,
    HEARTBEAT_END,
    HEARTBEAT_EXIT,
    HEARTBEAT_GOOD,
    HEARTBEAT_LISTENING,
    HEARTBEAT_RUNNING,
    HEARTBEAT_SIZE,
    HEARTBEAT_SIZES,
    HEARTBEAT_START,
    HEARTBEAT_SUCCESS,
)
from agent.layout import Sample

FAMILIES = (
    HEARTBEAT_AWAITED,
    HEARTBEAT_SUCCESS,
    HEARTBEAT_END,
    HEARTBEAT_GOOD,
    HEARTBEAT_EXIT,
    HEARTBEAT_DURATION,
    HEARTBEAT_RUNNING,
    HEARTBEAT_START,
    HEARTBEAT_LISTENING,
    HEARTBEAT_SIZE,
)


def samples(heartbeat: Heartbeat) -> Iterator[Sample]:
    """Yield the series of one job; none of what never was."""
    ended = heartbeat.ended_at
    known = (
        (HEARTBEAT_AWAITED, heartbeat.awaited_since),
        (HEARTBEAT_SUCCESS, heartbeat.succeeded_at),
        (HEARTBEAT_END, ended),
        (HEARTBEAT_GOOD, None if ended is None else float(ended == heartbeat.succeeded_at)),
        (HEARTBEAT_EXIT, None if ended is None else heartbeat.exit_code),
        (HEARTBEAT_DURATION, heartbeat.duration_seconds),
        (HEARTBEAT_RUNNING, float(heartbeat.started_at is not None)),
        (HEARTBEAT_START, heartbeat.started_at),
        (HEARTBEAT_LISTENING, heartbeat.listening_since),
        (HEARTBEAT_SIZE, heartbeat.sizes[-1][1] if heartbeat.sizes else None),
    )
    for family, value in known:
        if value is not None:
            yield Sample(family, (), value)


def facts(heartbeat: Heartbeat) -> dict[str, str]:
    """Return the sizes that judgement compares, as a fact; nothing where no size was ever said."""
    return {HEARTBEAT_SIZES: json.dumps(heartbeat.sizes)} if heartbeat.sizes else {}
