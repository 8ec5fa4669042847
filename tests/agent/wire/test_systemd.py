"""sd_notify(3), word by word."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.wire.systemd import Systemd


@pytest.mark.parametrize("abstract", [False, True])
def test_words_arrive_at_the_socket_that_systemd_names(abstract: bool, tmp_path: Path) -> None:
    name = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}" if abstract else name)
        systemd = Systemd({"NOTIFY_SOCKET": f"@{name}" if abstract else name})
        words: tuple[Callable[[], None], ...] = (systemd.ready, systemd.alive, systemd.stopping)
        for say in words:
            say()
        assert [listening.recv(100) for _ in words] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("60000000", 60.0), ("", None), ("0", None), ("-5", None), ("soon", None)]
)
def test_the_watchdog_s_period(text: str, seconds: float | None) -> None:
    assert Systemd({"WATCHDOG_USEC": text}).watchdog_seconds == seconds


@pytest.mark.parametrize("address", ["", "/nobody/listens/here", "@ringwacht-nobody-listens-here"])
def test_without_systemd_nothing_happens(address: str) -> None:
    Systemd({"NOTIFY_SOCKET": address}).ready()


def test_a_full_queue_holds_up_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        systemd = Systemd({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        for _ in range(2000):  # more than net.unix.max_dgram_qlen
            systemd.alive()
        assert listening.recv(100) == b"WATCHDOG=1"
