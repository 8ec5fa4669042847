"""Starts the victim, kills it at a random moment, starts it again on the same directory; at the end lets it finish.

Half of the lives are counted from when the victim is at work: on a busy machine the others may end before that.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from agent.engine.clock import SystemClock
from tests.chaos import victim
from tests.chaos.journal import Entry, read
from tests.chaos.receiver import Reception, receiving
from tests.chaos.victim import ERRORS, JOURNAL, STATE, Orders

LONGEST_LIFE_SECONDS = 0.3
CALM_SECONDS = 120.0
WORKING = 0.5  # of the lives


@dataclass(frozen=True)
class Course:
    """All that happened. ``exits``: how each process ended; ``errors``: what they said on the way."""

    state: Path
    journal: Sequence[Entry]
    taken: Sequence[Reception]
    exits: Sequence[int | None]
    errors: str
    refused: int

    @property
    def kills(self) -> int:
        """How many processes were killed."""
        return sum(code == -signal.SIGKILL for code in self.exits)


async def kill_over_and_over(directory: Path, runs: int, seed: int) -> Course:
    """Kill it so often, let the last one come to its end, and return what happened."""
    random = Random(seed)  # noqa: S311 - a course that can be repeated
    origin = SystemClock().monotonic()
    exits: list[int | None] = []
    async with receiving(seed) as receiver:
        for run in range(runs):
            life, works = random.uniform(0, LONGEST_LIFE_SECONDS), random.random() < WORKING
            exits.append(await _live(Orders(directory, receiver.url, run, seed, origin), life, works=works))
        last = Orders(directory, receiver.url, runs, seed, origin, calm=True)
        exits.append(await _live(last, CALM_SECONDS))
        errors = (directory / ERRORS).read_text(errors="replace")
        journal = read(directory / JOURNAL)
        return Course(directory / STATE, journal, receiver.taken, exits, errors, receiver.refused)


async def _live(orders: Orders, seconds: float, *, works: bool = False) -> int | None:
    """Let one process live so long, and kill it; return its exit code, negative for a signal.

    ``works``: so long from when it is at work, which it says over a pipe, and not from its start.

    It is forked from a server that has imported everything: what is measured and killed is the work, not the import.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([victim.__name__])
    here, there = context.Pipe(duplex=False)
    with here:
        process = context.Process(target=victim.main, args=(orders, there), daemon=True)
        process.start()
        there.close()  # the victim's own end is closed with it
        if works:
            await _readable(here.fileno(), CALM_SECONDS)
        await _readable(process.sentinel, seconds)
        process.kill()
        process.join()
    return process.exitcode


async def _readable(file: int, seconds: float) -> None:
    """Wait until there is something to read, or the other end is closed, or so long."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(file, ready.set)
    try:
        async with asyncio.timeout(seconds):
            await ready.wait()
    except TimeoutError:
        pass
    finally:
        loop.remove_reader(file)
