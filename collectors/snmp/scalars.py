"""Reading single instances: as few packets as the device can answer, absent ones not asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from collectors.snmp.client import Session
from collectors.snmp.oid import Value

INSTANCES_PER_PACKET = 24


class Getter:
    """GETs instances of one device; remembers which it does not have (F27) and how many fit into an answer (F03).

    ``unexpected`` counts values that nobody had asked for (F02).
    """

    def __init__(self, session: Session) -> None:
        self.unexpected = 0
        self._session = session
        self._absent: set[str] = set()
        self._size = INSTANCES_PER_PACKET

    def forget(self) -> None:
        """Ask again for what was absent: the device restarted, or is another one."""
        self._absent.clear()

    async def get(self, oids: Iterable[str]) -> dict[str, Value]:
        """Return the values of the instances that the device has, in the order asked for. Raises CollectError."""
        wanted = [oid for oid in oids if oid not in self._absent]
        found: dict[str, Value] = {}
        for at in range(0, len(wanted), self._size):
            found |= await self._some(wanted[at : at + self._size])
        return found

    async def _some(self, oids: Sequence[str]) -> dict[str, Value]:
        answer = await self._session.get(oids)
        if not answer and len(oids) > 1:
            return await self._halves(oids)
        found = {oid: answer[oid] for oid in oids if answer.get(oid) is not None}
        if len(found) < len(oids):
            self._absent.update(oid for oid in oids if oid not in answer)
        if len(found) < len(answer):
            self.unexpected += sum(oid not in found for oid in answer)
        return found

    async def _halves(self, oids: Sequence[str]) -> dict[str, Value]:
        """Nothing came: tooBig, or one absent instance under v1 (noSuchName fails the whole PDU, RFC 1157 4.1.2)."""
        half = (len(oids) + 1) // 2
        found = await self._some(oids[:half]) | await self._some(oids[half:])
        if len(found) == len(oids):
            self._size = min(self._size, half)
        return found
