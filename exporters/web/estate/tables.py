"""Tables of the status page, as values. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from exporters.web.words import TONES, Mark, PageWords

MAX_ROWS = 100


@dataclass(frozen=True, slots=True)
class TableRow:
    """One thing: how it stands, one text a further column, and lines below its name."""

    name: str
    mark: Mark
    cells: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableView:
    """One section. ``title`` and ``heads`` are keys of labels; ``more``: how many rows are left out, in words."""

    title: str
    mark: Mark
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
    count: int
    more: str
    href: str


def table(
    title: str, heads: tuple[str, ...], rows: Iterable[TableRow], words: PageWords, href: str
) -> TableView | None:
    """Return the section, the worst rows first; None without any."""
    found = sorted(rows, key=lambda row: TONES.index(row.mark.tone))
    if not found:
        return None
    more = words.rest(len(found) - MAX_ROWS)
    return TableView(title, words.mark(found[0].mark.tone), heads, tuple(found[:MAX_ROWS]), len(found), more, href)


def known(value: float | None, spell: Callable[[float], str], otherwise: str = "–") -> str:
    """Return a value in words, or a dash where it is not known."""
    return otherwise if value is None else spell(value)
