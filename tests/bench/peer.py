"""Debian's prometheus-snmp-exporter over the same tables: its module, its process, its scrapes."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench.columns import COLUMNS, IF_TABLE, IF_X_TABLE, ColumnOf
from tests.bench.farm import Farm
from tests.bench.procs import COMMUNITY, free_port, listens, running

AT_ONCE = 8
LOOKUPS = {
    "ifAlias": f"{IF_X_TABLE}.18",
    "ifDescr": f"{IF_TABLE}.2",
    "ifName": f"{IF_X_TABLE}.1",
}
METRIC_TYPE = {
    "integer": "gauge",
    "gauge": "gauge",
    "timeticks": "gauge",
    "counter": "counter",
    "counter64": "counter",
    "address": "PhysAddress48",
}


class Count(NamedTuple):
    """What a round brought: values read from devices, lines rendered, bytes rendered."""

    values: int
    lines: int
    size: int


def module(names: frozenset[str] | None = None) -> dict[str, object]:
    """Return the module ``if_mib`` in snmp_exporter's schema: all columns or those named, rows named by three look-ups.

    Ringwacht reads the same file.
    """
    columns = [column for column in COLUMNS if column.syntax != "string" and (names is None or column.name in names)]
    return {
        "if_mib": {
            "walk": [IF_TABLE.removesuffix(".1"), IF_X_TABLE.removesuffix(".1")],
            "version": 2,
            "auth": {"community": COMMUNITY},
            "metrics": [_metric(column) for column in columns],
        }
    }


def _metric(column: ColumnOf) -> dict[str, object]:
    return {
        "name": column.name,
        "oid": column.oid,
        "type": METRIC_TYPE[column.syntax],
        "help": f"{column.name} - {column.oid}",
        "indexes": [{"labelname": "ifIndex", "type": "gauge"}],
        "lookups": [
            {"labels": ["ifIndex"], "labelname": name, "oid": oid, "type": "DisplayString"}
            for name, oid in LOOKUPS.items()
        ],
    }


@dataclass(frozen=True, slots=True)
class SnmpExporter:
    """The running exporter."""

    pid: int
    port: int

    def round(self, farm: Farm) -> Count:
        """Scrape every device once, a few at a time as Prometheus would. Raises RuntimeError on a failed scrape."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            counts = list(pool.map(self._scrape, [f"{host}:{farm.port}" for host in farm.hosts]))
        return Count(*(sum(part) for part in zip(*counts, strict=True)))

    def _scrape(self, target: str) -> Count:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", f"/snmp?module=if_mib&target={target}")
        answer = connection.getresponse()
        page = answer.read()
        connection.close()
        if answer.status != http.client.OK:
            raise RuntimeError(f"snmp_exporter: {page[:200]!r}")
        lines = [line for line in page.splitlines() if not line.startswith(b"#")]
        own = {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith(b"snmp_scrape_")}
        return Count(int(own[b"snmp_scrape_pdus_returned"]), len(lines) - len(own), len(page))


@contextmanager
def snmp_exporter() -> Generator[SnmpExporter]:
    """Run it on a free port. Raises RuntimeError if it does not start."""
    if shutil.which("prometheus-snmp-exporter") is None:
        raise RuntimeError("prometheus-snmp-exporter is missing: run tests/servers.sh")
    port = free_port(socket.SOCK_STREAM)
    with TemporaryDirectory() as folder:
        config = Path(folder, "snmp.yml")
        config.write_text(json.dumps(module()), encoding="utf-8")  # JSON is YAML
        argv = [
            "prometheus-snmp-exporter",
            f"--config.file={config}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error",
        ]
        with running(argv, lambda: listens(port)) as process:
            yield SnmpExporter(process.pid, port)
