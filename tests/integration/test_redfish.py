"""The reference's controller against sushy-tools' static server, plain and over TLS."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agent.contract import Harvest
from agent.wire.wire import LocalWire
from tests.collectors.probe.servers import Authority, local_wire
from tests.collectors.redfish.lab import collector, values
from tests.harness.mockups import Tree, newer, older, write_mockup
from tests.harness.process import accepts, free_port, serving

pytestmark = pytest.mark.integration


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


async def polled(wire: LocalWire, folder: Path, tree: Tree, options: Sequence[str] = ()) -> Harvest:
    port = free_port()
    mockup = write_mockup(folder / "mockup", tree)
    program = str(Path(sys.executable).with_name("sushy-static"))
    command = [program, "-i", "127.0.0.1", "-p", str(port), "-m", str(mockup), *options]
    async with serving(command, folder / "sushy.log", lambda: accepts(port)):
        made = collector(wire, port)
        found = await made.collect()
        await made.close()
    return found


async def test_the_older_model_over_plain_http(wire: LocalWire, tmp_path: Path) -> None:
    found = await polled(wire, tmp_path, older())
    assert found.partial == ()
    assert values(found)["sensor_temperature_celsius serverraum Intake Ambient"] == 23.5


async def test_the_newer_model_over_tls_with_a_certificate_of_its_own(wire: LocalWire, tmp_path: Path) -> None:
    Authority().serve(tmp_path, "bmc.example")
    pem = str(tmp_path / "bmc.example.pem")
    found = await polled(wire, tmp_path, newer(), ["-c", pem, "-k", pem])
    assert found.partial == ()
    assert values(found)["sensor_voltage_present serverraum Supply R input"] == 0
