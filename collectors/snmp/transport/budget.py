"""What a poll may cost a device in time, and what it did cost in packets and octets: one for both engines."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from agent.contract import Reason, Unreachable


class Patience(NamedTuple):
    """How long to wait for one answer; ``limit_seconds`` is where the poll ends, also for a device that is but slow."""

    seconds: float
    limit_seconds: float

    def doubled(self) -> Patience:
        """Return twice the patience, within the limit."""
        return Patience(min(2 * self.seconds, self.limit_seconds), self.limit_seconds)


class Budget:
    """The deadline of a poll and the timeout of each request.

    ``packets`` counts requests sent since ``start``, ``octets`` those of answers; ``trace`` is told of each exchange.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self.trace: Callable[[str], None] | None = None
        self.timeout_seconds = timeout_seconds
        self.packets = self.octets = 0
        self._deadline = perf_counter() + timeout_seconds

    def start(self, seconds: float) -> None:
        """Begin a poll that is over in so many seconds whatever the device does (F10)."""
        self.packets = self.octets = 0
        self._deadline = perf_counter() + seconds

    def allow(self, seconds: float) -> None:
        """Give so many seconds from now on, however much of the poll's time is used up."""
        self._deadline = max(self._deadline, perf_counter() + seconds)

    def shorten(self, seconds: float) -> None:
        """Let the poll be over in so many seconds at the latest."""
        self._deadline = min(self._deadline, perf_counter() + seconds)

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self._deadline <= perf_counter()

    def spend(self) -> Patience:
        """Count a packet and return how long its answer is waited for. Raises Unreachable where no time is left."""
        left = self._deadline - perf_counter()
        if left <= 0:
            raise Unreachable("the time for this device is used up")
        self.packets += 1
        return Patience(min(self.timeout_seconds, left), left)

    def tell(self, text: str, began: float, engine: str = "") -> None:
        """Tell the trace of an exchange that began then (perf_counter)."""
        if self.trace is not None:
            self.trace(f"{text}, {(perf_counter() - began) * 1e3:.1f} ms{engine}")


def explained(error: Unreachable, version: str, *, heard: bool) -> Unreachable:
    """Return why a device keeps silent, which never answered as far as ``heard`` tells."""
    if error.reason is not Reason.TIMEOUT or version == "3" or heard:
        return error
    return Unreachable(f"{error.detail} (SNMPv{version}: a wrong community looks the same)")
