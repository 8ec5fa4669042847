"""Runs what may go wrong in any way and turns whatever happens into data. The only place with a broad ``except``.

gufo-snmp's Rust core can raise ``PanicException``, a BaseException, on a two-byte datagram (facts F18): so everything
is caught here except cancellation and the end of the process. The runner polls through it; judgement, exporters and
deliveries are run through it, since one that fails must not end the daemon.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import CollectError, Reason
from agent.layout import clean_text
from agent.wire.failures import reason_of

T = TypeVar("T")

DETAIL_BYTES = 512

_log: FilteringBoundLogger = structlog.get_logger("attempt")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something did not come to its end; ``detail`` is clean."""

    reason: Reason
    detail: str


async def attempt(call: Callable[[], Awaitable[T]], budget_seconds: float, name: str) -> T | Failure:
    """Await the call within the budget; whatever it raises becomes a ``Failure``.

    Only cancellation of the calling task and the end of the process come through.
    """
    budget = asyncio.timeout(budget_seconds)
    try:
        async with budget:
            return await call()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return _unexpected(error, name)  # the collector's own affair: nobody cancelled the poll
    except BaseException as error:  # noqa: BLE001 - one device's failure, a Rust panic too, is data and stops no other
        if budget.expired():
            return Failure(Reason.TIMEOUT, f"budget of {budget_seconds:g} s used up")
        return _explain(error, name)


def _explain(error: BaseException, name: str) -> Failure:
    if isinstance(error, CollectError):
        return Failure(error.reason, clean_text(error.detail, DETAIL_BYTES))
    if isinstance(error, OSError) and (reason := reason_of(error)) is not None:
        return Failure(reason, clean_text(error.strerror or str(error), DETAIL_BYTES))
    return _unexpected(error, name)


def _unexpected(error: BaseException, name: str) -> Failure:
    """Name the error and its place only: its text may quote a secret or a device."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):  # reads no source file: we are on the loop
        place = f" at {PurePath(frame.f_code.co_filename).name}:{line}"
    _log.debug("unexpected error", job=name, exc_info=error)
    return Failure(Reason.INTERNAL, clean_text(f"{type(error).__name__}{place}"))
