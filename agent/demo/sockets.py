"""Loopback sockets for the county, bound before anything is written about them: a port in use is never announced."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import NamedTuple

from agent.demo.cast import DEVICES, Device
from agent.demo.errors import DemoError
from agent.demo.school import BEAMERS

LOOPBACK = "127.0.0.1"
_AGENT_PORTS = (1161, 2161, 3161, 0)  # 0: whatever the system has
_ANY = (0,)
_TRAP_PORTS = (1162, 2162, 3162, 0)
_PORTAL_PORTS = (8443, 0)
_UPSD_PORTS = (3493, 4493, 0)
_WEB_PORTS = (*range(9595, 9695), 0)
_TAKEN = {errno.EADDRINUSE, errno.EACCES}


class Doors(NamedTuple):
    """Where the county answers: a UDP socket for each device, TCP for its portal, its NUT server and its school.

    ``jamf``: the school's device management, ``beamers``: its projectors. ``traps`` (UDP) and ``web`` (TCP) are held
    for the daemon.
    """

    agents: Mapping[str, socket.socket]
    portal: socket.socket
    upsd: socket.socket
    jamf: socket.socket
    beamers: Mapping[str, socket.socket]
    traps: socket.socket
    web: socket.socket


def open_doors(held: ExitStack, *, usual_ports: bool) -> Doors:
    """Bind them all; ``held`` closes them. Raises DemoError."""
    agents = {name: held.enter_context(bound) for name, bound in _bind_agents().items()}
    return Doors(
        agents,
        portal=held.enter_context(_first(socket.SOCK_STREAM, _PORTAL_PORTS)),
        upsd=held.enter_context(_first(socket.SOCK_STREAM, _UPSD_PORTS)),
        jamf=held.enter_context(_first(socket.SOCK_STREAM, _ANY)),
        beamers={one.id: held.enter_context(_first(socket.SOCK_STREAM, _ANY)) for one in BEAMERS},
        traps=held.enter_context(_first(socket.SOCK_DGRAM, _TRAP_PORTS if usual_ports else _ANY)),
        web=held.enter_context(_first(socket.SOCK_STREAM, _WEB_PORTS if usual_ports else _ANY)),
    )


def _bind_agents() -> Mapping[str, socket.socket]:
    """Take the same port at addresses of their own, where the system has such."""
    for port in _AGENT_PORTS:
        bound: dict[str, socket.socket] = {}
        try:
            for device in DEVICES:
                bound[device.id] = _bind_agent(device, port)
        except OSError as error:
            for one in bound.values():
                one.close()
            if error.errno not in _TAKEN or not port:
                raise DemoError(f"no UDP port on loopback: {error.strerror}") from error
        else:
            return bound
    raise AssertionError("the last port, 0, either binds or raises")


def _bind_agent(device: Device, port: int) -> socket.socket:
    try:
        return _bind(socket.SOCK_DGRAM, device.host, port)
    except OSError as error:
        if error.errno != errno.EADDRNOTAVAIL:
            raise
        return _bind(socket.SOCK_DGRAM, LOOPBACK, 0)  # only Linux has all of 127.0.0.0/8


def _first(kind: socket.SocketKind, ports: Iterable[int]) -> socket.socket:
    why: OSError | None = None
    for port in ports:
        try:
            return _bind(kind, LOOPBACK, port)
        except OSError as error:
            why = error
    protocol = "TCP" if kind is socket.SOCK_STREAM else "UDP"
    raise DemoError(f"no {protocol} port on loopback: {why.strerror if why else 'none tried'}") from why


def _bind(kind: socket.SocketKind, host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, kind)
    try:
        if kind is socket.SOCK_STREAM:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a finished demo's connections may linger
        bound.bind((host, port))
        if kind is socket.SOCK_STREAM:
            bound.listen()  # before that, Linux would let another demo bind it as well
    except OSError:
        bound.close()
        raise
    return bound


def address(bound: socket.socket) -> str:
    """Return ``host:port``."""
    host, port = bound.getsockname()
    return f"{host}:{port}"
