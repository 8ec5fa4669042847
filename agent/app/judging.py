"""The loop that judges: after each reading, and each second for what only time brings about."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Clock, Telemetry, Transition
from agent.engine.engine import Engine
from agent.engine.judgement import Desk
from agent.families import LAST_JUDGEMENT
from agent.wire.attempt import Failure, attempt
from config.loader import Loaded

JUDGE_PAUSE_SECONDS = 0.2  # readings that arrive together are judged together
JUDGE_LONGEST_PAUSE_SECONDS = 0.8  # a change is judged within a second, however large the inventory
JUDGE_SHARE = 0.02  # of the time, so that judging a large inventory holds up no poll
JUDGE_AT_LEAST_SECONDS = 1.0  # holds run out without any reading
JUDGE_BUDGET_SECONDS = 30.0
PUBLISH_EVERY_SECONDS = 5.0

_log: FilteringBoundLogger = structlog.get_logger("judge")


class Judge:
    """Lets the desk look, hands on what changed, and grants its wishes for polls."""

    def __init__(self, desk: Desk, engine: Engine, clock: Clock, telemetry: Telemetry) -> None:
        self.judged_at = clock.monotonic()
        self._desk = desk
        self._engine = engine
        self._clock = clock
        self._telemetry = telemetry
        self._broken = False

    async def run(
        self, present: Callable[[], Loaded], publish: Callable[[tuple[Transition, ...]], Awaitable[None]]
    ) -> None:
        """Judge what is ``present`` until cancelled; ``publish`` changes at once, and each 5 s."""
        publish_at = 0.0
        while True:
            await self._reading_or_second()
            began = self._clock.monotonic()
            transitions = await self._look(present())
            ended = self._clock.monotonic()
            if transitions or ended >= publish_at:
                await publish(transitions)
                publish_at = ended + PUBLISH_EVERY_SECONDS
            for transition in transitions:
                _log_transition(transition)
            pause = (ended - began) / JUDGE_SHARE
            await self._clock.sleep(min(max(pause, JUDGE_PAUSE_SECONDS), JUDGE_LONGEST_PAUSE_SECONDS))

    async def _look(self, loaded: Loaded) -> tuple[Transition, ...]:
        """Judge once. A judgement that fails is logged, and starves the watchdog if it goes on failing."""
        view = self._engine.view()
        result = await attempt(
            lambda: self._desk.look(view, loaded.inventory, loaded.settings), JUDGE_BUDGET_SECONDS, "judgement"
        )
        if isinstance(result, Failure):
            if not self._broken:
                _log.error("judgement failed", detail=result.detail)
            self._broken = True
            return ()
        if self._broken:
            _log.info("judgement works again")
        self._broken = False
        self.judged_at = self._clock.monotonic()
        self._telemetry.set(LAST_JUDGEMENT, (), view.now)
        self._engine.poll_now(self._desk.wishes())
        return result

    async def _reading_or_second(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(JUDGE_AT_LEAST_SECONDS):
                await self._engine.changed.wait()
        self._engine.changed.clear()


def _log_transition(transition: Transition) -> None:
    alert = transition.alert
    _log.info(
        f"alert {alert.state.value}",
        rule=alert.finding.rule,
        subject=str(alert.finding.subject),
        severity=alert.finding.severity.value,
        summary=alert.finding.summary,
    )
