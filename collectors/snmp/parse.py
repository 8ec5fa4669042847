"""From walked rows to a layout and its values. Pure.

As long as the walks' OIDs and the watched texts are those of the last poll, the layout is the very same object and
the values are copied in slices: nothing is done row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from agent.contract import Layout
from collectors.snmp.mapping.neutral import Mapper
from collectors.snmp.mapping.registers import Registers
from collectors.snmp.mapping.schema import Profile
from collectors.snmp.modules.merging import judged_first, metrics_of
from collectors.snmp.modules.module import Metric, Module
from collectors.snmp.oid import Value, parts
from collectors.snmp.tables.builder import Builder
from collectors.snmp.tables.picking import Joined, Pick, picker, with_joined
from collectors.snmp.tables.pieces import Reader
from collectors.snmp.tables.table import Tables, find_columns

MAX_SERIES = 10_000
"""Series kept of one device, where nothing else is said."""


class Walk(Protocol):
    """What the parser needs of a walk; equal ``content`` means equal OIDs in equal order."""

    values: list[Value]
    content: int

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        ...


class Arranged(NamedTuple):
    """A layout, the values in its order, and how many values were dropped, by what was wrong with them.

    ``beyond`` counts the series over the device's cap, ``alike`` those that needed their index to be told apart;
    ``contradicting`` are the metrics that another one of their name and of another type left out. ``beside`` are the
    series of the device that are not of its walks. ``refusals``: values that cannot be meant, in words; the first few.
    """

    layout: Layout
    values: list[float]
    dropped: Mapping[str, int]
    beyond: int = 0
    alike: int = 0
    contradicting: tuple[str, ...] = ()
    beside: int = 0
    refusals: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What of it is missing, for people."""
        kept = self.layout.size + self.beside
        cut = (f"{kept:,} of {kept + self.beyond:,} series kept (max_series)",) if self.beyond else ()
        return (*cut, *self.contradicting)


@dataclass(slots=True)
class _Arrangement:
    """How one set of walks becomes one layout."""

    key: object
    layout: Layout = field(default_factory=Layout)
    readers: list[Reader] = field(default_factory=list[Reader])
    joins: tuple[Joined, ...] = ()
    watched: list[tuple[int, Pick, Sequence[Value]]] = field(default_factory=list[tuple[int, Pick, Sequence[Value]]])
    dropped: Mapping[str, int] = field(default_factory=dict[str, int])
    beyond: int = 0
    alike: int = 0
    refusals: tuple[str, ...] = ()

    def read(self, walks: Sequence[Walk]) -> list[float] | None:
        """Return the values, or None where this arrangement does not fit the walks."""
        every = with_joined(walks, self.joins)
        if any(pick(every[walk].values) != last for walk, pick, last in self.watched):
            return None
        out: list[float] = []
        for reader in self.readers:
            if not reader.extend(out, every):
                return None
        return out


class Arranger:
    """Turns the walks of one device's polls into layouts and values; remembers the last arrangement."""

    def __init__(
        self, modules: Iterable[Module], profile: Profile, room: str = "", max_series: int = MAX_SERIES
    ) -> None:
        self._max_series = max_series
        self._metrics, self._contradicting = metrics_of(modules)
        self._registers = Registers()
        self._mapper = Mapper(profile.entries, room, self._registers)
        labelling = {metric.oid for metric in self._metrics if metric.is_labelled}
        labelling = labelling.union(*(metric.helpers for metric in self._metrics))
        self._watched = frozenset(labelling).union(*(entry.choosing for entry in profile.entries))
        self._known = self._watched.union({m.oid for m in self._metrics}, *(e.columns for e in profile.entries))
        self._now: _Arrangement | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that anything is made of, in the MIB's order."""
        return tuple(sorted(self._known, key=parts))

    def arrange(
        self, walks: Sequence[Walk], failed: frozenset[str] = frozenset(), now: float = 0.0, beside: int = 0
    ) -> Arranged:
        """Return layout and values; the same layout object as long as the device shows the same series.

        ``failed`` are subtrees that could not be read: nothing neutral is made while its labels may be wrong. ``now``
        is the time of the poll in seconds since the epoch; registers count by it. ``beside`` series more count towards
        the cap.
        """
        self._registers.now = now
        key = (failed, beside, *(walk.content for walk in walks))
        last = self._now
        values = last.read(walks) if last is not None and last.key == key else None
        if last is None or values is None:
            built = self._build(key, walks, failed, max(0, self._max_series - beside))
            if last is not None and _series(last.layout) == _series(built.layout):
                built.layout = last.layout  # read in another way, shown as before
            last = self._now = built
            values = last.read(walks)
        if values is None:
            raise AssertionError("an arrangement fits the walks that it was built from")
        lost = (last.dropped, last.beyond, last.alike, self._contradicting)
        return Arranged(last.layout, values, *lost, beside, last.refusals)

    def _build(self, key: object, walks: Sequence[Walk], failed: frozenset[str], room: int) -> _Arrangement:
        tables = find_columns(walks, self._known)
        builder = self._filled(tables, failed, self._metrics, room)
        if builder.beyond:
            builder = self._filled(tables, failed, judged_first(self._metrics), room)
        now = _Arrangement(key, builder.layout(), builder.readers, tables.joins)
        now.dropped, now.beyond, now.alike = builder.dropped, builder.beyond, builder.alike
        now.refusals = tuple(builder.refusals)
        for oid in self._watched & tables.cells.keys():
            cells = tables.cells[oid]
            pick = picker(cells.positions)
            now.watched.append((cells.walk, pick, pick(tables.walks[cells.walk].values)))
        return now

    def _filled(self, tables: Tables, failed: frozenset[str], metrics: Iterable[Metric], room: int) -> Builder:
        """Return so many series; what is neutral comes first: it is judged, and kept whatever else a device has."""
        builder = Builder(tables.walks, room)
        for piece in self._mapper.pieces(tables, failed):
            builder.add(piece)
        for metric in metrics:
            builder.add_metric(metric, tables)
        return builder


def _series(layout: Layout) -> list[object]:
    """Return what two layouts of the same series have in common."""
    return [(column.family, column.start, column.rows.names, column.rows.values) for column in layout.columns]
