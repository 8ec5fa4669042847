"""One run of a program: no shell, a session of its own, bounded output, an end. Blocks: in a thread.

Not asyncio's subprocess: starting one blocks the loop until ``execve`` is through (for ever, where the program lies on
a dead NFS mount), asyncio and uvloop watch children differently, and neither knows of a child's children.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from time import perf_counter
from types import MappingProxyType
from typing import IO, cast

from collectors.plugin.leftovers import kill_leftovers
from collectors.plugin.limits import launched

KEPT_BYTES = 65_536
MOST_BYTES = 16 * 1024**2  # of output: who writes more is stopped
STEP_SECONDS = 0.1  # how soon a run that nobody wants any more is noticed
DEATH_SECONDS = 0.5
MARK = "RINGWACHT_PLUGIN_RUN"
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/"}
)


@dataclass(frozen=True, slots=True)
class Program:
    """What is started; ``environment`` comes on top of the least that a program needs. Both may hold secrets."""

    command: tuple[str, ...] = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)


class End(Enum):
    """How a run came to its end."""

    EXIT = "exit"
    DEADLINE = "deadline"
    FLOOD = "flood"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it. ``status`` as ``subprocess`` has it: minus the signal's number; None where it does not die.

    What may hold a secret is not in its ``repr``, which asyncio writes into its debug log.
    """

    end: End
    status: int | None
    output: bytes = field(repr=False)
    errors: bytes = field(repr=False)
    seconds: float
    leftovers: int
    process: subprocess.Popen[bytes] = field(repr=False)


def run(program: Program, until: float, stopped: Callable[[], bool]) -> Run:
    """Run the program until its end, ``until`` (of ``perf_counter``) or ``stopped``; nothing of it runs afterwards.

    Raises OSError where it cannot be started, or this machine is out of descriptors.
    """
    mark, started = secrets.token_hex(16), perf_counter()
    process = subprocess.Popen(  # noqa: S603 - no shell; the command is the operator's own configuration
        launched(program.command, until - started),
        bufsize=0,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={**ENVIRONMENT, **program.environment, MARK: mark},
        start_new_session=True,
        umask=0o077,
    )
    output, errors = (_Pipe(cast("IO[bytes]", pipe)) for pipe in (process.stdout, process.stderr))
    pidfd, leftovers = -1, 0
    try:
        pidfd = os.pidfd_open(process.pid)
        end = _watch(pidfd, (output, errors), until, stopped)
    finally:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)  # the leader has not been waited for: the number is still its own
        leftovers = kill_leftovers(process.pid, f"{MARK}={mark}".encode())
        status = _death(process)
        if pidfd >= 0:
            os.close(pidfd)
        output.close()
        errors.close()
    seconds = perf_counter() - started
    return Run(end, status, bytes(output.kept), bytes(errors.kept), seconds, leftovers, process)


class _Pipe:
    """What a program writes to one of its outputs: the beginning is kept, the rest counted."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self.file = pipe.fileno()
        self.kept = bytearray()
        self.written = 0
        os.set_blocking(self.file, False)

    def read(self) -> bool:
        """Read what is there; return whether more may come."""
        with contextlib.suppress(BlockingIOError):
            piece = os.read(self.file, KEPT_BYTES)
            self.written += len(piece)
            self.kept += piece[: KEPT_BYTES - len(self.kept)]
            return bool(piece)
        return True

    def close(self) -> None:
        """Read what its end has left there, and close it."""
        before = -1
        while before < self.written <= MOST_BYTES:
            before = self.written
            self.read()
        self._pipe.close()


def _watch(pidfd: int, pipes: tuple[_Pipe, _Pipe], until: float, stopped: Callable[[], bool]) -> End:
    """Read until the program ends. Its children are not waited for, even where they hold the pipes open."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    by_file = {pipe.file: pipe for pipe in pipes}
    for file in by_file:
        poll.register(file, select.POLLIN)
    while sum(pipe.written for pipe in pipes) <= MOST_BYTES:
        left = until - perf_counter()
        if stopped():
            return End.STOPPED
        if left <= 0:
            return End.DEADLINE
        for file, _ in poll.poll(min(left, STEP_SECONDS) * 1000):
            if file == pidfd:
                return End.EXIT
            if not by_file[file].read():
                poll.unregister(file)
    return End.FLOOD


def _death(process: subprocess.Popen[bytes]) -> int | None:
    """Return the exit status, or None where it does not die: it hangs in the kernel, as on a dead NFS mount."""
    try:
        return process.wait(DEATH_SECONDS)
    except subprocess.TimeoutExpired:
        return None
