"""collectd's snmp plugin over the same tables: its configuration, its process, what it has read.

It gets the cheapest way that it has: one GETBULK for all numeric columns of a table, and no plugin that would write the
values anywhere. Its ``unixsock`` plugin says what is in its cache, so that nothing is believed unread.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.columns import COLUMNS, IF_TABLE, IF_X_TABLE, ColumnOf
from tests.bench.farm import PORTS, Farm
from tests.bench.procs import COMMUNITY, running, usage

PACKAGE = "collectd-core"
PLUGINS = Path("/usr/lib/collectd")
BULK = 25
INTERVAL_SECONDS = 10.0
DEVICES = 20
"""Of the farm: with all of them the agent would be asked for more than it can answer in one interval."""
TABLES = {"if_table": (IF_TABLE, f"{IF_TABLE}.2"), "if_x_table": (IF_X_TABLE, f"{IF_X_TABLE}.1")}
KIND = {"counter": "DERIVE", "counter64": "DERIVE"}


def path() -> str | None:
    """Return where collectd is, None where it or its snmp plugin is not installed."""
    found = shutil.which("collectd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return found if found and (PLUGINS / "snmp.so").exists() else None


def numeric(table: str) -> list[ColumnOf]:
    """Return the columns of a table that collectd can hold: it knows numbers only."""
    return [column for column in COLUMNS if column.table == table and column.syntax not in {"string", "address"}]


def types() -> str:
    """Return types.db: for each table one type that holds all of its numeric columns."""
    lines: list[str] = []
    for name, (table, _) in TABLES.items():
        sources = (f"{column.name}:{KIND.get(column.syntax, 'GAUGE')}:U:U" for column in numeric(table))
        lines.append(f"{name} {', '.join(sources)}")
    return "\n".join(lines) + "\n"


def configuration(folder: Path, hosts: Sequence[str], port: int) -> str:
    """Return collectd.conf: every host read each 10 s, by as many threads as the other sides poll at once."""
    lines = [
        f'BaseDir "{folder}"',
        f'PIDFile "{folder}/pid"',
        f'TypesDB "{folder}/types.db"',
        f"Interval {INTERVAL_SECONDS:g}",
        "ReadThreads 8",
        "LoadPlugin unixsock",
        f'<Plugin unixsock>\nSocketFile "{folder}/socket"\n</Plugin>',
        "LoadPlugin snmp",
        "<Plugin snmp>",
    ]
    for name, (table, text) in TABLES.items():
        values = " ".join(f'".{column.oid}"' for column in numeric(table))
        lines.append(f'<Data "{name}">\nType "{name}"\nTable true\nTypeInstanceOID ".{text}"\nValues {values}\n</Data>')
    for index, host in enumerate(hosts):
        lines += [
            f'<Host "sw-{index}">\nAddress "{host}:{port}"\nVersion 2\nCommunity "{COMMUNITY}"\nBulkSize {BULK}',
            f"Collect {' '.join(f'{chr(34)}{name}{chr(34)}' for name in TABLES)}\n</Host>",
        ]
    return "\n".join([*lines, "</Plugin>"]) + "\n"


@dataclass(frozen=True, slots=True)
class Collectd:
    """The running collectd."""

    pid: int
    socket: Path
    devices: int

    def fresh(self, now: float) -> int:
        """Return how many values in its cache are of the last interval and a half; ``now`` in seconds since the epoch."""
        return sum(
            len(numeric(TABLES[name][0]))
            for name, at in listed(self._ask("LISTVAL"))
            if name in TABLES and now - at < 1.5 * INTERVAL_SECONDS
        )

    def _ask(self, command: str) -> str:
        """Return the answer to a command of collectd-unixsock(5). Raises OSError."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(10)
            line.connect(str(self.socket))
            line.sendall(f"{command}\n".encode())
            stream = line.makefile("r", encoding="utf-8")
            count = int(stream.readline().split()[0])
            return "".join(stream.readline() for _ in range(count))


def listed(answer: str) -> list[tuple[str, float]]:
    """Return the types and times of an answer to LISTVAL: lines of ``time host/plugin/type-instance``."""
    found: list[tuple[str, float]] = []
    for line in answer.splitlines():
        at, _, identifier = line.partition(" ")
        found.append((identifier.split("/", 2)[2].partition("-")[0], float(at)))
    return found


@contextmanager
def collectd(devices: Farm) -> Generator[Collectd]:
    """Run it on the first of the devices. Raises RuntimeError if it is not installed or does not start."""
    program = path()
    if program is None:
        raise RuntimeError(f"collectd is missing: apt-get install --no-install-recommends {PACKAGE}")
    hosts = devices.hosts[:DEVICES]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "types.db").write_text(types(), encoding="utf-8")
        (folder / "collectd.conf").write_text(configuration(folder, hosts, devices.port), encoding="utf-8")
        argv = [program, "-f", "-C", str(folder / "collectd.conf")]
        with running(argv, (folder / "socket").exists, {**os.environ, "MIBS": ""}) as process:
            yield Collectd(process.pid, folder / "socket", len(hosts))
