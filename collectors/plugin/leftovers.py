"""Processes that a plug-in leaves behind, found and killed. Blocks: in a thread."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from time import perf_counter

SWEEP_SECONDS = 0.5  # a fork bomb makes new ones while the old ones die
PAUSE_SECONDS = 0.005


def kill_leftovers(leader: int, mark: bytes) -> int:
    """Kill whatever is of the leader's session or carries the mark in its environment; return how many were found.

    The leader must not have been waited for yet, or its number might be somebody else's. Not found: a process that
    has left the session and emptied its environment, or whose environment we may not read (setuid).
    """
    found: set[int] = set()
    until = perf_counter() + SWEEP_SECONDS
    while perf_counter() < until:
        alive = [pid for pid in pids() if pid != leader and _belongs(pid, leader, mark)]
        if not alive:
            break
        found.update(alive)
        for pid in alive:
            _kill(pid, leader, mark)
        time.sleep(PAUSE_SECONDS)
    return len(found)


def pids() -> Iterator[int]:
    """Yield the number of every process that we can see."""
    return (int(name) for name in os.listdir("/proc") if name.isdecimal())


def _belongs(pid: int, leader: int, mark: bytes) -> bool:
    """Whether the process lives and comes from the leader; one that is gone meanwhile does not."""
    with contextlib.suppress(OSError):
        if os.getsid(pid) != leader and mark not in _read(f"/proc/{pid}/environ"):
            return False
        # the state follows the name, which may hold anything
        return _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[:1] not in ([], [b"Z"], [b"X"])
    return False


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()  # bounded by the kernel: a quarter of the stack's limit, 6 MiB at most (execve(2))


def _kill(pid: int, leader: int, mark: bytes) -> None:
    """Kill the process, and not the one that has its number by now."""
    with contextlib.suppress(OSError):
        handle = os.pidfd_open(pid)
        try:
            if _belongs(pid, leader, mark):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)
