from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from agent.contract import CannotCheck
from agent.wire.pools import Pool, Pools

HUNG = """
import asyncio, threading
from agent.wire.pools import Pools

async def main():
    pools = Pools()
    call = asyncio.create_task(pools.blocking("psutil", threading.Event().wait))
    print(await pools.blocking("psutil", lambda: "answered"))
    call.cancel()
    pools.close()

asyncio.run(main())
"""


class Gate:
    """Calls that hang until the gate is opened."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.open = threading.Event()
        self.calls: list[str] = []

    def call(self, name: str) -> str:
        self.calls.append(name)
        self.entered.release()
        self.open.wait()
        return name


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


async def test_the_answer_and_the_error_reach_the_caller() -> None:
    pools = Pools()
    assert await pools.blocking("default", lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        await pools.blocking("default", lambda: 1 // 0)
    assert await pools.blocking("default", threading.current_thread) is not threading.current_thread()
    with pytest.raises(KeyError):
        await pools.blocking("nonesuch", lambda: 42)
    pools.close()


async def test_a_pool_has_no_more_threads_than_its_size_and_a_cancelled_call_is_not_begun(gate: Gate) -> None:
    pool = Pool("test", size=2)
    calls = [asyncio.create_task(pool.run(partial(gate.call, name))) for name in "abc"]
    for _ in range(2):
        await asyncio.to_thread(gate.entered.acquire)
    assert sorted(gate.calls) == ["a", "b"]
    calls[2].cancel()
    with pytest.raises(asyncio.CancelledError):
        await calls[2]
    gate.open.set()
    assert await asyncio.gather(*calls[:2]) == ["a", "b"]
    assert await pool.run(lambda: "after") == "after"
    assert sorted(gate.calls) == ["a", "b"]
    pool.close()


async def test_when_every_thread_hangs_the_line_is_bounded(gate: Gate) -> None:
    pool = Pool("test", size=1, max_waiting=2)
    hung = asyncio.create_task(pool.run(lambda: gate.call("hung")))
    await asyncio.to_thread(gate.entered.acquire)
    waiting = [asyncio.create_task(pool.run(lambda: "later")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(CannotCheck, match="2 calls wait for the 1 threads of pool test"):
        await pool.run(lambda: "too many")
    gate.open.set()
    assert await asyncio.gather(hung, *waiting) == ["hung", "later", "later"]
    pool.close()


def test_a_hung_thread_does_not_hold_up_the_end_of_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", HUNG], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "answered\n"
