"""The dead man's switch: a call to someone who notices when it stays away.

It is made out of the very path that judges and publishes, so that nothing else can keep it alive.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import aiohttp
import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Clock, Snapshot, Telemetry
from agent.families import NOTIFICATIONS
from config.settings import DeadMansSwitch
from exporters.calls import problem_of

NAME = "heartbeat"
FIRST_RETRY_SECONDS = 5.0
CALL_SECONDS = 10.0
# Snapshots come each 5 s, but not to the millisecond: one that comes so much early counts as in time.
EARLY_SECONDS = 0.5

_log: FilteringBoundLogger = structlog.get_logger(NAME)


def failure_url(url: str) -> str:
    """Return the address for failures: ``/fail`` after the path, before the query."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))


class HeartbeatExporter:
    """Calls while nothing hangs; when something does, says so once an interval (``fail``) or stays silent.

    A call that is not taken is made again with a snapshot 5 s later, then after twice as long, up to the interval.
    """

    def __init__(self, switch: DeadMansSwitch, clock: Clock, telemetry: Telemetry) -> None:
        self.name = NAME
        self._switch = switch
        self._clock = clock
        self._telemetry = telemetry
        self._session: aiohttp.ClientSession | None = None
        self._stuck: tuple[str, ...] = ()
        self._failures = 0
        self._due_at = clock.monotonic()

    async def publish(self, snapshot: Snapshot) -> None:
        """Call if it is time; at once where something has begun to hang or works again."""
        began = self._clock.monotonic()
        changed = bool(snapshot.stuck) != bool(self._stuck)
        if changed:
            self._log_change(snapshot.stuck)
        self._stuck = snapshot.stuck
        if not changed and began < self._due_at:
            return
        if self._stuck and not self._switch.fail:
            self._count("withheld")
            self._due_at = began + self._switch.every - EARLY_SECONDS
            return
        self._due_at = began + self._settle(await self._call()) - EARLY_SECONDS

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(self) -> str | None:
        """Call once; return None, or what went wrong."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        url, method, data = self._switch.url, "GET", None
        if self._stuck:
            url, method, data = failure_url(url), "POST", f"no progress: {', '.join(self._stuck)}".encode()
        token = self._switch.token
        headers = {} if token is None else {"Authorization": f"Bearer {token.get_secret_value()}"}
        call = self._session.request(method, url, data=data, headers=headers, allow_redirects=False)
        return await problem_of(call, range(200, 300), CALL_SECONDS)

    def _settle(self, problem: str | None) -> float:
        """Count, log on change only; return how many seconds after this call the next one is due."""
        self._count("delivered" if problem is None else "failed")
        if problem is None:
            if self._failures:
                _log.info("heartbeat is taken again")
            self._failures = 0
            return self._switch.every
        if not self._failures:
            _log.warning("heartbeat is not taken", detail=problem)
        wait = min(FIRST_RETRY_SECONDS * 2.0**self._failures, self._switch.every)
        self._failures = min(self._failures + 1, 10)
        return wait

    def _log_change(self, stuck: tuple[str, ...]) -> None:
        if stuck:
            _log.error("no heartbeat: no progress", parts=", ".join(stuck))
        else:
            _log.info("heartbeat goes on")

    def _count(self, outcome: str) -> None:
        self._telemetry.count(NOTIFICATIONS, (("receiver", NAME), ("outcome", outcome)))
