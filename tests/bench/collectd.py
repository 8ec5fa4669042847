"""collectd's snmp plugin over the same tables of the same agent: its process, its CPU, what it has read.

Its ``csv`` plugin renders: lines of text on standard output, which nobody reads. Its ``unixsock`` plugin says what is
in its cache, so that nothing is believed to have been read that was not.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.engine.clock import SystemClock
from tests.bench.collectd_conf import Way, as_documented, configuration, listed, tuned, types
from tests.bench.farm import PORTS, Farm
from tests.bench.polling import Side
from tests.bench.procs import running, usage

PACKAGE = "collectd-core"
PLUGINS = (Path("/usr/lib/collectd"), Path("/usr/lib64/collectd"), Path("/usr/local/lib/collectd"))
INTERVAL_SECONDS = 5.0
INTERVALS = 3
DEVICES = 20
"""Of the farm: row by row, the agent could not answer for all of them in one interval."""


def program() -> str | None:
    """Return where collectd is, None where it or its snmp plugin is not installed."""
    found = shutil.which("collectd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return found if found and any((folder / "snmp.so").exists() for folder in PLUGINS) else None


def missing() -> str:
    """Return what to install where collectd is not there, else nothing."""
    return "" if program() else f"collectd is not installed: apt-get install --no-install-recommends {PACKAGE}"


def measure(devices: Farm) -> tuple[Side, ...]:
    """Return what both ways cost a round. Raises RuntimeError if collectd does not start or reads not everything."""
    return tuple(_measure(way, devices) for way in (as_documented(), tuned()))


def _measure(way: Way, devices: Farm) -> Side:
    with _running(way, devices) as peer:
        expected = peer.devices * PORTS * way.columns
        peer.wait_for(expected)
        before = usage(peer.pid)
        time.sleep(INTERVALS * INTERVAL_SECONDS)
        after = usage(peer.pid)
        if (read := peer.fresh(SystemClock().now())) != expected:
            raise RuntimeError(f"{way.name}: {read} values of {expected} are of the last interval")
    lines = peer.devices * PORTS * len(way.blocks)
    return Side(way.name, expected, lines, (after.cpu_seconds - before.cpu_seconds) / INTERVALS, after.rss_bytes)


@dataclass(frozen=True, slots=True)
class _Collectd:
    """The running collectd."""

    pid: int
    socket: Path
    way: Way
    devices: int

    def wait_for(self, values: int) -> None:
        """Wait until it has read so many. Raises RuntimeError if it does not within four intervals."""
        end = time.perf_counter() + 4 * INTERVAL_SECONDS
        while (read := self.fresh(SystemClock().now())) < values:
            if time.perf_counter() > end:
                raise RuntimeError(f"{self.way.name}: {read} values of {values} came")
            time.sleep(0.2)

    def fresh(self, now: float) -> int:
        """Return how many values in its cache are younger than two intervals; ``now`` in seconds since the epoch."""
        columns = {block.name: len(block.columns) for block in self.way.blocks}
        young = now - 2 * INTERVAL_SECONDS
        return sum(columns[block] for block, at in listed(self._ask("LISTVAL")) if block in columns and at > young)

    def _ask(self, command: str) -> str:
        """Return the lines that answer a command of collectd-unixsock(5)."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(10)
            line.connect(str(self.socket))
            line.sendall(f"{command}\n".encode())
            with line.makefile("r", encoding="utf-8") as answer:
                count = int(answer.readline().split()[0])
                return "".join(answer.readline() for _ in range(count))


@contextmanager
def _running(way: Way, devices: Farm) -> Generator[_Collectd]:
    if (found := program()) is None:
        raise RuntimeError(missing())
    hosts = devices.hosts[:DEVICES]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "types.db").write_text(types(), encoding="utf-8")
        text = configuration(folder, way, hosts, devices.port, INTERVAL_SECONDS)
        (folder / "collectd.conf").write_text(text, encoding="utf-8")
        argv = [found, "-f", "-C", str(folder / "collectd.conf")]
        with running(argv, (folder / "socket").exists, {**os.environ, "MIBS": ""}) as process:
            yield _Collectd(process.pid, folder / "socket", way, len(hosts))
