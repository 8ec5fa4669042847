"""The daemon's own process in prometheus_client's names; and the limit of file descriptors raised at start."""

from __future__ import annotations

import gc
import resource

import psutil

from agent.contract import MetricFamily, OwnSeries
from agent.families import PROCESS_CPU, PROCESS_FDS, PROCESS_MAX_FDS, PROCESS_RSS, PROCESS_START, PROCESS_VIRTUAL

COLLECTOR_THRESHOLDS = (10_000, 50, 1_000)
"""New objects until the youngest are looked through, and how many such looks until those that outlived them are."""


def raise_fd_limit() -> int:
    """Raise the soft limit of open files to the hard one and return it; thousands of devices are as many sockets."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def spare_the_collector() -> None:
    """Let the cyclic collector look at what lives long as rarely as it can.

    Layouts, labels and values are trees that reference counting frees; there are millions of them, and to look through
    all of them holds up the loop for a quarter of a second. What is there now is exempt for good.
    """
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


class OwnProcess:
    """Reads CPU, memory and descriptors of this process from /proc (well under a millisecond)."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._last: tuple[OwnSeries, ...] = ()

    def series(self) -> tuple[OwnSeries, ...]:
        """Return the ``process_*`` families; where /proc cannot be read (no descriptor left), as they last were."""
        try:
            self._last = tuple((family, (((), value),)) for family, value in self._read())
        except (OSError, psutil.Error):
            return self._last
        return self._last

    def _read(self) -> tuple[tuple[MetricFamily, float], ...]:
        with self._process.oneshot():
            cpu = self._process.cpu_times()
            memory = self._process.memory_info()
            started = self._process.create_time()
        return (
            (PROCESS_CPU, cpu.user + cpu.system),
            (PROCESS_RSS, memory.rss),
            (PROCESS_VIRTUAL, memory.vms),
            (PROCESS_FDS, self._process.num_fds()),
            (PROCESS_MAX_FDS, resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
            (PROCESS_START, started),
        )
