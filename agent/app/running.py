"""The daemon from its start to its signals."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from agent.app.daemon import Daemon
from agent.app.loading import StartError
from agent.contract import Transition
from agent.engine.clock import SystemClock
from agent.state.database import StateError
from config.errors import ConfigError
from exporters.web.server import WebError


async def run(path: Path) -> int:
    """Run until SIGTERM or SIGINT; SIGHUP reloads. Raises StartError with the lines to show."""
    stop = asyncio.Event()
    daemon = open_daemon(path)
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[str | None]] = set()

    def reload() -> None:
        task = asyncio.create_task(daemon.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload)
    await start(daemon, stop)
    return 0


def open_daemon(path: Path, on_transition: Callable[[Transition], None] | None = None) -> Daemon:
    """Return a daemon that is ready to run. Raises StartError with one clear line for each thing that is wrong."""
    try:
        return Daemon(path, SystemClock(), on_transition)
    except (ConfigError, StateError) as error:
        raise StartError(str(error)) from error


async def start(daemon: Daemon, stop: asyncio.Event) -> None:
    """Run a daemon until ``stop``. Raises StartError where a profile is unknown or its port is taken."""
    try:
        await daemon.run(stop)
    except (ConfigError, WebError) as error:
        raise StartError(str(error)) from error
