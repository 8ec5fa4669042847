"""Processes of the benchmark: started, awaited, measured from /proc, ended."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

COMMUNITY = "public"
START_SECONDS = 30
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# GET sysUpTime.0, v2c, community "public"
PROBE = bytes.fromhex("302602010104067075626c6963a019020101020100020100300e300c06082b060102010103000500")


class Usage(NamedTuple):
    """What a process has used so far."""

    cpu_seconds: float
    rss_bytes: int


def usage(pid: int) -> Usage:
    """Return user plus system CPU time and resident memory (proc(5)); children do not count."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return Usage((int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND, pages * os.sysconf("SC_PAGE_SIZE"))


def free_port(kind: socket.SocketKind) -> int:
    """Return a port that is free now on every loopback address."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("0.0.0.0", 0))
        port: int = probe.getsockname()[1]
    return port


def listens(port: int) -> bool:
    """Whether something accepts TCP connections on loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True


def answers_snmp(host: str, port: int) -> bool:
    """Whether an agent answers GET sysUpTime.0 from the very address that was asked (the socket is connected)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.2)
        try:
            probe.connect((host, port))
            probe.send(PROBE)
            return bool(probe.recv(2048))
        except OSError:
            return False


@contextmanager
def running(
    argv: Sequence[str], ready: Callable[[], bool], env: Mapping[str, str] | None = None
) -> Generator[subprocess.Popen[bytes]]:
    """Start a server, wait until ``ready`` (at most 30 s), end it afterwards. Raises RuntimeError if it never is."""
    with TemporaryFile() as said:  # not a pipe: nobody reads it while the server runs
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, env=env)
        try:
            deadline = time.perf_counter() + START_SECONDS
            while not ready():
                if process.poll() is not None or time.perf_counter() > deadline:
                    said.seek(0)
                    raise RuntimeError(f"{argv[0]} did not start: {said.read()[-500:].decode(errors='replace')}")
                time.sleep(0.02)
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
