"""The whole way of the data with real servers: snmpd, the daemon, Prometheus, Alertmanager, and an HTTP receiver."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.harness.alertmanager import Alertmanager, alertmanager
from tests.harness.daemon import Ringwacht, ringwacht
from tests.harness.process import free_port, wait_until
from tests.harness.prometheus import prometheus, scrape_job
from tests.harness.sink import sink
from tests.harness.snmpd import V3_AUTH, V3_PRIV, V3_USER, Snmpd, snmpd

pytestmark = pytest.mark.integration


def county(directory: Path, agent: Snmpd, alertmanagers: tuple[str, ...] = ()) -> dict[str, Any]:
    """One switch that is polled over SNMPv3, authPriv, each second."""
    secrets = directory / "secrets"
    secrets.mkdir(parents=True, exist_ok=True)
    (secrets / "auth").write_text(V3_AUTH + "\n")
    (secrets / "priv").write_text(V3_PRIV + "\n")
    v3 = {
        "version": 3,
        "username": V3_USER,
        "auth_protocol": "SHA-256",
        "auth_password": {"file": "secrets/auth"},
        "priv_protocol": "AES-128",
        "priv_password": {"file": "secrets/priv"},
    }
    return {
        "municipality": {"id": "musterland", "language": "en"},
        "defaults": {"interval": "1s", "timeout": "500ms"},
        "credentials": {"net": {"snmp": v3}},
        "alerting": {
            "hold": {"critical": "1s", "warning": "1s", "info": "1s"},
            "clear": "1s",
            "alertmanagers": list(alertmanagers),
        },
        "sites": {"rathaus": {"name": "Rathaus"}},
        "devices": {
            "sw-1": {
                "site": "rathaus",
                "address": f"{agent.host}:{agent.port}",
                "credential": "net",
                "checks": ["snmp"],
            }
        },
    }


async def test_prometheus_finds_the_interface_counters_that_snmpd_answers_over_v3(tmp_path: Path) -> None:
    async with (
        snmpd(tmp_path / "agent") as agent,
        ringwacht(tmp_path / "county", county(tmp_path / "county", agent)) as daemon,
        prometheus(tmp_path / "prometheus", [scrape_job("ringwacht", f"127.0.0.1:{daemon.port}")]) as server,
    ):
        found = await server.wait_for('ifHCInOctets{device="sw-1",site="rathaus",instance="sw-1",ifName="lo"}')
        assert found[0].value > 0
        assert (await server.wait_for('ringwacht_up{device="sw-1",check="snmp"}'))[0].value == 1
        assert await server.wait_for('increase(ringwacht_snmp_values_total{device="sw-1"}[10s]) > 0')


async def test_a_silent_agent_becomes_an_alert_and_its_return_resolves_it(tmp_path: Path) -> None:
    async with alertmanager(tmp_path / "am") as server, snmpd(tmp_path / "agent") as agent:
        config = county(tmp_path / "county", agent, (server.url,))
        async with ringwacht(tmp_path / "county", config) as daemon:
            await daemon.wait_for_line('ringwacht_up{device="sw-1"')
            assert await server.alerts() == []
            await agent.process.kill()
            await daemon.wait_for_line('ringwacht_up{device="sw-1",instance="sw-1",site="rathaus",check="snmp"} 0')
            alerts = await server.wait_for(alertname="device_unreachable", device="sw-1", severity="critical")
            assert alerts[0]["labels"]["site"] == "rathaus"
            assert "sw-1" in alerts[0]["annotations"]["summary"]
            await agent.start()
            await server.wait_for(present=False, alertname="device_unreachable", device="sw-1")


async def test_a_silent_device_keeps_no_series(tmp_path: Path) -> None:
    async with (
        snmpd(tmp_path / "agent") as agent,
        ringwacht(tmp_path / "county", county(tmp_path / "county", agent)) as daemon,
    ):
        await daemon.wait_for_line("ifHCInOctets{")
        await agent.process.kill()

        async def gone() -> bool:
            return "ifHCInOctets{" not in await daemon.metrics()

        await wait_until(gone, "series of the silent device gone")
        page = await daemon.metrics()
        assert 'ringwacht_up{device="sw-1",instance="sw-1",site="rathaus",check="snmp"} 0' in page
        assert 'ringwacht_stale{device="sw-1",instance="sw-1",site="rathaus",check="snmp"} 1' in page


async def test_kill_9_between_decision_and_delivery_loses_nothing(tmp_path: Path) -> None:
    port = free_port()
    later = Alertmanager(tmp_path / "am", free_port())
    async with snmpd(tmp_path / "agent") as agent:
        config = county(tmp_path / "county", agent, (later.url,))
        (tmp_path / "county/secrets/apprise").write_text(f"json://127.0.0.1:{port}/oncall")
        config["alerting"] |= {
            "receivers": {"on-call": {"apprise": [{"file": "secrets/apprise"}]}},
            "routes": [{"match": {"severity": "critical"}, "receivers": ["on-call"]}],
        }
        daemon = Ringwacht(tmp_path / "county", config)
        await daemon.start()
        await daemon.wait_for_line('ringwacht_up{device="sw-1"')
        await agent.process.kill()
        before = await daemon.wait_for_alert("device_unreachable", "device:sw-1", "firing")
        await daemon.process.kill()  # decided; nobody who could have been told was there
        async with sink(port) as receiver:
            await later.start()
            await daemon.start()
            try:
                await later.wait_for(alertname="device_unreachable", device="sw-1")
                messages = await receiver.wait(1)
                assert "sw-1" in messages[0].body.decode()
                after = await daemon.wait_for_alert("device_unreachable", "device:sw-1", "firing")
                assert (after["id"], after["since"]) == (before["id"], before["since"])
                await daemon.process.stop()
                await daemon.start()
                await daemon.wait_for_alert("device_unreachable", "device:sw-1", "firing")
                assert len(receiver.requests) == 1, "a restart repeats nothing"
            finally:
                await daemon.process.stop()
                await later.process.stop()


async def test_systemd_hears_ready_watchdog_and_stopping(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        loop = asyncio.get_running_loop()
        async with snmpd(tmp_path / "agent") as agent:
            environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "400000"}
            daemon = Ringwacht(tmp_path / "county", county(tmp_path / "county", agent), environment)
            await daemon.start()
            heard = [await asyncio.wait_for(loop.sock_recv(systemd, 4096), 10) for _ in range(3)]
            assert heard == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
            await daemon.process.stop()
            while heard[-1] == b"WATCHDOG=1":
                heard.append(await asyncio.wait_for(loop.sock_recv(systemd, 4096), 10))
            assert heard[-1] == b"STOPPING=1"


async def test_sigterm_ends_the_daemon_cleanly(tmp_path: Path) -> None:
    async with snmpd(tmp_path / "agent") as agent:
        daemon = Ringwacht(tmp_path / "county", county(tmp_path / "county", agent))
        await daemon.start()
        assert await daemon.process.stop(seconds=5) == 0
        assert "Traceback" not in daemon.process.log()


async def test_sighup_takes_up_a_good_file_and_refuses_a_bad_one(tmp_path: Path) -> None:
    async with snmpd(tmp_path / "agent") as agent:
        config = county(tmp_path / "county", agent)
        async with ringwacht(tmp_path / "county", config) as daemon:
            await daemon.wait_for_line("ringwacht_config_last_reload_success 1")
            second: Mapping[str, Any] = {**config["devices"], "sw-2": config["devices"]["sw-1"]}
            daemon.write({**config, "devices": second})
            os.kill(daemon.process.pid, signal.SIGHUP)
            await daemon.wait_for_line('ringwacht_up{device="sw-2"')
            daemon.write({**config, "devices": {"sw-1": {"site": "rathaus", "adress": "127.0.0.1"}}})
            os.kill(daemon.process.pid, signal.SIGHUP)
            await daemon.wait_for_line("ringwacht_config_last_reload_success 0")
            assert "ringwacht.yml:" in daemon.process.log()
            assert "did you mean address?" in daemon.process.log()
            assert 'ringwacht_up{device="sw-2"' in await daemon.metrics(), "the old plan stays in force"
            status, told = await daemon.reload()
            assert status == 500
            assert "did you mean address?" in told
            daemon.write(config)
            assert await daemon.reload() == (200, "reloaded\n")
            await daemon.wait_for_line("ringwacht_config_last_reload_success 1")
            assert 'device="sw-2"' not in await daemon.metrics()


async def test_a_wrong_v3_password_says_auth(tmp_path: Path) -> None:
    async with snmpd(tmp_path / "agent") as agent:
        config = county(tmp_path / "county", agent)
        (tmp_path / "county/secrets/auth").write_text("not-the-password")
        async with ringwacht(tmp_path / "county", config) as daemon:
            await daemon.wait_for_line(
                'ringwacht_collect_errors_total{device="sw-1",instance="sw-1",site="rathaus",check="snmp",reason="auth"}'
            )
            alert = await daemon.wait_for_alert("credentials_refused", "device:sw-1", "firing")
            assert alert["severity"] == "warning"
            assert 'reason="timeout"' not in await daemon.metrics()
