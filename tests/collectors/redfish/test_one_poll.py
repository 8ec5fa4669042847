"""`ringwacht collect` leaves no session open, however it ends."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from tests.harness.mockups import ROOT, older
from tests.harness.redfish import PASSWORD, USER, Controller, served

CONFIGURATION = f"""\
municipality: {{name: X}}
include: [inventory.yml]
credentials:
  bmc: {{http: {{username: {USER}, password: {{file: password}}}}}}
"""


async def begun(folder: Path, port: int) -> asyncio.subprocess.Process:
    (folder / "ringwacht.yml").write_text(CONFIGURATION)
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o600)
    device = f"{{site: rathaus, address: '127.0.0.1:{port}', checks: [redfish], credential: bmc, timeout: 60s}}"
    (folder / "inventory.yml").write_text(f"sites: {{rathaus: {{}}}}\ndevices:\n  bmc: {device}\n")
    program = (sys.executable, "-m", "agent", "collect", str(folder), "bmc")
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*program, stdout=pipe, stderr=pipe)


async def test_ctrl_c_in_the_middle_of_a_poll_logs_out_first(tmp_path: Path) -> None:
    controller = Controller(older())
    controller.hold = {f"{ROOT}/Systems"}
    async with served(controller) as port:
        process = await begun(tmp_path, port)
        await controller.holding.wait()
        process.send_signal(signal.SIGINT)
        _, said = await process.communicate()
        assert (controller.open, controller.ended) == ({}, 1)
    assert process.returncode == 130
    assert b"logging out" in said


async def test_a_whole_poll_logs_out(tmp_path: Path) -> None:
    controller = Controller(older())
    async with served(controller) as port:
        process = await begun(tmp_path, port)
        out, _ = await process.communicate()
    assert process.returncode == 0
    assert b'part="FAN1"} 1.0' in out
    assert (controller.open, controller.ended) == ({}, 1)
