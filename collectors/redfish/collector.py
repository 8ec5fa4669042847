"""One poll of a management controller: in, through its resources, and out again whatever happens."""

from __future__ import annotations

import asyncio

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import AuthFailed, BadReply, CollectError, Harvest, Target, Unreachable, Wire
from agent.layout import LayoutCache, clean_text
from collectors.redfish.client import Client, Door, Listener
from collectors.redfish.door import Doorkeeper
from collectors.redfish.machine import Machine
from collectors.redfish.parse import parse
from collectors.redfish.reader import Memory, Time
from collectors.redfish.session import Session
from collectors.redfish.visit import Visit
from config.credentials import HttpCredential

MARGIN_SECONDS = 2.0
"""Of the time for a poll that is kept back: what was read is worth more than the last resource."""

MARGIN_SHARE = 0.1  # of a poll with little time
REMARK_BYTES = 200
PLAIN_HINT = "no TLS is spoken there; `redfish: {scheme: http}` would send the password readable by others"
LOGOUT = "logout"
FROM_BEFORE = "from_earlier_polls"

_log: FilteringBoundLogger = structlog.get_logger("redfish")


class RedfishCollector:
    """Polls one controller; between polls nothing stays open there, no session and no connection."""

    def __init__(self, target: Target, login: HttpCredential, doorkeeper: Doorkeeper, wire: Wire) -> None:
        self.trace: Listener | None = None
        self._target = target
        self._login = login
        self._doorkeeper = doorkeeper
        self._wire = wire
        self._layouts = LayoutCache()
        self._memory = Memory()
        self._door: tuple[str, str, int] | None = None
        self._farewell: asyncio.Task[None] | None = None
        self._open_still = ""  # why the last session may not be ended
        self._basic = False

    async def collect(self) -> Harvest:
        """Log in, read, log out.

        The session is ended after success, failure, and at the end of the time. Neither what was read nor a poll that
        is cancelled waits for a controller that is slow at that: ``close`` and the next poll do.

        Raises:
            Unreachable: nothing answers in time.
            AuthFailed: the credential is refused.
            BadReply: what answers is no Redfish service, is not trusted, or has no session left.
            CannotCheck: this machine cannot ask.
        """
        budget = self._target.budget_seconds
        until = asyncio.get_running_loop().time() + budget - min(MARGIN_SECONDS, budget * MARGIN_SHARE)
        await self.close()
        door = await self._doorkeeper.find(self._wire)
        self._remember(door)
        client = Client(door, min(budget, 2 * self._target.timeout_seconds), self._tell)
        visit = Visit(client, Session(client, self._login), self._wire, self._memory, Time.before(until))
        try:
            machine = await self._read(visit, door)
        finally:
            await self._part(visit, until)
        return self._harvest(machine, visit.old)

    async def _read(self, visit: Visit, door: Door) -> Machine:
        try:
            return await visit.machine(basic=self._basic)
        except AuthFailed:
            self._basic = False
            raise
        except (Unreachable, BadReply) as error:
            raise await self._explained(error, door) from None

    def _remember(self, door: Door) -> None:
        """Go on with what is known, if it is the same controller."""
        place = (door.address, door.host, door.port)
        if place != self._door:
            self._door, self._memory = place, Memory()

    async def _explained(self, error: CollectError, door: Door) -> CollectError:
        """Return the error; where no TLS is spoken at all it says so."""
        if await self._doorkeeper.is_plain(door):
            return BadReply(f"{door.place}: {PLAIN_HINT}")
        return error

    def _harvest(self, machine: Machine, old: int) -> Harvest:
        parsed = parse(machine, self._target.room)
        layout, values = self._layouts.arrange(parsed.samples)
        remarks = tuple(clean_text(one, REMARK_BYTES) for one in (*machine.remarks, *parsed.remarks))
        told = {LOGOUT: clean_text(self._open_still), FROM_BEFORE: str(old or "")}
        facts = {**parsed.facts, **{name: value for name, value in told.items() if value}}
        return Harvest(layout, values, facts, partial=remarks, parts=parsed.parts)

    async def _part(self, visit: Visit, until: float) -> None:
        """Begin the farewell; wait for it while there is time, unless the poll is cancelled."""
        self._farewell = asyncio.create_task(self._leave(visit))
        task = asyncio.current_task()
        if task is None or not task.cancelling():
            await asyncio.wait([self._farewell], timeout=max(0.0, until - asyncio.get_running_loop().time()))

    async def _leave(self, visit: Visit) -> None:
        """Say farewell. Where that fails, the next polls log in at each request: no session is made to stay open."""
        why = await visit.leave()
        self._open_still = why or (self._open_still if self._basic else "")
        if why:
            self._basic = True
            _log.warning("a session may be open still", device=self._target.subject.id, detail=clean_text(why))

    def _tell(self, what: str) -> None:
        if self.trace is not None:
            self.trace(what)

    async def close(self) -> None:
        """Wait until the last session is ended; it is ended even if nobody waits any more."""
        if self._farewell is not None and not self._farewell.done():
            await asyncio.shield(self._farewell)
