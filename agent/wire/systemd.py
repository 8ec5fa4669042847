"""sd_notify(3): tells systemd that the daemon is ready, alive, stopping. Silent where systemd did not start us."""

from __future__ import annotations

import socket
from collections.abc import Mapping


class Systemd:
    """Speaks the readiness protocol over ``NOTIFY_SOCKET``; does nothing where the variable is not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        usec = environment.get("WATCHDOG_USEC", "")
        self.watchdog_seconds: float | None = int(usec) / 1e6 if usec.isdigit() and int(usec) > 0 else None

    def ready(self) -> None:
        """Report that the first configuration is in force."""
        self._send("READY=1")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Report that the daemon shuts down."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        # An abstract socket's name begins with NUL, which the environment spells "@".
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.setblocking(False)
                channel.sendto(message.encode(), address)
        except OSError:
            # No descriptor left, systemd gone, or its queue full: a missed word must not stop the daemon; the
            # watchdog decides.
            return
