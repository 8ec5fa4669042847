"""The county as the command line sees it: written down, started, listened to, stopped."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from agent.demo import configuration, jamf, portal, school, sockets
from agent.demo.cast import NUT_UPS, ROOM_UPS
from agent.demo.errors import DemoError
from agent.demo.scenario import Event, Scenario, What
from agent.demo.simulator import Orders

MIN_SPEED, MAX_SPEED = 0.1, 20.0
_COMMUNITY = "public"
_START_TIMEOUT = 20.0
_STOP_TIMEOUT = 0.8
_LOCK = ".demo.lock"
_FOLDERS = 20
_REGISTER = "school.csv"
_CERTIFICATE, _KEY, _AUTHORITY = "secrets/portal.pem", "secrets/portal.key", "secrets/authority.pem"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was written, and where things will answer. ``devices`` maps an SNMP agent's name to its ``host:port``.

    ``upsd_address`` is that of the NUT server, ``jamf_url`` that of the school's device management; ``beamers`` maps
    its projectors.
    """

    directory: Path
    config_path: Path
    web_address: str
    portal_url: str
    trap_address: str
    upsd_address: str
    jamf_url: str
    beamers: Mapping[str, str]
    devices: Mapping[str, str]
    scenario: Scenario
    speed: float


class County:
    """A simulated county in a process of its own: ``prepare``, then ``start``, ``events``, ``stop``.

    The process ends by itself when this one is gone, however it went.
    """

    def __init__(self, prepared: Prepared, orders: Orders, handed_over: ExitStack) -> None:
        self.prepared = prepared
        self._orders = orders
        self._handed_over = handed_over  # the simulator's sockets and lock; ours until it has them
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    @classmethod
    def prepare(
        cls,
        directory: Path,
        *,
        now: float,
        speed: float = 1.0,
        scenario: Scenario = Scenario.ALL,
        usual_ports: bool = True,
    ) -> Self:
        """Take free ports and write the configuration into ``directory``, or beside it where another demo plays there.

        ``now`` is the wall clock in seconds since the epoch, for the certificate. Without ``usual_ports`` the daemon's
        ports are any that are free: no other demo takes them while a daemon of a process of its own starts. Blocks
        (files, keys): call it before the loop runs, or in a thread. Raises DemoError.
        """
        if not MIN_SPEED <= speed <= MAX_SPEED:
            raise DemoError(f"a speed of {speed:g} is not between {MIN_SPEED:g} and {MAX_SPEED:g}")
        with ExitStack() as held:
            folder, lock = _claim(directory, held)
            doors = sockets.open_doors(held, usual_ports=usual_ports)
            prepared = _describe(folder, doors, scenario, speed)
            _write(prepared, now)
            return cls(prepared, _orders(prepared, doors, lock, now), held.pop_all())

    async def start(self) -> None:
        """Start the simulator and return once everything answers. Raises DemoError."""
        orders = self._orders
        with self._handed_over:  # afterwards the simulator has them, and the daemon may take its own port
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "agent.demo.simulator"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=orders.descriptors,
                start_new_session=True,  # Ctrl-C is for this process, which then stops that one
            )
            try:
                async with asyncio.timeout(_START_TIMEOUT):
                    first = await _order(self._process, orders)
            except TimeoutError as error:
                await self.stop()
                raise DemoError(f"the simulator did not start within {_START_TIMEOUT:.0f} s") from error
            if not first:
                await self.stop()
                raise DemoError("the simulator ended at once; what it wrote is above")

    @property
    def pid(self) -> int | None:
        """Process id of the simulator; None before ``start``."""
        return None if self._process is None else self._process.pid

    async def events(self) -> AsyncIterator[Event]:
        """Yield what happens, until ``stop``. Raises DemoError if the simulator ends by itself."""
        if self._process is None or self._process.stdout is None:
            raise DemoError("the county is not started")
        async for line in self._process.stdout:
            told = json.loads(line)
            yield Event(told["at"], What(told["what"]), told["text"])
        if not self._stopping:
            raise DemoError("the simulator ended by itself; what it wrote is above")

    async def stop(self) -> None:
        """End the simulator within a second; may be called at any time, and again."""
        self._stopping = True
        self._handed_over.close()
        if (process := self._process) is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_TIMEOUT)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _order(process: asyncio.subprocess.Process, orders: Orders) -> bytes:
    """Hand the simulator its orders and return its first line, empty if it ended."""
    if process.stdin is None or process.stdout is None:
        raise DemoError("the simulator has no pipes")
    process.stdin.write(orders.model_dump_json().encode() + b"\n")
    return await process.stdout.readline()


def _describe(folder: Path, doors: sockets.Doors, scenario: Scenario, speed: float) -> Prepared:
    return Prepared(
        directory=folder,
        config_path=folder / configuration.MAIN,
        web_address=sockets.address(doors.web),
        portal_url=f"https://{sockets.address(doors.portal)}/",
        trap_address=sockets.address(doors.traps),
        upsd_address=sockets.address(doors.upsd),
        jamf_url=f"http://{sockets.address(doors.jamf)}/api",
        beamers={name: sockets.address(bound) for name, bound in doors.beamers.items()},
        devices={name: sockets.address(bound) for name, bound in doors.agents.items()},
        scenario=scenario,
        speed=speed,
    )


def _orders(prepared: Prepared, doors: sockets.Doors, lock: int, now: float) -> Orders:
    return Orders(
        scenario=prepared.scenario,
        speed=prepared.speed,
        community=_COMMUNITY,
        agents={name: bound.fileno() for name, bound in doors.agents.items()},
        traps=doors.traps.getsockname(),
        portal=doors.portal.fileno(),
        upsd=doors.upsd.fileno(),
        jamf=doors.jamf.fileno(),
        beamers={name: bound.fileno() for name, bound in doors.beamers.items()},
        certificate=prepared.directory / _CERTIFICATE,
        key=prepared.directory / _KEY,
        lock=lock,
        now=now,
    )


def _write(prepared: Prepared, now: float) -> None:
    papers = portal.issue(sockets.LOOPBACK, now)
    values = {
        **prepared.devices,
        **configuration.paces(prepared.speed),
        "web": prepared.web_address,
        "portal": prepared.portal_url,
        "traps": prepared.trap_address,
        ROOM_UPS: prepared.upsd_address,
        **prepared.beamers,
        "jamf": prepared.jamf_url,
        "ups": NUT_UPS,
    }
    secrets = {
        "secrets/community": _COMMUNITY.encode(),
        "secrets/jamf": jamf.LOGIN.encode(),
        _AUTHORITY: papers.authority,
        _CERTIFICATE: papers.certificate,
        _KEY: papers.key,
    }
    configuration.write(prepared.directory, values, secrets, {_REGISTER: school.register()})


def _claim(directory: Path, held: ExitStack) -> tuple[Path, int]:
    """Return a folder in which no other demo plays, and the open lock that says so."""
    for number in range(1, _FOLDERS + 1):
        folder = directory if number == 1 else Path(f"{directory}-{number}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            held.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        except OSError as error:
            raise DemoError(f"cannot write into {folder}: {error.strerror}") from error
        return folder, lock
    raise DemoError(f"{_FOLDERS} demos play beside {directory} already")
