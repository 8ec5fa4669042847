"""Asking a device which probes it answers. I/O only."""

from __future__ import annotations

from collections.abc import Mapping

from agent.contract import BadReply, Unreachable
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.walking.scalars import Getter

SCALAR = ".0"
"""How an instance ends that has nothing below it."""


async def answered(session: Conversation, getter: Getter, probes: Mapping[str, str]) -> set[str]:
    """Return the names of the probes that the device answers: an instance, or anything below a column or table.

    Raises CollectError where the device falls silent; one that answers a probe badly, or never, does not have it.
    """
    instances = await getter.get(dict.fromkeys(probes.values()))
    found = {name for name, oid in probes.items() if oid in instances}
    silent = False
    for oid in dict.fromkeys(oid for oid in probes.values() if oid not in instances and not oid.endswith(SCALAR)):
        try:
            page = await session.next(session.cursor(oid, 1), f"{oid} probe", 0)
        except BadReply:
            continue
        except Unreachable:
            if silent:
                raise  # twice in a row: it is not the question
            silent = True
            continue
        silent = False
        if page and page[0] is not None:
            found |= {name for name, probe in probes.items() if probe == oid}
    return found
