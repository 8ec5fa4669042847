"""What a link can carry now, in bits per second."""

from __future__ import annotations

from agent.contract import Subject
from agent.risk.ports import find_port
from agent.risk.sight import Sight
from config.inventory import Link

HIGH_SPEED = "ifHighSpeed"
_MEGABIT = 1e6


def negotiated(sight: Sight, link: Link) -> float | None:
    """Return the lowest rate that the ports at its ends negotiated (ifHighSpeed, RFC 2863); None where none says."""
    rates: list[float] = []
    for end in link.ends:
        if end.device is None or end.port is None:
            continue
        speed = find_port(sight.view.series(HIGH_SPEED, Subject("device", end.device)), end.port)
        if speed is not None and speed.value > 0:
            rates.append(speed.value * _MEGABIT)
    return min(rates, default=None)
