"""One poll's conversation: is it a controller, the login, its resources, and the farewell."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from agent.contract import AuthFailed, BadReply, Unreachable, Wire
from collectors.redfish.client import Answer, Client, Question
from collectors.redfish.machine import Machine
from collectors.redfish.reader import REFUSED, Memory, Reader, Time, decoded
from collectors.redfish.reduce import reduced
from collectors.redfish.refusal import is_redfish
from collectors.redfish.resource import NOTHING, ROOT, Resource, ResourceError, link, text
from collectors.redfish.session import Session
from collectors.redfish.walk import DOORS, Enough, Missing, Walk

VERSIONS = "/redfish"


class Visit:
    """One conversation; ``leave`` ends it."""

    def __init__(self, client: Client, session: Session, wire: Wire, memory: Memory, time: Time) -> None:
        self._client = client
        self._session = session
        self._wire = wire
        self._memory = memory
        self._time = time
        self._reader: Reader | None = None

    @property
    def old(self) -> int:
        """How many resources are from earlier polls."""
        return self._reader.old if self._reader is not None else 0

    async def machine(self, *, basic: bool) -> Machine:
        """Read the controller. The root needs no login (DSP0266 §13.3): what is no Redfish service never gets one.

        ``basic``: log in at each request where the root may be read without. Raises CollectError.
        """
        root = await self._root()
        if basic and root:
            self._session.use_basic()
        else:
            await self._session.open(root, self._time.until)
        root = root or await self._root_inside()
        reader = self._reader = Reader(self._client, self._session, self._wire, self._memory, self._time)
        await self._prove(reader, root)
        reader.ahead(path for path in self._memory.oldest_first() if path != ROOT)
        walk = Walk(reader.get, reader.ahead)
        machine = await walk.machine(root)
        self._memory.keep_only({*walk.seen, ROOT})
        self._refuse_nothing(reader, machine)
        return machine

    def _refuse_nothing(self, reader: Reader, machine: Machine) -> None:
        """Raise where nothing was read now."""
        place, first = self._client.place, next(iter(machine.remarks), "tells of no chassis and no system")
        if reader.refused and not reader.fresh:
            raise AuthFailed(f"{place}: the login is not accepted")
        found = machine.chassis or machine.systems
        if reader.late and not (found and reader.fresh):
            raise Unreachable(f"{place}: no answer in time")
        if not found:
            raise BadReply(f"{place}: {first}")

    async def _prove(self, reader: Reader, root: Resource) -> None:
        """Have the first request accepted before others are made, where each is a login: several lock the user out."""
        if self._session.is_basic:
            with contextlib.suppress(Missing, Enough):
                for path in list(_doors(root))[:1]:
                    await reader.get(path)

    async def leave(self) -> str:
        """End the session and the connections; return why the session may be open still, '' where it is not."""
        if self._reader is not None:
            await self._reader.stop()
        return await self._session.leave()

    async def _root(self) -> Resource:
        """Return the service's root, empty where it wants a login first. Raises BadReply: it is no Redfish service.

        That it wants a login is not enough: any web server may. It has to show that it speaks Redfish.
        """
        kept = self._memory.recent(ROOT, asyncio.get_running_loop().time())
        if kept is not None and kept.found is not None:
            return kept.found.resource
        answer = await self._client.ask(Question("GET", ROOT, {}), self._time.until)
        found = await self._decoded(answer)
        if answer.status in REFUSED and (is_redfish(answer.headers, found) or await self._has_versions()):
            return NOTHING
        return self._proven(found, answer.status)

    async def _has_versions(self) -> bool:
        """Whether the resource that lists the versions is there (DSP0266 §8.2); it needs no login."""
        answer = await self._client.ask(Question("GET", VERSIONS, {}), self._time.until)
        return answer.status == 200 and text(await self._decoded(answer), "v1").rstrip("/") == ROOT.rstrip("/")

    async def _root_inside(self) -> Resource:
        answer = await self._client.ask(Question("GET", ROOT, self._session.headers), self._time.until)
        if answer.status in REFUSED:
            raise AuthFailed(f"{self._client.place}: status {answer.status}")
        return self._proven(await self._decoded(answer), answer.status)

    def _proven(self, found: Resource, status: int) -> Resource:
        if status != 200 or not (text(found, "RedfishVersion") or "Chassis" in found or "Systems" in found):
            raise BadReply(f"{self._client.place}: no Redfish service at {ROOT} (status {status})")
        root = reduced(found)
        self._memory.put(ROOT, root, asyncio.get_running_loop().time())
        return root.resource

    async def _decoded(self, answer: Answer) -> Resource:
        with contextlib.suppress(ResourceError):
            return await decoded(answer.body, self._wire)
        return NOTHING


def _doors(root: Resource) -> Iterator[str]:
    """Yield where one may go on from the root."""
    yield from filter(None, (link(root, name) for name in DOORS))
