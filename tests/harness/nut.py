"""Debian's NUT: a driver that tells what a test writes into its file (dummy-ups), and the server beside it (upsd).

Everything lies in one directory and nothing needs root: NUT_CONFPATH, NUT_STATEPATH and NUT_ALTPIDPATH say where.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from agent.contract import CollectError
from collectors.nut.client import Conversation, Endpoint, quoted
from tests.harness.process import ServerProcess, accepts, free_port, wait_until

UPS = "usv1"
USER, PASSWORD = "wacht", 'ge"heim # 1'
ON_MAINS: Mapping[str, str] = {
    "battery.charge": "100",
    "battery.date": "2023/05/01",
    "battery.runtime": "1860",
    "battery.runtime.low": "300",
    "battery.temperature": "27.4",
    "device.mfr": "APC",
    "device.model": "Smart-UPS 3000",
    "device.serial": "AS0000000001",
    "input.voltage": "231.4",
    "ups.firmware": "UPS 09.3",
    "ups.load": "41",
    "ups.realpower.nominal": "2700",
    "ups.status": "OL",
    "ups.test.date": "2024/10/01",
    "ups.test.result": "Done and passed",
}
"""A UPS that is well."""


class NutServer:
    """``upsd`` on loopback, with one UPS (``usv1``) whose driver reads a file that tests rewrite."""

    def __init__(self, directory: Path) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        self._directory = directory
        self._written_at = 0
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        folder, me = str(directory), getpass.getuser()
        environment = {"NUT_CONFPATH": folder, "NUT_STATEPATH": folder, "NUT_ALTPIDPATH": folder}
        self._write("ups.conf", f"[{UPS}]\n driver = dummy-ups\n port = {UPS}.dev\n mode = dummy-once\n")
        self._write("upsd.conf", f"LISTEN {self.host} {self.port}\nMAXAGE 3\n")
        self._write("upsd.users", f"[{USER}]\n password = {quoted(PASSWORD)}\n upsmon secondary\n")
        self.say(ON_MAINS)
        driver = ("/lib/nut/dummy-ups", "-a", UPS, "-u", me, "-F")
        server = ("/lib/nut/upsd", "-F", "-u", me)  # Debian's on the PATH asks /etc/nut whether it may
        self.driver = ServerProcess(driver, directory / "driver.log", environment)
        self.upsd = ServerProcess(server, directory / "upsd.log", environment)

    def say(self, variables: Mapping[str, str]) -> None:
        """Let the UPS say exactly this from now on; the driver reads it when it next looks (within two seconds)."""
        text = "".join(f"{name}: {_for_the_driver(value)}\n" for name, value in variables.items())
        path = self._directory / f"{UPS}.dev"
        fresh = path.with_suffix(".new")
        fresh.write_text(text)
        # the driver sees by whole seconds whether the file is another one: of two in one second it missed the later
        self._written_at = max(int(fresh.stat().st_mtime), self._written_at + 1)
        os.utime(fresh, (self._written_at, self._written_at))
        fresh.replace(path)

    async def tells(self, variables: Mapping[str, str]) -> None:
        """Let the UPS say this besides what it says when it is well, and wait until the server says so."""
        said = {**ON_MAINS, **variables}
        self.say(said)

        async def told() -> bool:
            found = await self.variables()
            return all(found.get(name) == value for name, value in said.items())

        await wait_until(told, f"upsd tells {variables}")

    async def variables(self) -> Mapping[str, str]:
        """Return what the server says of the UPS; nothing while it does not."""
        conversation = Conversation(Endpoint(self.host, self.host, self.port), timeout_seconds=1)
        try:
            return await conversation.variables(UPS)
        except CollectError:
            return {}
        finally:
            conversation.close()

    async def start(self) -> None:
        """Start driver and server (again), and wait until the UPS is told of."""
        await self.start_driver()
        await self.start_upsd()
        await self.tells({})

    async def start_driver(self) -> None:
        """Start the driver and wait for its socket."""
        socket = self._directory / f"dummy-ups-{UPS}"
        socket.unlink(missing_ok=True)

        async def listens() -> bool:
            return socket.exists()

        await self.driver.start(listens)

    async def start_upsd(self) -> None:
        """Start the server and wait until it accepts."""

        async def listens() -> bool:
            return await accepts(self.port, self.host)

        await self.upsd.start(listens)

    async def stop(self) -> None:
        """End both."""
        for process in (self.upsd, self.driver):
            if process.running:
                await process.stop()

    @asynccontextmanager
    async def shutdown_client(self) -> AsyncGenerator[None]:
        """A computer that is logged in inside the block, as upsmon is on one that is to be shut down."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            for line in (f"USERNAME {USER}", f"PASSWORD {quoted(PASSWORD)}", f"LOGIN {UPS}"):
                writer.write(f"{line}\n".encode())
                reply = await reader.readline()
                assert reply.startswith(b"OK"), (line, reply)
            yield
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _write(self, name: str, text: str) -> None:
        path = self._directory / name
        path.write_text(text)
        path.chmod(0o600)


def _for_the_driver(value: str) -> str:
    """Return a value as it stands in the driver's file: dummy-ups takes the escapes out and tells upsd none."""
    return quoted(re.sub(r'(["\\#])', r"\\\1", value))


@asynccontextmanager
async def nut_server(directory: Path) -> AsyncGenerator[NutServer]:
    """A server with a UPS that is well."""
    server = NutServer(directory)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
