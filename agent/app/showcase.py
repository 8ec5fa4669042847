"""``ringwacht demo``: the simulated county and the daemon that watches it, in one terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from rich.console import Console

from agent.app.loading import StartError
from agent.app.running import open_daemon, start
from agent.contract import AlertState, Clock, Transition
from agent.demo.county import County
from agent.demo.errors import DemoError
from agent.demo.scenario import Scenario
from agent.demo.screen import alert_line, banner, event_line, show
from agent.engine.clock import SystemClock


class _Screen(Console):
    """Ends the demo when nobody reads it any more."""

    def __init__(self, stop: asyncio.Event) -> None:
        super().__init__()
        self._stop = stop

    def on_broken_pipe(self) -> None:
        """Write nothing more, not even at exit."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        self._stop.set()


class _Told:
    """Shows alerts, and remembers of which of them people were told: nobody hears that the others are over."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: set[str] = set()

    def show(self, transition: Transition) -> None:
        """Show one change."""
        alert = transition.alert
        over = alert.state is AlertState.RESOLVED
        if not over and alert.muted is None:
            self._told.add(alert.id)
        told = alert.id in self._told
        if told or not over:
            show(self._console, alert_line(transition, told=told))
        if over:
            self._told.discard(alert.id)


async def demo(directory: Path, speed: float, scenario: str) -> int:
    """Play until Ctrl-C. Raises StartError."""
    clock, stop = SystemClock(), asyncio.Event()
    console = _Screen(stop)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        story = _scenario(scenario)
        county = await asyncio.to_thread(County.prepare, directory, now=clock.now(), speed=speed, scenario=story)
        await _play(county, console, clock, stop)
    except DemoError as error:
        raise StartError(str(error)) from error
    return 0


async def _play(county: County, console: Console, clock: Clock, stop: asyncio.Event) -> None:
    on_screen = _Told(console)

    try:
        await county.start()
        daemon = open_daemon(county.prepared.config_path, on_screen.show)
        show(console, banner(county.prepared))
        story = asyncio.create_task(_tell(county, console, clock, stop))
        await start(daemon, stop)
        await county.stop()
        await story
    finally:
        await county.stop()


async def _tell(county: County, console: Console, clock: Clock, stop: asyncio.Event) -> None:
    """Show what happens; a simulator that ends by itself ends the demo."""
    try:
        async for event in county.events():
            show(console, event_line(event, clock.now()))
    finally:
        stop.set()


def _scenario(name: str) -> Scenario:
    try:
        return Scenario(name)
    except ValueError as error:
        raise StartError(f"there is no scenario {name}; there is {', '.join(Scenario)}") from error
