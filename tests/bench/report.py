"""Results as tables: drawn on a terminal, Markdown when piped, and written into docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
IMAGES = PAGE.parent / "images"


class Result(NamedTuple):
    """One table of results; ``name`` is its mark in the page."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def show(result: Result) -> None:
    """Draw it for a person, or print Markdown where the output is piped."""
    if not sys.stdout.isatty():
        sys.stdout.write(markdown(result) + "\n")
        return
    table = Table(title=result.name, caption=result.note or None)
    for index, column in enumerate(result.columns):
        table.add_column(column, justify="right" if index else "left")
    for row in result.rows:
        table.add_row(*row)
    Console().print(table)


def markdown(result: Result) -> str:
    """Return the table as Markdown, the numbers to the right."""
    lines = ["| " + " | ".join(result.columns) + " |", "|---" + "|---:" * (len(result.columns) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in result.rows]
    return "\n".join(lines) + "\n" + (f"\n{result.note}\n" if result.note else "")


def write(result: Result) -> None:
    """Replace the table between its marks in docs/benchmarks.md. Raises RuntimeError where the page has no marks."""
    text = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- bench:{result.name} -->", f"<!-- /bench:{result.name} -->"
    block = f"{begin}\n{markdown(result)}{end}"
    text, replaced = re.subn(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _match: block, text, flags=re.DOTALL)
    if replaced != 1:
        raise RuntimeError(f"{PAGE.name} has no place for {result.name}")
    PAGE.write_text(text, encoding="utf-8")


def machine() -> Result:
    """Say what it ran on, without naming the machine."""
    rows = (
        ("date", time.strftime("%Y-%m-%d")),
        ("processor", _processor()),
        ("cores", str(os.cpu_count())),
        ("kernel", f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in ("gufo-snmp", "prometheus-client")),
        ("snmpd", _asked("snmpd", "--version")),
        ("prometheus-snmp-exporter", _asked("prometheus-snmp-exporter", "--version")),
        ("prometheus-node-exporter", _asked("prometheus-node-exporter", "--version")),
        ("collectd", _asked("collectd", "-h")),
    )
    return Result("machine", ("what", "is"), rows)


def _processor() -> str:
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
    return model.group(1) if model else platform.machine()


def _asked(*command: str) -> str:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    if shutil.which(command[0], path=path) is None:
        return "not installed"
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path})
    number = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return number.group(0) if number else "unknown"
