"""A second machine under its unit, with the example's configuration, read by the main daemon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness.daemon import ringwacht
from tests.harness.process import ServerProcess, answers, free_port, serving
from tests.packaging.test_sandboxed import sandboxed_command

pytestmark = pytest.mark.integration

EXAMPLE = Path(__file__).parents[2] / "config/examples/host-agent/ringwacht.yml"


def test_the_manual_shows_the_example() -> None:
    manual = (EXAMPLE.parents[3] / "docs/operating.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(text.partition("```")[0]) for text in manual.split("```yaml\n")[1:]]
    assert yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")) in blocks


async def test_the_main_daemon_reads_it(tmp_path: Path) -> None:
    port = free_port()
    example: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    example |= {"web": {"listen": f"127.0.0.1:{port}"}, "state": {"directory": "state"}}
    (tmp_path / "ringwacht.yml").write_text(yaml.safe_dump(example), encoding="utf-8")
    command = sandboxed_command("ringwacht-host.service", tmp_path)
    scrape = {"preset": "node_exporter", "port": port}
    server = {"site": "rathaus", "role": "server", "address": "127.0.0.1", "checks": ["scrape"], "scrape": scrape}
    main = {"defaults": {"interval": "1s"}, "sites": example["sites"], "devices": {"srv-files": server}}

    async def ready() -> bool:
        return await answers(f"http://127.0.0.1:{port}/-/ready")

    async with serving(command, tmp_path / "agent.log", ready) as agent, ringwacht(tmp_path / "main", main) as daemon:
        assert isinstance(agent, ServerProcess)
        for family in ("node_load1", "node_cpu_seconds_total", "node_timex_sync_status"):
            line = await daemon.wait_for_line(f"{family}{{")
            assert 'device="srv-files"' in line
            assert 'instance="srv-files"' in line
        assert 'mountpoint="/"' in await daemon.wait_for_line("node_filesystem_avail_bytes{")
        assert 'check="host"' not in await daemon.metrics(), "what the agent says of itself stays there"
