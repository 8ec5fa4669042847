"""From bytes and times to the rate of a line. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agent.layout import Sample
from collectors.probe import families as f

RAMP_UP_SECONDS = 1.0
"""Not counted: TCP still feels its way (slow start, RFC 5681), and what is sent still fills buffers."""
LONGEST_SECONDS = 10.0
LEAST_SECONDS = 0.5
MOST_WAITED = 0.1
"""Share of the time that may be spent on asking for a short file again: so much less than the line's rate is told."""

Direction = Literal["down", "up"]


class LineRate(NamedTuple):
    """What a line delivered: bit/s, counted over so many seconds."""

    bits_per_second: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.bits_per_second / 1e6:.1f} Mbit/s over {self.seconds:.1f} s"


@dataclass(slots=True)
class Meter:
    """Counts what passes from ``started`` on (seconds of any clock), ``most`` bytes in all.

    ``waited``: seconds of it in which the file was asked for again.
    """

    started: float
    most: int
    passed: int = 0
    left_out: int = 0
    counted_from: float | None = None
    last: float = 0.0
    waited: float = 0.0

    def add(self, size: int, now: float) -> bool:
        """Note that ``size`` more bytes have passed; return whether to go on."""
        self.passed += size
        self.last = now
        if self.counted_from is None and now - self.started >= RAMP_UP_SECONDS:
            self.counted_from, self.left_out = now, self.passed
        return self.passed < self.most and now - self.started < LONGEST_SECONDS

    def rate(self) -> LineRate | None:
        """What the line delivered after its first second; None where too little is left to tell."""
        if self.counted_from is None or self.last - self.counted_from < LEAST_SECONDS or self.is_idle(self.last):
            return None
        seconds = self.last - self.counted_from
        return LineRate((self.passed - self.left_out) * 8 / seconds, seconds)

    def is_idle(self, now: float) -> bool:
        """Whether more than its share of the time went into asking."""
        return self.waited > MOST_WAITED * max(now - self.started, RAMP_UP_SECONDS + LEAST_SECONDS)

    @property
    def remedy(self) -> str:
        """What would help where there was too little to measure."""
        return "raise `most`" if self.passed >= self.most else "name a longer file"


def refusal(status: int) -> str | None:
    """Why a server does not take part in a measurement, for people; None where it does."""
    if 200 <= status < 300:
        return None
    why = {
        401: "it asks for a login",
        403: "it refuses us",
        404: "it has no such file",
        405: "it takes nothing that is sent",
        413: "it does not take so much",
        429: "it was asked too often; measure less often, or elsewhere",
    }
    if status in why:
        return f"status {status}: {why[status]}"
    if 300 <= status < 400:
        return f"status {status}: it sends us elsewhere; name the address itself"
    return f"status {status}"


def samples(rates: Mapping[Direction, LineRate]) -> Iterator[Sample]:
    """What was measured, by direction."""
    for direction, rate in rates.items():
        yield Sample(f.LINE_RATE, (direction,), rate.bits_per_second)
    for direction, rate in rates.items():
        yield Sample(f.LINE_RATE_SECONDS, (direction,), rate.seconds)
