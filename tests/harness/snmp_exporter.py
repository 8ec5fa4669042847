"""Debian's prometheus-snmp-exporter on loopback, and its pages as series."""

from __future__ import annotations

import re
import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import yaml

from tests.bench.procs import listens, running
from tests.harness.process import free_port

OWN = "snmp_scrape_"
_SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"\\": "\\", '"': '"', "n": "\n"}
SeriesKey = tuple[str, tuple[tuple[str, str], ...]]


class Page(NamedTuple):
    """One scrape: what was wrong, or values by name and sorted labels, and the type of each family."""

    error: str
    series: dict[SeriesKey, float]
    types: dict[str, str]


class SnmpExporter:
    """A running exporter."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/snmp"

    async def scrape(self, target: str, module: str) -> Page:
        """The page of one target; what the exporter says of its own scrape is left out."""
        about = {"target": target, "module": module}
        async with aiohttp.ClientSession() as session, session.get(self._url, params=about) as answer:
            text = (await answer.read()).decode("utf-8", "replace")
        return parse_page(text) if answer.status == 200 else Page(text, {}, {})


def parse_page(text: str) -> Page:
    """A page in the text format; names as they stand (prometheus_client's parser adds ``_total`` to counters)."""
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    series: dict[SeriesKey, float] = {}
    for name, labels, value in _SAMPLE.findall(text):
        pairs = ((label, _ESCAPE.sub(lambda at: _ESCAPES[at[1]], quoted)) for label, quoted in _LABEL.findall(labels))
        if not name.startswith(OWN):
            series[name, tuple(sorted(pairs))] = float(value)
    return Page("", series, {name: kind for name, kind in types.items() if not name.startswith(OWN)})


@contextmanager
def snmp_exporter(folder: Path, modules: Mapping[str, Any]) -> Generator[SnmpExporter]:
    """The exporter with these modules, in its older shape."""
    port = free_port(socket.SOCK_STREAM)
    config = folder / "snmp.yml"
    config.write_text(yaml.safe_dump(dict(modules)), encoding="utf-8")
    command = [
        "prometheus-snmp-exporter",
        f"--config.file={config}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    with running(command, lambda: listens(port)):
        yield SnmpExporter(port)
