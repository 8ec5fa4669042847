"""Which rows of a table a selector means: by the labels that the Prometheus page shows."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Mapping, Sequence

from agent.contract import Column, LabelPairs
from config.selectors import Matcher, Selector

ROWS_AT_ONCE = 1000


def shown_labels(column: Column, index: int, target: LabelPairs) -> Mapping[str, str]:
    """Return the labels of one value: the target's, replaced by the row's own of the same name (decision 2)."""
    row = column.rows.values[index - column.start]
    return {**dict(target), **dict(zip(column.rows.names, row, strict=True))}


def select_rows(selector: Selector, column: Column, target: LabelPairs) -> Generator[None, None, Sequence[int]]:
    """Return where in the reading's values the series stand that are meant; pauses after each ``ROWS_AT_ONCE`` rows.

    The family is not looked at: the caller asked ``selector.wants``.
    """
    names = column.rows.names
    fixed = dict(target)
    tests = [(names.index(one.name), one) for one in selector.labels if one.name in names]
    others = (one for one in selector.labels if one.name not in names)
    if not all(one.matches(fixed.get(one.name, "")) for one in others):
        return ()
    if not tests:
        return range(column.start, column.stop)
    found = array("L")
    for begin in range(0, len(column.rows), ROWS_AT_ONCE):
        if begin:
            yield
        rows = column.rows.values[begin : begin + ROWS_AT_ONCE]
        found.extend(column.start + begin + number for number in _meant(tests, rows))
    return found


def _meant(tests: Sequence[tuple[int, Matcher]], rows: Sequence[tuple[str, ...]]) -> Sequence[int]:
    """Return the numbers of the rows that pass; each distinct text is looked at once."""
    left: Sequence[int] = range(len(rows))
    for place, matcher in tests:
        good = {text for text in {rows[number][place] for number in left} if matcher.matches(text)}
        left = [number for number in left if rows[number][place] in good]
    return left
