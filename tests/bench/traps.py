"""From snmptrap's start to the changed state on the daemon's page: a port goes down and up, the device tells of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from tests.bench.procs import COMMUNITY, answers_snmp, free_port, listens, running

OPER_STATUS = "1.3.6.1.2.1.2.2.1.8"
LINK_DOWN, LINK_UP = "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.6.3.1.1.5.4"
TIMES = 10
APART_SECONDS = 1.5
"""However much a device sends, it is polled once a second; less than five seconds, so that no repeated poll helps."""
PATIENCE_SECONDS = 30.0
ANSWERS = """#!/bin/sh
[ "$1 $2" = "-n .{oid}.1" ] || printf '%s\\n' .{oid}.1 integer "$(cat {state})"
"""
"""snmpd's ``pass``: the one instance of the column, for whatever is asked before it."""


def measure() -> tuple[float, ...]:
    """Return seconds for each of ten changes. Raises RuntimeError if something is missing or nothing changes."""
    if shutil.which("snmptrap") is None:
        raise RuntimeError("snmptrap is missing: apt-get install --no-install-recommends snmp")
    with TemporaryDirectory() as name, _device(Path(name)) as agent:
        folder = Path(name)
        web, traps = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
        _configure(folder, agent, web, traps)
        argv = [sys.executable, "-P", "-m", "agent", "run", name]
        with running(argv, lambda: listens(web)):
            _first_poll(web, traps)
            return tuple(_change(folder, web, traps, 2 - turn % 2) for turn in range(1, TIMES + 1))


def _change(folder: Path, web: int, traps: int, state: int) -> float:
    time.sleep(APART_SECONDS)
    (folder / "port").write_text(str(state), encoding="ascii")
    begun = time.perf_counter()
    _send(traps, LINK_UP if state == 1 else LINK_DOWN)
    while shown(_page(web)) != state:
        if time.perf_counter() - begun > PATIENCE_SECONDS:
            raise RuntimeError("a trap changed nothing")
        time.sleep(0.005)
    return time.perf_counter() - begun


def _first_poll(web: int, traps: int) -> None:
    """Bring the first poll about: it may be an hour away, and the trap port opens a moment after the web's."""
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while shown(_page(web)) is None:
        if time.perf_counter() > deadline:
            raise RuntimeError("no trap brought a poll about")
        _send(traps, LINK_UP)
        time.sleep(0.5)


def shown(page: str) -> int | None:
    """Return the port's state on the page, None where it has none."""
    found = re.search(r"^ifOperStatus\{.*\} (\d+)$", page, re.MULTILINE)
    return int(found.group(1)) if found else None


def _page(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def _send(port: int, trap: str) -> None:
    argv = ["snmptrap", "-v2c", "-c", COMMUNITY, f"127.0.0.1:{port}", "", trap]
    subprocess.run(argv, check=True, stderr=subprocess.DEVNULL, env={**os.environ, "MIBS": ""})


def _configure(folder: Path, agent: int, web: int, traps: int) -> None:
    metric = {
        "name": "ifOperStatus",
        "oid": OPER_STATUS,
        "type": "gauge",
        "help": "State of the port.",
        "indexes": [{"labelname": "ifIndex", "type": "gauge"}],
    }
    (folder / "snmp.yml").write_text(
        json.dumps({"port": {"walk": [OPER_STATUS], "metrics": [metric]}}), encoding="utf-8"
    )
    device = {"site": "rathaus", "address": f"127.0.0.1:{agent}", "credential": "lab", "checks": ["snmp"]}
    configuration: dict[str, object] = {
        "web": {"listen": f"127.0.0.1:{web}"},
        "state": {"directory": "state"},
        "defaults": {"interval": "1h"},
        "credentials": {"lab": {"snmp": {"version": "2c", "community": {"file": "community"}}}},
        "traps": {"listen": f"127.0.0.1:{traps}", "allow": ["127.0.0.0/8"], "credentials": ["lab"]},
        "snmp_modules": ["snmp.yml"],
        "sites": {"rathaus": {"name": "Rathaus"}},
        "devices": {"sw-1": {**device, "profile": "none", "modules": ["port"]}},
    }
    (folder / "ringwacht.yml").write_text(json.dumps(configuration), encoding="utf-8")  # JSON is YAML


@contextmanager
def _device(folder: Path) -> Generator[int]:
    """Run an agent with one port, whose state is in the file ``port``; yield its UDP port."""
    (folder / "community").write_text(COMMUNITY, encoding="utf-8")
    (folder / "port").write_text("1", encoding="ascii")
    script = folder / "answers.sh"
    script.write_text(ANSWERS.format(oid=OPER_STATUS, state=folder / "port"), encoding="utf-8")
    conf = folder / "snmpd.conf"
    conf.write_text(f"rocommunity {COMMUNITY}\npass .{OPER_STATUS} /bin/sh {script}\n", encoding="utf-8")
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    env = {**os.environ, "PATH": path, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder), "SNMPCONFPATH": str(folder)}
    port = free_port(socket.SOCK_DGRAM)
    argv = ["snmpd", "-C", "-c", str(conf), "-f", "-LE", "3", "-I", "-ifTable,-ifXTable,-smux", f"udp:127.0.0.1:{port}"]
    with running(argv, lambda: answers_snmp("127.0.0.1", port), env):
        yield port
