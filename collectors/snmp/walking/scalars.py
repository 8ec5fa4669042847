"""Reading single instances: as few packets as the device can answer, absent ones not asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agent.contract import BadReply
from collectors.snmp.oid import Value
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.transport.status import NO_SUCH_NAME, TOO_BIG, ErrorStatus
from collectors.snmp.walking.sizes import LONGEST, MAX_OCTETS, shortened

INSTANCES_PER_PACKET = 24
RETRY_POLLS = 10
"""An instance that the device answers badly is asked for again after so many polls (F05)."""
REGROW_POLLS = 100
"""A device that said tooBig is asked for somewhat more at once after so many polls (F03)."""


class Getter:
    """GETs instances of one device; remembers which it does not have (F27) and how many fit into an answer (F03).

    ``unexpected`` counts values that nobody had asked for (F02).
    """

    def __init__(self, session: Conversation) -> None:
        self.unexpected = 0
        self._session = session
        self._absent: set[str] = set()
        self._failures: dict[str, str] = {}
        self._size = INSTANCES_PER_PACKET
        self._polls = 0
        self._octets = 0

    def begin_poll(self) -> None:
        """Count a poll; now and then try again what the device could not do."""
        self._polls += 1
        self._octets = 0
        if self._polls % RETRY_POLLS == 0:
            self._failures.clear()
        if self._polls % REGROW_POLLS == 0:
            self._size = min(INSTANCES_PER_PACKET, 2 * self._size)

    def forget(self) -> None:
        """Ask again for what was absent: the device restarted, or is another one."""
        self._absent.clear()
        self._failures.clear()

    def remarks(self, oids: Iterable[str]) -> list[str]:
        """Return why some of these could not be read, for people: one text for each reason."""
        reasons: dict[str, list[str]] = {}
        for oid in oids if self._failures else ():
            if oid in self._failures:
                reasons.setdefault(self._failures[oid], []).append(oid)
        return [f"{why}: {', '.join(failed[:3])}{_more(len(failed) - 3)}" for why, failed in reasons.items()]

    async def get(self, oids: Iterable[str]) -> dict[str, Value]:
        """Return the values of the instances that the device has, in the order asked for. Raises CollectError."""
        wanted = [oid for oid in oids if oid not in self._absent and oid not in self._failures]
        found: dict[str, Value] = {}
        at = 0
        while at < len(wanted):
            some = wanted[at : at + self._size]
            before = self._session.octets
            found |= self._weighed(await self._some(some), before)
            at += len(some)
        return {oid: found[oid] for oid in wanted if oid in found}

    def _weighed(self, found: dict[str, Value], before: int) -> dict[str, Value]:
        """Return the values, of each no more than is of use; ``before`` are the octets that had come until then.

        Raises BadReply where they are too much of it (F09).
        """
        octets = self._session.octets - before
        self._octets += octets
        if self._octets > MAX_OCTETS:
            raise BadReply("single values of too many octets")
        return dict(zip(found, shortened(list(found.values())), strict=True)) if octets > LONGEST else found

    async def _some(self, oids: Sequence[str], *, again: bool = True) -> dict[str, Value]:
        try:
            answer = await self._session.get(oids)
        except ErrorStatus as error:
            return await self._without_culprit(oids, error)
        found = {oid: answer[oid] for oid in oids if answer.get(oid) is not None}
        if len(found) == len(oids) == len(answer):
            return found
        self._absent.update(oid for oid in oids if oid in answer and answer[oid] is None)
        missing = [oid for oid in oids if oid not in answer]
        return found | await self._missing(missing, self._strangers(oids, answer), again=again) if missing else found

    def _strangers(self, oids: Sequence[str], answer: Mapping[str, Value]) -> int:
        """Count and return how many values came that were not asked for (F02)."""
        strangers = len(answer.keys() - set(oids))
        self.unexpected += strangers
        return strangers

    async def _missing(self, oids: Sequence[str], strangers: int, *, again: bool) -> dict[str, Value]:
        """Ask once more for what the answer left out (RFC 3416 section 4.2.3); what stays away has failed (F05)."""
        if again and not strangers:
            return await self._some(oids, again=False)
        why = "answered with another object" if strangers else "left out of the answer, or no valid value"
        self._failures.update(dict.fromkeys(oids, why))
        return {}

    async def _without_culprit(self, oids: Sequence[str], error: ErrorStatus) -> dict[str, Value]:
        """Read the others where the device says at which instance it failed, else find out by halves."""
        if error.status != TOO_BIG and 1 <= error.index <= len(oids):
            self._blame(oids[error.index - 1], error)
            rest = [*oids[: error.index - 1], *oids[error.index :]]
            return await self._some(rest) if rest else {}
        if len(oids) == 1:
            self._blame(oids[0], error)
            self._size = INSTANCES_PER_PACKET  # it was this one that did not fit, not their number
            return {}
        half = (len(oids) + 1) // 2
        if error.status == TOO_BIG:
            self._size = min(self._size, half)
        return await self._some(oids[:half]) | await self._some(oids[half:])

    def _blame(self, oid: str, error: ErrorStatus) -> None:
        if error.status == NO_SUCH_NAME:
            self._absent.add(oid)  # v1's way of saying noSuchInstance (RFC 1157 section 4.1.2)
        else:
            self._failures[oid] = error.detail


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""
