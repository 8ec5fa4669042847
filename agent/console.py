"""What every command of ``ringwacht`` shares: how it is told where the configuration is, and how it fails."""

from __future__ import annotations

import sys
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import uvloop

from agent.app.loading import Prepared, StartError, prepare_or_fail
from agent.engine.clock import SystemClock
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire

ConfigPath = Annotated[Path, typer.Argument(help="ringwacht.yml, or a folder that holds one.", show_default=True)]
Debug = Annotated[bool, typer.Option("--debug", help="Log everything; show tracebacks.")]

CHECK_FAILED = 1
CANNOT_START = 2


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on standard error and leave."""
    sys.stderr.write(message.rstrip() + "\n")
    raise typer.Exit(code)


@contextmanager
def plainly() -> Generator[None]:
    """Turn a start error within into one clear line, and leave with 1."""
    try:
        yield
    except StartError as error:
        fail(str(error), CHECK_FAILED)


def run_async(work: Coroutine[Any, Any, int], *, debug: bool) -> NoReturn:
    """Run to the end on uvloop and leave with the exit code; a start error is one clear line."""
    try:
        code = uvloop.run(work)
    except StartError as error:
        if debug:
            raise
        fail(str(error), CANNOT_START)
    except KeyboardInterrupt:
        code = 130
    raise typer.Exit(code)


def prepare(path: Path, *, strict: bool = False) -> Prepared:
    """Return a configuration that holds together, or say everything that is wrong and leave with 1."""
    clock, pools = SystemClock(), Pools()
    try:
        return prepare_or_fail(path, LocalWire(clock, MeterBook(), pools), strict=strict)[0]
    except StartError as error:
        fail(str(error), CHECK_FAILED)
