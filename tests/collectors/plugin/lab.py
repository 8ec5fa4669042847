"""Plug-ins written for a test, and collectors that run them in real threads."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from agent.contract import Harvest, Subject, Target
from agent.engine.clock import SystemClock
from agent.families import PLUGIN_STATUS
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.plugin.collector import PluginCollector, build
from config.plugin import PluginParams
from tests.harness.process import wait_until

# Long past any test's end: what still runs then was not killed.
FOREVER = "600"


def shell(folder: Path, body: str, name: str = "check_it") -> str:
    return program(folder, f"#!/bin/sh\n{textwrap.dedent(body)}", name)


def python(folder: Path, body: str, name: str = "check_it") -> str:
    return program(folder, f"#!{sys.executable} -SE\n{textwrap.dedent(body)}", name)


def program(folder: Path, text: str, name: str = "check_it", mode: int = 0o755) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return str(path)


def remove(path: str) -> None:
    Path(path).unlink()


class Bench:
    def __init__(self) -> None:
        self.pools = Pools()
        self.wire = LocalWire(SystemClock(), MeterBook(), self.pools)

    def of(self, *command: Any, budget: float = 30.0, environment: Mapping[str, Any] | None = None) -> PluginCollector:
        params = PluginParams.model_validate({"command": command, "environment": environment or {}})
        return build(Target(Subject("service", "s"), budget_seconds=budget), params, self.wire)

    async def run(self, *command: Any, budget: float = 30.0, environment: Mapping[str, Any] | None = None) -> Harvest:
        return await self.of(*command, budget=budget, environment=environment).collect()


@asynccontextmanager
async def benched() -> AsyncGenerator[Bench]:
    made = Bench()
    yield made
    await made.wire.close()
    made.pools.close()


def status(harvest: Harvest) -> float:
    return next(harvest.values[one.start] for one in harvest.layout.columns if one.family is PLUGIN_STATUS)


def values(harvest: Harvest) -> dict[tuple[str, ...], float]:
    """The performance data by label and unit."""
    return {
        labels: harvest.values[one.start + index]
        for one in harvest.layout.columns
        if one.family is not PLUGIN_STATUS
        for index, labels in enumerate(one.rows.values)
    }


def running(script: str) -> list[int]:
    """The processes that still run this script, by their command line."""
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal() and _runs(path, script)]


def _runs(process: Path, script: str) -> bool:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return script.encode() in words and runs(int(process.name))


async def gone(pids: Sequence[int]) -> None:
    """Wait until none of them runs; an unreaped one counts as gone."""

    async def all_gone() -> bool:
        return not any(map(runs, pids))

    await wait_until(all_gone, f"the end of {pids}", 10.0)


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


async def numbers(path: Path, count: int) -> list[int]:
    """The process ids that a plug-in wrote to a file, once so many are there."""

    async def written() -> bool:
        return len(_words(path)) >= count

    await wait_until(written, f"{count} numbers in {path.name}")
    return list(map(int, _words(path)))


def _words(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def children() -> str:
    """The command lines of this process's own children, the dead and not yet buried included."""
    pids = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return " ".join(Path(f"/proc/{pid}/{what}").read_text() for pid in pids for what in ("cmdline", "comm"))


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


Script = Callable[..., str]
