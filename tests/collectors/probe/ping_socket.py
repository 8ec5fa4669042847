"""A socket of gufo-ping's Rust core, scripted."""

from __future__ import annotations

import contextlib
import socket
from typing import cast

from gufo.ping.proto import SocketProto

from collectors.probe.pinger import PingerShare


class FakeSocket:
    """Stands for gufo-ping's Rust core: answers only what the test lets arrive."""

    def __init__(self, fails: BaseException | None = None) -> None:
        self.here, self.there = socket.socketpair()
        self.here.setblocking(False)
        self.fails = fails
        self.panic: BaseException | None = None
        self.sent: list[tuple[str, int]] = []
        self.arrived: dict[int, float] = {}

    def get_fd(self) -> int:
        return self.here.fileno()

    def clean_ip(self, addr: str) -> str:
        return addr

    def send(self, addr: str, size: int) -> int:
        if self.fails is not None:
            raise self.fails
        self.sent.append((addr, size))
        return len(self.sent)

    def recv(self) -> dict[int, float] | None:
        if self.panic is not None:
            raise self.panic
        arrived, self.arrived = self.arrived, {}
        with contextlib.suppress(BlockingIOError):
            self.here.recv(65536)
        return arrived or None

    def deliver(self, **answers: float) -> None:
        """Let answers arrive: ``s1=0.5`` is 0.5 s for the first request."""
        self.arrived |= {int(name[1:]): seconds * 1e9 for name, seconds in answers.items()}
        self.there.send(b"x")

    def close(self) -> None:
        self.here.close()
        self.there.close()


def share_of(*sockets: FakeSocket) -> PingerShare:
    """Opens these, one after the other."""
    opened = iter(sockets)
    return PingerShare(lambda _version, _source: cast("SocketProto", next(opened)))
