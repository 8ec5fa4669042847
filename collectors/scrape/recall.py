"""What stays of a page from poll to poll, so that the next one has only its values read. Pure."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.contract import Harvest, Layout
from agent.layout import LayoutCache
from collectors.scrape.health import Health
from collectors.scrape.lines import CHUNK, read_values
from collectors.scrape.parse import Page, Rules, Slot, Source, read_page
from collectors.scrape.series import Labels


@dataclass(frozen=True, slots=True, eq=False)
class Recall:
    """A page's lines without their values, packed, and where each value belongs in the layout.

    ``places`` are those of the lines with samples; ``prefixes`` what stands before their values, one text for each
    ``CHUNK`` of them, since a string each would take several times the page. Of the lines at ``other`` only a digest is
    kept. ``order`` and ``minus`` say for the layout's values which samples they come from. The first ``native`` values
    are series of the page itself.
    """

    openmetrics: bool
    layout: Layout
    notes: tuple[str, ...]
    health: Health
    lines: int
    places: array[int]
    prefixes: Sequence[bytes]
    other: array[int]
    digest: bytes
    order: array[int]
    minus: Sequence[tuple[int, int]]
    native: int

    def read(self, source: Source) -> Harvest | None:
        """Return the harvest of a page that differs in nothing but its values from this one; else None."""
        lines = source.text.split("\n")
        if source.openmetrics is not self.openmetrics or len(lines) != self.lines:
            return None
        if _digest(lines, self.other) != self.digest:
            return None
        values: list[float] = []
        for chunk, packed in enumerate(self.prefixes):
            places = self.places[chunk * CHUNK : (chunk + 1) * CHUNK]
            read = _values([lines[place] for place in places], _unpack(packed))
            if read is None:
                return None
            values += read
        return self.harvest(values)

    def labels(self) -> dict[str, Labels]:
        """Return the labels of the page's series by all that stands before the value."""
        known: dict[str, Labels] = {}
        prefixes = [prefix for packed in self.prefixes for prefix in _unpack(packed)]
        for column in self.layout.columns:
            for position, row in enumerate(column.rows.values, column.start):
                if position < self.native:
                    pairs = zip(column.rows.names, row, strict=True)
                    known[prefixes[self.order[position]]] = tuple(sorted(pair for pair in pairs if pair[1]))
        return known

    def harvest(self, values: Sequence[float]) -> Harvest:
        """Return the harvest of the page with these values, given in the page's order."""
        ordered = [values[index] for index in self.order]
        for position, index in self.minus:
            ordered[position] -= values[index]
        return Harvest(self.layout, ordered, partial=(*self.notes, *self.health.notes(values)))


def _values(samples: list[str], prefixes: list[str]) -> list[float] | None:
    """Return the values of sample lines, or None where a line does not begin with its prefix or has no value."""
    tails = list(map(str.removeprefix, samples, prefixes))
    # Every prefix was there and is gone, exactly if that much is missing.
    if sum(map(len, samples)) - sum(map(len, tails)) != sum(map(len, prefixes)):
        return None
    return read_values(tails)


def read_anew(source: Source, rules: Rules, before: Recall | None = None) -> tuple[Recall, Harvest]:
    """Read a page whole; return what to keep of it, and its harvest. Raises PageError, Abandoned.

    What ``before`` knows of single series is not read again; its layout stays where the series are the same.
    """
    page = read_page(source, rules, before.labels() if before is not None else None)
    recall = _remember(page, before)
    return recall, recall.harvest(page.values)


def _remember(page: Page, before: Recall | None) -> Recall:
    layout, indexes = LayoutCache().arrange(page.kept)
    slots: list[Slot] = [page.slots[int(index)] for index in indexes]
    return Recall(
        openmetrics=page.openmetrics,
        layout=before.layout if before is not None and _same(before.layout, layout) else layout,
        notes=page.notes,
        health=Health(page.samples, before.health if before is not None else None),
        lines=len(page.lines),
        places=array("I", [sample.line for sample in page.samples]),
        prefixes=tuple(_packed([sample.prefix for sample in page.samples])),
        other=array("I", page.other),
        digest=_digest(page.lines, page.other),
        order=array("I", [slot.sample for slot in slots]),
        minus=[(position, slot.minus) for position, slot in enumerate(slots) if slot.minus is not None],
        native=page.native,
    )


# No line holds a line break: it parts them without ambiguity.


def _packed(prefixes: Sequence[str]) -> Iterator[bytes]:
    for begin in range(0, len(prefixes), CHUNK):
        yield "\n".join(prefixes[begin : begin + CHUNK]).encode()


def _unpack(packed: bytes) -> list[str]:
    return packed.decode().split("\n")


def _digest(lines: Sequence[str], places: Iterable[int]) -> bytes:
    return hashlib.sha256("\n".join([lines[place] for place in places]).encode()).digest()


def _same(one: Layout, other: Layout) -> bool:
    return len(one.columns) == len(other.columns) and all(
        (left.family, left.start, left.rows.names, left.rows.values)
        == (right.family, right.start, right.rows.names, right.rows.values)
        for left, right in zip(one.columns, other.columns, strict=True)
    )
