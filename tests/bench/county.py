"""The daemon against 1,000 devices of 48 ports and 11 columns, polled each 60 s: what it costs and how late it gets.

Then with 428 more that never answer.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.request import urlopen

from tests.bench.columns import COUNTY_COLUMNS
from tests.bench.configuration import write_configuration
from tests.bench.farm import black_hole, farm
from tests.bench.procs import free_port, listens, running

DEVICES = 1000
SILENT = 428
"""Beside the 1,000: 30 % of all are silent, and the living ask the same of their agent as without these."""
WARM_UP_SECONDS = 65
SCRAPE_SECONDS = 15
DURATION = "ringwacht_collect_duration_seconds{"
QUANTILE = 'quantile="0.99"'


class County(NamedTuple):
    """What the daemon said of itself; ``polls`` are durations of polls in seconds, by device."""

    polls: Mapping[str, tuple[float, ...]]
    cpu_share: float
    rss_bytes: float
    skew_seconds: float
    lag_seconds: float
    values_per_second: float
    series: int
    devices_up: int


def run(seconds: float, silent: int = 0) -> County:
    """Let it run for so long after the warm-up, with so many more devices that are silent.

    Raises RuntimeError if anything does not start.
    """
    with farm(DEVICES, COUNTY_COLUMNS) as devices, black_hole(silent) as hole, TemporaryDirectory() as folder:
        port = free_port(socket.SOCK_STREAM)
        write_configuration(Path(folder), devices, port, COUNTY_COLUMNS, hole)
        command = Path(sys.executable).with_name("ringwacht")
        with running([str(command), "run", folder], lambda: listens(port)):
            _watch(port, WARM_UP_SECONDS)
            first, begun = _scrape(port), time.perf_counter()
            pages = [*_watch(port, seconds), _scrape(port)]
            elapsed = time.perf_counter() - begun
    return _judge(first, pages, elapsed)


def p99(county: County, devices: int) -> float:
    """Return the duration in seconds that 99 of 100 polls of the first so many devices stayed within."""
    durations = sorted(seconds for index in range(devices) for seconds in county.polls.get(f"sw-{index}", ()))
    if not durations:
        return float("nan")
    return durations[min(len(durations) - 1, int(len(durations) * 0.99))]


def _scrape(port: int) -> list[str]:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        text: str = answer.read().decode()
    return [line for line in text.splitlines() if not line.startswith("#")]


def _watch(port: int, seconds: float) -> list[list[str]]:
    """Scrape as Prometheus would, for so long; only the daemon's own series are kept."""
    pages: list[list[str]] = []
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        time.sleep(min(SCRAPE_SECONDS, left))
        pages.append([line for line in _scrape(port) if line.startswith(("ringwacht_", "process_"))])
    return pages


def _judge(first: list[str], pages: list[list[str]], elapsed: float) -> County:
    last = pages[-1]

    def gained(name: str) -> float:
        return sum(_values(last, name)) - sum(_values(first, name))

    return County(
        polls=polls_of(pages),
        cpu_share=gained("process_cpu_seconds_total") / elapsed,
        rss_bytes=max(_values(last, "process_resident_memory_bytes")),
        skew_seconds=_worst(pages, "ringwacht_schedule_skew_seconds"),
        lag_seconds=_worst(pages, "ringwacht_loop_lag_seconds"),
        values_per_second=gained("ringwacht_snmp_values_total") / elapsed,
        series=len(last),
        devices_up=int(sum(_values(last, "ringwacht_up"))),
    )


def polls_of(pages: Iterable[list[str]]) -> Mapping[str, tuple[float, ...]]:
    """Return how long the polls of each device took; the same figure on the next page is the same poll."""
    seen: dict[str, dict[float, None]] = {}
    for line in (line for page in pages for line in page if line.startswith(DURATION)):
        device = line.partition('device="')[2].partition('"')[0]
        seen.setdefault(device, {})[float(line.rpartition(" ")[2])] = None
    return {device: tuple(durations) for device, durations in seen.items()}


def _worst(pages: Iterable[list[str]], name: str) -> float:
    return max((value for page in pages for value in _values(page, name, QUANTILE)), default=float("nan"))


def _values(page: list[str], name: str, label: str = "") -> list[float]:
    wanted = (f"{name} ", f"{name}{{")
    return [float(line.rpartition(" ")[2]) for line in page if line.startswith(wanted) and label in line]
