"""The daemon: every part put together, judged each second at the latest, reloaded, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import structlog
from structlog.typing import FilteringBoundLogger

from agent.app.backups import NightlyBackups
from agent.app.judging import JUDGE_BUDGET_SECONDS, Judge
from agent.app.lasting import Lasting
from agent.app.listening import Listener
from agent.app.loading import Prepared, located, prepare
from agent.app.oncall import OnCallDesk
from agent.app.outside import Outside, Relay, cancel
from agent.app.progress import Progress, stuck
from agent.app.reports import Reports
from agent.app.rosters import Rosters
from agent.app.testmessage import tester
from agent.contract import Clock, Heard, Heartbeat, HeartbeatSignal, Network, Snapshot, Subject, Transition
from agent.engine.build import BuildErrors
from agent.engine.engine import Engine
from agent.engine.judgement import Desk
from agent.engine.windows import WindowBook
from agent.estate import StateChange
from agent.families import BUILD_INFO, RELOAD_SUCCESS, RELOAD_TIME
from agent.risk.ports import ends_of
from agent.risk.rules import WINDOWS
from agent.state.database import Database, StateError
from agent.state.store import StateStore
from agent.wire.attempt import Failure, attempt
from agent.wire.pools import Pools
from agent.wire.process import OwnProcess, raise_fd_limit, spare_the_collector
from agent.wire.seal import load_seal
from agent.wire.systemd import Systemd
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.registry import make_source
from config.errors import ConfigError
from config.inventory import Inventory
from config.settings import Settings
from exporters.prometheus.page import PrometheusPage
from exporters.web.server import WebServer

PRUNE_EVERY_SECONDS = 86400.0
STOP_SECONDS = 4.5
RELOAD_BUDGET_SECONDS = 120.0

_log: FilteringBoundLogger = structlog.get_logger("daemon")


class Daemon:
    """Owns every part for the life of the process; implements ``contract.Commands``."""

    def __init__(self, path: Path, clock: Clock, on_transition: Callable[[Transition], None] | None = None) -> None:
        """Load the configuration. Raises ConfigError, and StateError where the state store cannot be used."""
        self._path = path
        self._clock = clock
        self._on_transition = on_transition
        self._telemetry = MeterBook()
        self._pools = Pools()
        self._wire = LocalWire(clock, self._telemetry, self._pools)
        self._prepared: Prepared = prepare(path)
        self._windows = WindowBook(WINDOWS)
        self._engine = Engine(clock, self._prepared.specs, self._wire, self._telemetry, self._windows)
        database = Database.open(self._prepared.loaded.settings.state.directory)
        self._store = StateStore(database, self._wire)
        self._wire.heartbeats = self._store.heartbeats
        self._desk = Desk(self._store, self._windows, clock)
        self._seal = load_seal(self.settings().state.directory)
        self._relay = Relay(self._make_outside())
        self._judge = Judge(self._desk, self._engine, clock, self._telemetry)
        self._listener = Listener(self._engine, self._wire, clock, self._telemetry)
        parts = (self._desk, self._store, clock, self._seal, self.settings, self._engine.changed.set)
        self.on_call = OnCallDesk(*parts, tester(lambda: self._prepared.loaded, self._wire, clock))
        self._rosters = Rosters(self._wire, clock, self.settings, self._desk.keep_roster)
        self._reports = Reports(self._store, clock, self.inventory, self._engine.poll_now)
        self._backups = NightlyBackups(self._store, self._wire, clock, lambda: self._prepared.loaded)
        self._lasting = Lasting(self._store, clock, self._looked_at)
        self._process = OwnProcess()
        self._systemd = Systemd(os.environ)
        self._web = WebServer(self, PrometheusPage())
        self._reloading = asyncio.Lock()
        self._ready = False

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until ``stop`` is set. A dead part ends the daemon.

        Raises ConfigError where a collector refuses its parameters, WebError where the port is taken.
        """
        raise_fd_limit()
        spare_the_collector()
        settings = self._prepared.loaded.settings
        await self._desk.open()
        await self._rosters.open(settings)
        self._rosters.publish()
        await self._apply(self._prepared)
        await self._web.start(settings.web.listen.host, settings.web.listen.port or 0)
        self._listener.replace(make_source(self.settings(), self._wire, self._clock), self.inventory())
        self._declare_loaded()
        self._ready = True
        self._systemd.ready()
        _log.info("watching", jobs=len(self._prepared.plan.jobs), listen=str(settings.web.listen))
        judge = self._judge.run(lambda: self._prepared.loaded, self._publish)
        parts = (self._engine, self._relay, self._listener, self._reports, self._rosters, self._lasting, self._backups)
        loops = (judge, self._feed_watchdog(), self._prune(), *(part.run() for part in parts))
        tasks = [asyncio.create_task(one) for one in loops]
        try:
            await _first_end(stop, tasks)
        finally:
            self._systemd.stopping()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self._shut_down(tasks)
            self._pools.close()

    # --- contract.Commands -------------------------------------------------------------------------------------------

    async def reload(self) -> str | None:
        """Load all anew and swap; return None, or why the old configuration was kept."""
        async with self._reloading:
            result = await attempt(self._reload, RELOAD_BUDGET_SECONDS, "reload")
            problem = result.detail if isinstance(result, Failure) else result
            if problem is not None:
                self._telemetry.set(RELOAD_SUCCESS, (), 0)
                _log.error("configuration not reloaded; the old one stays in force")
                for line in problem.splitlines():
                    _log.error(line)
            return problem

    async def _reload(self) -> str | None:
        try:
            # validating a thousand devices takes a second: not on the loop
            prepared = await self._wire.blocking("default", lambda: prepare(self._path))
            await self._apply(prepared)
        except ConfigError as error:
            return str(error)
        _warn_of_restart(self._prepared.loaded.settings, prepared.loaded.settings)
        await self._rosters.open(prepared.loaded.settings)
        self._prepared = prepared
        self._rosters.publish()
        self._relay.replace(self._make_outside())
        self._listener.replace(make_source(self.settings(), self._wire, self._clock), self.inventory())
        await self._reports.expect()
        self._declare_loaded()
        _log.info("configuration reloaded", jobs=len(prepared.plan.jobs))
        await self.on_call.note_reload()
        return None

    async def _apply(self, prepared: Prepared) -> None:
        try:
            await self._engine.apply(prepared.plan, prepared.specs)
        except BuildErrors as errors:
            raise located(errors, prepared) from errors
        self._windows.watch(ends_of(prepared.loaded.inventory.links.values()))

    async def snapshot(self) -> Snapshot:
        """Return the present state; its view is the one that judgement believes."""
        own = self._telemetry.own() + self._process.series() + self._desk.measures()
        view = self._desk.believed(self._engine.view(), self.settings())
        judged = self._desk.judgement
        halted = tuple(stuck(Progress.of(self._engine, self._judge, self._relay, self._store, self._clock)))
        return Snapshot(
            self._clock.now(),
            view,
            self._engine.tables(),
            self._desk.alerts,
            own,
            judged.network,
            halted,
            judged.house,
            judged.estate,
        )

    def inventory(self) -> Inventory:
        """Return the inventory in force."""
        return self._prepared.loaded.inventory

    def settings(self) -> Settings:
        """Return the settings in force."""
        return self._prepared.loaded.settings

    def heard(self) -> tuple[Heard, ...]:
        """Return the notifications that came last, newest first."""
        return self._listener.heard()

    def network(self) -> Network:
        """Return what was last judged of the network; empty before the first look."""
        return self._desk.judgement.network or Network(self._clock.now())

    async def history(self, subject: Subject, start: float, end: float) -> Sequence[StateChange]:
        """Return the changes of a subject in a period, and the last one before it. Raises Refused."""
        return await self._lasting.history(subject, start, end)

    def _looked_at(self) -> float | None:
        """When was last judged, seconds since the epoch; None: not yet."""
        network = self._desk.judgement.network
        return None if network is None else network.at

    def ready(self) -> bool:
        """Whether the first configuration is in force and the state store is open."""
        return self._ready

    async def report(
        self,
        service: str,
        token: str,
        signal: HeartbeatSignal,
        exit_code: int | None = None,
        size_bytes: int | None = None,
    ) -> Heartbeat:
        """Take the report of a job; committed when it returns. Raises Refused."""
        return await self._reports.report(service, token, signal, exit_code, size_bytes)

    # --- loops -------------------------------------------------------------------------------------------------------

    async def _publish(self, transitions: tuple[Transition, ...]) -> None:
        """Hand on what changed."""
        self._relay.offer(await self.snapshot())
        if self._on_transition is not None:
            for transition in transitions:
                self._on_transition(transition)

    async def _feed_watchdog(self) -> None:
        """Prove to systemd that the loop turns and that judgement works; a blocked loop holds up this task too."""
        while (period := self._systemd.watchdog_seconds) is not None:
            if self._clock.monotonic() - self._judge.judged_at < max(period, JUDGE_BUDGET_SECONDS):
                self._systemd.alive()
            await self._clock.sleep(period / 2)
        await asyncio.get_running_loop().create_future()

    async def _prune(self) -> None:
        """Forget, once a day, what is older than the history that is kept."""
        while True:
            try:
                await self._store.prune(self._clock.now())
            except StateError as error:
                _log.warning("state not pruned", detail=str(error))
            await self._clock.sleep(PRUNE_EVERY_SECONDS)

    # --- parts -------------------------------------------------------------------------------------------------------

    def _make_outside(self) -> Outside:
        loaded = self._prepared.loaded
        parts = (self._store, self._wire, self._clock, self._telemetry, self._seal)
        return Outside(loaded.settings, loaded.inventory, *parts, self._desk.roster)

    def _declare_loaded(self) -> None:
        self._telemetry.set(RELOAD_SUCCESS, (), 1)
        self._telemetry.set(RELOAD_TIME, (), self._clock.now())
        build = (("version", version("ringwacht")), ("python", platform.python_version()))
        self._telemetry.set(BUILD_INFO, build, 1)

    async def _shut_down(self, tasks: list[asyncio.Task[None]]) -> None:
        """Stop polling, judging and delivering, then listening, then writing."""
        await self._engine.stop()
        await cancel(*tasks)
        await self._web.stop()
        await self._wire.close()
        await self._lasting.note()
        await self._store.close()


def _warn_of_restart(before: Settings, after: Settings) -> None:
    """Say what a reload does not change."""
    fixed = (("web.listen", before.web, after.web), ("state.directory", before.state, after.state))
    for name, old, new in fixed:
        if old != new:
            _log.warning("takes effect after a restart only", setting=name)


async def _first_end(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for ``stop``. A part that ends by itself is a fault: its error ends the daemon."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait((stopping, *tasks), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in done - {stopping}:
        task.result()
