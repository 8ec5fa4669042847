"""From round trips to samples: of one ping in blackbox_exporter's names, of a series to a site. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from agent import families as own
from agent.layout import Sample
from collectors.probe import families as f
from collectors.probe.parse import Phases, common


def ping(
    address: str, phases: Phases, seconds: float, loss_ratio: float | None, hop_limit: int | None = None
) -> Iterator[Sample]:
    """An echo that was answered; ``phases`` are resolve, setup and rtt in seconds."""
    yield from common(address, phases["resolve"], seconds, success=True)
    for phase, duration in phases.items():
        yield Sample(f.ICMP_DURATION, (phase,), duration)
    if hop_limit is not None:
        yield Sample(f.ICMP_HOP_LIMIT, (), hop_limit)
    if loss_ratio is not None:
        yield Sample(f.LOSS_RATIO, (), loss_ratio)


class Pace(NamedTuple):
    """How a series is sent: the pause from one request to the next, and how long each answer is waited for, seconds."""

    pause: float
    patience: float


def pace(spread: float, count: int, timeout: float) -> Pace:
    """Return the pace at which ``count`` requests are sent over ``spread``, or half of the timeout if that is less.

    The whole series ends within the timeout: silence is known no later than of a single ping.
    """
    if count == 1:
        return Pace(0.0, timeout)
    spread = min(spread, timeout / 2)
    return Pace(spread / (count - 1), timeout - spread)


def series(seconds: Sequence[float], count: int) -> Iterator[Sample]:
    """What ``count`` requests tell of the way to a site; ``seconds`` are the round trips of the answered, at least one.

    Jitter is the mean of |D| (RFC 3550, 6.4.1), taken of round trips in the order of the requests and not smoothed: the
    smoothing needs more than one series to settle. Without two answers there is none.
    """
    yield Sample(own.SITE_LATENCY, (), sum(seconds) / len(seconds))
    yield Sample(own.SITE_LATENCY_MAX, (), max(seconds))
    if len(seconds) > 1:
        yield Sample(own.SITE_JITTER, (), sum(abs(b - a) for a, b in pairwise(seconds)) / (len(seconds) - 1))
    yield Sample(own.SITE_LOSS, (), (count - len(seconds)) / count)
