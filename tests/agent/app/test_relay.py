from __future__ import annotations

import asyncio

import pytest

from agent.app.outside import Relay
from tests.harness.clock import settle


class SlowToClose:
    """Stands in for an Outside: counts its runs, and ends only when it is let go."""

    def __init__(self) -> None:
        self.runs = 0
        self.let_go = asyncio.Event()

    def offer(self, snapshot: object) -> None: ...

    async def run(self) -> None:
        self.runs += 1
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await self.let_go.wait()


class EndsByItself(SlowToClose):
    async def run(self) -> None:
        return


async def test_of_two_replacements_in_a_row_the_last_runs_once() -> None:
    first, second, third = SlowToClose(), SlowToClose(), SlowToClose()
    relay = Relay(first)  # type: ignore[arg-type]  # the lowest seam: what runs and ends
    running = asyncio.create_task(relay.run())
    await settle()
    relay.replace(second)  # type: ignore[arg-type]
    await settle()
    relay.replace(third)  # type: ignore[arg-type]  # while the first still closes
    for outside in (first, second, third):
        outside.let_go.set()
    await settle()
    assert (first.runs, second.runs, third.runs) == (1, 0, 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_one_that_ends_by_itself_is_a_fault() -> None:
    with pytest.raises(RuntimeError, match="ended by itself"):
        await Relay(EndsByItself()).run()  # type: ignore[arg-type]
