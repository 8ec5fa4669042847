"""Walking all tables of a device: what could be read, and what of it is missing and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agent.contract import BadReply, CollectError, Unreachable
from collectors.snmp.mapping.recognise import Device
from collectors.snmp.modules.filters import Filters
from collectors.snmp.walking.scalars import Getter
from collectors.snmp.walking.slow import SlowWalks
from collectors.snmp.walking.walk import Walked, Walker, as_walked


@dataclass(slots=True)
class Gathered:
    """The rows of all modules that could be read whole, save single bad columns.

    ``failed`` are the subtrees and columns that could not be read; ``missing`` says so for people. ``earlier`` counts
    the values that are of an earlier poll.
    """

    walks: list[Walked] = field(default_factory=list[Walked])
    failed: set[str] = field(default_factory=set[str])
    missing: list[str] = field(default_factory=list[str])
    earlier: int = 0


async def gather(walker: Walker, device: Device, getter: Getter, slow: SlowWalks, now: float) -> Gathered:
    """Walk the device's subtrees. A module of which a subtree failed is left out: failed is not empty (F07).

    Of slow subtrees the rows of this period serve again. Raises CollectError where no module could be read; earlier
    rows do not count as that.
    """
    reading = _Reading()
    for root in device.roots:
        earlier = slow.latest(root.oid, root.every, now) if root.every else ()
        if earlier:
            reading.took(earlier, root.modules, fresh=False)
            continue
        try:
            if isinstance(reading.first, Unreachable):
                raise reading.first  # the device fell silent, or its time is used up: ask it nothing more in this poll
            walks, failures = await walker.read(root.oid, root.columns)
        except (BadReply, Unreachable) as error:
            reading.missed(error, (root.oid,), root.modules, ", ".join(sorted(root.modules)))
            continue
        if root.every and not failures:
            slow.keep(root.oid, root.every, now, walks)
        reading.took(walks, root.modules)
        reading.failed |= failures.keys()
        reading.missing += dict.fromkeys(failures.values())
    for module, filters in device.filters:  # last: of a column that is walked as well the walk is whole
        await _choose(reading, module, filters, walker, getter)
    return reading.result()


@dataclass(slots=True)
class _Reading:
    """What one poll has of all subtrees so far; ``first`` is the first error that cost a whole one."""

    read: list[tuple[Walked, frozenset[str], bool]] = field(default_factory=list[tuple[Walked, frozenset[str], bool]])
    incomplete: set[str] = field(default_factory=set[str])
    failed: set[str] = field(default_factory=set[str])
    missing: list[str] = field(default_factory=list[str])
    first: CollectError | None = None

    def took(self, walks: Iterable[Walked], modules: frozenset[str], *, fresh: bool = True) -> None:
        """Take in walks, and whether they are of this poll."""
        self.read += [(walk, modules, fresh) for walk in walks]

    def missed(self, error: CollectError, what: Iterable[str], modules: frozenset[str], whose: str) -> None:
        """Take in that these subtrees could not be read, and so these modules not whole."""
        self.first = self.first or error
        self.incomplete |= modules
        self.failed |= set(what)
        self.missing.append(f"{whose}: {error.detail}")

    def result(self) -> Gathered:
        """Return what modules could be read whole. Raises the first error where this poll has none."""
        whole = [(walk, fresh) for walk, modules, fresh in self.read if modules - self.incomplete]
        if self.first is not None and not any(fresh for _, fresh in whole):
            raise self.first
        earlier = sum(len(walk.values) for walk, fresh in whole if not fresh)
        return Gathered([walk for walk, _ in whole], self.failed, self.missing, earlier)


async def _choose(reading: _Reading, module: str, filters: Filters, walker: Walker, getter: Getter) -> None:
    """Read the rows of the targets of a module's dynamic filters that all of them let through.

    Without their walks no row is read, where the target may be a table too large to be read whole.
    """
    try:
        if isinstance(reading.first, Unreachable):
            raise reading.first
        rows: list[Sequence[str]] = []
        for one in filters.dynamic:
            walked = await walker.walk(one.oid)
            rows.append(one.rows(zip(walked.oids, walked.values, strict=True)))
        reading.took([as_walked(await getter.get(filters.allowed(rows)))], frozenset({module}))
    except (BadReply, Unreachable) as error:
        reading.missed(error, filters.targets, frozenset({module}), f"{module}: rows not chosen")
