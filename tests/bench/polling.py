"""SNMP, poll to rendered line: Ringwacht and snmp_exporter over the same tables of the same agent, in turns."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench.configuration import write_configuration
from tests.bench.farm import Farm, farm
from tests.bench.peer import Count, snmp_exporter
from tests.bench.procs import free_port, usage


class Side(NamedTuple):
    """What one side did in a round, on average."""

    name: str
    values: int
    lines: int
    cpu_seconds: float
    rss_bytes: int


def compare(devices: int, rounds: int) -> tuple[Side, Side]:
    """Return our side and the peer's. Raises RuntimeError where something does not start or a poll fails."""
    with farm(devices) as agent:
        return compare_on(agent, rounds)


def compare_on(agent: Farm, rounds: int) -> tuple[Side, Side]:
    """As ``compare``, over an agent that runs."""
    with snmp_exporter() as exporter, polling_process(agent) as poller:
        sides = (
            _Runs("Ringwacht", poller.pid, poller.round),
            _Runs("prometheus-snmp-exporter", exporter.pid, lambda: exporter.round(agent)),
        )
        for side in sides:
            side.work()  # warm-up: layouts, templates, Go's heap
        for _ in range(rounds):
            for side in sides:
                side.measure()
        return sides[0].result(), sides[1].result()


class _Runs:
    """The measured rounds of one side."""

    def __init__(self, name: str, pid: int, work: Callable[[], Count]) -> None:
        self.work = work
        self._name = name
        self._pid = pid
        self._counts: list[Count] = []
        self._cpu = 0.0
        self._rss = 0

    def measure(self) -> None:
        """Do one round that counts."""
        before = usage(self._pid)
        self._counts.append(self.work())
        after = usage(self._pid)
        self._cpu += after.cpu_seconds - before.cpu_seconds
        self._rss = max(self._rss, after.rss_bytes)

    def result(self) -> Side:
        """Return the average round."""
        rounds = len(self._counts)
        values = sum(count.values for count in self._counts) // rounds
        lines = sum(count.lines for count in self._counts) // rounds
        return Side(self._name, values, lines, self._cpu / rounds, self._rss)


@dataclass(frozen=True, slots=True)
class Poller:
    """``tests.bench.poller`` in a process of its own, so that nothing else is measured with it."""

    process: subprocess.Popen[str]

    @property
    def pid(self) -> int:
        """The process to be measured."""
        return self.process.pid

    def round(self) -> Count:
        """Ask for one round. Raises RuntimeError where the poller died or a poll failed."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the poller has no pipes")
        try:
            self.process.stdin.write("round\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise RuntimeError("the poller ended: see its message above")
        return Count(*json.loads(answer))


@contextmanager
def polling_process(agent: Farm, names: frozenset[str] | None = None) -> Generator[Poller]:
    """Run our side over all columns or those named."""
    with TemporaryDirectory() as folder:
        write_configuration(Path(folder), agent, free_port(socket.SOCK_STREAM), names)
        argv = [sys.executable, "-P", "-m", "tests.bench.poller", folder]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            yield Poller(process)  # leaving closes its standard input, at which it ends
