"""Check ``plugin``: starts a program each poll, in one of the few places that all plug-ins share."""

from __future__ import annotations

import asyncio
import shlex
import signal
import subprocess
from collections.abc import Callable, Mapping
from threading import Event
from time import perf_counter

from pydantic import SecretStr

from agent.contract import BadReply, CannotCheck, Harvest, ParamError, Target, Unreachable, Wire
from agent.families import PLUGIN_WORDS
from agent.layout import LayoutCache, clean_text
from agent.wire.failures import describe
from collectors.plugin.limits import REFUSAL
from collectors.plugin.parse import harvested, masked
from collectors.plugin.process import MOST_BYTES, End, Program, Run, run
from config.plugin import PluginParams

POOL = "plugin"  # its threads are the places
END_SECONDS = 1.5  # of the budget, for killing what has not ended by itself
CLOSE_SECONDS = 0.3
MAX_TRACED_BYTES = 2048

_Task = asyncio.Task[Run]


class PluginCollector:
    """Runs one plug-in. A process that even SIGKILL does not end is not joined by a second one."""

    def __init__(self, params: PluginParams, target: Target, wire: Wire) -> None:
        self.trace: Callable[[str], None] | None = None
        self._params = params
        self._program = Program(tuple(map(_revealed, params.command)), _all_revealed(params.environment))
        self._budget = target.budget_seconds
        self._end = min(END_SECONDS, target.budget_seconds / 5)
        self._wire = wire
        self._running: _Task | None = None
        self._undead: subprocess.Popen[bytes] | None = None
        self._unwanted = Event()  # of the last run; each has its own
        self._layouts = LayoutCache()

    async def collect(self) -> Harvest:
        """Run the plug-in once.

        Raises:
            Unreachable: no result in time; all of it was killed.
            BadReply: ended by a signal, or writes without end.
            CannotCheck: cannot be started, no place was free, or an earlier run still hangs.
        """
        if self._hangs():
            raise CannotCheck(f"{self._params.program}: the process of an earlier poll hangs in the kernel")
        self._tell(f"run {self._shown()}")
        asked = perf_counter()
        try:
            result = await self._placed(asked)
        except OSError as error:
            raise CannotCheck(f"{error.filename or self._params.program} cannot be run: {describe(error)}") from None
        self._narrate(result, perf_counter() - asked - result.seconds)
        exit_status = self._exit_status(result, perf_counter() - asked - result.seconds)
        samples, facts, partial = harvested(self._masked(result.output), self._masked(result.errors), exit_status)
        return Harvest(*self._layouts.arrange(samples), facts=facts, partial=partial)

    def _hangs(self) -> bool:
        if self._undead is not None and self._undead.poll() is not None:
            self._undead = None
        return self._undead is not None or (self._running is not None and not self._running.done())

    async def _placed(self, asked: float) -> Run:
        """Wait for a place, half of the budget at most, and let the plug-in run for what is left of it."""
        loop = asyncio.get_running_loop()
        begun: asyncio.Future[None] = loop.create_future()
        unwanted = self._unwanted = Event()

        def work() -> Run:
            loop.call_soon_threadsafe(_done, begun)
            return run(self._program, asked + self._budget - self._end, unwanted.is_set)

        self._running = task = asyncio.create_task(self._wire.blocking(POOL, work))
        task.add_done_callback(_heard)
        try:
            await asyncio.wait((task, begun), timeout=self._budget / 2, return_when=asyncio.FIRST_COMPLETED)
            if task.done() or begun.done():
                left = asked + self._budget - self._end / 10 - perf_counter()
                await asyncio.wait((task,), timeout=left)
        finally:
            unwanted.set()
            if not begun.done():
                task.cancel()
        if task.done():
            return task.result()
        if begun.done():
            raise CannotCheck(f"{self._params.program} hangs in the kernel as it starts or ends: a dead mount?")
        raise CannotCheck(f"all places for plug-ins were taken for {self._budget / 2:.1f} s; it was not started")

    def _exit_status(self, result: Run, waited: float) -> int:
        if result.status is None:
            self._undead = result.process
        if result.end is End.FLOOD:
            raise BadReply(f"wrote more than {MOST_BYTES // 1024**2} MiB and was killed")
        if result.end is not End.EXIT or result.status is None:
            late = f", after {waited:.1f} s of waiting for a place" if waited > self._end else ""
            raise Unreachable(f"no result within {result.seconds:.1f} s{late}; killed")
        if result.errors.startswith(REFUSAL) and not result.output:
            raise CannotCheck(self._masked(result.errors).removeprefix(REFUSAL).decode(errors="replace").strip())
        if result.status < 0:
            raise BadReply(f"ended by {_signal(-result.status)}")
        return result.status

    def _shown(self) -> str:
        variables = " ".join(f"{name}=***" for name in self._params.environment)
        words = shlex.join("***" if isinstance(word, SecretStr) else word for word in self._params.command)
        return f"{variables} {words}".strip()

    def _narrate(self, result: Run, waited: float) -> None:
        status = "none" if result.status is None else str(result.status)
        word = dict(enumerate(PLUGIN_WORDS)).get(result.status if result.status is not None else -1)
        status += f" ({word})" if word else ""
        self._tell(
            f"waited {waited * 1e3:.1f} ms for a place; ended by {result.end.value} after {result.seconds:.3f} s"
        )
        self._tell(f"exit status {status}; {result.leftovers} processes left behind and killed")
        for name, raw in (("output", result.output), ("errors", result.errors)):
            for line in self._masked(raw)[:MAX_TRACED_BYTES].splitlines():
                self._tell(f"{name}: {clean_text(line, MAX_TRACED_BYTES)}")

    def _masked(self, raw: bytes) -> bytes:
        words = (*self._params.command, *self._params.environment.values())
        return masked(raw, (word.get_secret_value().encode() for word in words if isinstance(word, SecretStr)))

    def _tell(self, line: str) -> None:
        if self.trace is not None:
            self.trace(line)

    async def close(self) -> None:
        """Kill what runs; waits for its end a moment."""
        self._unwanted.set()
        if self._running is not None and not self._running.done():
            await asyncio.wait((self._running,), timeout=CLOSE_SECONDS)
        if self._undead is not None:
            self._undead.poll()


def _heard(task: _Task) -> None:
    """Take note of how a run ended that nobody waits for any more."""
    if not task.cancelled():
        task.exception()


def _done(begun: asyncio.Future[None]) -> None:
    if not begun.done():
        begun.set_result(None)


def _revealed(word: str | SecretStr) -> str:
    return word.get_secret_value() if isinstance(word, SecretStr) else word


def _all_revealed(words: Mapping[str, str | SecretStr]) -> dict[str, str]:
    return {name: _revealed(word) for name, word in words.items()}


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def remark(params: PluginParams) -> ParamError | None:
    """Return why the program could not be run when the configuration was read. It may come: no reason not to start."""
    return None if params.refusal is None else ParamError("plugin.command", params.refusal)


def build(target: Target, params: PluginParams, wire: Wire) -> PluginCollector:
    """Build the collector of one ``plugin`` check."""
    return PluginCollector(params, target, wire)
