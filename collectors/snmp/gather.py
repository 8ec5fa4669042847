"""Walking all tables of a device: what could be read, and what of it is missing and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.contract import BadReply, CollectError, Unreachable
from collectors.snmp.filters import Filter
from collectors.snmp.recognise import Device
from collectors.snmp.scalars import Getter
from collectors.snmp.walk import Walked, Walker, as_walked


@dataclass(slots=True)
class Gathered:
    """The rows of all modules that could be read whole, save single bad columns.

    ``failed`` are the subtrees and columns that could not be read; ``missing`` says so for people.
    """

    walks: list[Walked] = field(default_factory=list[Walked])
    failed: set[str] = field(default_factory=set[str])
    missing: list[str] = field(default_factory=list[str])


async def gather(walker: Walker, device: Device, getter: Getter) -> Gathered:
    """Walk the device's subtrees. A module of which a subtree failed is left out: failed is not empty (F07).

    Raises CollectError where no module could be read.
    """
    found = Gathered()
    read: list[tuple[Walked, frozenset[str]]] = []
    incomplete: set[str] = set()
    first: CollectError | None = None
    for module, one in device.filters:
        try:
            read.append((await _chosen(walker, getter, one), frozenset({module})))
        except (BadReply, Unreachable) as error:
            first = first or error
            incomplete.add(module)
            found.failed |= set(one.targets)
            found.missing.append(f"{module}: rows not chosen: {error.detail}")
    for root in device.roots:
        try:
            if isinstance(first, Unreachable):
                raise first  # the device fell silent, or its time is used up: ask it nothing more in this poll
            walks, failures = await walker.read(root.oid, root.columns)
        except (BadReply, Unreachable) as error:
            first = first or error
            incomplete |= root.modules
            found.failed.add(root.oid)
            found.missing.append(f"{', '.join(sorted(root.modules))}: {error.detail}")
            continue
        read += [(walk, root.modules) for walk in walks]
        found.failed |= failures.keys()
        found.missing += dict.fromkeys(failures.values())
    found.walks = [walk for walk, modules in read if modules - incomplete]
    if first is not None and not found.walks:
        raise first
    return found


async def _chosen(walker: Walker, getter: Getter, one: Filter) -> Walked:
    """Return the rows of a dynamic filter's targets: those at whose index the walk of its ``oid`` finds a value of it.

    Raises CollectError: without that walk no row is read, where the target may be a table too large to be read whole.
    """
    walked = await walker.walk(one.oid)
    return as_walked(await getter.get(one.allowed(zip(walked.oids, walked.values, strict=True))))
