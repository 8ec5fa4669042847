"""Starts the victim, kills it at a random moment, starts it again on the same directory; at the end lets it finish."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from agent.engine.clock import SystemClock
from tests.chaos import victim
from tests.chaos.journal import Entry, read
from tests.chaos.receiver import Reception, receiving
from tests.chaos.victim import ERRORS, JOURNAL, STATE, Orders

LONGEST_LIFE_SECONDS = 0.3
CALM_SECONDS = 120.0


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
            life = random.uniform(0, LONGEST_LIFE_SECONDS)
            exits.append(await _live(Orders(directory, receiver.url, run, seed, origin), life))
        exits.append(await _live(Orders(directory, receiver.url, runs, seed, origin, calm=True), CALM_SECONDS))
        errors = (directory / ERRORS).read_text(errors="replace")
        journal = read(directory / JOURNAL)
        return Course(directory / STATE, journal, receiver.taken, exits, errors, receiver.refused)


async def _live(orders: Orders, seconds: float) -> int | None:
    """Let one process live so long, and kill it; return its exit code, negative for a signal.

    It is forked from a server that has imported everything: what is measured and killed is the work, not the import.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([victim.__name__])
    process = context.Process(target=victim.main, args=(orders,), daemon=True)
    process.start()
    await _ended(process, seconds)
    process.kill()
    process.join()
    return process.exitcode


async def _ended(process: BaseProcess, seconds: float) -> None:
    """Wait until it has ended, or so long."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        pass
    finally:
        loop.remove_reader(process.sentinel)
