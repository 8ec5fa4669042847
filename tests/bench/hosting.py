"""This machine's own metrics, collected, rendered and answered over HTTP: Ringwacht and node_exporter, in turns."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench.procs import free_port, listens, running, usage

# The collectors of node_exporter whose families the host check yields.
COLLECTORS = (
    *("bonding", "conntrack", "cpu", "diskstats", "filefd", "filesystem", "hwmon", "loadavg", "mdadm", "meminfo"),
    *("netclass", "netdev", "os", "powersupplyclass", "stat", "time", "timex", "uname", "vmstat"),
)
TURNS = 10
DAEMON_SECONDS = 20


class HostSide(NamedTuple):
    """What one side did from scrape to scrape, on average; ``lines`` are the machine's series on its page."""

    name: str
    lines: int
    cpu_seconds: float
    rss_bytes: int


class _Exporter:
    """One running side, and what it has cost in the turns that counted."""

    def __init__(self, name: str, pid: int, port: int) -> None:
        self._name = name
        self._pid = pid
        self._port = port
        self._cpu = 0.0
        self._scrapes = 0
        self.page = ""

    def scrape(self, times: int) -> None:
        """Scrape over one connection, as Prometheus does. Raises RuntimeError on a failed scrape."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        for _ in range(times):
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            self.page = answer.read().decode()
            if answer.status != http.client.OK:
                raise RuntimeError(f"{self._name}: {self.page[:200]}")
        connection.close()

    def measure(self, turn: Callable[[_Exporter], None], scrapes: int = 1) -> None:
        """Do one turn, of so many scrapes, that counts."""
        before = usage(self._pid).cpu_seconds
        turn(self)
        self._cpu += usage(self._pid).cpu_seconds - before
        self._scrapes += scrapes

    def result(self) -> HostSide:
        """Return the average scrape."""
        return HostSide(self._name, len(series(self.page)), self._cpu / self._scrapes, usage(self._pid).rss_bytes)


def series(page: str) -> tuple[str, ...]:
    """Return the lines about the machine: not what node_exporter says of its own scrapes and build."""
    own = ("node_scrape_", "node_exporter_")
    return tuple(line for line in page.splitlines() if line.startswith("node_") and not line.startswith(own))


def compare(scrapes: int) -> tuple[HostSide, HostSide]:
    """Return our side and the peer's over so many scrapes each. Raises RuntimeError where something does not start."""
    in_a_turn = scrapes // TURNS + 1
    with _ringwacht("-m", "tests.bench.host_side") as ours, _node_exporter() as peer:
        for side in (ours, peer):
            side.scrape(in_a_turn)  # warm-up: layouts, templates, Go's heap
        for _ in range(TURNS):
            for side in (ours, peer):
                side.measure(lambda running: running.scrape(in_a_turn), in_a_turn)
        return ours.result(), peer.result()


def daemon() -> HostSide:
    """Return the whole daemon with only this check, which it polls each second and is scraped for each second."""
    with _ringwacht("-m", "agent", "run") as ours:
        for _ in range(DAEMON_SECONDS // 4):
            _wait_a_second(ours)
        for _ in range(DAEMON_SECONDS):
            ours.measure(_wait_a_second)
        return ours.result()


def _wait_a_second(side: _Exporter) -> None:
    time.sleep(1)
    side.scrape(1)


@contextmanager
def _ringwacht(*command: str) -> Generator[_Exporter]:
    port = free_port(socket.SOCK_STREAM)
    with TemporaryDirectory() as folder:
        configuration = {
            "web": {"listen": f"127.0.0.1:{port}"},
            "state": {"directory": "state"},
            "sites": {"kreishaus": {"name": "Kreishaus"}},
            "devices": {"local": {"site": "kreishaus", "role": "server", "interval": "1s", "checks": ["host"]}},
        }
        Path(folder, "ringwacht.yml").write_text(json.dumps(configuration), encoding="utf-8")  # JSON is YAML
        with running([sys.executable, "-P", *command, folder], lambda: listens(port)) as process:
            yield _Exporter("Ringwacht", process.pid, port)


@contextmanager
def _node_exporter() -> Generator[_Exporter]:
    if shutil.which("prometheus-node-exporter") is None:
        raise RuntimeError("prometheus-node-exporter is missing: run tests/servers.sh")
    port = free_port(socket.SOCK_STREAM)
    argv = [
        "prometheus-node-exporter",
        f"--web.listen-address=127.0.0.1:{port}",
        "--web.disable-exporter-metrics",
        "--log.level=error",
        "--collector.disable-defaults",
        *(f"--collector.{name}" for name in COLLECTORS),
    ]
    with running(argv, lambda: listens(port)) as process:
        yield _Exporter("prometheus-node-exporter", process.pid, port)
