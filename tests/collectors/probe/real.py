"""Real servers, unprivileged and on free ports: NSD (authoritative DNS) and chronyd (NTP, leaving the clock alone)."""

from __future__ import annotations

import asyncio
import os
import pwd
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.harness.process import accepts, free_port, serving

SBIN = Path("/usr/sbin")  # a user's PATH lacks it
ZONE = """
$ORIGIN rathaus.example.
$TTL 300
@          SOA   ns1 hostmaster 2026112201 3600 900 604800 300
@          NS    ns1
@          A     192.0.2.80
@          AAAA  2001:db8::80
@          MX    10 Mail
@          TXT   "v=spf1 mx" " -all"
@          CAA   0 issue "ca.example; policy=ev"
ns1        A     127.0.0.1
www        CNAME rathaus.example.
mail       A     192.0.2.25
_ldap._tcp SRV   0 100 389 dc1
dc1        A     192.0.2.10
"""
MANY = 60  # addresses of `viele`, more than a datagram of 512 bytes holds
CHRONY = """
port {port}
bindaddress 127.0.0.1
allow 127.0.0.0/8
cmdport 0
bindcmdaddress /
pidfile {folder}/chronyd.pid
{more}
"""
NSD = """
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  xfrdir: "{folder}"
  xfrdfile: ""
  database: ""
  pidfile: "{folder}/nsd.pid"
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: rathaus.example
  zonefile: zone
"""


@asynccontextmanager
async def name_server(folder: Path) -> AsyncGenerator[int]:
    """NSD with one zone, over UDP and TCP; yields the port."""
    port = free_port()
    many = "".join(f"viele A 198.51.100.{index}\n" for index in range(1, MANY + 1))
    (folder / "zone").write_text(ZONE + many)
    config = folder / "nsd.conf"
    config.write_text(NSD.format(port=port, folder=folder))
    async with serving([str(SBIN / "nsd"), "-d", "-c", str(config)], folder / "nsd.log", lambda: accepts(port)):
        yield port


@asynccontextmanager
async def time_server(folder: Path, more: str = "local stratum 3") -> AsyncGenerator[int]:
    """A chronyd that serves this machine's time; with ``more`` empty it is not synchronised. Yields the port."""
    port = free_port(socket.SOCK_DGRAM)
    config = folder / "chrony.conf"
    config.write_text(CHRONY.format(port=port, folder=folder, more=more))
    command = [str(SBIN / "chronyd"), "-d", "-x", "-U", "-u", pwd.getpwuid(os.getuid()).pw_name, "-f", str(config)]

    async def serves() -> bool:
        return await asyncio.to_thread(_answers, port)

    async with serving(command, folder / "chronyd.log", serves):
        yield port


def _answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.2)
        client.connect(("127.0.0.1", port))
        try:
            client.send(b"\x23" + bytes(47))
            return bool(client.recv(100))
        except OSError:
            return False
