from __future__ import annotations

import asyncio
import contextlib
from email.utils import formatdate

import pytest

from agent.wire.patience import LONGEST_PAUSE_SECONDS, MOST_TRIES, Busy, patiently, retry_after

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("0", 0.0), ("120", 120.0), (" 7 ", 7.0), ("", None), ("-5", None), ("1e3", None), ("9" * 30, None)),
        *((formatdate(NOW + 30, usegmt=True), 30.0), (formatdate(NOW - 30, usegmt=True), 0.0), ("morgen", None)),
    ],
)
def test_a_pause_is_named_in_seconds_or_by_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": text}, NOW) == seconds


def test_without_the_header_no_pause_is_named() -> None:
    assert retry_after({}, NOW) is None


async def asked(busy: Busy, until: float, good_after: int = 1000) -> tuple[int, list[float]]:
    """Return how often it was asked, and the pauses."""
    pauses: list[float] = []
    tries = 0

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def ask() -> int:
        nonlocal tries
        tries += 1
        if tries <= good_after:
            raise busy
        return tries

    with contextlib.suppress(Busy):
        await patiently(ask, asyncio.get_running_loop().time() + until, sleep)
    return tries, pauses


async def test_pauses_double_up_to_a_bound_and_then_it_is_given_up() -> None:
    tries, pauses = await asked(Busy("h", 429), 1e6)
    assert tries == MOST_TRIES
    assert pauses == [2, 4, 8, 16, 32, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]


async def test_the_server_s_own_word_counts_more() -> None:
    assert await asked(Busy("h", 503, 5.0), 1e6, good_after=2) == (3, [5.0, 5.0])


async def test_one_that_says_at_once_is_not_asked_eight_times_at_once() -> None:
    assert await asked(Busy("h", 429, 0.0), 1e6, good_after=3) == (4, [2, 4, 8])


def test_only_what_is_busy_is_called_so() -> None:
    assert str(Busy("h", 500)) == "bad_reply: h: fails (status 500)"
    assert str(Busy("h", 503, 7.0)) == "bad_reply: h: too busy (status 503), may be asked again in 7 s"


async def test_what_takes_longer_than_there_is_time_is_not_waited_for() -> None:
    assert await asked(Busy("h", 429, 100.0), 50.0) == (1, [])
