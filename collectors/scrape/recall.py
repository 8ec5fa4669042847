"""What stays of a page from poll to poll, so that the next one has only its values read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.contract import Harvest, Layout
from agent.layout import LayoutCache
from collectors.scrape.lines import CHUNK, read_values
from collectors.scrape.parse import Page, Rules, Slot, Source, read_page
from collectors.scrape.series import Labels


@dataclass(frozen=True, slots=True, eq=False)
class Recall:
    """A page's lines without their values, and where each value belongs in the layout.

    ``places`` and ``prefixes`` are those of the lines with samples, ``other`` the remaining lines; ``order`` and
    ``minus`` say for the layout's values which samples they come from. The first ``native`` values are series of the
    page itself.
    """

    openmetrics: bool
    layout: Layout
    notes: tuple[str, ...]
    lines: int
    places: Sequence[int]
    prefixes: Sequence[str]
    other: Sequence[tuple[int, str]]
    order: Sequence[int]
    minus: Sequence[tuple[int, int]]
    native: int

    def read(self, source: Source) -> Harvest | None:
        """Return the harvest of a page that differs in nothing but its values from this one; else None."""
        lines = source.text.split("\n")
        if source.openmetrics is not self.openmetrics or len(lines) != self.lines:
            return None
        if any(lines[place] != line for place, line in self.other):
            return None
        values: list[float] = []
        for begin in range(0, len(self.places), CHUNK):
            chunk = self._values(lines, slice(begin, begin + CHUNK))
            if chunk is None:
                return None
            values += chunk
        return self.harvest(values)

    def _values(self, lines: list[str], part: slice) -> list[float] | None:
        prefixes = self.prefixes[part]
        samples = [lines[place] for place in self.places[part]]
        tails = list(map(str.removeprefix, samples, prefixes))
        # Every prefix was there and is gone, exactly if that much is missing.
        if sum(map(len, samples)) - sum(map(len, tails)) != sum(map(len, prefixes)):
            return None
        return read_values(tails)

    def labels(self) -> dict[str, Labels]:
        """Return the labels of the page's series by all that stands before the value."""
        known: dict[str, Labels] = {}
        for column in self.layout.columns:
            for position, row in enumerate(column.rows.values, column.start):
                if position < self.native:
                    pairs = zip(column.rows.names, row, strict=True)
                    known[self.prefixes[self.order[position]]] = tuple(sorted(pair for pair in pairs if pair[1]))
        return known

    def harvest(self, values: Sequence[float]) -> Harvest:
        """Return the harvest of the page with these values, given in the page's order."""
        ordered = [values[index] for index in self.order]
        for position, index in self.minus:
            ordered[position] -= values[index]
        return Harvest(self.layout, ordered, partial=self.notes)


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
        lines=len(page.lines),
        places=[sample.line for sample in page.samples],
        prefixes=[sample.prefix for sample in page.samples],
        other=[(number, page.lines[number]) for number in page.other],
        order=[slot.sample for slot in slots],
        minus=[(position, slot.minus) for position, slot in enumerate(slots) if slot.minus is not None],
        native=page.native,
    )


def _same(one: Layout, other: Layout) -> bool:
    return len(one.columns) == len(other.columns) and all(
        (left.family, left.start, left.rows.names, left.rows.values)
        == (right.family, right.start, right.rows.names, right.rows.values)
        for left, right in zip(one.columns, other.columns, strict=True)
    )
