"""The daemon under what its units restrict: it does all that it does without."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.harness import sandbox
from tests.harness.daemon import COMMAND, Ringwacht
from tests.harness.process import ServerProcess
from tests.harness.snmpd import Snmpd, snmpd

pytestmark = pytest.mark.integration

UNITS = Path(__file__).parents[2] / "packaging"
BASE: Mapping[str, Any] = {
    "defaults": {"interval": "1s", "timeout": "500ms"},
    "sites": {"rathaus": {"name": "Rathaus"}},
    "devices": {"local": {"site": "rathaus", "role": "server", "checks": ["host"]}},
}


def everything(agent: Snmpd, folder: Path, port: int) -> dict[str, Any]:
    """What the daemon does over sockets, files and programs."""
    (folder / "community").write_text("public", encoding="utf-8")
    check_tcp = ["/usr/lib/nagios/plugins/check_tcp", "-H", agent.host, "-p", str(port)]
    return {
        **BASE,
        "credentials": {"lab": {"snmp": {"version": "2c", "community": {"file": "community"}}}},
        "devices": {
            **BASE["devices"],
            "sw-1": {
                "site": "rathaus",
                "address": f"{agent.host}:{agent.port}",
                "credential": "lab",
                "checks": ["snmp", "plugin"],
                "plugin": {"command": check_tcp},
            },
        },
        "services": {"page": {"url": f"http://127.0.0.1:{port}/-/healthy"}},
    }


def sandboxed_command(unit: str, folder: Path) -> tuple[str, ...]:
    """The daemon on this folder behind ``tests/harness/sandbox.py``."""
    return (sys.executable, "-P", sandbox.__file__, str(UNITS / unit), *COMMAND, "run", str(folder))


class Sandboxed(Ringwacht):
    """The daemon under its unit, and what it tells systemd."""

    def __init__(self, unit: str, folder: Path) -> None:
        super().__init__(folder, BASE, {})
        self.systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.systemd.bind(str(folder / "notify"))
        self.systemd.setblocking(False)
        environment = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "400000"}
        self.process = ServerProcess(sandboxed_command(unit, folder), folder / "ringwacht.log", environment)

    async def hear(self, word: bytes) -> None:
        """Wait until systemd is told this."""
        async with asyncio.timeout(10):
            while await asyncio.get_running_loop().sock_recv(self.systemd, 4096) != word:
                pass


@asynccontextmanager
async def sandboxed(unit: str, folder: Path) -> AsyncGenerator[Sandboxed]:
    daemon = Sandboxed(unit, folder)
    try:
        yield daemon
    finally:
        await daemon.process.kill()
        daemon.systemd.close()


async def test_the_daemon_works_under_its_unit(tmp_path: Path) -> None:
    async with snmpd(tmp_path / "agent") as agent, sandboxed("ringwacht.service", tmp_path / "county") as daemon:
        daemon.write(everything(agent, daemon.directory, daemon.port))
        await daemon.start()
        for key in ('{device="sw-1"', '{device="local"', '{service="page"'):
            await daemon.wait_for_line(f"ringwacht_up{key}")
        page = await daemon.metrics()
        assert "node_timex_sync_status" in page
        assert await daemon.wait_for_line("ringwacht_plugin_status{") != ""
        await daemon.wait_for_line('probe_success{service="page"')
        ups = [line for line in (await daemon.metrics()).splitlines() if line.startswith("ringwacht_up{")]
        assert len(ups) == 4
        assert all(line.endswith(" 1") for line in ups), ups
        assert "denied" not in daemon.process.log()
        assert "not permitted" not in daemon.process.log()


@pytest.mark.parametrize("unit", ["ringwacht.service", "ringwacht-host.service"])
async def test_systemd_hears_all_of_a_life(unit: str, tmp_path: Path) -> None:
    async with sandboxed(unit, tmp_path / "county") as daemon:
        await daemon.start()
        await daemon.hear(b"READY=1")
        await daemon.hear(b"WATCHDOG=1")
        await daemon.wait_for_line('ringwacht_up{device="local"')
        assert "node_filesystem_avail_bytes" in await daemon.metrics()
        daemon.write({**BASE, "devices": {**BASE["devices"], "second": {"site": "rathaus", "checks": ["host"]}}})
        os.kill(daemon.process.pid, signal.SIGHUP)
        await daemon.wait_for_line('ringwacht_up{device="second"')
        await daemon.hear(b"WATCHDOG=1")
        os.kill(daemon.process.pid, signal.SIGTERM)
        await daemon.hear(b"STOPPING=1")
        assert await daemon.process.stop() == 0


@pytest.mark.parametrize("unit", ["ringwacht.service", "ringwacht-host.service"])
def test_the_units_leave_what_they_need_and_nothing_that_sets_the_clock(unit: str) -> None:
    calls = sandbox.allowed_calls(UNITS / unit)
    assert {"execve", "clone3", "kill", "pidfd_open", "prlimit64", "statfs", "adjtimex", "clock_adjtime"} <= calls
    assert sandbox.directives(UNITS / unit, "ProtectClock") == [], "it would take adjtimex away again"
    assert sandbox.directives(UNITS / unit, "ProcSubset") == [], "the host check reads /proc"
    assert not {"clock_settime", "settimeofday", "mount", "ptrace", "bpf", "setpriority", "chown", "setuid"} & calls
