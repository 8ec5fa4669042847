"""Network devices with an SSH terminal, scripted: prompts, paging, privileged mode, echo, and every way to misbehave.

Synthetic: written after the platforms' manuals and netmiko's drivers, recorded from none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import asyncssh

Trouble = Literal["", "mute", "hang", "drop", "flood", "slow"]
FLOOD_BYTES = 20 << 20


def new_key() -> asyncssh.SSHKey:
    """Return a key of a host or a user."""
    return asyncssh.generate_private_key("ssh-ed25519")  # pyright: ignore[reportUnknownMemberType]  # its arguments


@dataclass
class Device:
    """One device, and what it saw. ``answers``: by command; ``{more}`` pages unless paging was turned off."""

    prompt: str
    answers: Mapping[str, str]
    password: str = "lab-password"
    enable_password: str = ""
    greeting: str = ""
    paging_off: str = ""
    password_prompt: str = "Password: "
    privileged: str = ""
    escapes: bool = False
    trouble: Trouble = ""
    key: asyncssh.SSHKey = field(default_factory=new_key)
    port: int = 0
    connections: int = 0
    logins: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    began: list[str] = field(default_factory=list[str])
    commands: list[str] = field(default_factory=list[str])

    def known(self) -> str:
        """Return its line in known_hosts."""
        return f"[127.0.0.1]:{self.port} {self.key.export_public_key().decode().strip()}\n"

    def trusted_in(self, path: Path) -> Path:
        """Write a known_hosts that has its key."""
        path.write_text(self.known())
        return path


def cisco(**changes: object) -> Device:
    """A Cisco IOS switch that starts without privileges."""
    running = (
        "Building configuration...\n\nCurrent configuration : 310 bytes\n!\n"
        "! Last configuration change at 10:01:02 MET Mon Jan 4 2027\nversion 15.2\nhostname sw-c\n!\n"
        "enable secret 5 $1$abcd$kAnarie-57\nsnmp-server community kAnarie-57 RO\nntp clock-period 36028\n"
        "interface Gi1/0/1\n description Prompt sw-c# mitten im Text\n!\nend\n"
    )
    saved = "Using 310 out of 65536 bytes\n!\n" + running.split("MET Mon Jan 4 2027\n")[1].replace("36028", "36029")
    answers = {"show running-config": running, "show startup-config": saved, "terminal width 511": ""}
    given = {"enable_password": "lab-enable", "privileged": "sw-c#", "paging_off": "terminal length 0"}
    return _made(Device("sw-c>", answers), given, changes)


def procurve(**changes: object) -> Device:
    """An HP ProCurve switch: banner, a key to press, cursor movements."""
    running = (
        'Running configuration:\n\n; J9147A Configuration Editor; Created on release #W.15.14\n\nhostname "sw-p"\n'
        'snmp-server community "kAnarie-57" unrestricted\nvlan 1\n   name "DEFAULT_VLAN"\n   exit\n'
        'password manager user-name "admin" sha1 "kAnarie-57"\n'
    )
    status = "Running configuration has been changed and needs to be saved.\n"
    answers = {"show running-config": running, "show config status": status, "terminal width 511": ""}
    greeting = "ProCurve J9147A Switch 2910al-48G\nCopyright (C) 1991-2014 Hewlett-Packard\n\nPress any key to continue"
    given = {"greeting": greeting, "paging_off": "no page", "escapes": True}
    return _made(Device("sw-p# ", answers), given, changes)


def aruba(**changes: object) -> Device:
    """An ArubaOS-Switch, everything saved."""
    running = (
        "Running configuration:\n\n; JL255A Configuration Editor; Created on release #WC.16.10.0009\n"
        'hostname "sw-a"\nradius-server host 192.0.2.1 key "kAnarie-57"\n'
    )
    status = "Running configuration is same as the startup configuration.\n"
    answers = {"show running-config": running, "show config status": status, "terminal width 511": ""}
    return _made(procurve(), {"prompt": "sw-a# ", "answers": answers}, changes)


def mikrotik(**changes: object) -> Device:
    """A MikroTik router."""
    export = (
        "# 2027-01-04 10:00:00 by RouterOS 7.15.3\n# software id = ABCD-EFGH\n#\n"
        "/interface bridge add name=bridge1\n/ppp secret add name=standort password=kAnarie-57\n"
        "/snmp community set [ find default=yes ] addresses=10.0.0.0/8 name=kAnarie-57\n"
    )
    return _made(Device("[lab@mt-1] > ", {"/export terse": export}), {"escapes": True}, changes)


def _made(device: Device, *given: Mapping[str, object]) -> Device:
    for fields in given:
        for name, value in fields.items():
            setattr(device, name, value)
    return device


@asynccontextmanager
async def serving(device: Device) -> AsyncGenerator[Device]:
    """Let the device listen on a free port of loopback, its number in ``port``."""
    open_ones: list[asyncssh.SSHServerConnection] = []

    class Login(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            device.connections += 1
            open_ones.append(conn)

        def begin_auth(self, username: str) -> bool:
            device.began.append(username)
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            device.logins.append((username, password))
            return password == device.password

    async def talk(process: asyncssh.SSHServerProcess[bytes]) -> None:
        with suppress(asyncssh.Error, OSError):  # the far side left
            await _Terminal(device, process).run()
        process.exit(0)

    server = await asyncssh.create_server(
        Login, "127.0.0.1", 0, server_host_keys=[device.key], process_factory=talk, line_editor=False, encoding=None
    )
    device.port = server.get_port()
    try:
        yield device
    finally:
        server.close()
        for one in open_ones:
            one.abort()
            await one.wait_closed()
        await server.wait_closed()


class _Terminal:
    def __init__(self, device: Device, process: asyncssh.SSHServerProcess[bytes]) -> None:
        self._device = device
        self._process = process
        self._typed = b""
        self._paging = bool(device.paging_off)
        self._prompt = device.prompt

    async def run(self) -> None:
        device = self._device
        if device.trouble == "mute":
            await asyncio.Event().wait()
        if device.greeting:
            self._write(device.greeting)
            await self._process.stdin.read(1)
        self._write("\n")
        self._ask()
        while (line := await self._line()) is not None:
            device.commands.append(line)
            self._write(f"{line}\n")
            if line in {"exit", "logout", "quit"}:
                return
            await self._answer(line)

    async def _answer(self, line: str) -> None:
        device = self._device
        if line.startswith(("show running", "/export")) and device.trouble:
            await self._misbehave(device.answers[line])
        if line == device.paging_off and line:
            self._paging = False
        elif line == "enable":
            self._write(device.password_prompt)
            if await self._line() == device.enable_password:
                self._prompt = device.privileged
        elif line.startswith("show running") and device.privileged and self._prompt != device.privileged:
            self._write("% Invalid input detected at '^' marker.\n")
        elif line:
            await self._page(device.answers.get(line, "% Invalid input detected at '^' marker.\n"))
        self._ask()

    async def _page(self, text: str) -> None:
        if not self._paging:
            self._write(text)
            return
        for line in text.splitlines():
            self._write(f"{line}\n -- MORE --")
            await self._process.stdin.read(1)

    async def _misbehave(self, answer: str) -> None:
        trouble = self._device.trouble
        if trouble == "slow":
            return
        self._write(answer[: len(answer) // 2])
        if trouble == "hang":
            await asyncio.Event().wait()
        elif trouble == "flood":
            for _ in range(FLOOD_BYTES >> 16):
                self._write("x" * 63 + "\n" + "y" * ((1 << 16) - 64))
                await self._process.stdout.drain()
        self._process.channel.get_connection().abort()

    async def _line(self) -> str | None:
        """Return what was typed until the return key; one for CR, LF and both."""
        while True:
            for end in (b"\r\n", b"\r", b"\n"):
                line, found, rest = self._typed.partition(end)
                if found and not any(one in line for one in (b"\r", b"\n")):
                    self._typed = rest
                    return line.decode()
            piece = await self._process.stdin.read(4096)
            if not piece:
                return None
            self._typed += piece

    def _ask(self) -> None:
        before = "\x1b[24;1H\x1b[2K\x1b[?25h" if self._device.escapes else ""
        self._write(f"{before}{self._prompt}")

    def _write(self, text: str) -> None:
        self._process.stdout.write(text.replace("\n", "\r\n").encode())
