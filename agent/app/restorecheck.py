"""What ``check`` says of days on which restores are said to have been tested."""

from __future__ import annotations

from collections.abc import Iterator

from agent.risk.deadlines import Today
from config.errors import Problem
from config.loader import Loaded


def restore_remarks(loaded: Loaded, now: float) -> Iterator[Problem]:
    """Yield a remark for each test of a restore that lies in the future; ``now`` in seconds since the epoch."""
    today = Today.of(now, loaded.settings)
    for name, service in loaded.inventory.services.items():
        tested = None if service.heartbeat is None else service.heartbeat.restore_tested
        if tested is not None and today.until(tested) > 0:
            message = f"{tested} is in the future: no test is asked for until long after it"
            yield loaded.positions.problem(("services", name, "heartbeat", "restore_tested"), message)
