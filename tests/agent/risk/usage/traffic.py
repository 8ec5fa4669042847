"""Histories of octets as a device counts them, from a bit rate for each moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.risk.usage.ends import HISTORY_SECONDS, IN_OCTETS, OUT_OCTETS
from agent.risk.usage.rates import STEP_SECONDS
from tests.agent.risk.scene import NOW, Scene

BERLIN = ZoneInfo("Europe/Berlin")
MEGABIT = 1e6

Rate = Callable[[datetime], float]


def octets(rate: Rate | float, begin: float = NOW - HISTORY_SECONDS, end: float = NOW) -> list[tuple[float, float]]:
    """Readings each five minutes, a minute past the border as real ones are, of a counter that gains so many bits."""
    return list(_readings(rate if callable(rate) else lambda _: rate, begin, end))


def _readings(rate: Rate, begin: float, end: float) -> Iterator[tuple[float, float]]:
    at, counted = begin // STEP_SECONDS * STEP_SECONDS - 60.0, 0.0
    while at < end:
        yield at, counted
        counted += rate(datetime.fromtimestamp(at + STEP_SECONDS / 2, BERLIN)) * STEP_SECONDS / 8
        at += STEP_SECONDS


def flows(
    scene: Scene, port: str, into: Rate | float, out: Rate | float, begin: float = NOW - HISTORY_SECONDS
) -> Scene:
    """Let ``device/port`` have counted so many bits per second."""
    device, _, name = port.partition("/")
    scene.remembers(IN_OCTETS, f"device:{device}", octets(into, begin), ifName=name, ifIndex="101")
    return scene.remembers(OUT_OCTETS, f"device:{device}", octets(out, begin), ifName=name, ifIndex="101")
