"""Lines of a CSV file, as spreadsheets write them: UTF-8, UTF-16 (Excel's "Unicode text") or Windows-1252.

A quote that nobody closes makes one cell of many rows, and what they say of persons part of it. Such lines are
rejected, each by itself, with what stands between the delimiters.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from config.errors import Wrong
from config.sheethead import Heading, Line

MAX_BYTES = 64_000_000
MAX_ROW_LINES = 50  # a cell may hold line breaks; so many come from a quote that is not closed
DELIMITERS = (";", ",", "\t")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OPEN = "a quote that is not closed"
_SWALLOWED = "a quote that is not closed, or a cell with a line break and a delimiter"


def encoding_of(raw: bytes) -> str:
    """Return UTF-8 if it is that, else what German spreadsheets write. Raises Wrong."""
    if raw.startswith(_UTF_16):
        candidates: tuple[str, ...] = ("utf-16",)
    elif b"\0" in raw:
        raise Wrong("is no CSV text: it holds NUL bytes", "export it as CSV in UTF-8")
    else:
        candidates = ("utf-8-sig", "cp1252")
    for encoding in candidates:
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Wrong("is neither UTF-8 nor Windows-1252", "export it as CSV in UTF-8")


def csv_lines(raw: bytes, encoding: str, delimiter: str, heading: Heading | None = None) -> Iterator[Line]:
    """Yield each row that is not empty with the line it begins in.

    ``heading``: no cell that it takes may hold a line break and a delimiter. Of a row that cannot be told into cells
    each of its lines is yielded, with the reason.
    """
    source = _Source(raw, encoding)
    while True:
        first = source.begin()
        try:
            cells = next(csv.reader(source, delimiter=delimiter), list[str]())
            wrong = _OPEN if source.is_cut else ""
        except csv.Error:
            cells, wrong = [], _OPEN
        if not source.handed:
            return
        if not wrong and len(source.handed) > 1 and _is_swallowed(cells, delimiter, heading):
            wrong = _SWALLOWED
        if wrong:
            texts = (text.rstrip("\r\n") for text in source.handed)
            yield from (Line(n, tuple(t.split(delimiter)), wrong) for n, t in enumerate(texts, first) if t.strip())
        elif "".join(cells).strip():
            yield Line(first, tuple(cells))


class _Source:
    """The lines as they stand in the file, not more of them for one row than it may have.

    ``handed``: those of the row that is read. ``is_cut``: whether it would have gone on.
    """

    def __init__(self, raw: bytes, encoding: str) -> None:
        self._file = io.TextIOWrapper(io.BytesIO(raw), encoding, newline="")
        self._number = 0
        self.handed: list[str] = []
        self.is_cut = False

    def begin(self) -> int:
        """Begin a row; return the number of its first line."""
        self._number += len(self.handed)
        self.handed, self.is_cut = [], False
        return self._number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline() if len(self.handed) < MAX_ROW_LINES else ""
        if not line:
            self.is_cut = bool(self.handed)
            raise StopIteration
        self.handed.append(line)
        return line


def _is_swallowed(cells: Sequence[str], delimiter: str, heading: Heading | None) -> bool:
    """Whether a cell may hold other rows: below its first line as many delimiters as stand before it."""
    if heading is not None and len(cells) > heading.width:
        return True
    taken = () if heading is None else heading.places.values()
    for place, cell in enumerate(cells):
        below = cell.splitlines()[1:]
        if (below and place in taken and delimiter in cell) or any(
            text.count(delimiter) >= max(place, 1) for text in below
        ):
            return True
    return False
