"""Debian's snmpd on loopback: v1 and v2c by community, v3 by user, killed and started again at will."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

from gufo.snmp.aio import SnmpSession

from config.credentials import AuthProtocol, PrivProtocol
from tests.harness.process import ServerProcess, free_port

V3_USER = "ringwacht"
V3_AUTH = "authpass123"
V3_PRIV = "privpass123"


def user_name(auth: str, priv: str | None) -> str:
    """The user of one cell of the matrix."""
    return f"m-{auth}-{priv or 'none'}"


def matrix_users() -> str:
    """Configuration with a user for each authentication protocol, without privacy and with each privacy protocol."""
    lines: list[str] = []
    for auth in get_args(AuthProtocol):
        lines.append(f"createUser {user_name(auth, None)} {auth} {V3_AUTH}\nrouser {user_name(auth, None)} authNoPriv")
        for priv in get_args(PrivProtocol):
            name = user_name(auth, priv)
            lines.append(f"createUser {name} {auth} {V3_AUTH} {priv} {V3_PRIV}\nrouser {name} authPriv")
    return "\n".join(lines) + "\n"


class Snmpd:
    """One agent; community ``public``, v3 user with SHA-256 and AES-128 (authPriv)."""

    def __init__(self, directory: Path, extra: str = "") -> None:
        self.host = "127.0.0.1"
        self.port = free_port(socket.SOCK_DGRAM)
        directory.mkdir(parents=True, exist_ok=True)
        config = directory / "snmpd.conf"
        config.write_text(
            f"agentaddress udp:{self.host}:{self.port}\n"
            "rocommunity public\n"
            f"createUser {V3_USER} SHA-256 {V3_AUTH} AES {V3_PRIV}\n"
            f"rouser {V3_USER} authPriv\n" + extra
        )
        command = ("snmpd", "-f", "-Lo", "-C", "-c", str(config), "-I", "-smux,mteTrigger,mteTriggerConf")
        environment = {"SNMP_PERSISTENT_DIR": str(directory / "persistent")}
        self.process = ServerProcess(command, directory / "snmpd.log", environment)

    async def start(self) -> None:
        """Starts it (again) and waits until it answers."""
        await self.process.start(self._answers)

    async def _answers(self) -> bool:
        try:
            async with SnmpSession(self.host, port=self.port, community="public", timeout=0.2) as session:
                return await session.get("1.3.6.1.2.1.1.3.0") is not None
        except (TimeoutError, OSError):
            await asyncio.sleep(0.05)
            return False


@asynccontextmanager
async def snmpd(directory: Path, extra: str = "") -> AsyncGenerator[Snmpd]:
    """A running agent."""
    agent = Snmpd(directory, extra)
    await agent.start()
    try:
        yield agent
    finally:
        await agent.process.stop()
