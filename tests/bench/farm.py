"""One snmpd on loopback that answers on every address of 127.0.0.0/8: as many devices of 48 ports as one likes."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.columns import COLUMNS, IF_X_TABLE, ColumnOf, cell
from tests.bench.procs import COMMUNITY, answers_snmp, free_port, running

PORTS = 48
OVERRIDE = {
    "integer": "integer",
    "gauge": "uinteger",
    "counter": "counter",
    "timeticks": "timeticks",
    "string": "octet_str",
    "address": "octet_str",
}
PASS = {"string": "string", "counter": "counter", "gauge": "gauge"}


@dataclass(frozen=True, slots=True)
class Farm:
    """The agent's UDP port and the addresses of its devices."""

    port: int
    hosts: tuple[str, ...]


def loopback_hosts(count: int) -> tuple[str, ...]:
    """Return ``count`` addresses from 127.1.0.1 on."""
    return tuple(f"127.1.{index // 250}.{index % 250 + 1}" for index in range(count))


@contextmanager
def farm(devices: int, names: frozenset[str] | None = None) -> Generator[Farm]:
    """Run the agent with all columns, or those named only; needs no root. Raises RuntimeError if it does not start."""
    columns = [column for column in COLUMNS if names is None or column.name in names]
    modules = "-ifTable,-ifXTable,-smux"  # the machine's own interfaces stay out; smux would want a privileged port
    with (
        TemporaryDirectory() as folder,
        _agent(_config(columns, Path(folder)), modules, devices, Path(folder)) as agent,
    ):
        yield agent


@contextmanager
def own_ports(devices: int) -> Generator[Farm]:
    """Run the agent over the interfaces that there are where it runs. Raises RuntimeError if it does not start."""
    with TemporaryDirectory() as folder, _agent([f"rocommunity {COMMUNITY}"], "-smux", devices, Path(folder)) as agent:
        yield agent


@contextmanager
def black_hole(devices: int) -> Generator[Farm]:
    """Hold a port that takes whatever is sent to it and never answers: so many silent devices."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hole:
        hole.bind(("0.0.0.0", 0))
        port: int = hole.getsockname()[1]
        yield Farm(port, loopback_hosts(devices))


@contextmanager
def _agent(config: Iterable[str], modules: str, devices: int, folder: Path) -> Generator[Farm]:
    snmpd = shutil.which("snmpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if snmpd is None:
        raise RuntimeError("snmpd is missing: run tests/servers.sh")
    port, hosts = free_port(socket.SOCK_DGRAM), loopback_hosts(devices)
    conf = folder / "snmpd.conf"
    conf.write_text("\n".join(config) + "\n", encoding="utf-8")
    env = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder), "SNMPCONFPATH": str(folder)}
    argv = [snmpd, "-C", "-c", str(conf), "-f", "-LE", "3", "-I", modules, f"udp:0.0.0.0:{port}"]
    with running(argv, lambda: answers_snmp(hosts[-1], port), env):
        yield Farm(port, hosts)


def _config(columns: list[ColumnOf], folder: Path) -> Iterator[str]:
    yield f"rocommunity {COMMUNITY}"
    yield f"override .1.3.6.1.2.1.2.1.0 integer {PORTS}"
    for column in columns:
        if column.table != IF_X_TABLE:
            for row in range(1, PORTS + 1):
                value = cell(column, row)
                quoted = f'"{value}"' if column.syntax == "string" else value
                yield f"override .{column.oid}.{row} {OVERRIDE[column.syntax]} {quoted}"
    # `override` knows no Counter64, so the extended table comes through pass_persist.
    lines = [
        f".{column.oid}.{row}|{PASS.get(column.syntax, column.syntax)}|{cell(column, row)}"
        for column in columns
        if column.table == IF_X_TABLE
        for row in range(1, PORTS + 1)
    ]
    rows = folder / "if_x_table"
    rows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    helper = Path(__file__).with_name("pass_persist.py")
    yield f"pass_persist .{IF_X_TABLE} {sys.executable} -I -S {helper} {rows}"
